"""A submission on its way to a grading process and back."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from grader.batch.intake.handed_in import HandedIn
from grader.batch.limits import TRIES
from grader.batch.messages import Answer, Errand, Failed, Result, Task
from grader.batch.results.records import Row
from grader.batch.tasks import Finished, Plan, failed, keep, kept, read
from grader.batch.version import Version


@dataclass(eq=False)
class Piece:
    """A submission, and how it has fared so far."""

    row: Row
    handed_in: HandedIn
    task: Task | None = None
    tries: int = 1

    def begun(self, plan: Plan) -> Finished | None:
        """Reads the submission; what is kept of it where it needs not be graded. Raises UsageProblem."""
        if self.task is not None:
            return None
        try:
            self.task = read(self.row, self.handed_in, plan)
        except Exception:
            return failed(self.row, traceback.format_exc(), plan)
        return kept(self.row, self.task, plan)

    def errand(self, plan: Plan, *, protected: bool = False) -> Errand:
        """What is asked of who grades it."""
        assert self.task
        draw = f"{plan.draw.__module__}:{plan.draw.__qualname__}" if plan.draw else None
        return Errand(self.task, Version.here(), protected, draw)

    def finished(self, answer: Answer, plan: Plan) -> Finished | None:
        """What it has come to; None where it is tried again. Raises UsageProblem."""
        if isinstance(answer, Result):
            done = keep(self.row, answer, plan)
            if done.record.score is not None or self.tries >= TRIES:
                return done
        elif isinstance(answer, Failed):
            if self.tries >= TRIES:
                return failed(self.row, answer.text, plan)
        else:
            return None
        self.tries += 1
        return None
