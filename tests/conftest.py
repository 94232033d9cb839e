"""What tests share: one sandbox session a process, and grading in it."""

from __future__ import annotations

import os
from pathlib import Path

# Before anything imports torch or NumPy: what forks must not have started threads of its own.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import pytest

from grader.course import registry

ROOT = Path(__file__).parent
# What helpers assert tells its values, too. The wrong answers are left as they are: their assertions are students'.
pytest.register_assert_rewrite(*(f"tests.{place.stem}" for place in ROOT.iterdir() if place.name != "wrong"))
# Folders and files whose tests start commands, browsers or sandboxes, or grade hundreds of answers: `-m "not slow"`
# leaves them out, and takes a minute.
SLOW = (
    "audit", "cli", "export", "hostile", "lesson/test_notebook.py", "lesson/test_pictures.py", "lesson/test_sandboxed_student.py",
    "report/test_html_in_browser.py", "running", "sandbox/test_confine.py", "sandbox/test_clock.py", "sandbox/test_siblings.py",
    "topics/test_calls_to_paste.py", "topics/test_samples.py", "topics/test_wrong_answers.py", "course/test_settings.py",
    "test_readme.py", "explaining/test_known_cases.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    for item in items:
        place = item.path.relative_to(ROOT).as_posix()
        if place.startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """`-n 2`: each process goes through a part of its own, so that what a file prepares is prepared once."""
    if config.option.dist != "load":
        return None
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log)


@pytest.fixture(autouse=True)
def _of_this_process():
    """A test leaves this process as it found it: those after it would be slower, or test something else."""
    before = _settings()
    yield
    assert _settings() == before


def _settings():
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
    return {"cores": cores, "folder": os.getcwd()}


@pytest.fixture(scope="session")
def session():
    """A session with one nursery, which other tests of this process share."""
    from grader.running.session import Session

    with Session.start(processes=1) as started:
        yield started


@pytest.fixture(scope="session")
def grade(session):
    """Grades sources by topic in the sandbox: `grade(sources, exercises=..., seed=0)`."""
    from grader.running import casebook, run, shelf

    casebooks = {}

    def grade_sources(sources, *, exercises=registry.EXERCISES, seed=0, name="submission", **options):
        if seed not in casebooks:
            casebooks[seed] = casebook.Casebook(seed, shelf=shelf.Shelf.of_user())
        book = casebooks[seed]
        options.setdefault("nursery", session.nurseries[0])
        return run.grade(sources, name=name, casebook=book, exercises=exercises, **options)

    yield grade_sources
    for book in casebooks.values():
        book.save()
