"""How much a submission may take: each call and each exercise, in seconds of the worker's own time; its answers' memory."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

LOAD_SECONDS = 15.0
# The limits of a call and of an exercise, by how many exercises ran into one before: patience wears out.
CALL_SECONDS = (10.0, 6.0, 4.0)
EXERCISE_SECONDS = (60.0, 40.0, 30.0, 20.0)
MOST_LOOPS = 2  # checks of an exercise that may run out of time before the rest of it is not asked any more
LOOP_SECONDS = 2.0  # for a call, once another check of the exercise has run out of time
MOST_BYTES = 24 * 2**20  # of memory for all answers to one exercise


@dataclass
class Patience:
    """How long the next call and the next exercise of a submission may take. Each exercise has its own budget."""

    used_up: int = 0  # exercises that ran out of time
    most: float = math.inf  # seconds for a call

    def call_seconds(self) -> float:
        """For one call."""
        return min(self.most, CALL_SECONDS[min(self.used_up, len(CALL_SECONDS) - 1)])

    def after(self, loops: int) -> Patience:
        """What is left for the next check of an exercise, when so many of its checks have run out of time."""
        return replace(self, most=LOOP_SECONDS) if loops else self

    def exercise_seconds(self) -> float:
        """For all calls of one exercise together."""
        return EXERCISE_SECONDS[min(self.used_up, len(EXERCISE_SECONDS) - 1)]
