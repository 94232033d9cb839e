"""How often, and for how long, the grading of a submission is waited for."""

from __future__ import annotations

from grader.running.limits import growth

TRIES = 2
MOST_GRADED = 200  # by one process: what it remembers of them goes with it
SILENT_SECONDS = 3600.0 * growth()  # of the wall clock, in which one submission is graded on any machine
