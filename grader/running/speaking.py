"""Messages between the two processes of a command that talk while it runs: whole ones, and neither waits for ever.

Both ends are the kit's own, so that messages are pickled.
"""

from __future__ import annotations

import pickle
import select
import socket
import struct
from typing import Any

_LENGTH = struct.Struct("!I")


class Line:
    """One end of the line. Close it, or use it as a context manager."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        end.setblocking(False)
        self._received = bytearray()
        self._closed = False

    def fileno(self) -> int:
        """What `select` waits for: there is something to receive."""
        return self._end.fileno()

    def send(self, message: Any) -> None:
        """Sends a message. What arrives meanwhile is kept: the other end may be sending, too.

        Raises EOFError where the other end is gone.
        """
        data = pickle.dumps(message)
        data = _LENGTH.pack(len(data)) + data
        try:
            while data:
                readable, writable, _ = select.select([] if self._closed else [self], [self], [])
                if readable:
                    self._read()
                if writable:
                    data = data[self._end.send(data) :]
        except OSError as error:
            raise EOFError from error

    def receive(self) -> list[Any]:
        """The messages that have arrived whole. Raises EOFError where the other end is gone and all was received."""
        self._read()
        found = []
        while len(self._received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._received)
            ends = _LENGTH.size + length
            if len(self._received) < ends:
                break
            found.append(pickle.loads(self._received[_LENGTH.size : ends]))
            del self._received[:ends]
        if not found and self._closed:
            raise EOFError
        return found

    def one(self) -> Any:
        """The next message, waited for: from an end that sends just one. Raises EOFError."""
        while not (found := self.receive()):
            select.select([self], [], [])
        return found[0]

    def _read(self) -> None:
        try:
            while chunk := self._end.recv(1 << 16):
                self._received += chunk
            self._closed = True
        except BlockingIOError:
            pass
        except OSError:
            self._closed = True

    def close(self) -> None:
        """Closes this end."""
        self._end.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
