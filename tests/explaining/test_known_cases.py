"""Errors whose text alone does not tell: raised for real in functions named as a student's are."""

from __future__ import annotations

import bdb
import io
from unittest import mock

import numpy as np
import pytest
import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from grader.explaining.explain import explain_error, known_error
from grader.explaining.known_cases import CASES
from grader.sandbox.inner.errors import describe_error

images, labels, logits = torch.zeros(2, 1, 4, 4), torch.tensor([0, 1]), torch.zeros(2, 3)
array = np.zeros((2, 3))
data = [(torch.zeros(1, 4, 4), 0), (torch.zeros(1, 4, 4), 1)]
tensor_data = torch.utils.data.TensorDataset(images, labels)


def described(code):
    with pytest.raises(BaseException) as caught:
        code()
    return describe_error(caught.value, __file__)


def get_accuracy(turn):
    for image, labels in data:
        turn(image)
        return labels.view_as(image)


def get_accuracy_of_tensors():
    def get_accuracy():
        for _, labels in tensor_data:
            return labels.size(0)

    get_accuracy()


def length_of_a_label():
    def get_accuracy(labels):
        return len(labels)

    get_accuracy(data[0][1])


class Net(nn.Module):
    """A model of a student's own, without parameters."""


def unpacks_a_number():
    def train(batch_size):
        _images, _labels = batch_size

    train(3)


def walks_over_a_number():
    for _ in 3:
        pass


def adds_to_a_list():
    losses = []
    losses += 0.5


def adds_along_a_row():
    total = np.zeros(3)
    total += array.T @ array


def adds_shapes():
    def count_parameters(model):
        return sum(parameter.shape for parameter in model.parameters())

    count_parameters(nn.Linear(2, 2))


def takes_the_optimizers_name_for_one():
    def train(optimizer="sgd"):
        optimizer(nn.Linear(2, 2).parameters(), lr=0.1)

    train()


def forgets_to_make_an_optimizer():
    optimizer = optim.SGD
    optimizer.step()


def refuses_as_a_loader_does():
    raise ValueError("batch_size should be a positive integer value, but got batch_size=0")


def train_with_ints():
    def train_step(logits, labels):
        return F.cross_entropy(logits, labels)

    train_step(torch.zeros(2), data[0][1])


def accuracy_of_one_image():
    def get_accuracy():
        return torch.zeros(3).argmax(1)

    get_accuracy()


def forward_without_self():
    def forward(x):
        return layer2(x)  # noqa: F821

    forward(images)


def quits():
    raise bdb.BdbQuit  # what a breakpoint does where nobody is


def asks():
    with mock.patch("sys.stdin", io.StringIO()):
        return input()


def asserts():
    assert len(data) == 0, "data has 0 images"


FOUND = [
    (quits, ["`breakpoint()`", "there it stops"]),
    (asks, ["`input()`", "there it waits for you"]),
    (asserts, ["AssertionError", "raise a ValueError"]),
    (lambda: get_accuracy(lambda image: image), ["one image and one label at a time", "`DataLoader`"]),
    (get_accuracy_of_tensors, ["one image and one label at a time", "`DataLoader`"]),
    (length_of_a_label, ["one image and one label at a time", "`DataLoader`"]),
    (train_with_ints, ["one image and one label at a time", "`DataLoader`"]),
    (accuracy_of_one_image, ["no axis 1", "batch axis", "`DataLoader`"]),
    (lambda: nn.ReLU(images)(images), ["makes a layer", "`nn.ReLU()(x)`"]),
    (lambda: nn.CrossEntropyLoss(images, labels), ["makes the criterion", "`nn.CrossEntropyLoss()(logits, labels)`"]),
    (forward_without_self, ["`self.layer2`"]),
    (lambda: images.shape(0), ["`x.shape[0]`"]),
    (lambda: images.numpy().shape(0), ["`x.shape[0]`"]),
    (lambda: images.numpy().size(0), ["how many numbers", "`x.shape[0]`"]),
    (lambda: np.max(images), ["NumPy function", "`x.max()`"]),
    (lambda: torch.zeros(4 / 2, 3), ["`zeros`", "whole number", "`//`"]),
    (lambda: images.reshape(4 / 2, -1), ["`reshape`", "whole number", "`//`"]),
    (lambda: images.new_zeros(4 / 2, 3), ["`new_zeros`", "whole number", "`//`"]),
    (walks_over_a_number, ["`for`", "`range(n)`"]),
    (lambda: [row for row in len(labels)], ["`for`", "`range(n)`"]),
    (adds_to_a_list, ["`append`", "`+=`"]),
    (lambda: (labels == logits.max(1)).sum(), ["a pair", "`argmax`"]),
    (lambda: (torch.max(logits, dim=1) == labels).float(), ["a pair", "`argmax`"]),
    (lambda: logits.max(-1) + 1, ["a pair", "`.values`", "`.indices`"]),
    (adds_shapes, ["`p.numel()`"]),
    (lambda: torch.cat(images, images, 1), ["one list", "`torch.cat([a, b], dim=0)`"]),
    (lambda: np.concatenate(array, array), ["one list", "`np.concatenate([a, b], axis=0)`"]),
    (lambda: torch.tensor([images, images]), ["`torch.stack`"]),
    (lambda: optim.SGD(Net(), lr=0.1), ["`model.parameters()`"]),
    (takes_the_optimizers_name_for_one, ["a name", "still to be made"]),
    (lambda: optim.SGD(Net().parameters(), lr=0.1), ["no parameters", "once only"]),
    (forgets_to_make_an_optimizer, ["on a class", "`optim.SGD(model.parameters(), lr=0.1)`"]),
    (lambda: DataLoader(images, labels), ["one dataset", "tensor([0, 1])", "`TensorDataset(images, labels)`"]),
    (lambda: DataLoader([], shuffle=True), ["the dataset is empty"]),
    (lambda: TensorDataset(images, labels[:1]), ["as many labels as images"]),
    (lambda: TensorDataset(array, array), ["made of tensors", "`torch.from_numpy`"]),
    (lambda: torch.tensor([[1, 2], [3]]), ["different lengths"]),
    (lambda: np.array([[1, 2], [3]]), ["different lengths"]),
    (lambda: np.concatenate([array, np.zeros(3)]), ["as many axes", "one has 2 and another 1"]),
    (lambda: np.stack([array, np.zeros(3)]), ["one shape"]),
    (lambda: np.stack([]), ["the list is empty"]),
    (lambda: torch.cat([]), ["the list is empty"]),
    (lambda: array[array > 0].max(), ["of no numbers"]),
    (lambda: min([]), ["of no numbers"]),
    (lambda: array @ array, ["3 on the left", "2 on the right"]),
    (adds_along_a_row, ["result has shape (3,3)", "has shape (3,)"]),
    (lambda: np.zeros((-1, 3)), ["below zero"]),
    (lambda: array.reshape(-1, -1), ["Only one size may be -1"]),
    (lambda: array.transpose(0, 0), ["each axis stands once"]),
    (lambda: array.view(3, 2), ["`reshape`"]),
    (lambda: array.flatten(start_dim=1), ["NumPy's `flatten`", "`x.reshape(len(x), -1)`"]),
    (lambda: array.flatten(1), ["NumPy's `flatten`", "`x.reshape(len(x), -1)`"]),
]
OTHERWISE = [
    (unpacks_a_number, "as if it had parts"),
    (lambda: sum(3), "as if it had parts"),
    (lambda: (labels == [0, 1]).sum(), "with a list"),
    (lambda: (labels == logits.max(1).indices.tolist()).sum(), "with a list"),
    (lambda: (3, 2) + 1, "(height, width)"),
    (lambda: int(logits), "where one number is needed"),
    (lambda: range(array), "an array came"),
    (refuses_as_a_loader_does, "refuses this call"),
    (lambda: F.cross_entropy(torch.zeros(2, 3), labels)[0], "`item()`"),
    (lambda: nn.ReLU(inplace=True)(images) and None, "one yes or no"),
    (lambda: bool(images), "one yes or no"),
    (lambda: (3).shape, "Which line made it one?"),
    (lambda: torch.zeros(3).argmax(1), "was the batch axis lost?"),
    (lambda: layer2(images), "typing mistake"),  # noqa: F821
]


@pytest.mark.parametrize(("code", "words"), FOUND)
def test_where_it_was_raised_tells_what_it_means(code, words):
    details = described(code)
    said = explain_error(details)
    assert all(word in said for word in words), f"{details['text']}\n{said}"


@pytest.mark.parametrize(("code", "words"), OTHERWISE)
def test_the_same_text_from_elsewhere_is_explained_otherwise(code, words):
    details = described(code)
    assert words in explain_error(details)


def test_every_case_is_raised_above():
    raised = set()
    for code, _ in FOUND:
        details = described(code)
        _, function, line = details["frames"][-1]
        fitting = [case for case in CASES if case.found(details["types"], details["text"], line, function) is not None]
        raised.add(CASES.index(fitting[0]))
    assert raised == set(range(len(CASES)))


def test_an_assertion_of_a_librarys_own_is_not_the_students():
    details = described(lambda: np.testing.assert_equal(1, 2))
    assert explain_error(details) == "Your code raised AssertionError."
    assert known_error(details["text"]) is None
