"""The process that grades for a notebook: the one of `grader watch`, kept from one check to the next.

It ends with the notebook's kernel. A fork of the kernel begins without one, and starts its own where it grades.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import select
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grader import launch
from grader.course import registry, seeds
from grader.course.settings import SettingsProblem
from grader.exits import UsageProblem
from grader.running.speaking import Line
from grader.running.watching import Request, Said, serve

if TYPE_CHECKING:
    from grader.report.model import Report


_BREATH = 0.2  # seconds of one wait
_PATIENCE = 1.0  # seconds until a process that was interrupted is given up


class _Warm:
    """The process, and the line to it."""

    def __init__(self) -> None:
        launch.ahead(1, talks=True, apart=True)
        self.companion = launch.Companion(serve, registry.EXERCISES, _seed())
        self.line = Line(self.companion.end)
        self.number = 0

    def grade(self, request: Request) -> Report:
        """Has something graded. Raises EOFError where the process is gone."""
        self.number += 1
        self.line.send(replace(request, number=self.number))
        reports: list[Report] = []
        while True:
            while not select.select([self.line], [], [], _BREATH)[0]:
                pass  # on Windows an interruption is noticed between two waits only
            for said in self.line.receive():
                if said.number != self.number:
                    continue
                if said.kind == "topic":
                    reports.append(said.value[1])
                elif said.kind == "done":
                    return _joined(reports)

    def drop(self) -> bool:
        """Has the process drop what it does, by a request for nothing; whether the line still works.

        It may not where an interruption came in the middle of a message.
        """
        self.number += 1
        try:
            self.line.send(Request(self.number, "", {}, {}, (), ()))
            while select.select([self.line], [], [], _PATIENCE)[0]:
                said: list[Said] = self.line.receive()
                if any(one.number == self.number and one.kind == "done" for one in said):
                    return True
        except Exception:  # half a message is no pickle
            pass
        return False

    def close(self) -> None:
        """Ends the process."""
        self.companion.close()


_warm: _Warm | None = None


def ahead() -> None:
    """Starts the process, where there is none, so that it imports PyTorch while nobody waits for it."""
    with contextlib.suppress(UsageProblem):  # which is said where something is to be graded
        _there()


def grade(request: Request) -> Report:
    """Has something graded by the process that is kept, or a new one where there is none any more.

    Raises UsageProblem where no process can be had. Whatever else is raised, what was being graded is dropped.
    """
    for is_last in (False, True):
        is_kept = _warm is not None
        try:
            return _there().grade(request)
        except KeyboardInterrupt:
            if _warm is not None and not _warm.drop():
                close()
            raise
        except EOFError:
            close()
            if is_last or not is_kept:
                break
        except BaseException:
            close()
            raise
    raise UsageProblem("what grades has ended unasked, which says nothing about the work")


def pid() -> int | None:
    """The number of the process that is kept, where there is one."""
    return _warm.companion.pid if _warm is not None else None


def close() -> None:
    """Ends the process that is kept, and the one that was started ahead."""
    global _warm
    launch.leave()
    warm, _warm = _warm, None
    if warm is not None:
        warm.close()


def _there() -> _Warm:
    global _warm
    if _warm is None:
        _warm = _Warm()
    return _warm


def _joined(reports: Sequence[Report]) -> Report:
    """One report of the topics', in the lesson's order."""
    found = {result.name: result for report in reports for result in report.exercises}
    return replace(
        reports[0],
        exercises=tuple(found[exercise.name] for exercise in registry.EXERCISES if exercise.name in found),
        duration_seconds=round(sum(report.duration_seconds for report in reports), 3),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        faults=tuple(fault for report in reports for fault in report.faults),
    )


def _seed() -> int:
    """As the command line takes it."""
    given = os.environ.get("GRADER_SEED")
    try:
        return seeds.chosen(int(given) if given else None)
    except ValueError:
        raise UsageProblem("GRADER_SEED is no whole number") from None
    except SettingsProblem as problem:
        raise UsageProblem(str(problem)) from problem


def _forget() -> None:
    """In a fork: the process that is kept is the parent's, and is neither asked nor ended from here."""
    global _warm
    if _warm is not None:
        with contextlib.suppress(OSError):
            _warm.companion.end.close()
    _warm = None


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
