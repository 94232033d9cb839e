"""The registry: topics and exercises, in the order of the lesson."""

import difflib
from dataclasses import dataclass


class UnknownNameError(LookupError):
    """A name is neither a topic's nor an exercise's; the text suggests near ones."""


@dataclass(frozen=True)
class Exercise:
    """One function or method that students write.

    Its name is the function's, or `Class.method`; no two exercises share a name.
    """

    topic: str
    name: str

    @property
    def function(self) -> str:
        """The function's own name, without the class of a method."""
        return self.name.rpartition(".")[2]

    @property
    def class_name(self) -> str | None:
        """The class that a method belongs to; None for a function."""
        return self.name.rpartition(".")[0] or None

    @property
    def is_method(self) -> bool:
        return self.class_name is not None


@dataclass(frozen=True)
class Topic:
    """One module of exercises. Checks, misconceptions, hints and stubs are found by its name."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]


def _topic(name: str, title: str, *exercise_names: str) -> Topic:
    return Topic(name, title, tuple(Exercise(name, exercise_name) for exercise_name in exercise_names))


TOPICS: tuple[Topic, ...] = (
    _topic(
        "classifiers",
        "Linear classifiers",
        "flatten_images",
        "LogisticRegression.forward",
        "MLP.forward",
    ),
    _topic("training", "Training", "get_accuracy", "train_step", "train"),
    _topic("weights", "Weights as pictures", "weights_to_images", "rescale", "tile_images"),
    _topic(
        "shapes",
        "Shapes of layers",
        "conv2d_parameter_shapes",
        "conv2d_output_shape",
        "max_pool2d_output_shape",
        "same_padding",
        "trace_shapes",
    ),
    _topic("convolution", "Convolution by hand", "to_nchw", "conv2d", "max_pool2d"),
    _topic("cnn", "A convolutional network", "CNN.forward", "count_parameters"),
    _topic(
        "transfer",
        "Transfer learning",
        "extract_features",
        "first_layer_activations",
        "replace_classifier",
    ),
)

EXERCISES: tuple[Exercise, ...] = tuple(exercise for topic in TOPICS for exercise in topic.exercises)

_TOPICS_BY_NAME = {topic.name: topic for topic in TOPICS}
_EXERCISES_BY_NAME = {exercise.name: exercise for exercise in EXERCISES}


def topic(name: str) -> Topic:
    """The topic of that name. Raises UnknownNameError."""
    if name not in _TOPICS_BY_NAME:
        raise UnknownNameError(_unknown("topic", name, list(_TOPICS_BY_NAME)))
    return _TOPICS_BY_NAME[name]


def exercise(name: str) -> Exercise:
    """The exercise of that name, such as "MLP.forward". Raises UnknownNameError."""
    if name not in _EXERCISES_BY_NAME:
        raise UnknownNameError(_unknown("exercise", name, list(_EXERCISES_BY_NAME)))
    return _EXERCISES_BY_NAME[name]


def find(name: str) -> Topic | Exercise:
    """The topic or the exercise of that name. Raises UnknownNameError."""
    found = _TOPICS_BY_NAME.get(name) or _EXERCISES_BY_NAME.get(name)
    if found is None:
        raise UnknownNameError(_unknown("topic or exercise", name, [*_TOPICS_BY_NAME, *_EXERCISES_BY_NAME]))
    return found


def _unknown(kind: str, name: str, known: list[str]) -> str:
    by_folded = {candidate.casefold(): candidate for candidate in known}
    nearest = difflib.get_close_matches(name.casefold(), by_folded, n=3)
    if nearest:
        advice = "Did you mean " + " or ".join(by_folded[folded] for folded in nearest) + "?"
    else:
        advice = "There are: " + ", ".join(known) + "."
    return f"There is no {kind} named {name!r}. {advice}"
