"""What one slip in otherwise right work costs, in its exercise and elsewhere: no more than a fair teacher would take."""

import pytest

from grader.course import registry
from tests.running.sources import changed, followed

_MEAN_OF_MEANS = """            correct += (predictions == labels).float().mean().item()
            batches += 1
    return correct / batches
"""
_NO_PLUS_ONE = """
    _right = conv2d_output_shape
    def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        _right(input_shape, out_channels, kernel_size, stride, padding, dilation)
        two = lambda value: value if isinstance(value, tuple) else (value, value)
        options = zip(input_shape[2:], two(kernel_size), two(stride), two(padding), two(dilation))
        return (input_shape[0], out_channels, *((n + 2 * p - d * (k - 1) - 1) // s for n, k, s, p, d in options))
    """
_CONV = """
    _right = conv2d
    def conv2d(images, weight, bias=None, stride=1, padding=0):
        return _right({})
    """
_COUNTER = [
    ("        for images, labels in loader:", "        for n, (images, labels) in enumerate(loader):"),
    ("history.iters.append(len(history.iters))", "history.iters.append(n)"),
]
_NEW_OPTIMIZER = (
    "    for _ in range(num_epochs):\n",
    "    for _ in range(num_epochs):\n"
    "        updater = type(updater)(model.parameters(), **{k: v for k, v in updater.defaults.items() if k != 'decoupled_weight_decay'})\n",
)
SLIPS = {
    "the loss comes back as a tensor": (changed("training", ("return loss.item()", "return loss")), "train_step", 1),
    "zero_grad is forgotten": (
        changed("training", ("    optimizer.zero_grad()\n    loss.backward()", "    loss.backward()")), "train_step", 6
    ),
    "model.train() is forgotten": (changed("training", ("    model.train()\n    loss", "    loss")), "train_step", 2),
    "item() is forgotten": (
        changed("training", ("(predictions == labels).sum().item()", "(predictions == labels).sum()")), "get_accuracy", 1
    ),
    "the mean of the batches' means": (
        changed(
            "training",
            ("            correct += (predictions == labels).sum().item()\n    return correct / len(data)\n", _MEAN_OF_MEANS),
            ("correct = 0", "correct = batches = 0"),
        ),
        "get_accuracy", 3,
    ),
    "no + 1": (followed("shapes", _NO_PLUS_ONE), "conv2d_output_shape", 4),
    "all images in one row": (
        followed("classifiers", "def flatten_images(images):\n    return images.reshape(-1)"), "flatten_images", 3
    ),
    "the counter restarts": (changed("training", *_COUNTER), "train", 2),
    "losses as in the lecture": (
        changed("training", ("criterion, updater))", "criterion, updater) / batch_size)")), "train", 2
    ),
    "an optimizer for each epoch": (changed("training", _NEW_OPTIMIZER), "train", 4),
    "the bias is forgotten": (followed("convolution", _CONV.format("images, weight, None, stride, padding")), "conv2d", 3),
    "the stride is ignored": (followed("convolution", _CONV.format("images, weight, bias, 1, padding")), "conv2d", 3),
    "the result is detached": (
        followed("convolution", _CONV.format("images.detach(), weight.detach(), bias if bias is None else bias.detach(), stride, padding")),
        "conv2d", 3,
    ),
    "no stride is not handled": (
        followed(
            "convolution",
            "_right = max_pool2d\ndef max_pool2d(images, kernel_size, stride=None):\n"
            "    return _right(images, kernel_size, stride + 0)",
        ),
        "max_pool2d", 2,
    ),
    "frozen parameters count": (
        followed("cnn", "def count_parameters(model):\n    return sum(p.numel() for p in model.parameters())"),
        "count_parameters", 1,
    ),
    "float64": (
        followed("convolution", "_right = to_nchw\ndef to_nchw(image):\n    return _right(image).double()"), "to_nchw", 1
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_no_more_than_it_is_worth_and_nothing_elsewhere(slip, grade):
    sources, name, fair = SLIPS[slip]
    exercises = registry.topic(registry.exercise(name).topic).exercises
    report = grade(sources, exercises=exercises)
    lost = {result.name: result.max_score - result.score for result in report.exercises}
    assert 0 < lost.pop(name) <= fair
    assert set(lost.values()) == {0}
    assert report.faults == ()
