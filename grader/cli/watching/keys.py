"""The keyboard, key by key, while a command runs; the terminal is left as it was found."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import threading
from typing import Any

from grader.cli.watching.bell import Bell
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
_LOOKING = 0.05  # seconds between two looks at a console
_PREFIXES = ("\x00", "\xe0")  # of keys that are two characters on Windows
# Arrows and the like come as several characters, of which the last could be one of ours.
_SEQUENCE = re.compile(rb"\x1b(?:[\[O][0-9;?]*[ -/]*[@-~]?|[ -~])")


def keyboard() -> Keyboard:
    """The keyboard of this system. Use it as a context manager."""
    if termios is not None:
        return Keyboard()
    try:
        import msvcrt
    except ImportError:
        return Keyboard()
    return ConsoleKeyboard(msvcrt)


class Keyboard:
    """The terminal's; without one for input there is none, and no key is pressed."""

    def __init__(self) -> None:
        self._fd = sys.stdin.fileno() if termios is not None and _is_terminal() else None
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
        return _known(text)

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


class ConsoleKeyboard(Keyboard):
    """A console's on Windows, which `select` cannot wait for: a thread looks whether a key was pressed.

    `console` is the module msvcrt, or what does as it does.
    """

    def __init__(self, console: Any) -> None:
        super().__init__()
        self._console, self._bell, self._stop = console, Bell(), threading.Event()
        self._is_there = _is_terminal()

    @property
    def is_there(self) -> bool:
        return self._is_there

    def fileno(self) -> int:
        return self._bell.fileno()

    def pressed(self) -> str:
        return _known(self._bell.taken().decode("ascii", "ignore").lower())

    def listen(self) -> None:
        pass

    def __enter__(self) -> ConsoleKeyboard:
        if self._is_there:
            threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()

    def _look(self) -> None:
        while not self._stop.wait(_LOOKING):
            while self._console.kbhit():
                key = self._console.getwch()
                if key in _PREFIXES:
                    self._console.getwch()  # an arrow or the like, which is two
                else:
                    self._bell.ring(key.encode("utf-8", "ignore"))


def _is_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _known(text: str) -> str:
    return "".join(key for key in text if key in KEYS)
