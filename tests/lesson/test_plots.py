"""Every picture: its size, its words with the numbers, and what the figure really holds."""

from __future__ import annotations

import io

import matplotlib
import numpy as np
import pytest
from PIL import Image

from grader.lesson import plots
from grader.lesson.painting import Station
from grader.lesson.plots.base import DIVERGING

HISTORY = {"iters": [0, 1, 2], "losses": [2.3, 1.5, 0.75], "train_acc": [0.1, 0.5, 0.9], "val_acc": [0.1, 0.6, 0.55]}


def _size(picture):
    return Image.open(io.BytesIO(picture.png)).size


def _texts(picture):
    return [text.get_text() for text in picture.figure.findobj(matplotlib.text.Text) if text.get_text()]


def test_a_learning_curve_shows_all_four_lists():
    picture = plots.learning_curve(HISTORY, "MLP", label="digits drawn by the kit")
    assert _size(picture) == (1440, 576)
    loss, accuracy = picture.figure.axes
    assert loss.lines[0].get_ydata().tolist() == HISTORY["losses"]
    assert [line.get_ydata().tolist() for line in accuracy.lines] == [HISTORY["train_acc"], HISTORY["val_acc"]]
    assert (loss.get_xlabel(), accuracy.get_ylabel()) == ("iteration", "accuracy")
    for words in ("2.30 to 0.75", "90.0%", "55.0%", "60.0%, at iteration 1", "Digits drawn by the kit"):
        assert words in picture.alt
    assert "digits drawn by the kit" in _texts(picture)


def test_a_learning_curve_refuses_lists_of_several_lengths():
    with pytest.raises(ValueError, match="four lists"):
        plots.learning_curve(HISTORY | {"losses": [1.0]}, "MLP")


def test_zero_weights_are_grey_whatever_the_others_are():
    images = np.zeros((10, 4, 6))
    images[3, 1, 2], images[5, 0, 0] = 0.25, -1.5
    picture = plots.weight_images(images, "Weights", names=[str(digit) for digit in range(10)])
    shown = picture.figure.axes[0].images[0]
    assert shown.norm(0.0) == 0.5
    red, green, blue, _ = DIVERGING(0.5)
    assert abs(red - green) < 0.02
    assert abs(green - blue) < 0.02
    assert shown.norm(1.5) == 1.0
    assert "from -1.50 to 0.25" in picture.alt
    assert "10 images of 4 by 6" in picture.alt


@pytest.mark.parametrize("images", [np.zeros((10, 28 * 28)), np.full((1, 2, 2), np.nan)])
def test_weight_images_refuse_what_is_no_picture(images):
    with pytest.raises(ValueError, match="weight images"):
        plots.weight_images(images, "Weights")


def test_the_photograph_stands_beside_its_convolutions():
    photo = np.zeros((20, 30, 3), dtype=np.uint8)
    small, coloured = np.linspace(-1, 3, 70).reshape(7, 10), np.random.default_rng(0).random((10, 15, 3))
    picture = plots.convolutions(photo, [("edges", small), ("pooled", coloured)])
    assert [axes.get_title(loc="left") for axes in picture.figure.axes] == ["photograph", "edges", "pooled"]
    assert "edges: 7 × 10, from -1.00 to 3.00" in picture.alt
    assert "20 × 30" in picture.alt


def test_alexnets_maps_say_when_the_weights_are_untrained():
    tiled = np.random.default_rng(0).random((8 * 15, 8 * 20))
    picture = plots.first_layer_maps(tiled, 64, 8, label="untrained weights")
    assert "untrained weights" in _texts(picture)
    assert "untrained weights" in picture.alt
    assert "64 maps of 15 × 20" in picture.title
    assert "untrained" not in plots.first_layer_maps(tiled, 64, 8).alt


def test_transfer_says_both_accuracies_for_each_count():
    picture = plots.transfer_curves(
        [25, 50], [0.5, 0.75], [0.4, 0.5], num_validation=250, weights_label="untrained weights", label="drawn digits"
    )
    assert "25 images: 50.0% and 40.0%; 50 images: 75.0% and 50.0%" in picture.alt
    assert "untrained weights" in _texts(picture)
    assert "(Untrained weights, drawn digits.)" in picture.alt


class TestSlidingWindow:
    SIZES = ((6, 9), (3, 3), (2, 2), (1, 1), (1, 2))  # input, kernel, stride, padding, dilation

    def test_says_so_where_counted_and_real_positions_agree(self):
        picture = plots.sliding_window(*self.SIZES, counted=(3, 4))
        assert "height: 3 positions, as counted; windows start at padded pixels 0, 2, 4." in picture.alt
        assert "width: 4 positions, as counted; windows start at padded pixels 0, 2, 4, 6." in picture.alt
        assert not any("fit" in text or "not counted" in text for text in _texts(picture))

    def test_shows_where_they_differ(self):
        picture = plots.sliding_window(*self.SIZES, counted=(4, 3))
        assert "4 counted: 1 window does not fit" in picture.alt
        assert "3 counted: 1 not counted" in picture.alt
        assert {"4 does not fit", "4 not counted"} <= set(_texts(picture))
        assert "differ" in picture.title

    @pytest.mark.parametrize("counted", [(0, 0), (1, 1), (20, 20)])
    def test_draws_every_count(self, counted):
        picture = plots.sliding_window((2, 5), (3, 1), (1, 3), (0, 0), (1, 1), counted)
        assert "starts at" not in picture.alt
        assert "height: 0 positions" in picture.alt
        assert max(_size(picture)) < 4000


def test_the_walk_names_sizes_and_parameters():
    rng = np.random.default_rng(0)
    stations = [
        Station("image", (1, 28, 28), 0, rng.random((1, 28, 28))),
        Station("3 × 3 conv\n+ ReLU", (4, 28, 28), 40, rng.random((4, 28, 28))),
        Station("flatten,\nlinear", (10,), 31370, np.eye(10)[7]),
    ]
    picture = plots.shape_walk(stations)
    assert {"1 × 28 × 28", "4 × 28 × 28", "10", "31,410 parameters in all"} <= set(_texts(picture))
    assert "3 × 3 conv + ReLU makes 4 × 28 × 28 with 40 parameters" in picture.alt
    assert "class 7" in picture.alt


def test_a_digit_sheet_names_the_labels():
    picture = plots.digit_sheet(np.zeros((5, 28, 28)), [3, 1, 4, 1, 5], columns=4)
    assert "3, 1, 4, 1, 5" in picture.alt


def test_a_card_stands_in_for_what_cannot_be_drawn():
    picture = plots.not_drawn("learning-mlp", "MLP", "MLP.forward is not written yet, and $this_is no mathematics")
    assert picture.waits_for == "MLP.forward is not written yet, and $this_is no mathematics"
    assert picture.alt.startswith("Not drawn: MLP.forward")
    assert _size(picture)[0] == 1080


def test_the_same_numbers_give_the_same_bytes_whatever_the_readers_style():
    once = plots.learning_curve(HISTORY, "MLP").png
    with matplotlib.rc_context({"font.size": 30, "figure.facecolor": "black", "savefig.dpi": 20, "lines.linewidth": 9}):
        again = plots.learning_curve(HISTORY, "MLP").png
    assert once == again


def test_a_notebook_gets_the_alt_text_too():
    picture = plots.learning_curve(HISTORY, "MLP")
    png, metadata = picture._repr_png_()
    assert png == picture.png
    assert metadata == {"alt": picture.alt}
