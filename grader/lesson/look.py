"""matplotlib, imported where no matplotlibrc of a student's lies in the working folder; and the kit's own look."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from grader import neutral

with neutral.elsewhere():
    import matplotlib as matplotlib  # for others, too


@contextlib.contextmanager
def look(style: Mapping[str, object]) -> Iterator[None]:
    """matplotlib's own settings with these changed, whatever a matplotlibrc, a notebook or a style has set before."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(style)  # type: ignore[arg-type]  # matplotlib's types list every name
        yield
