"""Exceptions in plain English: what a student meets often gets a sentence that says what it means here."""

from __future__ import annotations

import re
from typing import Any


def explain_error(details: dict[str, Any]) -> str:
    """A sentence or two for an exception that the student's code raised."""
    said = details["text"]
    for pattern, explanation in _KNOWN:
        if found := re.search(pattern, said, re.DOTALL):
            return explanation.format(*found.groups())
    where = f" in line {details['line']}" if details.get("line") else ""
    return f"Your code raised {details['type']}{where}."


def known_error(said: str) -> tuple | None:
    """Which of the errors that students meet often it is, and the numbers in it; None for any other."""
    for place, (pattern, _) in enumerate(_KNOWN):
        if found := re.search(pattern, said, re.DOTALL):
            return (place, *found.groups())
    return None


_KNOWN = [
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "A linear layer that takes {2} numbers per image was given {1}: the input has shape ({0}, {1}). Print the shape just before it.",
    ),
    (
        r"view size is not compatible",
        "`view` needs numbers that lie in memory in order, and these do not. `reshape` or `flatten` copies them where it must.",
    ),
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        "A parameter that wants gradients cannot become a NumPy array directly. `detach()` it first: a picture needs no gradient.",
    ),
    (
        r"expected scalar type Long but found (\w+)|\"nll_loss\w*\" not implemented for '(\w+)'",
        "Class labels must be whole numbers (torch.long) of shape (N,), not floats.",
    ),
    (
        r"Given groups=1, weight of size \[([\d, ]+)\], expected input\[([\d, ]+)\] to have (\d+) channels, but got (\d+) channels",
        "A convolution for {2} channels was given an input of shape ({1}), which has {3}. Images are (N, C, H, W).",
    ),
    (
        r"Expected 3D \(unbatched\) or 4D \(batched\) input to conv2d, but got input of size: \[([\d, ]+)\]",
        "A convolution needs images of shape (N, C, H, W); it was given ({0}). Is the batch axis missing, or was it flattened too early?",
    ),
    (
        r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)",
        "{1} numbers do not fit into shape ({0}). Which axis should keep its size, and which follows from the others?",
    ),
    (
        r"element 0 of tensors does not require grad",
        "`backward` found no graph to follow: the loss was computed without gradients, or turned into a plain number first.",
    ),
    (
        r"a leaf Variable that requires grad is being used in an in-place operation",
        "A parameter was changed in place while gradients are recorded. Work on a copy, or under `torch.no_grad()`.",
    ),
    (
        r"one of the variables needed for gradient computation has been modified by an inplace operation",
        "A tensor that the gradient still needs was changed in place. Write the result to a new tensor.",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "Two tensors do not fit each other: along axis {2} one has {0} entries and the other {1}. Print both shapes.",
    ),
    (
        r"operands could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))",
        "Two arrays do not fit each other: their shapes are {0} and {1}.",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\([-\d,]+\))",
        "{0} numbers do not fit into shape {1}. Which axis should keep its size, and which follows from the others?",
    ),
    (
        r"only (?:one element|integer) tensors (?:of a single element )?can be converted",
        "A tensor of several numbers was used where one number is needed.",
    ),
    (r"maximum recursion depth exceeded", "A function calls itself again and again without an end."),
]


def explain_import(details: dict[str, Any], topic: str) -> str:
    """A message for a module that raised while it was imported: a syntax error with its line and a caret."""
    syntax = details.get("syntax")
    if _has_place(syntax):
        text = str(syntax.get("text") or "").rstrip("\n")
        stripped = text.lstrip()
        column = syntax.get("column")
        column = column if isinstance(column, int) and 0 < column <= len(text) + 1 else 1
        caret = " " * max(column - 1 - (len(text) - len(stripped)), 0) + "^"
        message = str(syntax.get("message", details["text"]))
        return f"exercises/{topic}.py, line {syntax['line']}: {details['type']}: {message}\n    {stripped}\n    {caret}"
    line = details.get("line")
    where = f"exercises/{topic}.py, line {line}: " if line else f"exercises/{topic}.py could not be imported: "
    said = details["text"].strip()
    return where + details["type"] + (f": {said}" if said else "")


def _has_place(syntax: Any) -> bool:
    """Whether a described syntax error says where in the student's own file it is."""
    if not isinstance(syntax, dict) or syntax.get("own") is not True:
        return False
    line = syntax.get("line")
    return isinstance(line, int) and 0 < line < 10_000_000


def line_of_import(details: dict[str, Any]) -> int | None:
    """The line that an import failed at."""
    syntax = details.get("syntax")
    if _has_place(syntax):
        return syntax["line"]
    return details.get("line")
