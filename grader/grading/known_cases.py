"""Errors that their text alone does not tell: the exception's class, the line of code or the function counts as well.

They are tried before the known errors, the first that fits counts, and its sentence may use what `text` found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LABEL = r"\b(?:labels?|targets?|ys?|yb)\b"
_LOOPS = r"^(?:get_accuracy|train|train_step)$"
_ONE_AT_A_TIME = (
    "This label is a single number. A dataset gives one image and one label at a time; a `DataLoader` puts many "
    "together, as tensors."
)


@dataclass(frozen=True)
class Case:
    """A sentence, and what must be found for it: a class by name, patterns in the text, the line and the function."""

    means: str
    type: str = ""
    text: str = ""
    line: str = ""
    function: str = ""

    def found(self, types: Sequence[str], text: str, line: str, function: str) -> tuple[str, ...] | None:
        """The groups of the text's pattern where everything fits, else None."""
        said = re.search(self.text, text)
        fits = not self.type or self.type in types
        fits = fits and re.search(self.line, line) is not None and re.search(self.function, function) is not None
        return tuple(group or "" for group in said.groups()) if said and fits else None


CASES = [
    Case(
        "`breakpoint()` waits for somebody at the keyboard, and while your work is graded nobody is there. "
        "`pytest grader/checks` stops at it.",
        type="BdbQuit",
    ),
    Case(
        "`input()` waits for somebody at the keyboard, and while your work is graded nobody is there. "
        "`pytest -s grader/checks` waits for you.",
        type="EOFError",
        line=r"\binput\(",
    ),
    Case(
        "An `assert` raises an AssertionError, and asserts can be switched off. Where a call must be refused, "
        "raise a ValueError.",
        type="AssertionError",
        line=r"^assert\b",
    ),
    # A dataset that is walked over as if it gave batches
    Case(
        _ONE_AT_A_TIME,
        text=r"'int' object has no attribute|but tensor has no dimensions",
        line=_LABEL + r"\.",
        function=_LOOPS,
    ),
    Case(
        _ONE_AT_A_TIME,
        text=r"object of type 'int' has no len\(\)|len\(\) of a 0-d tensor",
        line=r"\blen\(" + _LABEL + r"\)",
        function=_LOOPS,
    ),
    Case(_ONE_AT_A_TIME, text=r"argument 'target' \(position 2\) must be Tensor, not int", function=_LOOPS),
    Case(
        "There is no axis {2} here: axes from {0} to {1} are. Print the shape: was the batch axis lost, or is it one image "
        "of a dataset, without a `DataLoader` to put many together?",
        text=r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        function=r"^(?:get_accuracy|train)$",
    ),
    # Layers that were made and never called
    Case(
        "`nn.ReLU(...)` makes a layer, and takes no images. The layer does: `nn.ReLU()(x)`.",
        text=r"Boolean value of Tensor with more than one value is ambiguous",
        line=r"\bReLU\(\s*(?!inplace\b|True\b|False\b)\w",
    ),
    Case(
        "`nn.CrossEntropyLoss(...)` makes the criterion, and takes no logits. The criterion does: "
        "`nn.CrossEntropyLoss()(logits, labels)`.",
        text=r"Boolean value of Tensor with more than one value is ambiguous",
        line=r"\bCrossEntropyLoss\(\s*(?!\w+\s*=)[\w(]",
    ),
    Case(
        "Is `{0}` a part of the model? Those are made in its `__init__`, and `self.{0}` reaches them.",
        text=r"name '(layer[12]?|conv[12]|pool|fc|num_hidden)' is not defined",
        function=r"^forward$",
    ),
    # Things that are called, or not, in the wrong way
    Case(
        "`shape` is not a function: `x.shape[0]`.",
        text=r"'(?:torch\.Size|tuple)' object is not callable",
        line=r"\.shape\(",
    ),
    Case(
        "The `size` of a NumPy array is how many numbers it has. The size of an axis: `x.shape[0]`.",
        text=r"'int' object is not callable",
        line=r"\.size\(",
    ),
    Case(
        "A NumPy function was given a tensor. Tensors have their own: `x.max()`.",
        text=r"argument 'dim' must be int, not NoneType",
        line=r"\b(?:np|numpy)\.\w+\(",
    ),
]
