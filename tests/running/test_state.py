"""A function that keeps something between calls loses its points and nobody else's, and reads what was different."""

import pytest

from grader.course import registry
from tests.running.sources import followed

CANVAS = """
    picture = None
    def tile_images(images, columns):
        global picture
        if columns < 1:
            raise ValueError(f"columns={columns} must be 1 or more")
        count, height, width = images.shape
        rows = (count + columns - 1) // columns
        size = (rows * height, columns * width)
        if picture is None or picture.shape != size:
            picture = np.zeros(size)
        for place, image in enumerate(images):
            top, left = place // columns * height, place % columns * width
            picture[top : top + height, left : left + width] = image
        return picture
    """
SECOND_STEP = """
    calls = 0
    def train_step(model, images, labels, criterion, optimizer):
        global calls
        calls += 1
        model.train()
        loss = criterion(model(images), labels)
        loss.backward()
        if calls % 2 == 0:
            optimizer.step()
            optimizer.zero_grad()
        return loss.item()
    """
BY_CHANCE = """
    import os
    _right = rescale
    def rescale(images):
        return _right(images) + (os.urandom(1)[0] % 2) * 0.25
    """
REMEMBERED = """
    _right = rescale
    def rescale(images, seen=[]):
        for known, answer in seen:
            if known is images:
                return answer
        seen.append((images, _right(images)))
        return seen[-1][1]
    """
ATTRIBUTE = """
    def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
        height, width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        if min(height, width) < 1:
            raise ValueError(f"kernel_size={kernel_size} must be 1 or more")
        self = conv2d_parameter_shapes
        self.calls = getattr(self, "calls", 0) + 1
        return ((out_channels, in_channels, height, width), (out_channels + (self.calls > 12),))
    """

GRADIENTS_OFF = """
    def extract_features(network, images):
        training = network.training
        network.eval()
        torch.set_grad_enabled(False)
        features = network.features(images).detach()
        network.train(training)
        return features
    """


def graded(grade, topic, name, function):
    """The result of an exercise; the others of its topic keep their points, and nothing is a fault of the grader."""
    report = grade(followed(topic, function), exercises=registry.topic(topic).exercises)
    results = {result.name: result for result in report.exercises}
    result = results.pop(name)
    assert {other.status for other in results.values()} == {"passed"}
    assert report.faults == ()
    assert result.score < result.max_score
    return result


@pytest.mark.parametrize(
    ("topic", "name", "function"),
    [
        ("weights", "tile_images", CANVAS),
        ("training", "train_step", SECOND_STEP),
        ("weights", "rescale", BY_CHANCE),
        ("shapes", "conv2d_parameter_shapes", ATTRIBUTE),
    ],
    ids=["a canvas in a global", "a counter in a global", "chance", "an attribute"],
)
def test_state_between_calls_is_told_as_such(topic, name, function, grade):
    result = graded(grade, topic, name, function)
    failed = [check for check in result.checks if check.status != "passed"]
    assert any("depends on earlier calls" in check.message for check in failed)
    assert all(check.misconception is None for check in failed if "depends on earlier calls" in check.message)


def test_a_counterexample_that_is_right_alone_begins_with_what_must_be_called_before(grade):
    result = graded(grade, "weights", "tile_images", CANVAS)
    (failed,) = [check for check in result.checks if check.status != "passed"]
    calls = failed.counterexample.call.split("\n")
    assert len(calls) == 2 and all(call.startswith("tile_images(") for call in calls)
    assert "Asked alone, this call is answered rightly" in failed.message


def test_who_leaves_gradients_off_takes_no_points_from_the_next_exercise(grade):
    report = grade(followed("transfer", GRADIENTS_OFF), exercises=registry.topic("transfer").exercises)
    scores = {result.name: result.score / result.max_score for result in report.exercises}
    assert scores["first_layer_activations"] == scores["replace_classifier"] == 1


def test_an_answer_that_is_remembered_for_the_very_same_object_is_caught(grade):
    result = graded(grade, "weights", "rescale", REMEMBERED)
    (failed,) = [check for check in result.checks if check.status != "passed"]
    assert failed.name == "spreads_the_whole_array"
    assert "images[...] = images.ravel()[::-1]" in failed.counterexample.call


def test_what_the_failing_call_printed_is_kept_apart(grade):
    function = """
        _right = rescale
        def rescale(images):
            print("asked for", images.shape)
            return _right(images) + 1
        """
    result = graded(grade, "weights", "rescale", function)
    failed = next(check for check in result.checks if check.status != "passed")
    assert 1 <= failed.printed.count("asked for") <= 2
    assert result.output.count("asked for") > 20
