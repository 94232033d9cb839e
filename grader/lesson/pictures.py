"""The lesson's pictures, drawn with the student's own functions."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from PIL import Image

from grader import bounds
from grader.files.backups import replace
from grader.files.beneath import Unreadable, beneath
from grader.lesson import data, photo, weights
from grader.lesson.painting import DRAWN_BY, Drawn, Painting, Station, painted, painting
from grader.lesson.stacked import Stacked
from grader.report.text import path_in_words
from grader.writing import as_python

FILTERS = {
    "blurred": np.full((3, 3), 1 / 9),
    "edges between left and right": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "edges between top and bottom": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "sharpened": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
}
COUNTS, HELD_OUT = [25, 50, 100, 200, 400], 250  # digits to transfer to, and others to validate with
MOST_MAPS = 64
MOST_AXES = 16  # of a shape that is drawn
NOT_PAINTED = "What your functions give cannot be drawn."
_LOOKING_SECONDS = 60.0  # of processor time, for what comes before the painting
_PATIENCE = 6.0  # seconds for all of a student's convolutions of the photograph


class Student(Protocol):
    """The student's code, wherever it runs. Both methods raise an Exception that says what went wrong."""

    def call(self, topic: str, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of the student's returns."""

    def run(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of `grader.lesson.remote` returns, run beside the student's modules."""


def draw_pictures(
    student: Student,
    *,
    image_path: str | Path | None = None,
    out_dir: str | Path | None = None,
    num_epochs: int = 3,
    download: bool = True,
) -> list[Drawn]:
    """Draws all pictures of the lesson, in its order, and writes them to `out_dir` as PNGs if one is given.

    Where an exercise is not done yet, or gives what cannot be drawn, a card in the picture's place says so
    (`waits_for`), and the others are drawn all the same. Without `download` they are drawn with what is there.

    Raises:
        ValueError: the image cannot be read.
        LessonDataError: there are no digits, and none can be kept.
    """
    image = photo.load_photo(image_path or photo.DOG)
    lesson = _Lesson(student, image, num_epochs, download)
    pictures = [picture for draw in lesson.parts() for picture in draw]
    if out_dir is not None:
        folder = Path(out_dir)
        folder.mkdir(parents=True, exist_ok=True)
        with beneath(folder, named=True) as opened:
            for picture in pictures:
                name = f"{picture.name}.png"
                try:
                    kept = replace(opened, name, picture.png, is_ours=_is_drawn_here)
                except Unreadable as problem:
                    raise ValueError(f"{folder / name} is in the way, and too large to be kept: {problem}") from problem
                if kept is not None:
                    print(
                        f"{path_in_words(folder / name)} was not drawn by the kit. It is kept as {kept}",
                        file=sys.stderr,
                    )
    return pictures


def _is_drawn_here(content: bytes) -> bool:
    """Whether a file is a picture of an earlier run, which nobody misses."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            return image.info.get("Software") == DRAWN_BY
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


class _Lesson:
    """The pictures, and the trainings that several of them share."""

    def __init__(self, student: Student, image: np.ndarray, num_epochs: int, download: bool) -> None:
        self.student, self.image, self.num_epochs = student, image, num_epochs
        digits = data.load_digits(download=download)
        self.label = digits.label
        train, validation = Stacked(digits.train), Stacked(digits.validation)
        self.train, self.validation = (train.images, train.labels), (validation.images, validation.labels)
        self.alexnet = weights.load_alexnet(download=download)
        if download:
            for note in [digits.note] * bool(digits.label) + [self.alexnet.note] * bool(self.alexnet.label):
                print(note, file=sys.stderr)

    def parts(self) -> Iterator[Iterator[Drawn]]:
        yield self._classifier("logistic-regression", "Logistic regression", "LogisticRegression", {}, 0.01, "layer")
        yield self._classifier("mlp", "MLP with 30 hidden units", "MLP", {"num_hidden": 30}, 0.005, "layer1")
        yield iter([self._safely("sliding-window", "A window slides over the input", self._window)])
        yield iter([self._safely("convolutions", "The photograph, before and after convolutions", self._convolutions)])
        yield self._cnn()
        yield iter([self._safely("alexnet-maps", "AlexNet's first layer", self._alexnet)])
        yield iter([self._safely("transfer", "Transfer against pixels", self._transfer)])

    def _safely(self, name: str, title: str, ask: Callable[[], Painting]) -> Drawn:
        """Asks the student's functions for what a picture shows, and paints it; where either fails, a card says so."""
        try:
            with bounds.memory(), bounds.Stint(_LOOKING_SECONDS).work():
                paint = ask()
            return painted(paint)
        except bounds.TookTooLong:
            why = bounds.TOO_LONG
        except MemoryError:
            why = "What it gives takes too much memory to be drawn."
        except Exception as error:  # the student's code, or what it returned: any error is possible
            why = str(error) or type(error).__name__
        try:
            return painted(painting("not_drawn", name, title, why))
        except bounds.NoResult:
            return Drawn.of(painting("not_drawn", name, title, NOT_PAINTED).picture())

    def _trained(self, topic: str, name: str, init: dict[str, int], learning_rate: float) -> dict[str, Any]:
        options = {"optimizer": "adam", "learning_rate": learning_rate, "num_epochs": self.num_epochs}
        trained: dict[str, Any] = self.student.run(
            "train_classifier", topic, name, init, self.train, self.validation, options
        )
        return trained

    def _classifier(
        self, slug: str, title: str, name: str, init: dict[str, int], learning_rate: float, layer: str
    ) -> Iterator[Drawn]:
        trained: dict[str, Any] = {}

        def learning() -> Painting:
            trained.update(self._trained("classifiers", name, init, learning_rate))
            text = f"{title}, Adam with learning rate {learning_rate}"
            return painting("learning_curve", trained["history"], text, name=f"learning-{slug}", label=self.label)

        def looks() -> Painting:
            if not trained:
                raise ValueError("The training of this model did not finish: see the picture before.")
            images = self.student.call("weights", "weights_to_images", trained["state"][f"{layer}.weight"])
            names = [] if init else [str(digit) for digit in range(10)]
            text = f"{title}: what each {'unit' if init else 'class'} looks for"
            columns = 10 if init else 5
            return painting(
                "weight_images",
                images,
                text,
                name=f"weights-{slug}",
                columns=columns,
                names=names,
                label=self.label,
            )

        yield self._safely(f"learning-{slug}", title, learning)
        yield self._safely(f"weights-{slug}", f"{title}: weights", looks)

    def _window(self) -> Painting:
        size, kernel, stride, padding, dilation = (6, 9), (3, 3), (2, 2), (1, 1), (1, 2)
        shape = self.student.call(
            "shapes", "conv2d_output_shape", (1, 1, *size), 1, kernel, stride=stride, padding=padding, dilation=dilation
        )
        try:
            height, width = (int(number) for number in _few(shape)[2:])
        except (TypeError, ValueError, OverflowError) as error:
            given = as_python.shown(shape)
            raise ValueError(
                f"conv2d_output_shape gives {given}; to be drawn it must be four whole numbers."
            ) from error
        if not (0 <= height <= 50 and 0 <= width <= 50):
            raise ValueError(f"conv2d_output_shape counts {height} by {width} windows: too many, or too few, to draw.")
        return painting("sliding_window", size, kernel, stride, padding, dilation, (height, width))

    def _convolutions(self) -> Painting:
        blur = torch.full((1, 1, 3, 3), 1 / 9)
        image = photo.affordable(self.image, lambda pixels: self._conv(pixels, blur), _PATIENCE / (len(FILTERS) + 2))
        grey = image.mean(axis=2).round().astype(np.uint8)
        pixels = self.student.call("convolution", "to_nchw", grey)
        results = []
        for text, kernel in FILTERS.items():
            weight = torch.tensor(kernel, dtype=torch.float32)[None, None]
            results.append((text, self._conv(pixels, weight, padding=1)))
        results.append(("blurred with stride 4: a small picture", self._conv(pixels, blur, stride=4)))
        return painting("convolutions", image, results)

    def _conv(self, pixels: torch.Tensor, weight: torch.Tensor, **options: int) -> np.ndarray:
        result = self.student.call("convolution", "conv2d", pixels, weight, **options)
        one: np.ndarray = result.detach().numpy()[0, 0]
        return one

    def _cnn(self) -> Iterator[Drawn]:
        trained: dict[str, Any] = {}

        def learning() -> Painting:
            trained.update(self._trained("cnn", "CNN", {}, 0.005))
            text = "CNN, Adam with learning rate 0.005"
            return painting("learning_curve", trained["history"], text, name="learning-cnn", label=self.label)

        def walk() -> Painting:
            if not trained:
                raise ValueError("The training of the CNN did not finish: see the picture before.")
            walked = self.student.run("cnn_walk", trained["state"], self.validation[0][:1])
            return painting("shape_walk", stations(walked), label=self.label)

        yield self._safely("learning-cnn", "CNN", learning)
        yield self._safely("shape-walk", "A digit walks through the CNN", walk)

    def _alexnet(self) -> Painting:
        from torchvision.transforms.functional import to_tensor

        pixels = torch.stack([to_tensor(Image.fromarray(photo.shrink(self.image, photo.LARGEST)))])
        features: Any = self.alexnet.network.features
        state = features.state_dict()
        maps = np.asarray(self.student.run("alexnet_maps", state, weights.normalise(pixels)))
        if maps.ndim != 4 or not 1 <= len(maps[0]) <= MOST_MAPS:
            raise ValueError(
                f"first_layer_activations gives an array of shape {maps.shape}: to be drawn it must hold 1 to "
                f"{MOST_MAPS} maps of one picture."
            )
        tiled = self.student.call("weights", "tile_images", maps[0], 8)
        return painting("first_layer_maps", tiled, len(maps[0]), 8, label=self.alexnet.label)

    def _transfer(self) -> Painting:
        train, validation = (
            (images[:count], labels[:count])
            for (images, labels), count in ((self.train, COUNTS[-1]), (self.validation, HELD_OUT))
        )
        features: Any = self.alexnet.network.features
        state = features.state_dict()
        accuracies = self.student.run(
            "transfer_against_pixels", state, train, validation, weights.MEAN, weights.STD, COUNTS
        )
        return painting(
                "transfer_curves", COUNTS, accuracies["transfer"], accuracies["pixels"],
            num_validation=HELD_OUT, label=self.label, weights_label=self.alexnet.label,
        )  # fmt: skip


def _few(value: Any) -> tuple[Any, ...]:
    """A shape as a tuple. Raises TypeError for what is none, or has more entries than any picture shows."""
    if len(value) > MOST_AXES:
        raise TypeError(f"a shape of {len(value)} entries")
    return tuple(value)


def stations(walked: dict[str, Any]) -> list[Station]:
    """What `remote.cnn_walk` returns, as the stations of the drawing: ReLU shares one with what stands before it."""
    layers = [
        ("image", 0),
        ("3 × 3 conv\n+ ReLU", 2),
        ("2 × 2\nmax-pool", 3),
        ("3 × 3 conv\n+ ReLU", 5),
        ("2 × 2\nmax-pool", 6),
        ("flatten,\nlinear", 8),
    ]
    found, before = [], 0
    for layer, index in layers:
        maps = np.asarray(walked["maps"][index])
        if len(maps) > MOST_MAPS or not np.isfinite(maps).all():
            raise ValueError(f"There are {len(maps)} maps to draw, of shape {maps.shape}: too many, or not all finite.")
        parameters = sum(walked["parameters"][before:index])
        found.append(Station(layer, _few(walked["shapes"][index])[1:], parameters, maps))
        before = index
    return found
