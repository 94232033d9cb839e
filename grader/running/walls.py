"""The wall around each check and each exercise: what goes wrong inside is told, and costs nobody the rest of a report."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field

from grader.report.model import Fault
from grader.writing.failures import ReferenceFails

NOT_CHECKED = "This could not be checked: the grader itself failed here. It is not your fault; tell your course."
REFERENCE_FAILS = (
    "This could not be checked: the course's own solution fails it. It is not your fault; tell your course."
)
MOST_TEXT = 4_000


@dataclass
class Faults:
    """The faults that were met while a submission was graded."""

    found: list[Fault] = field(default_factory=list)

    @contextlib.contextmanager
    def wall(self, where: str) -> Iterator[list[str]]:
        """Keeps whatever is raised inside, notes it, and puts what the student is told into the list that it gives."""
        told: list[str] = []
        try:
            yield told
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except ReferenceFails as error:
            told.append(REFERENCE_FAILS)
            self.found.append(Fault(where, str(error)[:MOST_TEXT]))
        except BaseException:  # whatever Hypothesis, pytest or a library of ours raises
            told.append(NOT_CHECKED)
            self.found.append(Fault(where, traceback.format_exc()[-MOST_TEXT:]))
