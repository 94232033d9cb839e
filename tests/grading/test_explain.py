"""Errors that students meet, raised for real, come with a sentence that names what is involved."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from grader.grading.ask import Failure, failure_of
from grader.grading.explain import explain_error, known_error
from grader.grading.known_errors import KNOWN
from grader.grading.subject import LocalSubject, module_namespace
from grader.sandbox.worker import describe_error

images = torch.zeros(2, 1, 4, 3)
logits, labels = torch.zeros(3, 4), torch.tensor([0, 1, 2])


def _twice():
    loss = nn.Linear(2, 2)(torch.ones(1, 2)).sum().square()
    loss.backward()
    loss.backward()


def _in_place():
    weight = nn.Linear(2, 2).weight
    weight -= 1


def _overwritten():
    model = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
    loss = model(torch.ones(1, 2)).sum()
    with torch.no_grad():
        model[2].weight.mul_(2)
    loss.backward()


def _unpacked():
    count, channels, height, width = torch.zeros(2, 3, 4).shape


def _padded(image):
    image /= 255.0


def _never_set():
    if images is None:
        found = 0
    return found


def _again():
    return _again()


def _written_into(place, value):
    place[...] = value


CASES = [
    (lambda: nn.Linear(784, 3)(images.flatten(1)), ["12 numbers", "takes 784", "(2, 12)"]),
    (lambda: nn.Linear(12, 3)(images), ["3 numbers", "takes 12"]),
    (lambda: images.permute(0, 3, 2, 1).view(2, -1), ["`reshape`"]),
    (lambda: nn.Linear(2, 2).weight.numpy(), ["`detach()`"]),
    (lambda: F.cross_entropy(logits, labels.float()), ["torch.long", "(N,)"]),
    (lambda: F.cross_entropy(logits, labels[:, None]), ["(N,)", "(N, 1)"]),
    (lambda: F.cross_entropy(logits.argmax(1), labels), ["before any argmax"]),
    (lambda: F.cross_entropy(logits, labels[:2]), ["3 images", "labels for 2"]),
    (lambda: F.cross_entropy(logits, labels + 5), ["Label 5"]),
    (lambda: nn.Conv2d(1, 4, 3)(torch.zeros(4, 4)), ["(N, C, H, W)", "(4, 4)", "batch axis"]),
    (lambda: nn.Conv2d(1, 4, 3)(torch.zeros(2, 4, 4)), ["(1, 2, 4, 4)", "batch axis"]),
    (lambda: nn.Conv2d(3, 4, 3)(torch.zeros(1, 8, 8, 3)), ["3 channels", "(1, 8, 8, 3)"]),
    (lambda: nn.Conv2d(1, 4, 3)(images.byte()), ["float32"]),
    (lambda: nn.Conv2d(1, 4, 7)(images), ["7 x 7"]),
    (lambda: nn.BatchNorm1d(4)(torch.zeros(1, 4)), ["evaluation mode"]),
    (lambda: nn.BatchNorm2d(4)(torch.zeros(2, 4)), ["4 axes", "batch axis"]),
    (lambda: images.reshape(5, -1), ["24 numbers", "(5, -1)"]),
    (lambda: np.zeros((3, 7)).reshape(3, 2, 3), ["21 numbers", "(3,2,3)"]),
    (lambda: torch.tensor(1.0).backward(), ["no graph"]),
    (lambda: (1.5).backward(), ["plain number"]),
    (lambda: nn.Linear(2, 2)(torch.zeros(3, 2)).backward(), ["one number"]),
    (_twice, ["its own forward pass"]),
    (_in_place, ["in place"]),
    (_overwritten, ["update before `backward`"]),
    (lambda: torch.zeros(3) + torch.zeros(4), ["3 entries", "the other 4"]),
    (lambda: np.zeros((3, 2)) + np.zeros(4), ["(3,2)", "(4,)"]),
    (lambda: torch.zeros(3, 2).permute(2, 0, 1), ["as many axes"]),
    (lambda: np.zeros((3, 2)).transpose(2, 0, 1), ["as many axes"]),
    (lambda: torch.zeros(3).argmax(1), ["no axis 1"]),
    (_unpacked, ["4 names", "3 values"]),
    (lambda: torch.zeros(3)[5], ["Entry 5", "3 entries"]),
    (lambda: float(torch.zeros(3)), ["one number is needed"]),
    (lambda: bool(torch.zeros(3) > 0), ["many answers"]),
    (lambda: None * 2, ["None"]),
    (lambda: int("3")[0], ["a pair of it"]),
    (lambda: (3, 2) - 1, ["(height, width)"]),
    (lambda: (3, 2) < 1, ["(height, width)"]),
    (lambda: range(4 / 2), ["`//`"]),
    (lambda: images.shape(0), ["`x.shape[0]`"]),
    (lambda: np.zeros(2).unsqueeze(0), ["NumPy array", "`unsqueeze`"]),
    (lambda: images.astype("float"), ["tensor", "`astype`"]),
    (lambda: undefined, ["`undefined`", "import"]),  # noqa: F821
    (lambda: nn.Linear(2, 2).fc1, ["`Linear`", "`fc1`"]),
    (lambda: (lambda kernel: kernel)(1, stride=2), ["`stride=...`"]),
    (lambda: (lambda kernel, stride: kernel)(1), ["without 'stride'"]),
    (lambda: 1 // 0, ["zero"]),
    (lambda: _padded(np.ones(2, dtype=np.uint8)), ["floats"]),
    (lambda: images.byte().mean(), ["floats"]),
    (lambda: torch.zeros(1, 2).unfold(1, 3, 1), ["window of 3", "axis 1", "2 entries"]),
    (lambda: torch.zeros(2, 3).expand(4, 4), ["(2, 3)", "(4, 4)"]),
    (lambda: _written_into(np.zeros((2, 2)), np.zeros(3)), ["(3,)", "(2,2)"]),
    (lambda: np.vstack([np.zeros((1, 5)), np.zeros((1, 4))]), ["axis 1", "5 entries", "another 4"]),
    (lambda: torch.einsum("ij,jk->ik", torch.zeros(2, 3), torch.zeros(4, 5)), ["letter j", "3", "4"]),
    (lambda: torch.cat([torch.zeros(2, 3), torch.zeros(2, 4)]), ["axis 0", "3 entries", "4"]),
    (lambda: torch.stack([torch.zeros(2), torch.zeros(3)]), ["(2)", "(3)"]),
    (lambda: [a for a, b in [(1, 2, 3)]], ["2 names", "more values"]),
    (lambda: images.shape[7], ["tuple", "fewer axes"]),
    (lambda: torch.zeros(0).max(), ["`[0:-0]`"]),
    (lambda: F.cross_entropy(nn.Linear(2, 4)(torch.ones(2)), labels[:1]).backward(), ["(4)", "(1)", "squeezed"]),
    (lambda: setattr(nn.Linear(2, 2)(torch.zeros(1, 2)), "requires_grad", False), ["`detach()`"]),
    (lambda: copy.deepcopy(nn.Linear(2, 2)(torch.zeros(1, 2))), ["Copy the network"]),
    (lambda: torch.zeros(2, 2) @ torch.zeros(2, 2).double(), ["dtypes", "float32"]),
    (_never_set, ["`found` has no value yet"]),
    (lambda: (lambda kernel: kernel)(1, 2), ["2 arguments", "takes 1"]),
    (_again, ["again and again"]),
    (lambda: int((3, 2)), ["(height, width)"]),
    (lambda: torch.zeros(1).reshape(2), ["1 number cannot", "(2)"]),
]


@pytest.mark.parametrize(("code", "words"), CASES)
def test_an_error_is_explained_with_what_is_involved(code, words):
    with pytest.raises(Exception) as caught:
        code()
    said = explain_error(describe_error(caught.value, __file__))
    assert all(word in said for word in words), f"{caught.value}\n{said}"


def test_every_known_error_is_raised_above():
    raised = set()
    for code, _ in CASES:
        with pytest.raises(Exception) as caught:
            code()
        raised.add(known_error(str(caught.value)).place)
    assert raised == set(range(len(KNOWN)))


def test_another_error_names_its_type_and_line():
    assert explain_error({"text": "odd", "type": "KeyError", "line": 7}) == "Your code raised KeyError in line 7."


def test_every_sentence_can_be_filled_in_and_ends_as_one():
    for pattern, sentence in KNOWN:
        filled = sentence.format(*"abcdefgh")
        assert filled.endswith((".", "?")), pattern
        assert len(filled) < 260, pattern


def test_a_text_of_a_students_own_is_no_known_error():
    assert known_error("stride must be at least 1, got stride=0") is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ('raise NotImplementedError("flatten_images is not written yet")', "not_started"),
        ("raise NotImplementedError", "not_started"),
        ("return images.byte().mean()", "error"),  # PyTorch raises a NotImplementedError here
    ],
)
def test_only_a_raise_is_not_started(body, status, tmp_path):
    file = tmp_path / "classifiers.py"
    file.write_text(f"def flatten_images(images):\n    {body}\n", encoding="utf-8")
    subject = LocalSubject(module_namespace(file.read_text(encoding="utf-8"), "classifiers", str(file)))
    answer = subject.ask("call", {"name": "flatten_images", "args": (images,)})
    failure = failure_of(answer)
    assert isinstance(failure, Failure)
    assert failure.status == status
