"""How a check is written: a method of an exercise's class, decorated with its weight and where its cases come from.

    class TestFlattenImages:
        exercise = "flatten_images"

        @check(weight=2, images=any_images())
        def test_keeps_each_image_a_row(self, ask, images): ...

`pytest grader/topics` runs such a method as a Hypothesis test. The grader runs its `body` over the cases that Hypothesis generates,
which are the same for every submission, and lets Hypothesis shrink a case that fails.
"""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.writing.strategies import made, st

if TYPE_CHECKING:
    from hypothesis import settings

EXAMPLES = 20


@dataclass(frozen=True)
class Check:
    """One check of an exercise: its points, its body and its cases."""

    exercise: str
    name: str
    points: float
    body: Callable[..., None]
    says: str
    strategies: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    always: Sequence[dict[str, Any]] = ()
    share: float = 1.0  # of the examples that a check usually gets
    lesson: bool = False  # whether it asks the lesson's own inputs
    # Where to look for a small case that fails.
    smaller: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    about: str = ""  # what it is about, as in "right for the lesson's numbers, not for ..."

    def settings(self, examples: int, *phases: str, derandomize: bool = False) -> settings:
        """Hypothesis's settings, with its phases by their names: the same cases everywhere, whatever the machine's speed."""
        from hypothesis import HealthCheck, Phase, settings

        return settings(
            max_examples=max(1, round(examples * self.share)),
            phases=tuple(Phase[name] for name in phases),
            database=None,
            deadline=None,
            derandomize=derandomize,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )

    def cases(self, seed_number: int, examples: int) -> list[dict[str, Any]]:
        """The cases of this check for a seed: those that it always has, then those that Hypothesis generates."""
        found = [self._reseeded(case, seed_number) for case in self.always]
        if self.strategies:
            self.explore(lambda **case: found.append(case), seed_number, examples, "generate")
        return found or [{}]

    def _reseeded(self, case: dict[str, Any], seed_number: int) -> dict[str, Any]:
        """A case of the lesson has its own sizes and options always, and other numbers with another seed."""
        if not self.lesson or "seed" not in case:
            return case
        return {**case, "seed": case["seed"] + 100 * seed_number}

    @property
    def shrinks(self) -> bool:
        """Whether smaller cases can be looked for."""
        return bool(self.strategies or self.smaller)

    def explore(self, body: Callable[..., None], seed_number: int, examples: int, *phases: str) -> None:
        """Runs a body over generated cases under Hypothesis, in these of its phases."""
        from hypothesis import given, seed

        own_seed = zlib.crc32(f"{seed_number} {self.exercise} {self.name}".encode())
        strategies = self.strategies or self.smaller
        test = given(**made(strategies))(_plain(body, strategies))
        with no_constants_of_files():
            seed(own_seed)(self.settings(examples, *phases)(test))()


@contextlib.contextmanager
def no_constants_of_files() -> Iterator[None]:
    """Keeps Hypothesis from mixing numbers of whatever source files are loaded into its cases.

    It does so since version 6.131, and it would make a grade depend on who imported what before.
    """
    from hypothesis.internal.conjecture import providers as internals

    providers: Any = internals
    if not (hasattr(providers, "_get_local_constants") and hasattr(providers, "Constants")):
        yield
        return
    usual, nothing = providers._get_local_constants, providers.Constants()
    kept = getattr(providers, "CONSTANTS_CACHE", None)  # by kind of choice: what was kept outside holds such numbers
    providers._get_local_constants = lambda: nothing
    if kept is not None:
        providers.CONSTANTS_CACHE = _caches.setdefault("constants", type(kept)(1024))
    try:
        yield
    finally:
        providers._get_local_constants = usual
        if kept is not None:
            providers.CONSTANTS_CACHE = kept


_caches: dict[str, Any] = {}


def _plain(body: Callable[..., None], names: dict[str, Any]) -> Callable[..., None]:
    """A function with exactly the keyword parameters that `given` looks for."""
    namespace = {"body": body}
    parameters = ", ".join(names)
    exec(f"def test({parameters}):\n    body({', '.join(f'{n}={n}' for n in names)})", namespace)
    return namespace["test"]


def check(
    weight: float,
    *,
    always: Sequence[dict[str, Any]] = (),
    share: float = 1.0,
    lesson: bool = False,
    smaller: dict[str, st.SearchStrategy[Any]] | None = None,
    about: str = "",
    **strategies: st.SearchStrategy[Any],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks a method as a check. Its weight is what it is worth beside the others of its exercise.

    `share` scales how many cases it gets, `always` lists cases that it has each time.

    A `lesson` check asks what the lecture itself asks, and is worth half of its exercise; `smaller` says where Hypothesis
    may look for a small case that fails as well. The others say in a few words what they are `about`.
    """

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        marked: Any = body
        marked.check = (weight, body, strategies, always, share, lesson, smaller or {}, about)
        return body

    return decorate


def as_pytest_test(method: Any) -> Callable[..., None]:
    """A method that is marked as a check as the test that pytest runs, over its cases and Hypothesis's."""
    _, body, strategies, always, share, *_ = method.check
    if not strategies:
        if not always:
            return method  # type: ignore[no-any-return]  # it is a function, marked

        def test(self: Any, ask: Any) -> None:
            for case in always:
                body(self, ask, **case)

        test.__name__, test.__doc__ = body.__name__, body.__doc__
        return test
    from hypothesis import example, given

    plain = Check("", "", 0, body, "", strategies, always, share)
    settings = plain.settings(EXAMPLES, "explicit", "generate", "shrink", derandomize=True)
    generated: Callable[..., None] = settings(given(**made(strategies))(body))
    for case in reversed(always):
        generated = example(**case)(generated)
    return generated
