"""What `grader watch` shows: one screen that is drawn anew, or, where nobody sees a screen, one report after another."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from rich.console import Console, RenderableType

_CLEAR = "\x1b[H\x1b[2J"


class Screen:
    """Where it is shown. A part of a screen that stands for itself is any of rich's renderables."""

    def __init__(self) -> None:
        dumb = os.environ.get("TERM", "") in ("dumb", "unknown")
        self.is_redrawn = sys.stdout.isatty() and not dumb
        self._drawn = ""
        if os.name == "nt":
            import colorama

            colorama.just_fix_windows_console()  # older consoles show what clears the screen as text

    @property
    def width(self) -> int:
        """Columns, as they are now: a terminal can be resized."""
        return self._console().width

    @property
    def encoding(self) -> str:
        """What its stream can take."""
        return self._console().encoding

    def show(self, parts: Iterable[RenderableType]) -> None:
        """Shows the parts one below the other: in place of what stood there, where it can be redrawn."""
        console = self._console()
        with console.capture() as captured:
            for part in parts:
                console.print(part, soft_wrap=True)
        text = captured.get()
        if self.is_redrawn and text == self._drawn:
            return
        self._drawn = text
        sys.stdout.write(_CLEAR + text if self.is_redrawn else text)
        sys.stdout.flush()

    def forget(self) -> None:
        """Whatever stands there has been disturbed: the next screen is drawn in any case."""
        self._drawn = ""

    def _console(self) -> Console:
        width = None
        if self.is_redrawn:
            try:
                width = os.get_terminal_size(sys.stdout.fileno()).columns or None
            except OSError:
                width = None
        return Console(highlight=False, width=width)
