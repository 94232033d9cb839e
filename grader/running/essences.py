"""What of an answer tells known mistakes apart: all that the exercise asks for, and nothing that it leaves open.

Two students who make the same mistake give answers that are not the same to the last detail: their arrays have other
dtypes, their errors other words, their new layers other random weights. `essence` leaves such things out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from grader.explaining.explain import known_error
from grader.sandbox.wire import Record
from grader.writing.answer import Answer
from grader.writing.compare import Tolerance, difference

_CLOSE = Tolerance(1e-4, 1e-5)
_TRAINED = Tolerance(2e-3, 2e-4)  # rounding grows from update to update


# What of an answer is compared: all of it, the numbers where numbers should come, or whether it was refused.
WHOLE, COMPUTED, REFUSED = "whole", "computed", "refused"


def alike_in(part: str, driver: str, mistaken: Any, given: Any, right: Any) -> bool:
    """Whether a mistake's essence explains a given one in a part; where a part is not there, nothing speaks against it."""
    if part == WHOLE:
        return alike(driver, mistaken, given)
    if given is None or mistaken is None:
        return given is None and mistaken is None
    if part == REFUSED:
        return _outcome(mistaken) == _outcome(given)
    if is_refusal(right) or is_refusal(given):
        return True
    return not alike(driver, right, given) if is_refusal(mistaken) else alike(driver, mistaken, given)


def odd_in(part: str, driver: str, mistaken: Any, given: Any, right: Any) -> bool:
    """Whether a given essence, which the mistake's explains, differs from the right one in that part."""
    if given is None or mistaken is None:
        return False
    if part == REFUSED:
        return _outcome(given) != _outcome(right)
    if part == COMPUTED and (is_refusal(right) or is_refusal(mistaken) or is_refusal(given)):
        return False
    return not alike(driver, right, given)


def _outcome(told: Any) -> str:
    """How a call ended: refused, with which other error, with nothing, or with a value."""
    if is_refusal(told):
        return "refused"
    if isinstance(told, tuple) and told[:1] == ("raised",):
        return str(told)
    return "nothing" if isinstance(told, dict) and told.get("value", 0) is None else "value"


def is_refusal(told: Any) -> bool:
    """Whether it is the essence of a ValueError."""
    return (isinstance(told, tuple) and told[:2] == ("raised", "ValueError")) or (
        isinstance(told, dict) and "said" in told
    )


def essence(driver: str, arguments: dict[str, Any], answer: Answer) -> Any:
    """What a driver's answer says about the code that gave it; None where it says nothing (no answer came)."""
    if answer.kind == "raised":
        return ("raised", *_error(answer.details))
    if answer.kind != "value":
        return (answer.kind,) if answer.kind in ("no_gradient", "off_limits") else None
    told = _plain(answer.value)
    try:
        return _DRIVERS[driver](told, arguments) if driver in _DRIVERS else told
    except Exception:  # the answer came from a student's process and may have any form
        return None


def alike(driver: str, first: Any, second: Any) -> bool:
    """Whether two essences are the same within rounding."""
    if first is None or second is None:
        return False
    tolerance = _TRAINED if driver in ("train", "train_steps") else _CLOSE
    return difference(first, second, tolerance) is None


def _error(details: dict[str, Any]) -> tuple[str, ...]:
    """What kind of error it is; the words of Python's and PyTorch's errors count, those of a student's own do not."""
    said = details["text"].strip()
    known = known_error(said)
    if "ValueError" in details["types"]:
        if known is None or known.start != 0:  # a student's own
            return ("ValueError",)
        return ("ValueError", str(known.place), *known.found)
    if known is not None:
        return (str(known.place), *(part for part in known.found if any(map(str.isalnum, part))))  # whatever operator
    if "ArithmeticError" in details["types"]:  # its words depend on which division it was
        return ("ArithmeticError",)
    return (details["type"], re.sub(r"\s+", " ", said.split("\n")[0]))


def _plain(value: Any) -> Any:
    """The value with arrays of numbers in one dtype; the dtype of pictures is open."""
    if isinstance(value, np.ndarray):
        return value.astype(np.float64) if value.dtype.kind in "fiub" else value
    if isinstance(value, np.bool_ | np.floating | np.integer):
        return value.item()
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value)) if type(value) in (tuple, list) else value
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return value


def _count(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Which numbers they are does not matter where several come instead of one."""
    return {name: "several" if isinstance(part, tuple | list | dict) else part for name, part in value.items()}


def _accuracy(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    modes = value.pop("modes")
    records = value.pop("recorded") or any(grad for _, grad in modes)
    return {**value, "trains": any(training for training, _ in modes), "records": records}


def _accuracy_refusal(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    return {**value, "said": True} if "said" in value else value


def _train_steps(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    return {**value, "modes": all(value["modes"])}


def _train(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """History and weights; where the images came in a random order, only what does not depend on the order."""
    history, batches = value["history"], value["batches"]
    told = {"batch sizes": [len(batch) for batch in batches], "in order": all(b == sorted(b) for b in batches)}
    told |= {"updates": value["updates"], "wants": value["wants"], "reached": value["reached"]}
    if not isinstance(history, Record):
        return {**told, "history": history}
    names = ("iters", "losses", "train_acc", "val_acc")
    if told["in order"]:
        fields = {name: _plain(history.fields[name]) for name in names}
        return {**told, **fields, "state": value["state"]}
    told["one order"] = any(
        batches == batches[:n] * (len(batches) // n) for n in range(1, len(batches) // 2 + 1) if len(batches) % n == 0
    )
    return {**told, "iters": history.fields["iters"], "entries": [len(history.fields[name]) for name in names]}


def _replace(value: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
    if "before" not in value:
        return value
    told = {"kept": value["before"] == value["after"], "same object": value["same_object"]}
    told |= {"kind": value["classifier"], "several": value["layers"] > 1}
    if "head" in value:
        told |= {"shape": tuple(value["head"]["weight"].shape), "bias": value["head"]["bias"] is not None}
        told |= {"frozen": all(value["frozen"]), "any frozen": any(value["frozen"]), "trainable": value["trainable"]}
        told["learns"] = value["learns"]
    return {**told, "features": value["features"], "logits": tuple(value["logits"].shape)}


_DRIVERS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "count": _count,
    "accuracy": _accuracy,
    "accuracy_refusal": _accuracy_refusal,
    "train_steps": _train_steps,
    "train": _train,
    "replace": _replace,
}
