"""Errors that students meet, raised for real, come with a sentence that names what is involved."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from grader.explaining.explain import explain_error, explain_import, known_error, where_raised
from grader.explaining.known_cases import CASES as PLACES
from grader.explaining.known_errors import KNOWN
from grader.running.subjects import LocalSubject, module_namespace
from grader.sandbox.inner.errors import describe_error
from grader.writing.failures import Failure, failure_of
from tests.explaining.more_errors import MORE

images = torch.zeros(2, 1, 4, 3)
array = np.zeros((2, 3))
logits, labels = torch.zeros(3, 4), torch.tensor([0, 1, 2])


class MLP(nn.Module):
    pass


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
    _count, _channels, _height, _width = torch.zeros(2, 3, 4).shape


def _without_parentheses():
    with torch.no_grad:
        pass


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
    (lambda: array.item(), ["array of several numbers"]),
    (lambda: bool(torch.zeros(3) > 0), ["one yes or no"]),
    (lambda: None * 2, ["None"]),
    (lambda: len(None), ["None", "`return`"]),
    (lambda: F.relu(None), ["None came", "`return`"]),
    (lambda: int("3")[0], ["a pair of it"]),
    (lambda: (3, 2) - 1, ["(height, width)"]),
    (lambda: (3, 2) < 1, ["(height, width)"]),
    (lambda: images[: (3, 2)], ["ends of a slice"]),
    (lambda: range(4 / 2), ["`//`"]),
    (lambda: torch.zeros(2, 4 / 2), ["`//`"]),
    (lambda: torch.zeros(4 / 2), ["`//`"]),
    (lambda: torch.zeros((2, 4 / 2)), ["`//`"]),
    (lambda: images.new_zeros(2, 4 / 2), ["`//`"]),
    (lambda: images.reshape(2, 24 / 2), ["`//`"]),
    (lambda: images.unfold(2, 4 / 2, 1), ["`//`"]),
    (lambda: F.unfold(images, 4 / 2), ["`//`"]),
    (lambda: F.pad(images, (1.0, 1.0)), ["`//`"]),
    (lambda: np.zeros(4 / 2), ["`//`"]),
    (lambda: np.zeros((2, 4 / 2)), ["`//`"]),
    (lambda: np.pad(array, 1.0), ["`//`"]),
    (lambda: images[4 / 2], ["`//`"]),
    (lambda: array[4 / 2], ["`//`"]),
    (lambda: images.max(dim=(2, 3)), ["`max` takes one axis", "`x.amax(dim=(2, 3))`"]),
    (lambda: images.min(axis=(2, 3)), ["`min` takes one axis", "`x.amin(dim=(2, 3))`"]),
    (lambda: torch.max(images, dim=(2, 3)), ["`max` takes one axis"]),
    (lambda: images.max((2, 3)), ["`max` takes one axis"]),
    (lambda: images.max(dim=3).max(dim=2), ["a pair", "`.values`", "`amax`"]),
    (lambda: images.max(3) - images.min(), ["a pair", "`amax`"]),
    (lambda: images.min(3).reshape(2, -1), ["a pair", "`amin`"]),
    (lambda: torch.stack([images.max(3)]), ["a pair", "`.values`"]),
    (lambda: F.relu(images.max(3)), ["a pair", "`.values`"]),
    (lambda: _written_into(torch.zeros(1), torch.zeros(1, 2).max(1)), ["a pair", "`.values`"]),
    (lambda: images.sort(3).shape, ["`sort`", "`.values`"]),
    (lambda: F.relu(array), ["NumPy array", "`torch.from_numpy`"]),
    (lambda: nn.Linear(3, 2)(array), ["NumPy array", "`torch.from_numpy`"]),
    (lambda: nn.Conv2d(1, 4, 3)(array), ["NumPy array", "`torch.from_numpy`"]),
    (lambda: torch.cat([array, array]), ["NumPy array", "`torch.from_numpy`"]),
    (lambda: array + images, ["of one kind"]),
    (lambda: array @ images, ["of one kind"]),
    (lambda: torch.from_numpy(images), ["a tensor already"]),
    (lambda: torch.from_numpy([1, 2]), ["type list"]),
    (lambda: torch.from_numpy(array[::-1]), ["`[::-1]`", "`copy()`"]),
    (lambda: array.max(dim=1), ["NumPy array", "`axis`"]),
    (lambda: array.mean(axis=1, keepdim=True), ["NumPy array", "`keepdims`"]),
    (lambda: nn.Linear(3, 2)(nn.ReLU(images)), ["`nn.ReLU`", "`nn.ReLU()(x)`"]),
    (lambda: nn.MaxPool2d(2)(nn.Flatten(images)), ["`nn.Flatten`", "`nn.ReLU()(x)`"]),
    (lambda: nn.Linear(3, 2)(F.relu), ["parentheses"]),
    (lambda: images - images.min, ["parentheses"]),
    (lambda: images.min - images.max, ["parentheses"]),
    (lambda: list(nn.Linear(3, 2).parameters), ["parentheses"]),
    (lambda: nn.Linear(3, 2).parameters.numel(), ["parentheses"]),
    (lambda: images.size[0], ["round brackets", "`x.shape[0]`"]),
    (lambda: images(0), ["square ones"]),
    (_without_parentheses, ["`with torch.no_grad():`"]),
    (lambda: nn.Sequential([nn.ReLU()]), ["`nn.Sequential(*layers)`"]),
    (lambda: images.transpose(0, 2, 3, 1), ["`permute`"]),
    (lambda: F.conv2d(images, 3), ["`conv2d`", "(Tensor, int)"]),
    (lambda: [1][3], ["counted from 0"]),
    (lambda: images[0, 0, 0, 0, 0], ["more indices than axes", "4"]),
    (lambda: array[0, 0, 0], ["more indices than axes", "2"]),
    (lambda: logits.sum().data[0], ["`item()`"]),
    (lambda: list(torch.tensor(3)), ["no axes"]),
    (lambda: torch.tensor(3).size(0), ["no axes"]),
    (lambda: nn.CrossEntropyLoss()(labels, logits), ["logits first", "exchanged"]),
    (lambda: F.cross_entropy(labels[:1], logits[:1]), ["logits first", "exchanged"]),
    (lambda: __import__("torchvison"), ["`torchvison`", "NumPy", "standard library"]),
    (lambda: images.to("cuda:77"), ["no such GPU"]),
    (lambda: images.to("mps"), ["no such GPU"]),
    (lambda: torch.zeros(1, device="mps"), ["no such GPU"]),
    (lambda: images.shape(0), ["`x.shape[0]`"]),
    (lambda: images.min.foo, ["parentheses"]),
    (lambda: array.unsqueeze(0), ["`unsqueeze` belongs to tensors", "`torch.from_numpy`"]),
    (lambda: images.astype("float"), ["tensor", "`astype`", "`float()`"]),
    (lambda: torch.unsqeeze, ["no `unsqeeze` in `torch`", "Do you mean `unsqueeze`?"]),
    (lambda: undefined, ["`undefined`", "import"]),  # noqa: F821
    (lambda: nn.Linear(2, 2).fc1, ["`nn.Linear`", "`fc1`"]),
    (lambda: (lambda kernel: kernel)(1, stride=2), ["`<lambda>`", "`stride=...`"]),
    (lambda: (lambda kernel, stride: kernel)(1), ["`<lambda>`", "without 'stride'"]),
    (lambda: nn.Linear(2), ["`Linear.__init__`", "without 'out_features'"]),
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
    *MORE,
]


@pytest.mark.parametrize(("code", "words"), CASES)
def test_an_error_is_explained_with_what_is_involved(code, words):
    with pytest.raises(Exception) as caught:
        code()
    said = explain_error(describe_error(caught.value, code.__code__.co_filename))
    assert all(word in said for word in words), f"{caught.value}\n{said}"
    assert len(said) < 300, said


def test_every_known_error_is_raised_above():
    raised = set()
    for code, _ in CASES:
        with pytest.raises(Exception) as caught:
            code()
        raised.add(known_error(str(caught.value)).place)
    assert raised == set(range(len(KNOWN)))


def test_another_error_names_its_type():
    described = {"text": "odd", "type": "KeyError", "types": ["KeyError"], "frames": [], "innermost": False}
    assert explain_error(described) == "Your code raised KeyError."


def test_every_sentence_can_be_filled_in_and_ends_as_one():
    for sentence in [means for _, means in KNOWN if isinstance(means, str)] + [place.means for place in PLACES]:
        filled = sentence.format(*"abcdefgh")
        assert filled.endswith((".", "?")), sentence
        assert len(filled) < 260, sentence


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


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (lambda: array.ptp(), ["NumPy 2 has the method `ptp` no more", "`np.ptp(x)`", "`x.max() - x.min()`"]),
        (lambda: array.exp(), ["`np.exp(x)`"]),
        (lambda: array.numpy(), ["a NumPy array already"]),
        (lambda: array.float(), ["`x.astype(np.float32)`"]),
        (lambda: array.nothing_like_it, ["A NumPy array has no `nothing_like_it`."]),
        (lambda: images.sum().backwards(), ["A tensor has no `backwards`", "Do you mean `backward`?"]),
        (lambda: images.ptp(), ["A tensor has no `ptp`", "`x.max() - x.min()`"]),
        (lambda: images.copy(), ["`clone()`"]),
        (lambda: images.tobytes(), ["`tobytes` belongs to NumPy's arrays"]),
        (lambda: images.pad((1, 1)), ["`F.pad(x)`"]),
        (lambda: images.stack(), ["`torch.stack(x)`"]),
        (lambda: images.nothing_like_it, ["A tensor has no `nothing_like_it`."]),
        (lambda: (3).shape, ["This is an int, a plain number", "`shape` belongs to tensors"]),
        (lambda: (3).fc, ["This is an int, which has no `fc`."]),
        (lambda: (0.5).item(), ["a plain number already", "needs no `item`"]),
        (lambda: (labels == [0, 1, 2]).sum(), ["a bool", "single True or False"]),
        (lambda: images.shape.dim(), ["This is a shape", "`dim` belongs to tensors"]),
        (lambda: [images].shape, ["This is a list", "belongs to tensors"]),
        (lambda: "sgd".zero_grad(), ["a str", "belongs to optimizers", "still to be made"]),
        (lambda: nn.ReLU(images).flatten(1), ["the layer itself", "`nn.ReLU()(x)`"]),
        (lambda: MLP().fc1, ["`MLP` has no `fc1`", "`__init__`"]),
        (lambda: copy.nothing_like_it, ["no `nothing_like_it` in `copy`."]),
    ],
)
def test_what_is_said_of_a_missing_attribute_is_so(code, words):
    with pytest.raises(AttributeError) as caught:
        code()
    said = explain_error(describe_error(caught.value, __file__))
    assert all(word in said for word in words), f"{caught.value}\n{said}"


def test_the_courses_own_modules_are_not_searched_for_a_name_that_is_near():
    said = "module 'grader.explaining.known_errors' has no attribute 'KNOWNN'"
    assert explain_error({"text": said, "types": [], "frames": []}) == (
        "There is no `KNOWNN` in `grader.explaining.known_errors`."
    )


def test_a_refusal_of_a_call_that_must_be_answered_is_told_as_such():
    def refuse():
        raise ValueError("stride must be below 3, got stride=3")

    with pytest.raises(ValueError) as caught:
        refuse()
    said = explain_error(describe_error(caught.value, __file__))
    assert said == "Your code refuses this call, which must be answered."


@pytest.mark.parametrize(
    ("parameters", "given", "words"),
    [
        ("kernel_size", {"stride": 2}, "`rescale` was called with `stride=...`, and has no parameter of that name."),
        ("images, more", {"images": 1}, "`rescale` was called without 'more'."),
    ],
)
def test_an_exercise_that_takes_no_longer_what_it_did_is_told_so_and_a_call_of_the_students_own_is_not(
    parameters, given, words
):
    names = {}
    exec(f"def rescale({parameters}): pass\ndef call(): rescale(**{given})", names)
    for code, more in ((lambda: names["rescale"](**given), True), (names["call"], False)):
        with pytest.raises(TypeError) as caught:
            code()
        said = explain_error(describe_error(caught.value, "<string>"))
        assert said == words + (
            " An exercise's own parameters and their defaults must stay as they are." if more else ""
        )


def test_whatever_class_of_pytorchs_is_named_its_arguments_are_read_without_an_error():
    for module in (nn, torch.optim, torch.utils.data):
        for name in vars(module):
            said = f"{name}.__init__() got an unexpected keyword argument 'kernel'"
            assert "`kernel=...`" in explain_error({"text": said, "types": [], "frames": []})


def test_a_name_that_is_missing_comes_with_the_line_that_imports_it():
    for name, line in {
        "math": "import math", "np": "import numpy as np", "torch": "import torch", "nn": "from torch import nn",
        "F": "import torch.nn.functional as F", "optim": "from torch import optim",
        "DataLoader": "from torch.utils.data import DataLoader",
    }.items():  # fmt: skip
        with pytest.raises(NameError) as caught:
            eval(name, {})
        said = explain_error(describe_error(caught.value, __file__))
        assert said == f"There is no `{name}` in this file. Is its import missing, `{line}`?"
        exec(line, names := {})
        assert name in names


def _frames(*frames):
    return {"frames": list(frames)}


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([], ""),
        ([(7, "rescale", "images.ptp()")], "Raised in line 7: `images.ptp()`."),
        ([(7, "rescale", "")], "Raised in line 7."),
        (
            [(30, "rescale", "return spread(images)"), (7, "spread", "return images.ptp()")],
            "Raised in line 7 (`spread`, called in line 30): `return images.ptp()`.",
        ),
        ([(3, "<module>", "x = 1 / 0")], "Raised in line 3: `x = 1 / 0`."),
        ([(10**5000, "rescale", "")], ""),
        ([(7, "rescale", "x = `a`" + "a" * 100)], f"Raised in line 7: `x = 'a'{'a' * 73} …`."),
    ],
)
def test_the_line_that_raised_is_told_apart_from_the_exercises(frames, expected):
    assert where_raised(_frames(*frames), "rescale") == expected


def test_a_failure_tells_the_line_beside_what_it_means(tmp_path):
    file = tmp_path / "classifiers.py"
    text = "def _rows(images):\n    return images.sum().backwards()\n\n\n"
    text += "def flatten_images(images):\n    return _rows(images)\n"
    file.write_text(text, encoding="utf-8")
    subject = LocalSubject(module_namespace(text, "classifiers", str(file)))
    failure = failure_of(subject.ask("call", {"name": "flatten_images", "args": (images,)}), "", "flatten_images")
    assert failure.message.startswith("A tensor has no `backwards`.")
    assert failure.story == "Raised in line 2 (`_rows`, called in line 6): `return images.sum().backwards()`."


def test_an_import_that_fails_says_what_a_module_may_use():
    with pytest.raises(ModuleNotFoundError) as caught:
        import torchvison  # noqa: F401
    said = explain_import({**describe_error(caught.value, __file__), "line": 3}, "weights").split("\n")
    assert said[0] == "exercises/weights.py, line 3: ModuleNotFoundError: No module named 'torchvison'"
    assert "torch, torchvision, NumPy, the standard library" in said[1]
