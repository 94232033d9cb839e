"""Errors whose text alone does not tell: raised for real in functions named as a student's are."""

from __future__ import annotations

import bdb
import io
from unittest import mock

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from grader.grading.explain import explain_error, known_error
from grader.grading.known_cases import CASES
from grader.sandbox.worker import describe_error

images, labels = torch.zeros(2, 1, 4, 4), torch.tensor([0, 1])
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


def walks_over_a_number():
    def train(batch_size):
        for images, labels in batch_size:
            images.sum(), labels.sum()

    train(3)


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
    (quits, ["`breakpoint()`", "`pytest grader/checks`"]),
    (asks, ["`input()`", "`pytest -s grader/checks`"]),
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
]
OTHERWISE = [
    (walks_over_a_number, "as if it had parts"),
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
