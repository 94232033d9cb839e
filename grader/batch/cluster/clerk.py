"""A grading process of one's own, and what a Dask worker does with it: all that the cluster is asked to run.

A worker has threads and may be a daemon, so nothing is forked of it: the process is started anew, knows nothing of the
worker's memory, and ends when the worker does, since nobody holds its input open then.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import threading
from collections.abc import Sequence
from types import TracebackType

from grader import neutral
from grader.batch import messages
from grader.batch.cluster import frames
from grader.batch.limits import MOST_GRADED, SILENT_SECONDS

_PATIENCE = 10.0  # seconds for a process to clear away


class Gone(Exception):
    """The process gave no answer, and is of no use any more; the text says what is known of it."""


class Clerk:
    """A process that grades, in the same sandbox as elsewhere. Close it, or use it as a context manager.

    `hidden` is what no worker of it may read, besides the kit's own folders.
    """

    def __init__(self, hidden: Sequence[str] = ()) -> None:
        self.asked = 0
        command = neutral.python("from grader.batch.cluster import remote; remote.main()")
        self._process = subprocess.Popen(
            command, env=neutral.environment(), cwd=neutral.FOLDER, bufsize=0, **neutral.apart(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdin and self._process.stdout
        self._questions, self._answers = self._process.stdin, self._process.stdout
        hello = frames.Hello(dict(os.environ), os.getcwd(), tuple(hidden))
        with contextlib.suppress(OSError):  # the first question tells
            frames.send(self._questions.fileno(), messages.encoded(hello))

    @property
    def is_fresh(self) -> bool:
        """Whether it may be asked once more."""
        return self.asked < MOST_GRADED and self._process.poll() is None

    def ask(self, question: messages.Question) -> messages.Answer:
        """What it answers. Raises Gone."""
        self.asked += 1
        late = threading.Timer(SILENT_SECONDS, self._process.kill)  # its answers end then
        late.daemon = True
        late.start()
        try:
            frames.send(self._questions.fileno(), messages.encoded(question))
            answer = frames.receive(self._answers.fileno())
        except OSError as error:
            raise Gone(f"a grading process was lost: {error.strerror or error}") from error
        finally:
            is_late = late.finished.is_set()
            late.cancel()
        if answer is None:
            raise Gone("the grading did not come to an end" if is_late else "a grading process ended without a report")
        return messages.answer(answer)

    def kill(self) -> None:
        """Ends it in the middle of anything: who waits for its answer is told that it is gone."""
        self._process.kill()

    def close(self) -> None:
        """Has it clear away and end, or ends it."""
        for pipe in (self._questions, self._answers):
            pipe.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Clerk:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Desk:
    """Where a clerk sits, and a new one after each that was lost, failed or has answered often."""

    def __init__(self, hidden: Sequence[str] = ()) -> None:
        self.hidden = hidden
        self._clerk: Clerk | None = None
        self._lock = threading.Lock()  # one question at a time

    def ask(self, question: messages.Question) -> messages.Answer:
        """An answer in any case."""
        with self._lock:
            if self._clerk is not None and not self._clerk.is_fresh:
                self._leave()
            try:
                self._clerk = self._clerk or Clerk(self.hidden)
                answer = self._clerk.ask(question)
            except (Gone, OSError) as error:
                answer = messages.Failed(str(error))
            if isinstance(answer, messages.Failed) or _has_faults(answer):
                self._leave()
            return answer

    def stop(self) -> None:
        """Ends what sits there, also in the middle of a question; nobody may ask any more."""
        clerk = self._clerk
        if clerk is not None:
            clerk.kill()
        self.close()

    def close(self) -> None:
        """Ends what sits there."""
        with self._lock:
            self._leave()

    def _leave(self) -> None:
        if self._clerk is not None:
            self._clerk.close()
            self._clerk = None


def _has_faults(answer: messages.Answer) -> bool:
    return isinstance(answer, messages.Result) and answer.record.score is None


_desk = Desk()  # of this process, where it is a worker of a cluster


def run_errand(data: bytes) -> tuple[str, bytes]:
    """What a worker of a cluster does with an errand: its own address, and the answer."""
    from distributed import get_worker

    worker = get_worker()
    _desk.hidden = (os.path.realpath(worker.local_directory),)  # where it may keep others' results
    return worker.address, messages.encoded(_desk.ask(messages.question(data)))


async def say_who(data: bytes) -> bytes:
    """What a worker says of itself, while it goes on with what else it does."""
    return messages.encoded(await asyncio.to_thread(_desk.ask, messages.question(data)))
