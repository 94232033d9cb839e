"""Painting what a student's functions gave, in a process of its own: its numbers may take any library that draws to its end.

Where processes cannot be forked, a painter is started, and kept from one picture to the next.
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
import struct
import subprocess
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader import bounds, neutral
from grader.system import can_fork, kill

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from grader.lesson.plots import Picture

DRAWN_BY = "convolution-exercises"  # stands in every file, so that a later run knows the kit's own pictures
PAINT_SECONDS = 30.0  # of processor time for one picture, of which the largest takes two
PAINT_MEMORY = 2**30  # bytes
_LENGTH = struct.Struct("!I")


@dataclass(frozen=True)
class Station:
    """What stands after a layer: `maps` (C, H, W) or scores (C,), and the layer's text and number of parameters."""

    layer: str
    shape: tuple[int, ...]
    parameters: int
    maps: np.ndarray


@dataclass(frozen=True)
class Painting:
    """What is to be painted: a function of `grader.lesson.plots`, and what it is called with."""

    function: str
    args: tuple[Any, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    def picture(self) -> Picture:
        """The picture, painted here. Whatever a library makes of a student's numbers is raised."""
        from grader.lesson import plots

        found: Picture = getattr(plots, self.function)(*self.args, **self.options)
        return found


def painting(function: str, *args: Any, **options: Any) -> Painting:
    """What a function of `grader.lesson.plots` is to paint of these arguments."""
    return Painting(function, args, options)


@dataclass(frozen=True)
class Drawn:
    """A picture as a file, with its words. `waits_for` is empty, or says what kept it from being drawn."""

    name: str
    title: str
    alt: str
    waits_for: str
    png: bytes

    @classmethod
    def of(cls, picture: Picture) -> Drawn:
        """The picture, painted."""
        return cls(picture.name, picture.title, picture.alt, picture.waits_for, picture.png)

    def packed(self) -> bytes:
        """All of it as bytes."""
        return json.dumps([self.name, self.title, self.alt, self.waits_for]).encode() + b"\n" + self.png

    @classmethod
    def unpacked(cls, packed: bytes) -> Drawn:
        """What was packed."""
        texts, _, png = packed.partition(b"\n")
        return cls(*json.loads(texts), png)  # type: ignore[call-arg]  # four texts, which mypy cannot count


def painted(asked: Painting) -> Drawn:
    """The picture as a file. Raises NoResult where that fails; the text says why."""
    if can_fork():
        from grader.lesson import plots  # noqa: F401  (once, rather than in every fork)

        packed = bounds.apart(
            lambda: Drawn.of(asked.picture()).packed(), seconds=PAINT_SECONDS, most_memory=PAINT_MEMORY
        )
    else:
        packed = _Painter.there().painted(asked)
    return Drawn.unpacked(packed)


class _Painter:
    """A process that paints one picture after the other."""

    _kept: _Painter | None = None

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            neutral.python("from grader.lesson import painting; painting.main()"), env=neutral.environment(), cwd=neutral.FOLDER,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, **neutral.apart(),
        )  # fmt: skip

    @classmethod
    def there(cls) -> _Painter:
        """The one that is kept, or a new one."""
        if cls._kept is None or cls._kept._process.poll() is not None:
            cls._kept = cls()
            atexit.register(cls._kept.close)
        return cls._kept

    def painted(self, asked: Painting) -> bytes:
        """A picture, packed. Raises NoResult."""
        assert self._process.stdin and self._process.stdout
        late = threading.Timer(bounds.WALL_FACTOR * PAINT_SECONDS, self.close)
        late.daemon = True
        late.start()
        try:
            data = pickle.dumps(asked)
            self._process.stdin.write(_LENGTH.pack(len(data)) + data)
            self._process.stdin.flush()
            (length,) = _LENGTH.unpack(self._process.stdout.read(_LENGTH.size))
            result: bytes = self._process.stdout.read(min(length, bounds.MOST_RESULT))
        except (OSError, struct.error):
            result = b""
        finally:
            is_late = late.finished.is_set()
            late.cancel()
        if result[:1] == b"+":
            return result[1:]
        self.close()
        said = result[1:].decode("utf-8", "replace")
        raise bounds.NoResult(bounds.TOO_LONG if is_late else said or "Its process died.")

    def close(self) -> None:
        """Ends it."""
        kill(self._process.pid)
        self._process.wait()


def main() -> None:
    """What a painter does: it is told what to paint over its standard input, and answers on its output."""
    from grader.sandbox.inner import pipe

    told, answers = map(os.fdopen, pipe.of_their_own(), ("rb", "wb"))
    while head := told.read(_LENGTH.size):
        asked = pickle.loads(told.read(*_LENGTH.unpack(head)))
        try:
            with bounds.memory(PAINT_MEMORY), bounds.Stint(PAINT_SECONDS).work():
                result = b"+" + Drawn.of(asked.picture()).packed()
        except bounds.TookTooLong:
            result = b"-" + bounds.TOO_LONG.encode()
        except BaseException as error:
            result = b"-" + bounds.why(error).encode("utf-8", "backslashreplace")
        answers.write(_LENGTH.pack(len(result)) + result)
        answers.flush()
