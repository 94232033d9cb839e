"""State between calls as a mistake of its own: what a student reads whose function answers the same call in two ways."""

from __future__ import annotations

from typing import Any

from grader.running import essences
from grader.writing.failures import Failure

WHY = (
    "So an answer depends on earlier calls, or on chance. It must follow from the arguments alone: keep nothing from one "
    "call to the next, in a global name, a default argument, an attribute or a source of random numbers."
)


def alike(first: list[tuple[str, Any]], second: list[tuple[str, Any]]) -> bool:
    """Whether two askings of one case got the same answers, given as (driver, essence) by call."""
    return len(first) == len(second) and all(
        essences.alike(driver, one, other) or (one is None and other is None)
        for (driver, one), (_, other) in zip(first, second, strict=True)
    )


def changes(failure: Failure) -> Failure:
    """A failure whose call, asked once more, got another answer."""
    return _told(failure, "Asked the same once more, your function gave another answer.")


def later(failure: Failure, calls_before: str, count: int = 1) -> Failure:
    """A failure that shows only after other calls, which the counterexample then begins with."""
    if failure.call and calls_before and count <= 3:
        failure.call = f"{calls_before}\n{failure.call}"
        after = "the call before it" if count == 1 else f"the {count} calls before it"
    else:
        after = f"{count} other calls" if count != 1 else "another call"
    failure.message = f"Asked alone, this call is answered rightly; after {after} it is not. {failure.message}".strip()
    return _told(failure, "")


def never_again(failure: Failure) -> Failure:
    """A failure that did not show again in a new process."""
    failure.message = f"Asked again in a new process, this call was answered rightly. {failure.message}".strip()
    return _told(failure, "")


def late(failure: Failure) -> Failure:
    """A failure of a call that had been answered rightly at first."""
    failure.message = (
        f"The first answer to this call was right; asked again later, it is not. {failure.message}".strip()
    )
    return _told(failure, "")


def _told(failure: Failure, more: str) -> Failure:
    failure.story = " ".join(filter(None, (failure.story, more, WHY)))
    failure.stateful = True
    return failure
