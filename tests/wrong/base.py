"""Records wrong answers: a complete function with one defect, by which the checks are tested.

A wrong answer takes the place of the function of its exercise in a copy of `solutions/<topic>.py`.
Everything else of that module is the reference's, so a `train` can use `History`, `train_step` and
`get_accuracy` by their names.

A known mistake is not written here again: `grader.audit.shares` puts both into one list. About twenty that answer as one in the
cases of a seed stay, since they are other mistakes: they part from it on inputs that no case has, or in what its name leaves
open, such as which of several kinds of value comes back.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

import tests.wrong

_recorded: list["WrongAnswer"] = []


@dataclass(frozen=True)
class WrongAnswer:
    """A function that is right but for one thing."""

    exercise: str  # as the registry names it, e.g. "MLP.forward"
    identifier: str  # unique among all wrong answers, kebab-case
    why: str  # the defect, and on which inputs it shows
    function: Callable
    named: frozenset[str] = frozenset()  # the known mistakes whose names suit it; grading must find no others
    allowed: str = ""  # why it loses nothing: a check could catch it only by punishing answers that the contract allows

    def __str__(self) -> str:
        return f"{self.exercise}: {self.identifier}"


def wrong(
    exercise: str, identifier: str, *, why: str, named: str | tuple[str, ...] = (), allowed: str = ""
) -> Callable:
    """Record the decorated function as a wrong answer to an exercise, and leave it as it is."""
    names = frozenset([named] if isinstance(named, str) else named)

    def record(function: Callable) -> Callable:
        _recorded.append(WrongAnswer(exercise, identifier, why, function, names, allowed))
        return function

    return record


def all_wrong_answers() -> list[WrongAnswer]:
    """The wrong answers of all files in `tests/wrong`, file by file."""
    for module in pkgutil.iter_modules(tests.wrong.__path__, prefix="tests.wrong."):
        importlib.import_module(module.name)
    return list(_recorded)
