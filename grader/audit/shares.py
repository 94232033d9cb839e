"""What grading makes of a slip: which share of its exercise each known mistake and wrong answer loses, and by what name."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader.audit import local
from grader.course import registry
from grader.running.diagnosis import with_function
from grader.running.loading import all_mistakes, checks_of
from grader.writing.mistake import Wrong

HALF = 0.5
MOST_ON_AVERAGE = 0.40  # of the slips that are right for the lesson's numbers


@dataclass(frozen=True)
class Slip:
    """A wrong function of an exercise, and the known mistakes that grading must name for it, and no others."""

    exercise: str
    identifier: str
    wrong: Wrong
    named: frozenset[str]
    known: bool = False  # a known mistake itself: its name belongs to every check that it fails
    allowed: str = ""  # why it may lose nothing


@dataclass(frozen=True)
class Cost:
    """The share of its exercise that a slip loses, and whether it is right for the lesson's own inputs."""

    exercise: str
    identifier: str
    share: float
    right_for_the_lesson: bool

    @property
    def problem(self) -> str | None:
        """What is unfair about it, in a sentence."""
        label = f"{self.exercise}: {self.identifier}"
        if self.right_for_the_lesson and self.share > HALF:
            return f"{label} is right for the lesson's inputs and loses {self.share:.0%}, more than half"
        if not self.right_for_the_lesson and self.share < HALF:
            return f"{label} is wrong on the lesson's inputs and loses {self.share:.0%}, less than half"
        return None


def slips() -> list[Slip]:
    """The known mistakes, and the wrong answers of the kit's tests where these are there."""
    found = [Slip(m.exercise, m.identifier, m.wrong, frozenset([m.identifier]), known=True) for m in all_mistakes()]
    try:
        wrong = importlib.import_module("tests.wrong.base").all_wrong_answers()
    except ModuleNotFoundError:
        wrong = []
    return found + [Slip(w.exercise, w.identifier, w.function, w.named, allowed=w.allowed) for w in wrong]


@functools.cache
def graded(slip: Slip) -> tuple[Cost, tuple[str, ...]]:
    """What a slip costs, checked without the sandbox, and what is wrong with what it loses or is called, a sentence each."""
    exercise = registry.exercise(slip.exercise)
    failures, named = local.failures_and_names(with_function(exercise, slip.wrong), exercise)
    label, names = f"{slip.exercise}: {slip.identifier}", {check: found.identifier for check, found in named.items()}
    problems = []
    if not failures and not slip.allowed:
        problems.append(f"{label} loses nothing")
    if failures and slip.allowed:
        problems.append(f"{label} loses points, and is allowed to lose none: {slip.allowed}")
    if slip.known:
        told = {check: names.get(check, "nothing") for check in failures}
        problems += [f"{label} is named {name} in {check}" for check, name in told.items() if {name} != slip.named]
    elif set(names.values()) != slip.named:
        problems.append(f"{label} is named {sorted(set(names.values()))}, and not {sorted(slip.named)}")
    return cost_of(slip, set(failures)), tuple(problems)


def cost_of(slip: Slip, failed: set[str]) -> Cost:
    """What it costs to fail these checks."""
    checks = checks_of(registry.exercise(slip.exercise).topic)[slip.exercise]
    lost = sum(check.points for check in checks if check.name in failed)
    right = not any(check.lesson and check.name in failed for check in checks)
    share = round(lost / sum(check.points for check in checks), 9)  # without the dust of sums
    return Cost(slip.exercise, slip.identifier, share, right)


def table(costs: Sequence[Cost]) -> list[str]:
    """Mean and worst share by exercise, for slips that are right for the lesson's inputs, and for the others."""
    lines = [f"{'share of its exercise that is lost':<28}  right for the lesson    wrong on it", ""]
    lines[1] = f"{'':<28}  {'n':>4} {'mean':>5} {'worst':>5}    {'n':>4} {'mean':>5} {'least':>5}"
    for exercise in dict.fromkeys(found.exercise for found in costs):
        lines.append(_row(exercise, [found for found in costs if found.exercise == exercise]))
    return [*lines, _row("all", costs)]


def _row(name: str, costs: Sequence[Cost]) -> str:
    # What loses nothing is none of this table's business: it is allowed, or another test's matter.
    right = [found.share for found in costs if found.right_for_the_lesson and found.share]
    wrong = [found.share for found in costs if not found.right_for_the_lesson]
    return f"{name:<28}  {_figures(right, max)}    {_figures(wrong, min)}"


def _figures(shares: Sequence[float], extreme: Callable[[Sequence[float]], float]) -> str:
    if not shares:
        return f"{0:>4} {'-':>5} {'-':>5}"
    return f"{len(shares):>4} {sum(shares) / len(shares):>5.2f} {extreme(shares):>5.2f}"


def mean_of_the_right(costs: Sequence[Cost]) -> float:
    """The mean share that is lost by slips that are right for the lesson's inputs."""
    shares = [found.share for found in costs if found.right_for_the_lesson and found.share]
    return sum(shares) / len(shares) if shares else 0.0
