"""The keyboard, key by key, while a command runs; the terminal is left as it was found."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import Any

from grader.course import registry

try:
    import termios
    import tty
except ImportError:  # Windows
    termios = tty = None  # type: ignore[assignment]

KEYS = {
    **({"h": "the next hint for the exercise that is shown"} if registry.FACTS.show_hints else {}),
    "a": "all exercises, and back",
    "n": "the next exercise that is not right",
    "q": "quit",
    "?": "what the keys do, and back",
}
# Arrows and the like come as several characters, of which the last could be one of ours.
_SEQUENCE = re.compile(rb"\x1b(?:[\[O][0-9;?]*[ -/]*[@-~]?|[ -~])")


class Keyboard:
    """Use it as a context manager; without a terminal for input there is none, and no key is pressed."""

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno() if termios is not None and sys.stdin is not None and sys.stdin.isatty() else None
        self._before: Any = None  # as termios has it

    @property
    def is_there(self) -> bool:
        """Whether keys can be pressed."""
        return self._before is not None

    def fileno(self) -> int:
        """What `select` waits for."""
        assert self._fd is not None
        return self._fd

    def pressed(self) -> str:
        """The keys of `KEYS` that were pressed. Raises EOFError where the terminal is gone."""
        try:
            typed = os.read(self.fileno(), 1024)
        except OSError as error:
            raise EOFError from error
        if not typed:
            raise EOFError
        text = _SEQUENCE.sub(b"", typed).decode("ascii", "ignore").lower()
        return "".join(key for key in text if key in KEYS)

    def listen(self) -> None:
        """Has keys arrive one by one and unseen; also again, after the program was stopped and goes on."""
        if self._fd is None:
            return
        with contextlib.suppress(termios.error):
            if self._before is None:
                self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd, termios.TCSADRAIN)

    def __enter__(self) -> Keyboard:
        self.listen()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._fd is not None and self._before is not None:
            with contextlib.suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)
