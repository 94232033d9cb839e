"""Errors that their text alone does not tell: the exception's class, the line of code or the function counts as well.

They are tried before the known errors, the first that fits counts, and its sentence may use what `text` found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LABEL = r"\b(?:labels?|targets?|ys?|yb)\b"
_LOOPS = r"^(?:get_accuracy|train|train_step)$"
_NOT_BY_HAND = r"^(?!raise\b)"  # these are a library's ValueErrors; a student's may say the same
_ALONG = r"\.(?:max|min)\((?:[^()]*,\s*)?(?:(?:dim|axis)\s*=\s*)?-?\d+\)(?!\s*[\[.])"  # and neither of the two taken
_SIZED = "zeros|ones|empty|rand|randn|new_zeros|new_ones|new_empty|view|reshape|repeat|expand|permute|tile"
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
        "Call your function in a notebook or in a script of your own: there it stops.",
        type="BdbQuit",
    ),
    Case(
        "`input()` waits for somebody at the keyboard, and while your work is graded nobody is there. "
        "Call your function in a notebook or in a script of your own: there it waits for you.",
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
    Case(
        "`{0}` takes sizes one by one only where each is a whole number. `/` gives a float; `//` divides and rounds down.",
        text=rf"^({_SIZED})\(\) takes 1 positional argument but",
        line=rf"\.(?:{_SIZED})\(",
    ),
    Case(
        "A `for` walks over several values, and here stands a single number. To count, walk over `range(n)`.",
        text=r"'(?:int|float)' object is not iterable",
        line=r"\bfor\b.+\bin\b",
    ),
    Case(
        "Is it a list that something is added to with `+=`? That takes another list: `append` adds one value.",
        text=r"'(?:int|float)' object is not iterable",
        line=r"\+=",
    ),
    Case(
        "`max` along an axis gives a pair, the values and where they are, and a tensor compared with a pair is a single True or "
        "False. `argmax` gives where they are alone.",
        text=r"'bool' object has no attribute",
        line=_ALONG + r".*==|==.*" + _ALONG,
    ),
    Case(
        "`max` along an axis gives a pair, the values and where they are. Take its `.values` or its `.indices`.",
        text=r"can only concatenate tuple",
        line=_ALONG,
    ),
    Case(
        "A shape is not how many numbers there are. `p.numel()` is.",
        text=r"for \+=?: 'int' and 'torch\.Size'",
        function=r"^(?:count_parameters|<genexpr>)$",
    ),
    Case(
        "`{0}` takes the tensors in one list, and then the axis: `torch.{0}([a, b], dim=0)`.",
        text=r"^(cat|stack)\(\) takes from 1 to 2 positional arguments",
        line=r"\btorch\.(?:cat|stack)\(",
    ),
    Case(
        "NumPy takes arrays that are joined in one list, and then the axis, a whole number: `np.concatenate([a, b], axis=0)`.",
        text=r"only integer scalar arrays can be converted to a scalar index",
        line=r"\b(?:concatenate|stack)\(\s*[^\s\[(]",
    ),
    Case(
        "Are tensors joined here? `torch.stack` makes one tensor of a list of tensors; `torch.tensor` is for numbers.",
        text=r"only one element tensors can be converted",
        line=r"\btorch\.tensor\(",
    ),
    # The optimizer and the data
    Case(
        "An optimizer takes the parameters of a model: `model.parameters()`.",
        text=r"'(?!int|float|bool|function|method|builtin|type)\w+' object is not iterable",
        line=r"\b(?:SGD|Adam\w*)\(",
    ),
    Case(
        'In `train`, `optimizer` is a name such as "sgd": the optimizer is still to be made.',
        text=r"'str' object is not callable",
        line=r"\boptimizer\(",
        function=r"^train$",
    ),
    Case(
        "The optimizer was given no parameters. Has the model any? A generator, such as `parameters()`, gives them once only.",
        type="ValueError",
        text=r"^optimizer got an empty parameter list",
        line=_NOT_BY_HAND,
    ),
    Case(
        "Was `step` called on a class, and not on an object of it? An optimizer is made by `optim.SGD(model.parameters(), lr=0.1)`.",
        type="ValueError",
        text=r"expected at least 1, got 0",
        line=r"\.step\(\)",
    ),
    Case(
        "A `DataLoader` takes one dataset, then its `batch_size`, a whole number of at least 1: here it is {0}. "
        "`TensorDataset(images, labels)` makes one dataset of two tensors.",
        type="ValueError",
        text=r"^batch_size should be a positive integer value, but got batch_size=([^\n]{1,40})",
        line=_NOT_BY_HAND,
    ),
    Case(
        "Nothing can be shuffled, for the dataset is empty.",
        type="ValueError",
        text=r"^num_samples should be a positive integer value, but got num_samples=0",
        line=_NOT_BY_HAND,
    ),
    Case(
        "A `TensorDataset` needs as many labels as images. Print both shapes.",
        type="AssertionError",
        text=r"^Size mismatch between tensors",
    ),
    Case(
        "A `TensorDataset` is made of tensors. `torch.from_numpy` makes one of an array.",
        text=r"'int' object is not callable|'(?:list|tuple)' object has no attribute 'size'",
        line=r"\bTensorDataset\(",
    ),
    # NumPy and Python refuse a value
    Case(
        "The parts of this list have different lengths or shapes, and one array or tensor cannot hold them. Print their shapes.",
        type="ValueError",
        text=r"setting an array element with a sequence[^\n]*inhomogeneous|^expected sequence of length \d+ at dim \d+ \(got",
        line=_NOT_BY_HAND,
    ),
    Case(
        "Arrays that are put side by side must have as many axes, and one has {0} and another {1}. Print their shapes.",
        type="ValueError",
        text=r"^all the input arrays must have same number of dimensions, but the array at index \d+ has (\d+) dimension\(s\) and "
        r"the array at index \d+ has (\d+)",
        line=_NOT_BY_HAND,
    ),
    Case(
        "`stack` needs arrays of one shape. Print their shapes.",
        type="ValueError",
        text=r"^all input arrays must have the same shape",
        line=_NOT_BY_HAND,
    ),
    Case(
        "There is nothing to join: the list is empty.",
        type="ValueError",
        text=r"^need at least one array to|expected a non-empty list of Tensors",
        line=_NOT_BY_HAND,
    ),
    Case(
        "The largest or smallest of no numbers was asked for. Is a slice empty? What does `[0:-0]` hold?",
        type="ValueError",
        text=r"^zero-size array to reduction operation|^(?:min|max)\(\) (?:arg is an empty sequence|iterable argument is empty)",
        line=_NOT_BY_HAND,
    ),
    Case(
        "A matrix product needs as many columns on the left as there are rows on the right: {1} on the left, and {0} on the right.",
        type="ValueError",
        text=r"^matmul: Input operand 1 has a mismatch in its core dimension 0[^\n]*\(size (\d+) is different from (\d+)\)",
        line=_NOT_BY_HAND,
    ),
    Case(
        "The result has shape {1}, and the array that it should be kept in, as by `+=`, has shape {0}.",
        type="ValueError",
        text=r"^non-broadcastable output operand with shape (\([\d,]*\)) doesn't match the broadcast shape (\([\d,]*\))",
        line=_NOT_BY_HAND,
    ),
    Case(
        "A size is below zero here. Print the sizes just before.",
        type="ValueError",
        text=r"^negative dimensions are not allowed",
        line=_NOT_BY_HAND,
    ),
    Case(
        "Only one size may be -1: it follows from all the others.",
        type="ValueError",
        text=r"^can only specify one unknown dimension",
        line=_NOT_BY_HAND,
    ),
    Case(
        "In a new order of axes, each axis stands once.",
        type="ValueError",
        text=r"^repeated axis in transpose",
        line=_NOT_BY_HAND,
    ),
    Case(
        "NumPy's `flatten` leaves no axis as it is. `x.reshape(len(x), -1)` keeps the first, in NumPy and in PyTorch.",
        text=r"^flatten\(\) got an unexpected keyword argument '(?:start_dim|end_dim)'|^order must be str, not int",
        line=r"\.flatten\(",
    ),
    Case(
        "NumPy's `view` is about dtypes. `reshape` gives an array another shape.",
        text=r"^Type must be a sub-type of ndarray type",
        line=r"\.view\(",
    ),
]
