"""The student's functions for the pictures run in the sandbox, and what is not done is said kindly."""

from pathlib import Path

import pytest
import torch

from grader.course import registry
from grader.lesson.student import NotDone, SandboxedStudent

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


def _sources(**changed):
    sources = {topic.name: (SOLUTIONS / f"{topic.name}.py").read_bytes() for topic in registry.TOPICS}
    return {**sources, **changed}


def test_functions_of_every_module_can_be_called_with_pytorchs_own_convolution_at_hand(session):
    with SandboxedStudent(session.nurseries[0], _sources()) as student:
        assert student.call("shapes", "conv2d_output_shape", (1, 1, 8, 9), 2, 3) == (1, 2, 6, 7)
        state = torch.nn.Linear(784, 10).state_dict()
        images, labels = torch.rand(8, 1, 28, 28), list(range(8))
        options = {"batch_size": 4, "num_epochs": 1, "data_shuffle": False}
        data = (images, torch.tensor(labels))
        trained = student.run("train_classifier", "cnn", "CNN", {}, data, data, options)
        assert len(trained["history"]["losses"]) == 2
        assert state.keys() != trained["state"].keys()


def test_what_is_not_written_or_broken_is_said(session):
    broken = _sources(
        weights=b"def rescale(:\n", shapes=b"def conv2d_output_shape(*a):\n    raise NotImplementedError('later')\n"
    )
    with SandboxedStudent(session.nurseries[0], broken) as student:
        with pytest.raises(NotDone, match=r"weights\.py, line 1"):
            student.call("weights", "rescale", 1)
        with pytest.raises(NotDone, match="later"):
            student.call("shapes", "conv2d_output_shape")


def test_what_goes_wrong_is_said_with_the_exercise_and_its_line(session):
    broken, lines = {}, {}
    for topic, at in {"convolution": "kernel_height, kernel_width = ", "classifiers": "hidden = F.relu"}.items():
        text = (SOLUTIONS / f"{topic}.py").read_text(encoding="utf-8").replace(at, f"1 / 0; {at}", 1)
        broken[topic] = text.encode()
        lines[topic] = text.split("1 / 0; ")[0].count("\n") + 1
    data = (torch.rand(8, 1, 28, 28), torch.arange(8))
    with SandboxedStudent(session.nurseries[0], _sources(**broken)) as student:
        with pytest.raises(NotDone, match=rf"^conv2d \(exercises/convolution\.py:{lines['convolution']}\): "):
            student.call("convolution", "conv2d", torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
        with pytest.raises(NotDone, match=rf"^MLP\.forward \(exercises/classifiers\.py:{lines['classifiers']}\): "):
            options = {"batch_size": 4, "num_epochs": 1}
            student.run("train_classifier", "classifiers", "MLP", {"num_hidden": 3}, data, data, options)


def test_a_module_that_is_not_there_is_said(session):
    sources = _sources()
    del sources["training"]
    data = (torch.rand(8, 1, 28, 28), torch.arange(8))
    with (
        SandboxedStudent(session.nurseries[0], sources) as student,
        pytest.raises(NotDone, match=r"There is no training\.py"),
    ):
        student.run("train_classifier", "cnn", "CNN", {}, data, data, {})
