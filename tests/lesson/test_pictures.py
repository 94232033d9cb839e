"""All pictures with the reference in the student's place, and with work that is not done, wrong or slow."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest
import torch
from PIL import Image

from grader.lesson import pictures
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
    assert "3 positions, but 4 counted: 1 window does not fit" in student._window().alt


@pytest.mark.parametrize("answer", [None, (1, 2), (1, 1, 10**9, 4), "abc", (1, 1, None, 2)])
def test_nonsense_becomes_a_card(lesson, answer):
    student = lesson(conv2d_output_shape=lambda *args, **kwargs: answer)
    assert student._safely("sliding-window", "A window", student._window).waits_for


def test_a_slow_convolution_gets_a_smaller_photograph(lesson, monkeypatch):
    monkeypatch.setattr(pictures, "_PATIENCE", 0.6)

    def slow(images, *args, **kwargs):
        time.sleep(images.numel() * 1e-5)
        return convolution.conv2d(images, *args, **kwargs)

    begin = time.perf_counter()
    alt = lesson(conv2d=slow)._convolutions().alt
    assert time.perf_counter() - begin < 10
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
