"""Text of students in a spreadsheet: a name or a file's name must not be computed."""

from __future__ import annotations

import re

# How a formula begins, in full width as well; spreadsheets pass over space, and where they part cells by semicolons a
# cell may begin anywhere.
_FORMULA = re.compile(r"""(^|[;|\t\r\n])(?=[\s"']{0,200}[=+\-@＝＋－＠])|^(?=[\t\r])""")


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", text)
