"""MNIST from a loopback server, broken downloads, full disks, and the digits that the kit draws."""

from __future__ import annotations

import errno
import gzip
import hashlib

import numpy as np
import pytest
import torch
from torchvision import datasets

from grader.files.cache import cache_folder
from grader.lesson import data, problems
from grader.lesson.digits import draw_digits, idx_bytes
from grader.lesson.stacked import Stacked
from tests.lesson.server import serving


def _mnist_files() -> dict[str, bytes]:
    """Four files of MNIST's form: 2,600 images whose pixels say their own number, and a few for the test."""
    files = {}
    for name, count in (("train", 2600), ("t10k", 10)):
        numbers = np.arange(count)
        images = np.zeros((count, 28, 28), dtype=np.uint8)
        images[:, 0, 0], images[:, 0, 1] = numbers % 256, numbers // 256
        files[f"{name}-images-idx3-ubyte.gz"] = gzip.compress(idx_bytes(images), 1)
        files[f"{name}-labels-idx1-ubyte.gz"] = gzip.compress(idx_bytes((numbers % 10).astype(np.uint8)), 1)
    return files


@pytest.fixture(scope="module")
def files():
    return _mnist_files()


@pytest.fixture
def mnist(files, monkeypatch):
    """Points torchvision to a server: call it with the address."""
    sums = [(name, hashlib.md5(content).hexdigest()) for name, content in files.items()]
    monkeypatch.setattr(datasets.MNIST, "resources", sums)
    return lambda address: monkeypatch.setattr(datasets.MNIST, "mirrors", [address])


def _leftovers() -> list[str]:
    folder = cache_folder()
    return sorted(path.name for path in folder.iterdir() if path.name != data._DRAWN) if folder.exists() else []


class TestDownload:
    def test_loads_the_first_images_of_mnist_and_downloads_them_once(self, files, mnist):
        with serving(files) as (address, asked):
            mnist(address)
            digits = data.load_digits()
            assert set(asked) == set(files)
            asked.clear()
            again = data.load_digits()
            assert asked == []
        assert digits.source == again.source == "MNIST"
        assert digits.label == ""
        assert (len(digits.train), len(digits.validation)) == (2000, 500)
        image, label = digits.validation[499]
        assert label == 2499 % 10
        assert round(image[0, 0, 0].item() * 255) + 256 * round(image[0, 0, 1].item() * 255) == 2499
        assert _leftovers() == ["mnist"]

    def test_shows_a_progress_bar(self, files, mnist, capfd):
        with serving(files) as (address, _):
            mnist(address)
            data.download_mnist(cache_folder() / "mnist")
        assert "100" in capfd.readouterr().err

    def test_a_download_that_breaks_off_leaves_nothing_and_can_be_repeated(self, files, mnist, with_digits):
        with serving(files, break_off_after=5000) as (address, _):
            mnist(address)
            digits = data.load_digits()
        assert digits.label == "digits drawn by the kit"
        assert "checksum" in digits.note or "broke off" in digits.note
        assert _leftovers() == []
        with serving(files) as (address, _):
            mnist(address)
            assert data.load_digits().source == "MNIST"

    def test_a_wrong_checksum_is_named(self, files, mnist, with_digits):
        other = files | {"t10k-labels-idx1-ubyte.gz": gzip.compress(b"something else")}
        with serving(other) as (address, _):
            mnist(address)
            with pytest.raises(problems.LessonDataError, match="wrong checksum"):
                data.download_mnist(cache_folder() / "mnist")
        assert _leftovers() == []

    def test_a_full_disk_is_named_and_leaves_nothing(self, files, mnist, with_digits, monkeypatch):
        def full(*_args, **_kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("torchvision.datasets.utils._urlretrieve", full)
        with serving(files) as (address, _):
            mnist(address)
            digits = data.load_digits()
        assert "the disk is full" in digits.note
        assert _leftovers() == []

    def test_damaged_files_are_replaced_by_a_fresh_download(self, files, mnist):
        raw = cache_folder() / "mnist" / "MNIST" / "raw"
        raw.mkdir(parents=True)
        for name in files:
            (raw / name.removesuffix(".gz")).write_bytes(b"\0\0\x08\x01half a fi")
        with serving(files) as (address, _):
            mnist(address)
            assert data.load_digits().source == "MNIST"
        assert _leftovers() == ["mnist"]

    def test_without_a_network_the_note_says_so(self, with_digits):
        digits = data.load_digits()
        assert "the network cannot be reached" in digits.note
        assert "drawn by the kit" in digits.note
        assert _leftovers() == []


class TestDrawnDigits:
    def test_a_full_disk_says_what_to_do(self, monkeypatch):
        def full(*_args, **_kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr("grader.lesson.digits.write_mnist", full)
        monkeypatch.setattr("grader.lesson.digits.draw_digits", lambda count, seed: None)
        with pytest.raises(problems.LessonDataError, match=r"disk is full.*CONVKIT_DATA"):
            data.load_digits(download=False)
        assert _leftovers() == []

    def test_are_read_by_torchvision(self, with_digits):
        digits = data.load_digits(download=False)
        assert isinstance(digits.train.dataset, datasets.MNIST)
        image, label = digits.train[0]
        assert image.shape == (1, 28, 28)
        assert image.dtype == torch.float32
        assert 0 <= image.min() < 0.1
        assert 0.6 < image.max() <= 1
        assert isinstance(label, int)
        everything = Stacked(digits.train)
        assert everything.labels.bincount().min() > 150

    def test_same_seed_same_digits(self):
        images, labels = draw_digits(30, seed=5)
        again, same = draw_digits(30, seed=5)
        others, _ = draw_digits(30, seed=6)
        assert (images == again).all()
        assert (labels == same).all()
        assert (images != others).any()
        assert np.bincount(labels).tolist() == [3] * 10

    def test_differ_from_each_other_and_stay_inside(self):
        images, labels = draw_digits(200, seed=1)
        assert len({image.tobytes() for image in images}) == 200
        for digit in range(10):
            assert (images[labels == digit].astype(float).std(axis=0) > 20).any()
        border = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
        assert border.mean() < 1

    def test_the_cache_obeys_the_environment(self, monkeypatch, tmp_path):
        assert cache_folder() == tmp_path / "data"
        monkeypatch.delenv("CONVKIT_DATA")
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
        assert cache_folder() == tmp_path / "xdg" / "convolution-exercises"
