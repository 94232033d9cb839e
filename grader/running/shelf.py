"""The casebook on disk: what was worked out for a topic and a seed, written whole or not at all, and read strictly.

A file is a line that says what it is, the digest of all that it depends on, the digest of the rest, and the rest: a
MessagePack record of payloads as `grader.sandbox.wire` makes them. Nothing in it is executed. What is damaged, cut off or
of another kit is as good as not there, and is made anew.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.util
import lzma
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import numpy as np
import torch

from grader.course.handed_out import WITHHELD
from grader.course.paths import PACKAGE, solutions_folder
from grader.files.beneath import Unreadable, beneath, read_all
from grader.files.cache import cache_folder
from grader.sandbox import wire

OFF = "GRADER_CASEBOOK"  # the environment variable that switches all of this off, by "off"
_FIRST_LINE = b"casebook of the convolution exercises, form 1\n"
MOST_BYTES = 256 * 2**20  # of a file
MOST_FILES = 70  # that are kept: ten seeds of all topics
OLD_DAYS = 60.0


class Packed(msgspec.Struct, array_like=True, frozen=True):
    """A value as it crosses a pipe."""

    header_length: int
    body: bytes

    @classmethod
    def of(cls, payload: wire.Payload) -> Packed:
        return cls(payload.header_length, payload.body)

    @property
    def payload(self) -> wire.Payload:
        return wire.Payload(self.header_length, len(self.body) - self.header_length, self.body)


class StoredCase(msgspec.Struct, array_like=True, frozen=True):
    """One case of a check."""

    arguments: Packed
    remembered: list[Packed]  # what the reference and PyTorch answered, in the order in which it was asked
    calls: list[Packed]
    replies: list[bytes]  # digests of what the reference replied to the calls


StoredAnswer = tuple[str, str, int, int, Packed]  # who, check, place of the case, number of the call; the essence


class StoredTopic(msgspec.Struct):
    """What is known of a topic: its cases by exercise and check, and what known mistakes answer, by call."""

    cases: dict[str, dict[str, list[StoredCase]]] = {}
    answers: dict[str, list[StoredAnswer]] = {}


_DECODER = msgspec.msgpack.Decoder(StoredTopic)


@dataclass
class Shelf:
    """A folder of such files."""

    folder: Path
    notes: list[str] = field(default_factory=list)  # why something was made anew that was there

    @classmethod
    def of_user(cls) -> Shelf | None:
        """The one in the user's cache, or a handout's own; None where it is switched off."""
        if WITHHELD:
            return HandedOut(HANDED_OUT)
        return None if os.environ.get(OFF) == "off" else cls(cache_folder() / "casebooks")

    def read(self, topic: str, seed: int, examples: int) -> StoredTopic | None:
        """What is known of a topic; None where nothing is, or nothing that can be relied on."""
        name = self._name(topic, seed, examples)
        try:
            with beneath(self.folder, named=True) as folder:
                data = read_all(folder.open(name), MOST_BYTES)
            with contextlib.suppress(OSError):
                os.utime(self.folder / name)  # it is in use
        except FileNotFoundError:
            return None
        except (OSError, Unreadable) as error:
            self.notes.append(f"The casebook {name} cannot be read: {error}.")
            return None
        head = len(_FIRST_LINE)
        rest = data[head + 2 * wire.DIGEST_BYTES :]
        expected = _FIRST_LINE + context_of(topic) + wire.digest(0, rest)
        if data[: head + 2 * wire.DIGEST_BYTES] == expected:
            with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
                return _DECODER.decode(rest)
        self.notes.append(f"The casebook {name} is damaged, and is made anew.")
        return None

    def write(self, topic: str, seed: int, examples: int, stored: StoredTopic) -> None:
        """Keeps what is known of a topic, and clears away what is old. Where nothing can be kept, that is noted."""
        rest = msgspec.msgpack.encode(stored)
        if len(rest) > MOST_BYTES // 2:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with beneath(self.folder, named=True) as folder:
                content = _FIRST_LINE + context_of(topic) + wire.digest(0, rest) + rest
                folder.write(self._name(topic, seed, examples), content)
            self._clear()
        except OSError as error:
            self.notes.append(f"No casebook can be kept in {self.folder}: {error}.")

    def files(self) -> list[Path]:
        """Its files, the newest first."""
        with contextlib.suppress(OSError):
            return sorted(self.folder.glob("*.casebook"), key=lambda path: -path.stat().st_mtime)
        return []

    def _clear(self) -> None:
        """Removes what was not used for long, and more than is worth keeping."""
        for place, path in enumerate(self.files()):
            with contextlib.suppress(OSError):
                if place >= MOST_FILES or time.time() - path.stat().st_mtime > OLD_DAYS * 86_400:
                    path.unlink()

    def _name(self, topic: str, seed: int, examples: int) -> str:
        return f"{topic}-{seed}-{examples}-{context_of(topic).hex()}.casebook"


class HandedOut(Shelf):
    """What takes the solutions' place in a handout: made by the course, on another machine, and only read.

    Its files are packed, and say nothing of what they depend on: there is nothing to make them anew with.
    """

    def read(self, topic: str, seed: int, examples: int) -> StoredTopic | None:
        """What is known of a topic; None where its file is missing or damaged."""
        name = handed_out_name(topic, seed, examples)
        try:
            with beneath(self.folder, named=True) as folder:
                data = read_all(folder.open(name), MOST_BYTES)
        except (OSError, Unreadable) as error:
            self.notes.append(f"The casebook {name} cannot be read: {error}.")
            return None
        if data.startswith(_FIRST_LINE):
            with contextlib.suppress(lzma.LZMAError, msgspec.DecodeError, msgspec.ValidationError):
                unpacker = lzma.LZMADecompressor()
                rest = unpacker.decompress(data[len(_FIRST_LINE) :], MOST_BYTES)
                if unpacker.eof:
                    return _DECODER.decode(rest)
        self.notes.append(f"The casebook {name} is damaged.")
        return None

    def write(self, topic: str, seed: int, examples: int, stored: StoredTopic) -> None:
        """Keeps nothing."""

    def files(self) -> list[Path]:
        """None that could be cleared away."""
        return []


HANDED_OUT = PACKAGE / "casebooks"


def handed_out_name(topic: str, seed: int, examples: int) -> str:
    """The name of a topic's file in a handout."""
    return f"{topic}-{seed}-{examples}.casebook"


def handed_out(stored: StoredTopic) -> bytes:
    """The content of such a file."""
    return _FIRST_LINE + lzma.compress(msgspec.msgpack.encode(stored), preset=6)


@functools.cache
def context_of(topic: str) -> bytes:
    """The digest of all that a topic's cases and answers depend on: the kit, its libraries and the machine's arithmetic."""
    return _digest(_common(), *_sources(f"topics/{topic}"), *_solution(topic))


@functools.cache
def _common() -> bytes:
    """The digest of what all topics depend on."""
    return _digest(*_machine(), *_sources("course", "explaining", "running", "sandbox", "writing"))


def _digest(*parts: bytes) -> bytes:
    found = hashlib.blake2b(digest_size=wire.DIGEST_BYTES)
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.digest()


def _machine() -> Iterator[bytes]:
    versions = (sys.version, torch.__version__, np.__version__, sys.byteorder, platform.machine())
    yield from (version.encode() for version in versions)
    yield torch.backends.cpu.get_cpu_capability().encode()
    hypothesis = importlib.util.find_spec("hypothesis")  # found, and not imported
    if hypothesis is not None and hypothesis.origin is not None:
        yield (Path(hypothesis.origin).parent / "version.py").read_bytes()


def _sources(*rooms: str) -> Iterator[bytes]:
    """The files that say what is asked and answered: not how it is shown."""
    paths = [path for room in rooms for path in (PACKAGE / room).rglob("*") if path.suffix in (".py", ".toml")]
    for path in sorted(paths):
        yield path.relative_to(PACKAGE).as_posix().encode()
        yield path.read_bytes()


def _solution(topic: str) -> Iterator[bytes]:
    with contextlib.suppress(FileNotFoundError):
        yield (solutions_folder() / f"{topic}.py").read_bytes()
