"""The JSON view: report.json, strict JSON whatever a submission printed, raised or returned."""

from __future__ import annotations

import json
import math
from typing import Any

from grader.report import pasting
from grader.report.model import Report
from grader.report.text import many_lines


def render(report: Report) -> str:
    """The report as report.json holds it: ASCII, no NaN, lone surrogates spelled out, long texts cut."""
    return json.dumps(plain(report.as_dict()), indent=2, allow_nan=False) + "\n"


def compact(report: Report) -> str:
    """The same on one line, where there are thousands of them."""
    return json.dumps(plain(report.as_dict()), separators=(",", ":"), allow_nan=False) + "\n"


def plain(value: Any, *, lines: int = 100) -> Any:
    """The value with its texts made harmless and its numbers finite; what is not a number becomes null."""
    if isinstance(value, dict):
        return {key: _call(item) if key == "call" else plain(item, lines=lines) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item, lines=lines) for item in value]
    if isinstance(value, str):
        return many_lines(value, lines=lines)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _call(value: Any) -> Any:
    """A call to paste, whole: half of it would be an error. What is no Python is a text like others."""
    return value if isinstance(value, str) and pasting.is_whole(value) else plain(value)
