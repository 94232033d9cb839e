"""The folder that is watched: says when a module in it may have changed, and whether one has.

Notices are only a reason to look: what counts is what stands in the folder when somebody looks. So nothing is lost where
an editor replaces or renames files, where the folder itself is replaced, or where the system sends no notices.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from grader.cli.watching.bell import Bell
from grader.course import registry

LOOKING = 0.5  # seconds between two looks where nobody has noticed anything
_MODULES = frozenset(f"{topic.name}.py" for topic in registry.TOPICS)
_STEP, _MOST = 10, 100  # milliseconds: how long a burst is gathered

Look = tuple[tuple[int, ...], ...]


def look(folder: Path) -> Look:
    """What stands there now: which files, how large they are and when they were written."""
    return tuple(_of(folder / name) for name in sorted(_MODULES))


def _of(path: Path) -> tuple[int, ...]:
    try:
        found = path.lstat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


@contextlib.contextmanager
def notices(folder: Path) -> Iterator[Bell]:
    """A bell that rings when something may have changed, while the block runs.

    The process must not fork meanwhile: a thread waits for the system's notices. Where there are none, it never rings.
    """
    stop = threading.Event()
    with Bell() as bell:
        thread = threading.Thread(target=_notice, args=(folder, bell, stop), daemon=True)
        thread.start()
        try:
            yield bell
        finally:
            stop.set()
            thread.join(2)


def _notice(folder: Path, bell: Bell, stop: threading.Event) -> None:
    from watchfiles import watch

    with contextlib.suppress(Exception):  # then `look` alone finds what changes
        for _ in watch(
            folder,
            watch_filter=lambda _, path: Path(path).name in _MODULES,
            recursive=False,
            step=_STEP,
            debounce=_MOST,
            rust_timeout=500,
            stop_event=stop,
            raise_interrupt=False,
        ):
            bell.ring()
