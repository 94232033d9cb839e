"""A worker that is forked of a nursery: pipes that are polled, and limits that the kernel holds."""

from __future__ import annotations

import os
import select
import time
from typing import TYPE_CHECKING

from grader.sandbox.outer.clock import WorkerClock
from grader.sandbox.outer.process import Printed, Process

if TYPE_CHECKING:
    from grader.sandbox.outer.forking import ForkedNursery

DRAINED_CHUNKS = 64


class Forked(Process):
    """The process, and this side's ends of its three pipes, which this closes."""

    def __init__(self, nursery: ForkedNursery, pid: int, requests: int, replies: int, outputs: int) -> None:
        super().__init__(pid, WorkerClock(pid))
        self._nursery, self._requests, self._replies, self._outputs = nursery, requests, replies, outputs
        self._printed = Printed()
        for fd in (requests, replies, outputs):
            os.set_blocking(fd, False)

    def exchange(self, outbox: bytearray, seconds: float) -> bytes | None:
        poll = select.poll()
        poll.register(self._outputs, select.POLLIN)
        poll.register(self._replies, select.POLLIN)
        if outbox:
            poll.register(self._requests, select.POLLOUT)
        ready = dict(poll.poll(seconds * 1000))
        if ready.get(self._outputs, 0) & select.POLLIN:
            self._drain(once=True)
        if outbox and ready.get(self._requests):
            try:
                del outbox[: os.write(self._requests, memoryview(outbox)[: 1 << 16])]
            except BlockingIOError:
                pass
            except OSError:
                outbox.clear()  # nobody listens any more; the end of the replies says why
        if ready.get(self._replies):
            return os.read(self._replies, 1 << 20)
        if ready.get(self._outputs, 0) == select.POLLHUP:
            time.sleep(0.01)  # the output is closed, which a program may do; the answer may still come
        return None

    def is_speaking(self) -> bool:
        poll = select.poll()
        poll.register(self._replies, select.POLLIN)
        return any(events & select.POLLIN for _, events in poll.poll(0))

    def printed(self) -> str:
        self._drain()
        return self._printed.taken()

    def takes_too_much(self) -> bool:
        return False  # the kernel gives it no more than it may take

    def end(self) -> int | None:
        status = self._nursery.end(self.pid)
        return None if status is None else os.waitstatus_to_exitcode(status)

    def close(self) -> None:
        try:
            self.end()
            self._drain()
        finally:
            for fd in (self._requests, self._replies, self._outputs):
                os.close(fd)
            self._requests = self._replies = self._outputs = -1

    def _drain(self, once: bool = False) -> None:
        for _ in range(1 if once else DRAINED_CHUNKS):  # a thread that prints without end must not hold anyone up
            try:
                chunk = os.read(self._outputs, 65536)
            except (BlockingIOError, OSError):
                return
            if not chunk:
                return
            self._printed.add(chunk)
