"""What tests share: one sandbox session a process, and grading in it."""

from __future__ import annotations

import os

# Before anything imports torch or NumPy: what forks must not have started threads of its own.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import pytest

from grader.course import registry


@pytest.fixture(scope="session")
def session():
    """A session with one nursery, which other tests of this process share."""
    from grader.running.session import Session

    with Session.start(processes=1) as started:
        yield started


@pytest.fixture(scope="session")
def grade(session):
    """Grades sources by topic in the sandbox: `grade(sources, exercises=..., seed=0)`."""
    from grader.running import checking, run

    casebooks = {}

    def grade_sources(sources, *, exercises=registry.EXERCISES, seed=0, name="submission", **options):
        book = casebooks.setdefault(seed, checking.Casebook(seed))
        return run.grade(
            sources, name=name, nursery=session.nurseries[0], casebook=book, exercises=exercises, **options
        )

    return grade_sources
