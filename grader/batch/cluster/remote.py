"""The program of a process that grades for others: it is asked over its standard input, and answers on its output.

It is started clean, as the ancestor is, and forks its nursery before it is told anything: therefore nothing of the
course is imported here before that.
"""

from __future__ import annotations

import functools
import importlib
import os
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.batch.cluster import frames
from grader.sandbox.inner import pipe
from grader.sandbox.outer import ancestor, starting
from grader.system import can_fork

if TYPE_CHECKING:
    from grader.batch.messages import Answer, Errand, Question
    from grader.batch.tasks import Draw
    from grader.running.casebook import Casebook
    from grader.running.session import Session


def main() -> None:
    """Imports PyTorch, prepares its first workers, and answers until nobody asks any more."""
    forks = can_fork()
    if forks:
        ancestor.end_with(0)
    questions, answers = pipe.of_their_own()
    if forks:
        ancestor.bear(1)
    else:
        starting.be_ready()
    told = frames.receive(questions)
    if told is None:
        os._exit(0)
    hello = msgspec.msgpack.decode(told, type=frames.Hello)
    if forks:
        ancestor.end_when_told()
    os.environ.clear()
    os.environ.update(hello.environment)
    os.chdir(hello.folder)
    _answer_all(questions, answers, hello.hidden)
    ancestor.end(0)


def _answer_all(questions: int, answers: int, hidden: tuple[str, ...]) -> None:
    from grader.batch import messages
    from grader.running.session import Session

    with Session.start(processes=1) as session:
        session.nurseries[0].hidden += tuple(map(Path, hidden))
        grading = Grading(session)
        while (asked := frames.receive(questions)) is not None:
            try:
                said = grading.answer(messages.question(asked))
            except Exception:
                said = messages.Failed(f"a grading process failed:\n{traceback.format_exc()}")
            frames.send(answers, messages.encoded(said))


class Grading:
    """Grades one submission after the other, with a casebook that is kept from one to the next."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._book: Casebook | None = None

    @functools.cached_property
    def _missing(self) -> dict[str, str]:
        """The protections that are not to be had here, and why."""
        return self._session.missing_protections()

    def answer(self, question: Question) -> Answer:
        """The answer to a question. Whatever it raises costs that question alone."""
        from grader.batch.messages import About, Ask
        from grader.batch.version import Version

        if isinstance(question, Ask):
            return About(Version.here(), self._missing if question.protections else {})
        return self._graded(question)

    def _graded(self, errand: Errand) -> Answer:
        from grader.batch.messages import Foreign
        from grader.batch.tasks import grade, prepared
        from grader.batch.version import Version

        unlike = Version.here().unlike(errand.version)
        if unlike:
            return Foreign(unlike)
        if errand.protected and self._missing:
            return Foreign(f"it lacks a protection that was demanded: {', '.join(self._missing)}")
        task = errand.task
        if self._book is None or self._book.seed != task.cause.seed:
            self._book = prepared(task.cause.seed)
        try:
            return grade(task, self._session.nurseries[0], self._book, _function(errand.draw))
        finally:
            self._book.save()


def _function(name: str | None) -> Draw | None:
    """The function of a name such as `package.module:function`."""
    if name is None:
        return None
    module, _, function = name.partition(":")
    found: Draw = getattr(importlib.import_module(module), function)
    return found
