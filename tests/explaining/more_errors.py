"""More errors for test_explain.py: what stands in a line is of another kind than is wanted, or does not fit."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

images = torch.zeros(2, 1, 4, 4)
array = np.zeros((2, 3))
logits, labels = torch.zeros(3, 4), torch.tensor([0, 1, 2])
model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
LAYER = "`nn.ReLU()(x)`"


class CNN(nn.Module):
    """Has no forward, as where it was spelled otherwise."""


class Unprepared(nn.Module):
    """Forgets to prepare itself."""

    def __init__(self) -> None:
        self.fc = nn.Linear(2, 2)


def _with(context: Any) -> None:
    with context:
        pass


def _refuse_by_text() -> None:
    raise "stride=0"  # noqa: B016


def _assigned(place: Any, entry: int) -> None:
    place[entry] = 3


def _added(place: Any, more: Any) -> None:
    place += more


MORE: list[tuple[Callable[[], Any], list[str]]] = [
    # Layers that were made with a tensor, or passed on
    (lambda: nn.Conv2d(1, 4, 3)(nn.ReLU(images)), ["`nn.ReLU`", LAYER]),
    (lambda: nn.ReLU(images) + 1, ["`nn.ReLU`", LAYER]),
    (lambda: images @ nn.Linear(4, 4), ["`nn.Linear`", LAYER]),
    (lambda: nn.ReLU(images)[0], ["`nn.ReLU`", LAYER]),
    (lambda: F.relu(nn.LeakyReLU(images)), ["`nn.LeakyReLU`", LAYER]),
    (lambda: nn.Sequential(nn.Flatten(images))(images), ["was a layer made with a tensor", "`nn.Flatten()(x)`"]),
    (lambda: nn.Softmax(images)(images), ["was a layer made with a tensor"]),
    (lambda: nn.MaxPool2d(images)(images), ["was a layer made with a tensor"]),
    (lambda: torch.zeros(torch.tensor(2.0)), ["Whole numbers are wanted", "`int(...)`"]),
    (lambda: F.cross_entropy(CNN(), labels), ["The model itself", "`model(images)`"]),
    (lambda: CNN() + 1, ["The model itself", "`model(images)`"]),
    (lambda: list(nn.Linear(2, 2)), ["`parameters()`"]),
    (lambda: list(CNN()), ["`parameters()`"]),
    (lambda: _with(model.eval()), ["`with`", "line of its own"]),
    (lambda: _with(model.eval), ["`with`", "line of its own"]),
    (lambda: CNN()(images), ["`CNN` has no `forward`"]),
    (lambda: Unprepared(), ["`super().__init__()`"]),
    (lambda: nn.Sequential(nn.Flatten(), F.relu), ["`nn.ReLU()`", "`relu`"]),
    (lambda: nn.Sequential(nn.Linear), ["The class `nn.Linear`", "`nn.Linear(...)`"]),
    (lambda: setattr(nn.Linear(2, 2), "weight", torch.zeros(2, 2)), ["`weight`", "`nn.Parameter` only"]),
    (lambda: setattr(copy.deepcopy(model), "1", torch.zeros(2)), ["`1`", "`nn.Module` only"]),
    # Numbers, and several where one is wanted
    (lambda: range(torch.tensor(2.0)), ["one whole number", "`int(...)`"]),
    (lambda: range(torch.tensor([1, 2])), ["one whole number"]),
    (lambda: range(np.array([1, 2])), ["an array came"]),
    (lambda: torch.rand(4 / 2, 3), ["`//`"]),
    (lambda: images.view(4 / 2, 16), ["`//`"]),
    (lambda: range(None), ["None", "`stride=None`"]),
    (lambda: images.unfold(2, 2, None), ["None", "`stride=None`"]),
    (lambda: torch.tensor([None]), ["None"]),
    (lambda: len(float("3")), ["single number", "Which line"]),
    (lambda: float("3")[0], ["single number", "Which line"]),
    (lambda: _assigned(3, 0), ["a pair of it"]),
    (lambda: _assigned((1, 2), 0), ["never changed", "`(*shape[:2], height, width)`"]),
    (lambda: _assigned(images.shape, 0), ["never changed"]),
    (lambda: (3, 2) + 1, ["(height, width)"]),
    (lambda: images.shape + 1, ["(height, width)"]),
    (lambda: images.shape[2:] // 2, ["(height, width)"]),
    (lambda: math.floor((3, 2)), ["(height, width)"]),
    (lambda: round((3, 2)), ["(height, width)"]),
    (lambda: abs((3, 2)), ["(height, width)"]),
    (lambda: range((3, 2)), ["a tuple or list came"]),
    (lambda: array.argmax(axis=(0, 1)), ["a tuple or list came"]),
    (lambda: (3, 2) + [1], ["`tuple(...)`"]),
    (lambda: images.shape[:2] + [1], ["`tuple(...)`"]),
    (lambda: [1, 2] + 3, ["does not calculate", "`append`"]),
    (lambda: [1, 2] / 2, ["does not calculate", "`torch.tensor(...)`"]),
    (lambda: "stride=" + 3, ["f-string", '`f"stride={stride}"`', "type int"]),
    (lambda: [1].append(1, 2), ["2 arguments", "takes one"]),
    (lambda: "0.1" < 0.5, ["`<`", "type str", "type float"]),
    (lambda: images.max > 1, ["parentheses"]),
    (lambda: next(model.parameters), ["parentheses"]),
    (lambda: logits[labels.float()], ["`long()`"]),
    (lambda: array[np.array([0.5])], ["`astype(int)`"]),
    (lambda: F.cross_entropy(logits, labels.int()), ["torch.long", "Int", "`long()`"]),
    # Axes
    (lambda: images.argmax(dim=(2, 3)), ["`argmax` takes one axis", "`x.flatten(2)`"]),
    (lambda: F.softmax(images, dim=(2, 3)), ["`softmax` takes one axis"]),
    (lambda: images.sum(2, 3), ["`x.sum((2, 3))`", "`keepdim`"]),
    (lambda: images.amax(2, 3), ["`x.amax((2, 3))`"]),
    (lambda: images.permute(0, 1, 1, 2), ["each axis stands once"]),
    (lambda: images.view(-1, -1), ["Only one size may be -1"]),
    (lambda: torch.zeros(0, 2).amax(0), ["of no numbers"]),
    (lambda: torch.zeros(-1, 3), ["below zero"]),
    # Tensors wanted
    (lambda: F.relu(2.0), ["`relu` takes a tensor", "type float", "`torch.tensor(...)`"]),
    (lambda: F.cross_entropy(logits, 3), ["takes a tensor", "type int"]),
    (lambda: F.relu([1, 2]), ["was given a list", "`torch.stack(...)`"]),
    (lambda: torch.cat(labels, labels), ["one list", "`torch.cat([a, b], dim=0)`"]),
    (lambda: torch.stack(labels, dim=0), ["one list", "`torch.stack([a, b], dim=0)`"]),
    (lambda: torch.cat([1, 2]), ["plain numbers", "`torch.tensor(...)`"]),
    (lambda: torch.from_numpy(np.array([None])), ["objects of Python's"]),
    (lambda: torch.stack([]), ["the list is empty"]),
    (lambda: torch.cat([images, labels]), ["as many axes", "one has 4 and another 1"]),
    (lambda: F.pad(images, 1), ["`F.pad(x, (left, right, top, bottom))`"]),
    (lambda: F.pad(images, (1,)), ["`F.pad(x, (left, right, top, bottom))`"]),
    (lambda: F.pad(labels, (1, 1, 1, 1)), ["`F.pad(x, (left, right, top, bottom))`"]),
    (lambda: np.zeros(2, 3), ["`np.zeros((2, 3))`"]),
    (lambda: images.to(np.float32), ["`torch.float32`"]),
    (lambda: torch.zeros(2, dtype=np.float32), ["`torch.float32`"]),
    (lambda: images.to("float32"), ["names a device", "`torch.float32`"]),
    (lambda: torch.float32(images), ["`x.to(torch.float32)`"]),
    (lambda: labels.requires_grad_(), ["Only floats"]),
    (lambda: f"{images:.2f}", ["`:.2f`", "`item()`"]),
    # Shapes
    (lambda: torch.zeros(2, 3) @ torch.zeros(2), ["(2, 3)", "one of 3"]),
    (lambda: torch.zeros(3) @ torch.zeros(2), ["of 3 numbers and of 2"]),
    (lambda: torch.zeros(2, 3, 4) @ torch.zeros(2, 3, 4), ["2 matrices of 4 rows", "2 of 3"]),
    (lambda: torch.einsum("ij,jk->ik", torch.zeros(2, 3, 4), torch.zeros(3, 4)), ["number 0", "3 axes", "2 letters"]),
    (lambda: _assigned(logits, (labels, labels, labels)), ["more indices than axes"]),
    (lambda: logits.__setitem__(labels, torch.zeros(3)), ["(3)", "place of shape (3, 4)"]),
    (lambda: _added(torch.zeros(4), torch.zeros(2, 4)), ["result has shape (2, 4)", "has shape (4)"]),
    (lambda: logits[labels, labels[:2]], ["(3) and (2)"]),
    (lambda: logits[torch.tensor([True, False])], ["A mask of shape (2)", "(3, 4)"]),
    (lambda: array[np.array([True, False, True])], ["A mask", "axis 0"]),
    (lambda: F.conv2d(images, torch.zeros(4, 1, 3)), ["(C_out, C_in, KH, KW)"]),
    (lambda: nn.Conv2d(1, 4, (3,))(images), ["an int or a pair"]),
    (lambda: F.conv2d(images, torch.zeros(4, 1, 3, 3), torch.zeros(3)), ["makes 4", "shape (3)"]),
    (lambda: F.conv2d(images, torch.zeros(4, 1, 3, 3), stride=0), ["at least 1"]),
    (lambda: F.max_pool2d(images, 9), ["does not fit", "1x4x4"]),
    (lambda: F.max_pool2d(images, 2, padding=2), ["half of its kernel", "2 for a kernel of 2"]),
    (lambda: F.max_pool2d(torch.zeros(4, 4), 2), ["(N, C, H, W)"]),
    (lambda: F.unfold(images, 9), ["window of (9, 9)", "picture of (4, 4)"]),
    (lambda: nn.BatchNorm2d(3)(images), ["made for 3 channels", "given 1"]),
    # Lists, generators and functions
    (lambda: _assigned([], 0), ["`append`"]),
    (lambda: model[5], ["no number 5"]),
    (lambda: model.parameters()[0], ["generator", "`list(...)`"]),
    (lambda: len(model.parameters()), ["generator", "`list(...)`"]),
    (lambda: DataLoader(labels)[0], ["`for`", "`next(iter(loader))`"]),
    (lambda: next(DataLoader(labels)), ["`next(iter(loader))`"]),
    (lambda: list(DataLoader), ["A class stands here", "`DataLoader(data, batch_size=64)`"]),
    (lambda: list(DataLoader([None])), ["type NoneType"]),
    (lambda: [1, 2](0), ["this is a list", "square ones"]),
    (lambda: int("3")(4), ["of type int", "operator"]),
    (lambda: copy(model), ["`copy.deepcopy(model)`"]),
    (lambda: isinstance(3, "int"), ["`isinstance(stride, int)`"]),
    (_refuse_by_text, ["`raise` takes an exception"]),
    # Given layers
    (lambda: CNN().load_state_dict({"conv1.weight": images}), ["`CNN`", "`__init__`", "as it was given"]),
    # The optimizer
    (lambda: optim.SGD(model, lr=0.1), ["`model.parameters()`"]),
    (lambda: optim.SGD(labels, lr=0.1), ["`model.parameters()`"]),
    (lambda: optim.SGD.zero_grad(), ["`zero_grad` was called on a class", "parentheses"]),
    (lambda: nn.CrossEntropyLoss().backward(), ["the criterion itself", "`criterion(logits, labels)`"]),
    # Names and calls
    (lambda: optim.SGD(model.parameters(), learning_rate=1), ["`SGD`", "`learning_rate=...`", "Do you mean `lr`?"]),
    (lambda: optim.SGD(model.parameters(), weightdecay=1), ["Do you mean `weight_decay`?"]),
    (lambda: DataLoader(labels, batchsize=2), ["Do you mean `batch_size`?"]),
    (lambda: nn.Conv2d(1, 4, kernel=3), ["Do you mean `kernel_size`?"]),
    (lambda: F.relu(images, dim=1), ["`relu` was called with `dim=...`"]),
    (lambda: nn.Linear(1, 2, 3, 4, 5, 6), ["`Linear.__init__`", "7 arguments and takes 6", "`self`"]),
    (lambda: math_.sqrt(2), ["no `math_`", "typing mistake"]),  # noqa: F821
    (lambda: deepcopy(model), ["`from copy import deepcopy`"]),  # noqa: F821
    (lambda: self, ["first parameter"]),  # noqa: F821
    (lambda: exec("from torch import F"), ["no `F` in `torch`", "`import torch.nn.functional as F`"]),
    (lambda: exec("from torch.utils import DataLoader"), ["`from torch.utils.data import DataLoader`"]),
    (lambda: exec("from torch import unsqeeze"), ["Do you mean `unsqueeze`?"]),
    (lambda: F.flatten(images), ["There is `torch.flatten`"]),
    (lambda: nn.relu(images), ["`torch.relu` and `F.relu`"]),
    (lambda: [parameter.numel() for parameter in model.named_parameters()], ["`named_parameters()`"]),
    (lambda: model.parameters().requires_grad, ["generator", "loop"]),
    (lambda: 1.0 % 0, ["zero"]),
]
