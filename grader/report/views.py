"""The one list of views that can be written to a file: a new one is a module with `render(report)`, and a line here."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.report.model import Report


@dataclass(frozen=True)
class View:
    """A view: the option that names its file, what it is, and the module that renders it."""

    name: str
    what: str
    module: str
    has_pictures: bool = False

    def render(self, report: Report, pictures: Sequence[Any] = ()) -> str:
        """The report in this view, as text."""
        module = importlib.import_module(f"grader.report.{self.module}")
        text: str = module.render(report, pictures=pictures) if self.has_pictures else module.render(report)
        return text


VIEWS = (
    View("json", "report.json", "json_view"),
    View("junit", "JUnit XML, for CI systems", "junit"),
    View("html", "a page with pictures", "html", has_pictures=True),
    View("markdown", "Markdown, for a CI summary", "markdown"),
    View("gradescope", "Gradescope's results.json", "gradescope"),
    View("prairielearn", "PrairieLearn's results.json", "prairielearn"),
    View("classroom", "runners' results for GitHub Classroom's reporter", "classroom"),
)


def view(name: str) -> View:
    """The view of that name."""
    return next(view for view in VIEWS if view.name == name)
