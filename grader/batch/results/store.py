"""The folder that a graded class is kept in: whatever ends a run, the next one goes on from what is there.

    OUT/<student>/report.json, report.html
    OUT/.grader/seed, run, class        the seed, the number of the last run that was finished, the class list
    OUT/.grader/records/<student>       what came of each submission, written after its report

A record is the mark that a report is whole. One batch at a time writes into a folder, or several shards of one.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import filelock
import msgspec

from grader.batch.results.records import Record, Row
from grader.exits import UsageProblem
from grader.files.whole import UNFINISHED, write_whole

STATE = ".grader"
MOST_SEED = 2**31
_PATIENCE = 5.0  # seconds for one that was killed to be gone
_RECORD = msgspec.msgpack.Decoder(Record)


class ClassList(msgspec.Struct, frozen=True):
    """Who has handed in, in the order of the gradebook, and what was said of them."""

    platform: str
    said: str
    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()


class Store:
    """The folder, open for one batch. Use `opened`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state = folder / STATE

    @classmethod
    @contextlib.contextmanager
    def opened(cls, folder: Path, *, shard: tuple[int, int] | None = None) -> Iterator[Store]:
        """Makes the folder where it is not there, and holds it. Raises UsageProblem, and then nothing has changed.

        `shard` is (K, N) where other shards may write beside this one.
        """
        refuse_foreign(folder)
        store = cls(folder)
        try:
            (store._state / "records").mkdir(parents=True, exist_ok=True)
            (store._state / "locks").mkdir(exist_ok=True)
        except OSError as error:
            raise UsageProblem(f"--out: {folder} cannot be written: {error.strerror}") from error
        with contextlib.ExitStack() as held:
            held.enter_context(store._lock("whole" if shard is None else f"{shard[0]} of {shard[1]}"))
            store._refuse_others(shard)
            store._clear()
            yield store

    @classmethod
    @contextlib.contextmanager
    def existing(cls, folder: Path) -> Iterator[Store]:
        """Holds a folder that must be a graded class's. Raises UsageProblem."""
        if not (folder / STATE / "records").is_dir():
            raise UsageProblem(f"{folder} holds no graded class")
        with cls.opened(folder) as store:
            yield store

    def _lock(self, name: str) -> filelock.BaseFileLock:
        lock = filelock.FileLock(self._state / "locks" / name)
        try:
            lock.acquire(timeout=_PATIENCE)
        except filelock.Timeout as error:
            raise UsageProblem(
                f"another batch is writing into {self.folder}; wait until it is done, or name another --out"
            ) from error
        except OSError as error:
            raise UsageProblem(f"--out: {self.folder} cannot be locked: {error.strerror}") from error
        return lock

    def _refuse_others(self, shard: tuple[int, int] | None) -> None:
        """A whole batch runs beside no shard, and a shard beside no whole batch, nor one of another number of shards."""
        for path in sorted((self._state / "locks").iterdir()):
            alike = shard is not None and path.name.endswith(f" of {shard[1]}")
            if path.name != ("whole" if shard is None else f"{shard[0]} of {shard[1]}") and not alike:
                self._lock(path.name).release()

    def _clear(self) -> None:
        """Removes what a killed run has left unfinished."""
        for path in (*self.folder.glob(f".*{UNFINISHED}"), *self._state.glob(f"records/.*{UNFINISHED}")):
            with contextlib.suppress(OSError):
                path.unlink()

    def seed(self, wanted: int | None) -> int:
        """The seed of this class: the one that is asked for, or the one that was drawn once."""
        path = self._state / "seed"
        if wanted is not None:
            self.write(path, str(wanted).encode())
            return wanted
        with contextlib.suppress(FileNotFoundError, ValueError):
            return int(path.read_bytes())
        drawn = self._state / f"{secrets.token_hex(8)}{UNFINISHED}"
        write_whole(drawn, str(secrets.randbelow(MOST_SEED)).encode())
        with contextlib.suppress(FileExistsError):  # another shard was first
            try:
                path.hardlink_to(drawn)  # there at once with all that is in it
            except FileExistsError:
                raise
            except OSError:  # a file system without such links, as on a stick or a share
                with path.open("xb") as file:
                    file.write(drawn.read_bytes())
        drawn.unlink()
        return int(path.read_bytes())

    def run_number(self) -> int:
        """The number of the run that is going on: one more than the last that was finished."""
        with contextlib.suppress(OSError, ValueError):
            return int((self._state / "run").read_bytes()) + 1
        return 1

    def finish_run(self, number: int) -> None:
        """Says that a run is whole."""
        self.write(self._state / "run", str(number).encode())

    def keep_class(self, found: ClassList) -> None:
        """Keeps the class list."""
        self.write(self._state / "class", msgspec.msgpack.encode(found))

    def class_list(self) -> ClassList:
        """The class list. Raises UsageProblem where there is none."""
        try:
            return msgspec.msgpack.decode((self._state / "class").read_bytes(), type=ClassList)
        except (OSError, msgspec.MsgspecError) as error:
            raise UsageProblem(
                f"{self.folder} holds no graded class; grade one into it: --out {self.folder}"
            ) from error

    def record(self, row: Row) -> Record | None:
        """What is kept of a submission; None where there is nothing, or nothing whole."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            found = _RECORD.decode((self._state / "records" / row.folder).read_bytes())
            if found.name == row.name:
                return found
        return None

    def keep(self, row: Row, record: Record, views: Mapping[str, str]) -> None:
        """Writes the reports of a submission, by file name, and then its record. Raises UsageProblem."""
        folder = self.folder / row.folder
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
        for name, text in views.items():
            self.write(folder / name, text.encode("utf-8", "backslashreplace"))
        self.write(self._state / "records" / row.folder, msgspec.msgpack.encode(record))

    def write(self, path: Path, content: bytes) -> None:
        """Writes a file below the folder, whole or not at all. Raises UsageProblem."""
        try:
            write_whole(path, content)
        except OSError as error:
            text = f"{path} cannot be written: {error.strerror}. What is graded is kept: mend that, and run it again"
            raise UsageProblem(text) from error

    def remove(self, path: Path) -> None:
        """Removes a file below the folder, if it is there. Raises UsageProblem."""
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UsageProblem(f"{path} cannot be removed: {error.strerror}") from error


def refuse_foreign(folder: Path) -> None:
    """Raises UsageProblem where a folder holds something else than a graded class, or is no folder."""
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"--out: {folder} is no folder; name a new one")
    if folder.is_dir() and not (folder / STATE / "records").is_dir() and any(folder.iterdir()):
        raise UsageProblem(f"--out: {folder} is not empty and holds no graded class; name a new folder")


def rows_of_shard(rows: Sequence[Row], shard: tuple[int, int] | None) -> list[Row]:
    """The rows that a shard (K, N) grades: every N-th, beginning with the K-th; all of them without one."""
    return list(rows) if shard is None else list(rows[shard[0] - 1 :: shard[1]])
