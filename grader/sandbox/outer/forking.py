"""The grading process's end of a nursery: starts one, has it fork workers, and ends it with all of them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from dataclasses import asdict
from typing import Any

from grader import neutral
from grader.sandbox.confine import Plan
from grader.sandbox.outer.forked import Forked
from grader.sandbox.outer.nursery import START_SECONDS, Nursery, SandboxError

# Modules that hold answers: a process that has loaded one never becomes a nursery.
ANSWERS = ("grader.topics", "grader.writing", "grader.running", "grader.report", "solutions", "hypothesis", "_pytest")


class ForkedNursery(Nursery):
    """A nursery process and its control socket."""

    def __init__(self, pid: int, control: socket.socket, process: subprocess.Popen[bytes] | None = None) -> None:
        super().__init__()
        self.pid = pid
        self._control, self._process = control, process

    @classmethod
    def forked(cls) -> ForkedNursery:
        """A fork of this process, which has PyTorch loaded and must know nothing that students may not."""
        loaded = [name for name in sys.modules if name.startswith(ANSWERS)]
        assert not loaded, f"a process that has loaded {loaded[0]} cannot become a nursery"
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            cls._run(theirs)
        theirs.close()
        return cls(pid, ours)

    @classmethod
    def started(cls) -> ForkedNursery:
        """A process of its own, started with nothing of this one; it takes as long as importing PyTorch does."""
        ours, theirs = socket.socketpair()
        command = neutral.python("from grader.sandbox.inner import nursery; nursery.main()", str(theirs.fileno()))
        environment = neutral.environment()
        process = subprocess.Popen(command, env=environment, cwd=neutral.FOLDER, pass_fds=[theirs.fileno()])
        theirs.close()
        return cls(process.pid, ours, process)

    def another(self) -> ForkedNursery:
        """A fork of this nursery, which must have no workers: it can be closed, or left, in the middle of anything."""
        ours, theirs = socket.socketpair()
        with theirs:
            pid = self._ask({"op": "another"}, (theirs.fileno(),))["pid"]
        born = ForkedNursery(pid, ours)
        born.hidden, born._readable, born._preloaded = self.hidden, self.readable, set(self._preloaded)
        return born

    @staticmethod
    def _run(control: socket.socket) -> None:
        from grader.sandbox.inner import nursery

        with contextlib.suppress(BaseException):
            nursery.run(control)
        os._exit(1)

    def start(self, plan: Plan, folder: str) -> Forked:
        """Has a worker forked."""
        request_read, request_write = os.pipe()
        reply_read, reply_write = os.pipe()
        output_read, output_write = os.pipe()
        ours, theirs = (request_write, reply_read, output_read), (request_read, reply_write, output_write)
        try:
            pid = self._ask({"op": "start", "plan": {**asdict(plan), "folder": folder}}, theirs)["pid"]
        except BaseException:
            for fd in ours:
                os.close(fd)
            raise
        finally:
            for fd in theirs:
                os.close(fd)
        return Forked(self, pid, *ours)

    def end(self, pid: int) -> int | None:
        """Kills a worker with all that it left behind; returns its wait status."""
        return self._ask({"op": "end", "pid": pid}).get("status")

    def close(self) -> None:
        """Ends the nursery and every worker in it."""
        self._control.close()
        if self._process is not None:
            self._process.wait()
            return
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def _load(self, module: str) -> None:
        self._ask({"op": "preload", "module": module})

    def _ask(self, message: dict[str, Any], fds: tuple[int, ...] = ()) -> dict[str, Any]:
        data = json.dumps(message).encode()
        try:
            self._control.settimeout(START_SECONDS)
            socket.send_fds(self._control, [len(data).to_bytes(4, "big")], fds)
            self._control.sendall(data)
            length = int.from_bytes(self._exactly(4), "big")
            reply: dict[str, Any] = json.loads(self._exactly(length))
        except (OSError, EOFError) as error:
            raise SandboxError(f"the sandbox's parent process is gone ({type(error).__name__})") from error
        if "error" in reply:
            raise SandboxError(reply["error"])
        return reply

    def _exactly(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            chunk = self._control.recv(count - len(data))
            if not chunk:
                raise EOFError
            data += chunk
        return data
