"""Tests of the registry."""

import subprocess
import sys

import pytest

from grader.course import registry
from grader.course.registry import EXERCISES, TOPICS, UnknownNameError


def test_the_lesson_has_its_seven_topics_in_order_and_22_exercises_that_others_depend_on():
    lesson = ["classifiers", "training", "weights", "shapes", "convolution", "cnn", "transfer"]
    assert [topic.name for topic in TOPICS if topic.name in lesson] == lesson
    assert len(EXERCISES) >= 22


def test_no_two_names_are_the_same():
    names = [item.name.casefold() for item in (*TOPICS, *EXERCISES)]
    assert len(set(names)) == len(names)


def test_every_name_is_found():
    for topic in TOPICS:
        assert registry.find(topic.name) is registry.topic(topic.name) is topic
        for exercise in topic.exercises:
            assert exercise.topic == topic.name
            assert registry.find(exercise.name) is registry.exercise(exercise.name) is exercise


def test_a_method_knows_its_class():
    method, function = registry.exercise("MLP.forward"), registry.exercise("rescale")
    assert (method.is_method, method.class_name, method.function) == (True, "MLP", "forward")
    assert (function.is_method, function.class_name, function.function) == (False, None, "rescale")


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("shape", "shapes"), ("mlp.forwards", "MLP.forward"), ("max_pool_2d", "max_pool2d"), ("exercises/cn.py", "cnn")],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, nearest):
    with pytest.raises(UnknownNameError, match=f"no topic or exercise named '{name}'. Did you mean .*{nearest}"):
        registry.find(name)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MLP", "MLP.forward"),
        ("mlp", "MLP.forward"),
        ("mlp.FORWARD", "MLP.forward"),
        ("logisticregression", "LogisticRegression.forward"),
        ("CNN", "CNN.forward"),
        ("cnn", "cnn"),
        ("Cnn", "cnn"),
        ("CONV2D", "conv2d"),
        ("conv2d()", "conv2d"),
        ("max_pool2d(images, 2)", "max_pool2d"),
        ("Shapes", "shapes"),
        ("classifiers.py", "classifiers"),
        ("exercises/classifiers.py", "classifiers"),
        ("./exercises/Classifiers.py", "classifiers"),
        (r"exercises\classifiers.py", "classifiers"),
        ("/home/alice/kit/exercises/shapes.py:41", "shapes"),
        ("exercises/shapes.py:41:5", "shapes"),
        ("exercises/classifiers.py::MLP", "MLP.forward"),
        ("exercises.classifiers", "classifiers"),
        ("classifiers.MLP.forward", "MLP.forward"),
        ("exercises.shapes.trace_shapes", "trace_shapes"),
        (" rescale ", "rescale"),
    ],
)
def test_what_is_meant_is_found(name, meant):
    assert registry.find(name) is registry.find(meant)
    assert registry.find(name).name == meant


def test_a_name_of_several_is_answered_with_all_of_them():
    with pytest.raises(
        UnknownNameError, match="'forward' can be LogisticRegression.forward, MLP.forward or CNN.forward"
    ):
        registry.find("forward")


@pytest.mark.parametrize("name", ["", ".", "/", "exercises/", "exercises.", "()", ".py", "exercises/utils.py", "cnn."])
def test_what_means_nothing_is_no_name(name):
    with pytest.raises(UnknownNameError):
        registry.find(name)


def test_a_name_near_to_none_is_answered_with_all():
    with pytest.raises(UnknownNameError, match="There are: classifiers, .*replace_classifier"):
        registry.find("xyzzy")


def test_the_registry_does_not_import_torch():
    code = "import sys, grader.course.registry; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
