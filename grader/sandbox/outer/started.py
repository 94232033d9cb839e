"""A worker that was started anew: threads that wait for its pipes, since not every system can wait for several at once."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass

from grader import neutral
from grader.sandbox.outer import jobs
from grader.sandbox.outer.process import Printed, Process
from grader.system import SIGKILL, ends, kill

try:
    import psutil
except Exception:  # it is not installed, or not for this system
    psutil = None  # type: ignore[assignment]

MOST_CHUNKS = 64  # of answers that nobody has taken yet; the worker waits then
_GONE = 2.0  # seconds for a process that has closed its pipes to be gone
_PATIENCE = 10.0  # seconds for what was printed to be read


@dataclass(frozen=True)
class ProcessClock:
    """What psutil says of a process's time. It does not say whether a thread sleeps: who uses nothing is taken to."""

    pid: int

    def processor(self) -> float | None:
        """Seconds of processor time that the process has used; None where that cannot be read."""
        if psutil is None:
            return None
        try:
            times = psutil.Process(self.pid).cpu_times()
        except psutil.Error:
            return None
        return float(times.user + times.system)

    def sleeps(self) -> bool:
        """Whether it may be asleep; how much of a tick it has used says the rest."""
        return True

    def waited(self) -> dict[str, float] | None:
        """Not known."""
        return None


class Started(Process):
    """The process, with threads for its three pipes.

    `most_memory` is how many bytes it may take.
    """

    def __init__(self, most_memory: int) -> None:
        self._most_memory = most_memory
        self.meanwhile: Callable[[], None] = lambda: None  # done before each wait
        outputs, written = os.pipe()
        command = neutral.python("from grader.sandbox.inner import started; started.main()")
        environment = neutral.environment()
        if os.name == "nt":
            # What lies in an environment there is a launcher, whose child would be the process.
            command[0] = getattr(sys, "_base_executable", sys.executable)
            environment["__PYVENV_LAUNCHER__"] = sys.executable
        try:
            self._popen = subprocess.Popen(
                command, env=environment, cwd=neutral.FOLDER, bufsize=0, **neutral.apart(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written,
            )  # fmt: skip
        except BaseException:
            os.close(outputs)
            os.close(written)
            raise
        super().__init__(self._popen.pid, ProcessClock(self._popen.pid))
        self._job = jobs.job_of(self._popen, most_memory)
        self._replies: queue.Queue[bytes] = queue.Queue(MOST_CHUNKS)
        self._requests: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._printed, self._keeping = Printed(), threading.Lock()
        self._written, self._mark = written, secrets.token_bytes(16)
        self._marks: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._receiving = _thread(self._receive)
        _thread(self._send)
        _thread(self._listen, outputs)

    def send(self, data: bytes) -> None:
        """Sends it, as soon as the process takes it; whatever it answers stays for `exchange`."""
        self._requests.put(data)

    def exchange(self, outbox: bytearray, seconds: float) -> bytes | None:
        if outbox:
            self.send(bytes(outbox))
            outbox.clear()
        self.meanwhile()
        with contextlib.suppress(queue.Empty):
            return self._replies.get(timeout=seconds)
        return None

    def is_speaking(self) -> bool:
        return not self._replies.empty()

    def printed(self) -> str:
        if self._written >= 0:  # what was printed before this mark is in the pipe before it
            with contextlib.suppress(OSError, queue.Empty):
                os.write(self._written, self._mark)
                self._marks.get(timeout=_PATIENCE)
        with self._keeping:
            return self._printed.taken()

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._popen.poll() is None

    def takes_too_much(self) -> bool:
        if psutil is None:
            return False
        try:
            return int(psutil.Process(self.pid).memory_info().rss) > self._most_memory
        except psutil.Error:
            return False

    def end(self) -> int | None:
        ends(self._popen, _GONE)  # who has closed the pipes is about to end by itself
        self._kill()
        return self._popen.wait()

    def close(self) -> None:
        self._kill()
        self._popen.wait()
        self._requests.put(None)
        while self._receiving.is_alive() and not self._replies.empty():  # it may wait for somebody who takes this
            self._replies.get()
        if self._written >= 0:
            text = self.printed()
            os.close(self._written)
            self._written = -1
            self._printed.add(text.encode())

    def _kill(self) -> None:
        """Kills the process and its children."""
        below = []
        if psutil is not None and self._job is None:  # a job ends all that is in it
            with contextlib.suppress(psutil.Error):
                below = [child.pid for child in psutil.Process(self.pid).children(recursive=True)]
        if self._job is not None:
            self._job.close()
        if self._popen.poll() is None:
            if hasattr(os, "killpg"):
                with contextlib.suppress(OSError):
                    os.killpg(self.pid, SIGKILL)
            kill(self.pid)
        for pid in below:
            kill(pid)

    def _send(self) -> None:
        """What is to be sent, in a thread: the process may be slow to take it."""
        pipe = self._popen.stdin
        assert pipe is not None
        with contextlib.suppress(OSError), pipe:  # nobody listens any more; the end of the replies says why
            for data in iter(self._requests.get, None):
                left = memoryview(data)
                while left:
                    left = left[pipe.write(left) or 0 :]

    def _receive(self) -> None:
        """What the process answers, in a thread; no bytes at the end."""
        pipe = self._popen.stdout
        assert pipe is not None
        with pipe:
            chunk = b"."
            while chunk:
                try:
                    chunk = os.read(pipe.fileno(), 1 << 20)
                except OSError:
                    chunk = b""
                self._replies.put(chunk)

    def _listen(self, outputs: int) -> None:
        """What the process prints, in a thread, until nobody holds the pipe's other end."""
        rest = b""
        while chunk := os.read(outputs, 1 << 16):
            *before, rest = (rest + chunk).split(self._mark)
            keep = len(rest) - _begun(rest, self._mark)
            with self._keeping:
                self._printed.add(b"".join(before) + rest[:keep])
            rest = rest[keep:]
            for _ in before:
                self._marks.put(None)
        os.close(outputs)


def _begun(text: bytes, mark: bytes) -> int:
    """How many bytes at the end of the text may be the beginning of the mark."""
    return next((count for count in range(min(len(text), len(mark) - 1), 0, -1) if text.endswith(mark[:count])), 0)


def _thread(work: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    return thread
