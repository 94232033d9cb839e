"""Makes topics' modules of a notebook's statements: what the exercises need, and nothing that only the notebook did.

A module has the exercises' own functions and classes, and whatever they need by name. A name stands for what the notebook
bound to it last; where something needs a name while it is being defined, for what stood above it, as in the notebook run from
the top. A variable or an import that takes the name of a function further up does not count: it is what was done with it.
"""

from __future__ import annotations

import ast
import builtins
import sys
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.course.names import did_you_mean
from grader.course.registry import EXERCISES, Exercise
from grader.course.source import FROM_NOTEBOOK
from grader.submissions.statements import UNPARSABLE, Statement

_KNOWN = {*sys.stdlib_module_names, "torch", "torchvision", "numpy"}  # what a module of exercises may import
_BUILT_IN = frozenset(dir(builtins))
_DISPLAY = "def display(*objects, **options):\n    pass"  # a notebook has it without an import


@dataclass(frozen=True)
class Extract:
    """A topic's module, and the names that the notebook's own code has from the stub."""

    text: str
    given: tuple[str, ...]


class Notebook:
    """The statements of a notebook, by what they bind."""

    def __init__(self, shown: str, statements: Iterable[Statement]) -> None:
        """`shown` is the notebook's name, as a student reads it."""
        self._shown = shown
        self._bindings: dict[str, list[Statement]] = defaultdict(list)
        self._order: dict[Statement, int] = {}
        self._stars: list[Statement] = []
        self._future: list[Statement] = []
        self._defined: set[str] = set()
        for one in statements:
            self._add(one)

    def _add(self, one: Statement) -> None:
        if one.module == "__future__":
            self._future.append(one)
            return
        if one.binds == ("*",):
            if _root(one) in _KNOWN:
                self._order[one] = len(self._order)
                self._stars.append(one)
            return
        takes_a_name = not one.is_definition and self._defined.intersection(one.binds)
        if (takes_a_name and not self._goes_on(one)) or _is_display(one) or not _is_sound(one):
            return
        if one.is_definition:
            self._defined.update(one.binds)
        self._order[one] = len(self._order)
        for name in dict.fromkeys((*one.binds, *one.changes)):
            bindings = self._bindings[name]
            if name in one.binds or not bindings or not bindings[-1].is_import:  # what is done to a library is left out
                bindings.append(one)

    def _goes_on(self, one: Statement) -> bool:
        """Whether an assignment makes a function of one: `f = cache(f)` and `f = g`, unlike `f = f(x)`."""
        value = one.node.value if isinstance(one.node, ast.Assign) else None
        if isinstance(value, ast.Call):
            arguments = [*value.args, *(keyword.value for keyword in value.keywords)]
            return any(isinstance(argument, ast.Name) and argument.id in one.binds for argument in arguments)
        return isinstance(value, ast.Name) and value.id in self._defined

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises that it defines, or the classes of."""
        return [exercise for exercise in EXERCISES if self._defines(exercise.class_name or exercise.function)]

    def _defines(self, name: str) -> bool:
        bindings = [one for one in self._bindings.get(name, ()) if name in one.binds]
        return any(one.is_definition or self._makes_callable(one) for one in bindings)

    def _makes_callable(self, one: Statement) -> bool:
        """Whether an assignment calls, or names, something of the notebook's own or a tool of functools."""
        value = one.node.value if isinstance(one.node, ast.Assign | ast.AnnAssign) else None
        called = value.func if isinstance(value, ast.Call) else value
        while isinstance(called, ast.Attribute):
            called = called.value
        if not isinstance(called, ast.Name):
            return False
        bindings = self._bindings.get(called.id, ())
        return called.id in self._defined or any(_root(found) == "functools" for found in bindings)

    def module(self, topic: str, stub: Sequence[Statement]) -> Extract:
        """The module of a topic.

        `stub` are the stub's statements, which lend what students are given, and stand for exercises that are not begun.
        """
        lent = {name: one for one in stub if "NotImplementedError" not in one.text for name in one.binds}
        wanted = [e.class_name or e.function for e in EXERCISES if e.topic == topic]
        wanted += [name for name, one in lent.items() if one.is_definition and self._defines(name)]
        kept: set[Statement] = set()
        given: dict[str, Statement] = {}
        missing: set[str] = set()
        pending = [one for name in wanted for one in self._bound(name, None, topic)]
        pending += [one for one in stub if self._is_not_begun(one, wanted)]
        while pending:
            one = pending.pop()
            if one in kept:
                continue
            kept.add(one)
            is_given = one not in self._order
            now, later = one.needs
            for name in now | later:
                bound = self._bound(name, None, topic) if name in later and not is_given else []
                if name in now and not is_given:
                    bound += self._bound(name, one, topic)
                if not bound and name in lent:
                    bound = [lent[name]]
                    if not is_given:
                        given[name] = lent[name]
                if not bound and name not in _BUILT_IN and name not in one.binds:
                    missing.add(name)
                pending += bound
            pending += self._at_once(one, topic)
        parts = [FROM_NOTEBOOK, *dict.fromkeys(one.text for one in self._future)]
        parts += dict.fromkeys(one.text for one in stub if one in kept)
        parts += [_DISPLAY] if "display" in missing else []
        own = kept.intersection(self._order).union(self._stars if missing - {"display"} else ())
        fragile: set[Statement] = set()
        for one in self._sorted(own, topic):
            needed = (bound for name in one.needs[0] for bound in self._bound(name, one, topic))
            if (
                _may_fail(one)
                or (missing & one.needs[0] and not self._stars)
                or any(bound in fragile for bound in needed)
            ):
                fragile.add(one)
            text = _guarded(one) if one in fragile else one.text
            parts.append(f"#@ {self._shown}, cell {one.cell}, line {one.line}\n{text}")
        names = sorted(name for name, one in given.items() if not one.is_import)
        return Extract("\n\n".join(parts) + "\n", tuple(names))

    def _is_not_begun(self, one: Statement, wanted: Collection[str]) -> bool:
        """Whether a statement of the stub is an exercise of which the notebook has nothing, under a name like it either."""
        own = self._defined.difference(e.class_name or e.function for e in EXERCISES)
        return any(
            name in wanted and not self._bindings.get(name) and not did_you_mean(name, own) for name in one.binds
        )

    def _bound(self, name: str, before: Statement | None, topic: str) -> list[Statement]:
        """The statement that made what a name stands for: the last one, or the last above `before` if there is any.

        One that only changed it needs the name itself, and so the one before.
        """
        bindings = self._bindings.get(name, [])
        end = len(bindings)
        if before is not None:
            end = bisect_left(bindings, self._order.get(before, -1), key=self._order.__getitem__) or end
        for place in reversed(range(end)):
            one = bindings[place]
            is_own = one.is_import and one.module.removeprefix("exercises.") == topic
            if one is not before and not is_own:
                return [one]
        return []

    def _at_once(self, one: Statement, topic: str) -> list[Statement]:
        """What a statement needs while it runs, and what is needed by that when it is called."""
        if one not in self._order:
            return []
        found: dict[Statement, None] = {}
        seen: set[str] = set()
        pending = list(one.needs[0])
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            for needed in self._bound(name, one, topic):
                if needed is not one and needed not in found:
                    found[needed] = None
                    pending += needed.needs[1]
        return list(found)

    def _sorted(self, statements: Iterable[Statement], topic: str) -> list[Statement]:
        """In the notebook's order, but what a statement needs while it runs stands above it."""
        kept = sorted(statements, key=self._order.__getitem__)
        among = set(kept)
        done: dict[Statement, None] = {}
        entered: set[Statement] = set()
        for first in kept:
            pending = [first]
            while pending:
                one = pending[-1]
                waiting: list[Statement] = []
                if one not in entered:
                    entered.add(one)
                    waiting = [
                        needed for needed in self._at_once(one, topic) if needed in among and needed not in entered
                    ]
                if waiting:
                    pending += sorted(waiting, key=self._order.__getitem__, reverse=True)
                else:
                    done[pending.pop()] = None
        return list(done)


def _root(one: Statement) -> str:
    return one.module.partition(".")[0]


def _is_display(one: Statement) -> bool:
    return _root(one) == "IPython" and one.binds == ("display",)


def _is_sound(one: Statement) -> bool:
    """Whether it can stand in a module: unlike an `await`."""
    try:
        return bool(one.needs)
    except UNPARSABLE:
        return False


def _may_fail(one: Statement) -> bool:
    """Whether a statement may fail of itself: it imports what may not be there, or calls something."""
    if one.is_import:
        return _root(one) not in _KNOWN
    return not one.is_definition and any(isinstance(inner, ast.Call) for inner in ast.walk(one.node))


def _guarded(one: Statement) -> str:
    """A statement that costs no more than in a notebook where it fails: there the next cell can be run all the same."""
    handler = ast.ExceptHandler(ast.Name("Exception"), None, [ast.Pass()])
    return ast.unparse(ast.Try([one.node], [handler], [], []))
