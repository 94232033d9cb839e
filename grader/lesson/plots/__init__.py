"""The lesson's pictures: functions that take plain arrays and return a Picture. They compute nothing of the lesson."""

import grader.lesson.look  # noqa: F401  (before anything of matplotlib's)
from grader.lesson.plots.activations import convolutions, first_layer_maps
from grader.lesson.plots.base import Picture, not_drawn
from grader.lesson.plots.digits import digit_sheet
from grader.lesson.plots.learning import learning_curve, transfer_curves
from grader.lesson.plots.walk import shape_walk
from grader.lesson.plots.weights import weight_images
from grader.lesson.plots.window import sliding_window

__all__ = [
    "Picture",
    "convolutions",
    "digit_sheet",
    "first_layer_maps",
    "learning_curve",
    "not_drawn",
    "shape_walk",
    "sliding_window",
    "transfer_curves",
    "weight_images",
]
