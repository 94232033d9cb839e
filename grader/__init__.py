"""The grader of the convolution exercise kit. In a notebook: `%load_ext grader`, or `grader.check("NAME")`."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from grader.notebook.verdict import Verdict

__version__ = "1.0.0"


def check(*names: str) -> "Verdict":
    """Grades the work in exercises/: topics or exercises by their names, or all. The verdict shows itself.

    Raises grader.exits.UsageProblem where a name is nobody's, or there is no work.
    """
    from grader.notebook.checking import check_work

    return check_work(names)


def load_ipython_extension(ipython: "Any") -> None:
    """What `%load_ext grader` calls: there are `%%check`, `%check` and `%%exercise` from then on."""
    from grader.notebook.magics import load

    load(ipython)


def unload_ipython_extension(ipython: "Any") -> None:
    """What `%unload_ext grader` calls: the magics are gone, and what grades has ended."""
    from grader.notebook.magics import unload

    unload(ipython)
