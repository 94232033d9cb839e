"""How much a submission may take, in seconds of the worker's own time: each call, exercise and topic; its answers' memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from grader.course import registry, settings

# All of these are for calls of `settings.CALL_SECONDS`. Where an instructor allows a call another time, calls may take as
# many times more or less; what is for many calls together grows with it, and never shrinks: right work that is slow in all
# asks many quick calls.
LOAD_SECONDS = 15.0
# The limits of a call and of an exercise, by how many exercises ran into one before: patience wears out.
CALL_SECONDS = (10.0, 6.0, 4.0)
EXERCISE_SECONDS = (60.0, 40.0, 30.0, 20.0)
MOST_LOOPS = 2  # checks of an exercise that may run out of time before the rest of it is not asked any more
LOOP_SECONDS = 2.0  # for a call, once another check of the exercise has run out of time
# Of all exercises of a topic together, whatever each of them may take: in a class others wait. Right work takes a second, and
# slow loops a tenth of it. Who has used it up gets little for each exercise that is left, but enough for what is right. It is
# not of all topics together: they may be shared out among processes, and the grade does not depend on that.
TOPIC_SECONDS = 120.0
LAST_SECONDS = 3.0
MOST_BYTES = 24 * 2**20  # of memory for all answers to one exercise


def call_scale() -> float:
    """How many times the usual time a call may take."""
    return registry.FACTS.call_seconds / settings.CALL_SECONDS


def growth() -> float:
    """How many times the usual time everything else may take."""
    return max(1.0, call_scale())


@dataclass
class Purse:
    """What a topic of a submission has used so far, in seconds of its workers' own time and of comparing its answers."""

    used: float = 0.0


@dataclass
class Patience:
    """How long the next call and the next exercise of a submission may take. Each exercise has its own budget."""

    used_up: int = 0  # exercises that ran out of time
    most: float = math.inf  # seconds for a call
    purse: Purse = field(default_factory=Purse)

    def begin_topic(self) -> None:
        """Another topic has an allowance of its own."""
        self.purse = Purse()

    def charge(self, seconds: float) -> None:
        """Counts what the topic has used."""
        self.purse.used += seconds

    @property
    def is_over(self) -> bool:
        """Whether the topic has used up what it has for all of its exercises."""
        return self.purse.used >= TOPIC_SECONDS * growth()

    def call_seconds(self) -> float:
        """For one call."""
        seconds = min(self.most, CALL_SECONDS[min(self.used_up, len(CALL_SECONDS) - 1)])
        return call_scale() * (min(seconds, LOOP_SECONDS) if self.is_over else seconds)

    def load_seconds(self) -> float:
        """For importing a module, which is no call."""
        worn = CALL_SECONDS[min(self.used_up, len(CALL_SECONDS) - 1)]
        return growth() * min(LOAD_SECONDS, 3 * (min(worn, LOOP_SECONDS) if self.is_over else worn))

    def after(self, loops: int) -> Patience:
        """What is left for the next check of an exercise, when so many of its checks have run out of time."""
        return replace(self, most=LOOP_SECONDS) if loops else self

    def exercise_seconds(self) -> float:
        """For all calls of one exercise together."""
        seconds = growth() * EXERCISE_SECONDS[min(self.used_up, len(EXERCISE_SECONDS) - 1)]
        return min(seconds, max(growth() * LAST_SECONDS, growth() * TOPIC_SECONDS - self.purse.used))
