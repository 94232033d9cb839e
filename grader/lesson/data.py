"""The lesson's digits: MNIST by torchvision, or, where it cannot be had, digits drawn by the kit in MNIST's format."""

from __future__ import annotations

import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.files.cache import cache_folder
from grader.files.whole import put_in_place
from grader.lesson.problems import LessonDataError, patience, reason

if TYPE_CHECKING:
    from torch.utils.data import Subset

MNIST = "MNIST"
NUM_TRAIN, NUM_VALIDATION = 2000, 500
_DRAWN_SEED = 1998  # the year of MNIST
_DRAWN = "drawn-digits-1"  # the number changes when the drawing does


@dataclass(frozen=True)
class Digits:
    """Digits to train and to validate with: (image, label) pairs, image float32 (1, 28, 28) in [0, 1], label an int.

    Each image is made from its pixels anew whenever it is asked for, as torchvision does; `Stacked` does it once.
    """

    train: Subset[Any]
    validation: Subset[Any]
    source: str
    note: str  # what the reader should know: where they come from, and why not from MNIST

    @property
    def label(self) -> str:
        """What a picture made with them says: nothing for MNIST's, "digits drawn by the kit" for others."""
        return "" if self.source == MNIST else self.source


def load_digits(*, download: bool = True) -> Digits:
    """Loads 2,000 digits for training and 500 for validation: MNIST's first 2,500 training images.

    MNIST is downloaded once, with a progress bar, into the user's cache. Where that fails, the kit's own digits take
    its place, and `note` says so.

    Raises:
        LessonDataError: not even drawn digits can be written (a full disk, say).
    """
    folder = cache_folder()
    why = "it is not downloaded yet"
    found = _read(folder / "mnist")
    if found is None and download:
        try:
            download_mnist(folder / "mnist")
            found = _read(folder / "mnist")
        except LessonDataError as error:
            why = str(error)
    if found is not None:
        return Digits(*found, source=MNIST, note=f"MNIST, from {folder / 'mnist'}.")
    digits = _read(folder / _DRAWN) or _draw(folder)
    note = f"These digits are drawn by the kit, in MNIST's file format. MNIST itself is not there: {why}."
    return Digits(*digits, source="digits drawn by the kit", note=note)


def download_mnist(folder: Path) -> None:
    """Downloads MNIST into `folder`, whole or not at all: into a temporary folder, verified, then renamed.

    Raises:
        LessonDataError: with the reason; `folder` is then as it was.
    """
    from torchvision import datasets

    print("Downloading MNIST (10 MB), once ...", file=sys.stderr)
    try:
        with _temporary_beside(folder) as fresh, patience():
            datasets.MNIST(fresh, download=True)  # verifies checksums, shows a progress bar
            if _read(fresh) is None:
                raise LessonDataError("what arrived cannot be read")
            _put(fresh, folder)
    except Exception as error:  # whatever a library raises on its way: there are digits without it
        raise LessonDataError(f"{reason(error)} ({folder})") from error


def to_fetch() -> str:
    """What a download would fetch, and how much that is; empty where it is there."""
    return "" if _is_here(cache_folder()) else "MNIST (10 MB)"


def _is_here(folder: Path) -> bool:
    return (folder / "mnist" / "MNIST" / "raw").is_dir()


def describe() -> tuple[str, ...]:
    """What is there, for `grader doctor`: one line."""
    folder = cache_folder()
    if _is_here(folder):
        return (f"MNIST        in {folder / 'mnist'}",)
    drawn = ", digits drawn by the kit are there" if (folder / _DRAWN).is_dir() else ""
    return (f"MNIST        not in {folder}{drawn}; the lesson downloads it, or draws digits",)


def _read(folder: Path) -> tuple[Subset[Any], Subset[Any]] | None:
    """The digits in a folder, read by torchvision; None where they are missing or damaged."""
    if not (folder / "MNIST").is_dir():
        return None
    from torch.utils.data import Subset
    from torchvision import datasets, transforms

    try:
        data = datasets.MNIST(folder, train=True, transform=transforms.ToTensor())
        if len(data) < NUM_TRAIN + NUM_VALIDATION or len(data.targets) != len(data):
            return None
    except (OSError, RuntimeError, ValueError, AssertionError, IndexError):
        return None
    return Subset(data, range(NUM_TRAIN)), Subset(data, range(NUM_TRAIN, NUM_TRAIN + NUM_VALIDATION))


def _draw(folder: Path) -> tuple[Subset[Any], Subset[Any]]:
    """Draws digits once, and reads them back as torchvision reads MNIST."""
    from grader.lesson.digits import draw_digits, write_mnist

    print("Drawing digits, once ...", file=sys.stderr)
    try:
        with _temporary_beside(folder / _DRAWN) as fresh:
            train = draw_digits(NUM_TRAIN + NUM_VALIDATION, _DRAWN_SEED)
            write_mnist(fresh, train, draw_digits(100, _DRAWN_SEED + 1))
            _put(fresh, folder / _DRAWN)
    except OSError as error:
        raise LessonDataError(
            f"Digits cannot be kept in {folder}: {reason(error)}. They need 3 MB (MNIST itself 65 MB). "
            "Make room there, or set the environment variable CONVKIT_DATA to another folder."
        ) from error
    digits = _read(folder / _DRAWN)
    if digits is None:
        raise LessonDataError(f"The digits in {folder / _DRAWN} are damaged. Delete that folder and try again.")
    return digits


class _temporary_beside:
    """A temporary folder on the same disk as `folder`, so that a rename moves it; gone afterwards, come what may."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Path:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.path = Path(tempfile.mkdtemp(prefix=f".{self.folder.name}-", dir=self.folder.parent))
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


def _put(fresh: Path, folder: Path) -> None:
    """Puts a complete folder in its place. One that stood there was damaged, or another process was quicker."""
    if _read(folder) is not None:
        return
    if folder.exists():
        put_in_place(folder, fresh.with_name(fresh.name + "-old"))
    put_in_place(fresh, folder)
    shutil.rmtree(fresh.with_name(fresh.name + "-old"), ignore_errors=True)
