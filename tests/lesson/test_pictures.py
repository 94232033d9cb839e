"""All pictures with the reference in the student's place, and with work that is not done, wrong or slow."""

from __future__ import annotations

import io
import math
import os
import signal
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from grader.lesson import painting as painting_room
from grader.lesson import pictures, plots
from grader.lesson.painting import Station
from grader.lesson.pictures import draw_pictures
from solutions import convolution
from tests.lesson.local_student import LocalStudent

NAMES = [
    "learning-logistic-regression", "weights-logistic-regression", "learning-mlp", "weights-mlp", "sliding-window",
    "convolutions", "learning-cnn", "shape-walk", "alexnet-maps", "transfer",
]  # fmt: skip


def test_draws_every_picture_with_the_students_functions(with_digits, tmp_path, monkeypatch):
    monkeypatch.setattr(pictures.data, "NUM_TRAIN", 640)
    monkeypatch.setattr(pictures, "COUNTS", [25, 50])
    monkeypatch.setattr(pictures, "HELD_OUT", 60)
    drawn = draw_pictures(LocalStudent(), out_dir=tmp_path / "pictures", num_epochs=2)
    assert [picture.name for picture in drawn] == NAMES
    assert [picture.waits_for for picture in drawn] == [""] * len(NAMES)
    for picture in drawn:
        with Image.open(tmp_path / "pictures" / f"{picture.name}.png") as image:
            assert min(image.size) > 400
    alts = {picture.name: picture.alt for picture in drawn}
    assert "over 20 iterations" in alts["learning-mlp"]
    assert "30 images of 28 by 28" in alts["weights-mlp"]
    assert "631 × 631" in alts["convolutions"]
    assert "8 × 7 × 7" in alts["shape-walk"]
    assert "4266 parameters" in alts["shape-walk"]
    assert "each 157 by 157" in alts["alexnet-maps"]
    for name in ("alexnet-maps", "transfer"):
        assert "untrained weights" in alts[name].casefold()
    assert all(
        "drawn by the kit" in alts[name] for name in NAMES if name.startswith(("learning", "weights", "transfer"))
    )


def test_a_file_that_the_kit_did_not_draw_is_kept_and_its_own_are_drawn_over(with_digits, tmp_path, capsys):
    (tmp_path / "shape-walk.png").write_bytes(b"my own notes")
    Image.new("L", (3, 3)).save(tmp_path / "transfer.png")
    for _ in range(2):
        draw_pictures(LocalStudent("exercises"), out_dir=tmp_path)
    kept = sorted(path.name.partition(".backup-")[0] for path in tmp_path.glob("*.backup-*"))
    assert kept == ["shape-walk.png", "transfer.png"]
    (notes,) = tmp_path.glob("shape-walk.png.backup-*")
    assert notes.read_bytes() == b"my own notes"
    assert notes.name in capsys.readouterr().err


def test_a_link_in_a_pictures_place_is_replaced_and_never_written_through(with_digits, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "shape-walk.png").symlink_to(tmp_path / "mine.txt")
    os.mkfifo(tmp_path / "pictures" / "transfer.png")
    draw_pictures(LocalStudent("exercises"), out_dir=tmp_path / "pictures")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not list((tmp_path / "pictures").glob("*.backup-*"))
    assert not (tmp_path / "pictures" / "shape-walk.png").is_symlink()


def test_a_pipe_is_no_photograph(tmp_path):
    os.mkfifo(tmp_path / "photo.jpg")
    with pytest.raises(ValueError, match="no ordinary file"):
        pictures.photo.load_photo(tmp_path / "photo.jpg")


def test_a_photograph_is_the_students_own_to_write_in(recwarn):
    for picture in (pictures.photo.load_photo(), pictures.photo.shrink(pictures.photo.load_photo(), 50)):
        torch.from_numpy(picture)
    assert [str(warning.message) for warning in recwarn] == []


def test_with_the_stubs_every_picture_says_what_it_waits_for(with_digits):
    drawn = draw_pictures(LocalStudent("exercises"))
    assert [picture.name for picture in drawn] == NAMES
    assert all("not written yet" in picture.waits_for or "picture before" in picture.waits_for for picture in drawn)


@pytest.fixture
def lesson(with_digits):
    """Makes the pictures' maker for one student, without AlexNet."""

    def make(**replaced):
        found = pictures._Lesson.__new__(pictures._Lesson)
        found.student = LocalStudent(**replaced)
        found.image = pictures.photo.load_photo()
        return found

    return make


def test_a_wrong_count_is_shown_where_it_is_wrong(lesson):
    student = lesson(conv2d_output_shape=lambda shape, channels, *args, **kwargs: (1, channels, 4, 4))
    assert "3 positions, but 4 counted: 1 window does not fit" in student._window().picture().alt


@pytest.mark.parametrize("answer", [None, (1, 2), (1, 1, 10**9, 4), "abc", (1, 1, None, 2)])
def test_nonsense_becomes_a_card(lesson, answer):
    student = lesson(conv2d_output_shape=lambda *args, **kwargs: answer)
    assert student._safely("sliding-window", "A window", student._window).waits_for


def _takes_memory(kept=()):
    return [bytearray(2**26) for _ in range(1000)]


def _never_ends():
    while True:
        pass


@pytest.mark.parametrize("rows", [17, 6_000_000])
def test_a_shape_of_many_entries_becomes_a_card_at_once(lesson, rows):
    """Each of its empty rows would become a tensor."""
    student = lesson(conv2d_output_shape=lambda *args, **kwargs: torch.zeros(rows, 0))
    before = time.process_time()
    assert "must be four whole numbers" in student._safely("sliding-window", "A window", student._window).waits_for
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    ("looking", "why"),
    [(_takes_memory, "too much memory"), (_never_ends, "too long")],
)
def test_what_comes_before_the_painting_has_limits_too(lesson, monkeypatch, looking, why):
    monkeypatch.setattr(pictures, "_LOOKING_SECONDS", 3.0 if looking is _never_ends else 60.0)
    assert why in lesson()._safely("transfer", "Transfer", looking).waits_for


ODD = {
    "tall and thin": np.zeros((1200, 8)),
    "wide and flat": np.zeros((8, 120_000)),
    "a million empty rows": np.zeros((10**6, 0)),
    "empty": np.zeros((0, 0)),
    "one number": np.array(0.5),
    "not a number": np.full((80, 80), np.nan),
    "infinite": np.full((80, 80), -np.inf),
    "the largest and the smallest": np.array([[1.7e308, -1.7e308], [5e-324, -5e-324]]).repeat(40, 0).repeat(40, 1),
    "the smallest alone": np.full((80, 80), 5e-324),
    "complex": np.full((80, 80), 1j),
    "eight bits": np.zeros((4096, 4096), np.uint8),
    "a tensor that learns": torch.zeros(80, 80, requires_grad=True),
    "words": [["a" * 80] * 80] * 80,
    "nothing": None,
    "a huge number": 10**1000,
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_odd_numbers_become_a_picture_or_a_card_with_a_sentence(lesson, answer):
    maps = torch.rand(1, 64, 10, 10)
    student = lesson(
        tile_images=lambda *args: answer,
        conv2d=lambda *args, **kwargs: _as_batch(answer),
        weights_to_images=lambda *args: answer,
        first_layer_activations=lambda *args: maps,
    )
    student.alexnet = pictures.weights.load_alexnet(download=False)
    for name, ask in (("alexnet-maps", student._alexnet), ("convolutions", student._convolutions)):
        drawn = student._safely(name, name, ask)
        assert drawn.png.startswith(b"\x89PNG") and len(drawn.alt) > 20


@pytest.mark.parametrize("number", [math.nan, math.inf, -1e308, 1e308, 5e-324, 0.0, 1j, None, "x", 10**1000], ids=repr)
def test_every_kind_of_picture_takes_odd_numbers_or_gives_a_card(lesson, number):
    history = {key: [0, number] for key in ("iters", "losses", "train_acc", "val_acc")}
    shapes = [(1, 28, 28), (number, 26, 26), (4, 13, 13), (8, 11, 11), (8, 5, 5), (10,)]
    sizes = [(1, 28, 28), (4, 26, 26), (4, 13, 13), (8, 11, 11), (8, 5, 5), (10,)]
    maps = [torch.zeros(size) for size in sizes]
    if isinstance(number, float):
        maps[1] += number
    stations = [Station("x", shape, 1, np.asarray(m)) for shape, m in zip(shapes, maps, strict=True)]
    student = lesson()
    for paint in (
        lambda: plots.learning_curve(history, "x"),
        lambda: plots.weight_images([[[number] * 4] * 4] * 3, "x"),
        lambda: plots.transfer_curves([25, 50], [number, number], [0.5, number], num_validation=9),
        lambda: plots.shape_walk(stations),
    ):
        drawn = student._safely("x", "x", lambda: SimpleNamespace(picture=paint))  # noqa: B023  (painted at once)
        assert drawn.png.startswith(b"\x89PNG") and drawn.alt


def _as_batch(answer):
    return torch.as_tensor(answer)[None, None] if isinstance(answer, np.ndarray | torch.Tensor) else answer


@pytest.mark.parametrize("shape", [(1, 40_000, 1, 1), (1, 0, 5, 5), (64, 5, 5), (0, 64, 5, 5), (1, 64, 0, 5)])
def test_too_many_maps_and_too_few_become_a_card(lesson, shape):
    student = lesson(first_layer_activations=lambda *args: torch.zeros(shape))
    student.alexnet = pictures.weights.load_alexnet(download=False)
    assert student._safely("alexnet-maps", "AlexNet", student._alexnet).waits_for


@pytest.mark.parametrize(
    ("painting", "why"),
    [
        (_takes_memory, "too much memory"),
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "died"),
        (lambda: sum(iter(int, 1)), "too long"),
        (lambda: sys.exit(1), "1"),
    ],
    ids=["memory", "a death", "no end", "an exit"],
)
def test_whatever_painting_does_costs_that_picture_and_says_so(lesson, monkeypatch, painting, why):
    monkeypatch.setattr(painting_room, "PAINT_SECONDS", 2.0)
    monkeypatch.setattr(painting_room, "PAINT_MEMORY", 2**28)
    card = lesson()._safely("walk", "A walk", lambda: SimpleNamespace(picture=painting))
    assert why in card.waits_for and card.alt.startswith("Not drawn") and card.png
    monkeypatch.setattr(pictures.bounds, "apart", _no_result)
    card = lesson()._safely("walk", "A walk", lambda: SimpleNamespace(picture=painting))
    assert card.waits_for == pictures.NOT_PAINTED and card.png


def _no_result(*args, **kwargs):
    raise pictures.bounds.NoResult("no process is to be had")


def test_a_slow_convolution_gets_a_smaller_photograph(lesson, monkeypatch):
    monkeypatch.setattr(pictures, "_PATIENCE", 0.6)

    def slow(images, *args, **kwargs):
        time.sleep(images.numel() * 1e-5)
        return convolution.conv2d(images, *args, **kwargs)

    alt = lesson(conv2d=slow)._convolutions().picture().alt
    assert "631 × 631" not in alt


def test_the_photograph_may_be_the_readers_own(tmp_path):
    colours = np.random.default_rng(0).integers(0, 255, (40, 60, 4), dtype=np.uint8)
    Image.fromarray(colours).save(tmp_path / "mine.png")
    assert pictures.photo.load_photo(tmp_path / "mine.png").shape == (40, 60, 3)
    assert pictures.photo.shrink(pictures.photo.load_photo(), 100).shape == (100, 100, 3)
    for name, content in (("text.jpg", b"no picture"), ("half.png", (tmp_path / "mine.png").read_bytes()[:200])):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=name):
            pictures.photo.load_photo(tmp_path / name)
    with pytest.raises(ValueError, match="There is no picture"):
        draw_pictures(LocalStudent(), image_path=tmp_path / "none.jpg")


def test_the_dog_is_what_its_program_paints():
    import runpy

    from grader.lesson.photo import DOG

    with Image.open(DOG) as image:
        assert (image.size, image.mode, image.format) == ((631, 631), "RGB", "JPEG")
        kept = np.asarray(image, dtype=float)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOG.parent))
        painted = runpy.run_path(str(DOG.parent / "paint_dog.py"))["paint"]()
    file = io.BytesIO()
    painted.save(file, "JPEG", quality=93, subsampling=0)
    assert np.abs(np.asarray(Image.open(file), dtype=float) - kept).mean() < 2
    assert torch.tensor(kept).std() > 40
