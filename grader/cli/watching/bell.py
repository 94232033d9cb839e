"""A bell that a thread or a signal's handler rings, and that `select` hears, on every system."""

from __future__ import annotations

import contextlib
from types import TracebackType

from grader.system import pair


class Bell:
    """Use it as a context manager. What rings says something short, which is kept until somebody takes it."""

    def __init__(self) -> None:
        self._heard, self._rung = pair()
        for end in (self._heard, self._rung):
            end.setblocking(False)

    def ring(self, said: bytes = b".") -> None:
        """Rings; waits for nobody, and one that rings already may swallow what is said."""
        with contextlib.suppress(OSError):  # full, or closed
            self._rung.send(said)

    def taken(self) -> bytes:
        """All that was said since this was asked last."""
        with contextlib.suppress(BlockingIOError):
            return self._heard.recv(4096)
        return b""

    def fileno(self) -> int:
        """What `select` waits for."""
        return self._heard.fileno()

    def __enter__(self) -> Bell:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._heard.close()
        self._rung.close()
