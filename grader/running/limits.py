"""How much a submission may take: each call and each exercise, in seconds of the worker's own time; its answers' memory."""

from __future__ import annotations

from dataclasses import dataclass

LOAD_SECONDS = 15.0
# The limits of a call and of an exercise, by how many exercises ran into one before: patience wears out.
CALL_SECONDS = (10.0, 6.0, 4.0)
EXERCISE_SECONDS = (60.0, 40.0, 30.0, 20.0)
MOST_BYTES = 24 * 2**20  # of memory for all answers to one exercise


@dataclass
class Patience:
    """How long the next call and the next exercise of a submission may take. Each exercise has its own budget."""

    used_up: int = 0  # exercises that ran out of time

    def call_seconds(self) -> float:
        """For one call."""
        return CALL_SECONDS[min(self.used_up, len(CALL_SECONDS) - 1)]

    def exercise_seconds(self) -> float:
        """For all calls of one exercise together."""
        return EXERCISE_SECONDS[min(self.used_up, len(EXERCISE_SECONDS) - 1)]
