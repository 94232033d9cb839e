"""Values and calls as a student can read them and paste them into Python."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import numpy as np
import torch

from grader.sandbox.wire import Opaque, Record

FEW_NUMBERS = 16
WIDTH = 160

Array = TypeVar("Array", bound=torch.Tensor | np.ndarray)


class NamedArray(np.ndarray):
    """An array that remembers the expression that made it, in `expression`."""

    expression: str | None = None


class Source(str):
    """Text that is Python source already."""

    def __repr__(self) -> str:
        return str(self)


def named(array: Array, expression: str) -> Array:
    """The tensor or array, remembering the Python expression that makes it."""
    remembering: Any = array.view(NamedArray) if isinstance(array, np.ndarray) else array
    remembering.expression = expression
    return cast(Array, remembering)


def source_of(array: Any) -> str:
    """The Python expression that a named tensor or array remembers."""
    remembered: str = array.expression
    return remembered


def literal(value: Any) -> str:
    """Python source for what is neither an array nor a container; a number that is not finite has no literal."""
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{float(value)}")'
    return repr(value)


def expression(value: Any, plain: Callable[[Any], str] = literal) -> str:
    """Python source for a value: arrays of a few numbers in full, larger ones by how they were made.

    `plain` writes what is neither an array nor a container.
    """
    if isinstance(value, torch.Tensor | np.ndarray):
        return _array_expression(value)
    inside: Callable[[Any], str] = lambda parts: ", ".join(expression(part, plain) for part in parts)  # noqa: E731
    if isinstance(value, tuple):
        return f"({inside(value)},)" if len(value) == 1 else f"({inside(value)})"
    if isinstance(value, list):
        return f"[{inside(value)}]"
    if isinstance(value, dict):
        pairs = (f"{expression(key, plain)}: {expression(part, plain)}" for key, part in value.items())
        return "{" + ", ".join(pairs) + "}"
    return plain(value)


def operand(value: Any) -> str:
    """Python source for a value that something is done to: in brackets where a dot or an operator would go astray."""
    source = expression(value)
    depth = 0
    for character in source:
        depth += (character in "([{") - (character in ")]}")
        if character == " " and depth == 0:
            return f"({source})"
    return source


def _array_expression(value: Any) -> str:
    made: str | None = getattr(value, "expression", None)
    if made and (not has_few(value) or len(made) < 60):
        return made
    if 0 in value.shape and len(value.shape) > 1:
        return _empty(value)
    if not has_few(value):
        return f"<{summary(value)}>"
    numbers = _nested(value.tolist(), _in_source)
    if isinstance(value, torch.nn.Parameter):
        return f"nn.Parameter(torch.tensor({numbers}))"
    if isinstance(value, torch.Tensor):
        gradient = ", requires_grad=True" if value.requires_grad else ""
        dtype = "" if value.dtype in (torch.float32, torch.int64, torch.bool) else f", dtype={value.dtype}"
        return f"torch.tensor({numbers}{dtype}{gradient})"
    dtype = "" if value.dtype in (np.float64, np.int64, np.bool_) else f", dtype=np.{value.dtype}"
    return f"np.array({numbers}{dtype})"


def has_few(array: torch.Tensor | np.ndarray) -> bool:
    """Whether an array has so few numbers that it is shown in full, or so few brackets where it has no numbers."""
    return math.prod(length or 1 for length in array.shape) <= FEW_NUMBERS


def _empty(value: Any) -> str:
    """Brackets alone would not tell the shape of an array without numbers."""
    if isinstance(value, torch.Tensor):
        return f"torch.zeros({tuple(value.shape)}, dtype={value.dtype})"
    return f"np.zeros({value.shape}, dtype=np.{value.dtype})"


def _nested(numbers: Any, one: Callable[[Any], str]) -> str:
    if isinstance(numbers, list):
        return "[" + ", ".join(_nested(part, one) for part in numbers) + "]"
    return one(numbers)


def _in_source(value: Any) -> str:
    return literal(value) if isinstance(value, float) and not math.isfinite(value) else number(value)


def call(name: str, args: Any = (), kwargs: dict[str, Any] | None = None) -> str:
    """A call as source text."""
    parts = [*map(expression, args), *(f"{key}={expression(value)}" for key, value in (kwargs or {}).items())]
    return f"{name}({', '.join(parts)})"


def twice(name: str, args: Any, kwargs: dict[str, Any], parameters: list[str]) -> str:
    """A call, to paste, and the same call on the same arrays after their numbers have been turned round."""
    makes, turns, given = [], [], {**dict(zip(parameters, args, strict=False)), **kwargs}
    for parameter, value in given.items():
        if isinstance(value, torch.Tensor):
            turns.append(f"_ = {parameter}.data.copy_({parameter}.data.flatten().flip(0).reshape({parameter}.shape))")
        elif isinstance(value, np.ndarray):
            turns.append(f"{parameter}[...] = {parameter}.ravel()[::-1].reshape({parameter}.shape).copy()")
        else:
            continue
        makes.append(f"{parameter} = {expression(value)}")
        given[parameter] = Source(parameter)
    named = list(given.items())
    again = call(name, [value for _, value in named[: len(args)]], dict(named[len(args) :]))
    return "\n".join([*makes, again, *turns, again])


def drawn(model: str, numbers: str) -> str:
    """A line that draws weights for each parameter `p` of a model, in order; a loop would not be taken by a REPL."""
    return f"weights = {{n: {numbers} for n, p in {model}.named_parameters()}}"


def number(value: Any) -> str:
    """A number with as many digits as matter."""
    if isinstance(value, bool | np.bool_ | complex):
        return str(value)
    if isinstance(value, float | np.floating):
        text = f"{float(value):.6g}"
        return text if any(c in text for c in ".en") else text + ".0"
    if isinstance(value, Opaque):
        return value.text or value.type_name
    if isinstance(value, Record):  # its fields may be of any size
        return f"a {value.type_name}"
    return str(value) if isinstance(value, numbers.Number) else repr(value)


def summary(value: Any) -> str:
    """What kind of array it is: shape first, then dtype."""
    kind = "tensor" if isinstance(value, torch.Tensor) else "array"
    dtype = str(value.dtype).removeprefix("torch.")
    return f"{kind} of shape {tuple(value.shape)}, {dtype}"


def shown(value: Any) -> str:
    """A value on one line: arrays of a few numbers in full, larger ones by their shape and dtype.

    However much a submission answers, no more of it is looked at than is shown.
    """
    if isinstance(value, torch.Tensor | np.ndarray):
        if has_few(value):
            numbers = value.detach().tolist() if isinstance(value, torch.Tensor) else value.tolist()
            dtype = str(value.dtype).removeprefix("torch.")
            return cut(f"{_nested(numbers, number)}  (shape {tuple(value.shape)}, {dtype})")
        return summary(value)
    if isinstance(value, Opaque):
        return cut(f"{value.type_name}: {value.text}" if value.text else value.type_name)
    if isinstance(value, Record):
        return cut(f"a {value.type_name}")
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float | np.generic):
        return cut(number(value))
    if isinstance(value, tuple | list | dict):
        return cut(_ends(value))
    return cut(repr(value))


def _ends(value: Any) -> str:
    """The text of a container; of one that is longer than can be shown its beginning and its end."""
    beginning, whole = _as_much(_pieces(value), 2 * WIDTH)
    if whole:
        return "".join(beginning)
    end, _ = _as_much(_pieces(value, backwards=True), 2 * WIDTH)
    return "".join([*beginning, *reversed(end)])


def _as_much(pieces: Iterator[str], characters: int) -> tuple[list[str], bool]:
    """The first pieces, of so many characters together, and whether that is all of them."""
    taken: list[str] = []
    for piece in pieces:
        taken.append(piece)
        characters -= len(piece)
        if characters < 0:
            return taken, False
    return taken, True


def _pieces(value: Any, *, backwards: bool = False) -> Iterator[str]:
    """The text that `expression` gives for a container, piece by piece, from either end."""
    turned = reversed if backwards else iter
    if isinstance(value, dict):
        opening, closing = "{", "}"
    elif isinstance(value, tuple | list):
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ",)" if len(value) == 1 else ")")
    else:
        yield expression(value, number)
        return
    yield closing if backwards else opening
    for place, part in enumerate(turned(value.items() if isinstance(value, dict) else value)):
        if place:
            yield ", "
        if isinstance(value, dict):
            first, second = turned(part)
            yield from _pieces(first, backwards=backwards)
            yield ": "
            yield from _pieces(second, backwards=backwards)
        else:
            yield from _pieces(part, backwards=backwards)
    yield opening if backwards else closing


def kind(value: Any) -> str:
    """The kind of a value, for a sentence: "a list", "a tensor"."""
    if isinstance(value, Opaque | Record):
        return _with_article(value.type_name)
    names = {torch.Tensor: "a tensor", np.ndarray: "a NumPy array", bool: "a bool", int: "an int"}
    names |= {float: "a float", tuple: "a tuple", list: "a list", dict: "a dict", str: "a string", type(None): "None"}
    for cls, name in names.items():
        if isinstance(value, cls):
            return name
    return _with_article(type(value).__name__)


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].lower() in ('a', 'e', 'i', 'o') else 'a'} {name}"


def cut(text: str, width: int = WIDTH) -> str:
    """The text, shortened in its middle, between words, where it is longer than a line or two."""
    if len(text) <= width:
        return text
    head, tail = text[: width * 2 // 3], text[-(width // 4) :]
    if " " in head[width // 3 :]:
        head = head[: head.rindex(" ")]
    if " " in tail[: width // 8]:
        tail = tail[tail.index(" ") + 1 :]
    return f"{head} … {tail}"
