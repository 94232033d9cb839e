"""Names and attributes that are not there: what is certain of them, from what NumPy and PyTorch have."""

from __future__ import annotations

import difflib
import inspect
import sys

import numpy as np
import torch
from torch import nn, optim
from torch.nn import functional
from torch.utils import data

# What tensors have and an array needs not, and what only tensors convert by.
_NEEDLESS = ("numpy", "detach", "cpu")
_CONVERSIONS = ("float", "double", "half", "long", "int", "short", "byte", "bool", "type")
_FOR_TENSORS = {
    "astype": "`to(torch.float32)`, or `float()`, converts a tensor.",
    "copy": "`clone()` copies a tensor.",
    "ptp": "`x.max() - x.min()` is what it gives.",
}
_PLAIN = {"int": "an int", "float": "a float", "bool": "a bool", "complex": "a complex number"}
_CONTAINERS = {
    "list": "a list",
    "tuple": "a tuple",
    "dict": "a dict",
    "str": "a str",
    "set": "a set",
    "Size": "a shape",
}
MOST_FOR_PYTHON = 750  # names of an object among which Python looks for the one that was meant
_IMPORTS = {
    "math": "import math",
    "copy": "import copy",
    "deepcopy": "from copy import deepcopy",
    "np": "import numpy as np",
    "numpy": "import numpy as np",
    "torch": "import torch",
    "nn": "from torch import nn",
    "optim": "from torch import optim",
    "F": "import torch.nn.functional as F",
    "functional": "import torch.nn.functional as F",
    "Functional": "import torch.nn.functional as F",
    "Tensor": "from torch import Tensor",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "TensorDataset": "from torch.utils.data import TensorDataset",
}
_KEYWORDS = {"learning_rate": "lr", "kernel": "kernel_size", "axis": "dim", "keepdims": "keepdim"}
_OURS = ("LogisticRegression", "MLP", "CNN")


def of_array(*names: str) -> str:
    """A NumPy array has no attribute of this name."""
    name = "".join(names)
    if name == "ptp":
        return "NumPy 2 has the method `ptp` no more. `np.ptp(x)` gives the same, and so does `x.max() - x.min()`."
    if name in _NEEDLESS:
        return f"This is a NumPy array already, and needs no `{name}`."
    if name in _CONVERSIONS:
        return (
            f"This is a NumPy array, and `{name}` belongs to tensors. An array is converted by `x.astype(np.float32)`."
        )
    function = getattr(np, name, None)
    if callable(function) and not isinstance(function, type):
        return f"A NumPy array has no `{name}` of its own. There is a function: `np.{name}(x)`."
    if hasattr(torch.Tensor, name):
        return f"This is a NumPy array, and `{name}` belongs to tensors. `torch.from_numpy` makes one of it."
    return f"A NumPy array has no `{name}`."


def of_tensor(name: str) -> str:
    """A tensor has no attribute of this name."""
    if name in _FOR_TENSORS:
        return f"A tensor has no `{name}`. {_FOR_TENSORS[name]}"
    if hasattr(np.ndarray, name):
        return f"This is a tensor, and `{name}` belongs to NumPy's arrays."
    for module, spelled in ((functional, "F"), (torch, "torch")):
        function = getattr(module, name, None)
        if not name.startswith("_") and callable(function) and not isinstance(function, type):
            return f"A tensor has no `{name}` of its own. There is a function: `{spelled}.{name}(x)`."
    return f"A tensor has no `{name}`.{_near(name, torch.Tensor)}"


def of_module(module: str, name: str) -> str:
    """A module has nothing of this name."""
    library = sys.modules.get(module) if module.split(".")[0] in ("torch", "numpy") else None
    near = "" if library is None or hasattr(library, name) else _near(name, library)
    if module.split(".")[0] == "torch":
        owners = {"torch": torch, "nn": nn, "F": functional, "optim": optim}
        found = [f"`{spelled}.{name}`" for spelled, owner in owners.items() if callable(vars(owner).get(name))]
        near = f" There is {' and '.join(found)}." if found else near
    return f"There is no `{name}` in `{module}`.{near}"


def of_import(name: str, module: str) -> str:
    """Something of this name was to be imported from a module that has it not."""
    line = _IMPORTS.get(name, "")
    if line and module.split(".")[0] == "torch":
        return f"There is no `{name}` in `{module}`. It comes by `{line}`."
    return of_module(module, name)


def of_name(name: str) -> str:
    """A name that stands for nothing."""
    if name in _IMPORTS:
        return f"There is no `{name}` in this file. Is its import missing, `{_IMPORTS[name]}`?"
    if name == "self":
        return "There is no `self` here: a method has it where it is its first parameter. Is it missing there?"
    return f"There is no `{name}` in this file. Is it a typing mistake, or is an import missing?"


def of_keyword(function: str, name: str) -> str:
    """A function was called with an argument of this name, and has none such; those that PyTorch's have are known."""
    shown = function.removesuffix(".__init__")
    said = f"`{shown}` was called with `{name}=...`, and has no parameter of that name."
    made = [vars(module)[shown] for module in (optim, nn, data) if isinstance(vars(module).get(shown), type)]
    if not made or shown == function:
        return said
    parameters = _parameters(made[0])
    meant = _KEYWORDS.get(name, "")
    near = [meant] if meant in parameters else difflib.get_close_matches(name, parameters, n=1, cutoff=0.8)
    return f"{said} Do you mean `{near[0]}`?" if near else said


def _parameters(made: type) -> list[str]:
    """The names of what a class of PyTorch's is called with; none where it does not tell."""
    try:
        return list(inspect.signature(made).parameters)
    except (TypeError, ValueError):
        return []


def of_other(kind: str, name: str) -> str:
    """Something else, of which the class is known by name, has no attribute of this name."""
    tensors_have_it = hasattr(torch.Tensor, name)
    if kind in _PLAIN:
        return _of_plain(kind, name, tensors_have_it)
    if kind == "str" and name in ("zero_grad", "step", "param_groups", "state_dict"):
        return (
            f"This is a str, and `{name}` belongs to optimizers. In `train`, `optimizer` is a name such as "
            '"sgd": the optimizer is still to be made.'
        )
    if kind in _CONTAINERS:
        whose = f"and `{name}` belongs to tensors." if tensors_have_it else f"which has no `{name}`."
        if kind == "tuple" and name in ("numel", "requires_grad", "requires_grad_", "grad", "data"):
            whose += " Is it a name with its parameter, as `named_parameters()` gives them?"
        return f"This is {_CONTAINERS[kind]}, {whose}"
    if kind == "generator":
        return f"This is a generator, such as `parameters()`, and has no `{name}`. A loop gets what it gives."
    if kind in ("function", "method", "builtin_function_or_method"):
        return "This is a function itself, not what it gives. Are its parentheses missing?"
    if kind in _OURS:
        return f"`{kind}` has no `{name}`. Its parts are made in its `__init__`: read their names there."
    layer = getattr(nn, kind, None)
    if isinstance(layer, type) and issubclass(layer, nn.Module):
        if tensors_have_it and kind.endswith("Loss"):
            return f"This is the criterion itself, and `{name}` belongs to the loss that it gives: `criterion(logits, labels)`."
        if tensors_have_it:
            return f"This is the layer itself, and `{name}` belongs to tensors. A layer is made, then called: `nn.ReLU()(x)`."
        return f"A layer of class `nn.{kind}` has no `{name}`."
    return f"An object of class `{kind}` has no `{name}`."


def _of_plain(kind: str, name: str, tensors_have_it: bool) -> str:
    this = f"This is {_PLAIN[kind]}"
    if not tensors_have_it:
        return f"{this}, which has no `{name}`."
    if name in ("item", *_NEEDLESS):
        return f"{this}, a plain number already, and needs no `{name}`."
    if kind == "bool":
        return (
            f"{this}, and `{name}` belongs to tensors. A tensor compared with a list or a tuple, "
            "or with the pair that `max(dim)` gives, is a single True or False."
        )
    return f"{this}, a plain number, and `{name}` belongs to tensors. Which line made it one?"


def _near(name: str, owner: object) -> str:
    """The one name that is spelled almost so, as a question, where there are too many names for Python to ask it."""
    if len(dir(owner)) <= MOST_FOR_PYTHON:
        return ""
    near = difflib.get_close_matches(name, (n for n in dir(owner) if not n.startswith("_")), n=1, cutoff=0.8)
    return f" Do you mean `{near[0]}`?" if near else ""
