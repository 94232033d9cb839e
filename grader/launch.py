"""Has the grading done by a process that was started clean: the ancestor, of which the nurseries are forked.

Students' code lives in forks of a process, and can read what that process had in its memory. So what grades is not
the process of the command, which knows its arguments and variables, but one that is started with neither, imports
PyTorch, forks the nurseries, and only then is told the rest, through a pipe. PyTorch is imported once, while the
command reads its arguments.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import pickle
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from grader import neutral
from grader.exits import GRADER_FAILED, UsageProblem
from grader.system import can_fork, end_by, ends, kill


@dataclass(frozen=True)
class Meeting:
    """Where a companion that was started anew meets who started it: a port of this machine's own, and what it says there."""

    port: int
    token: bytes


@dataclass(frozen=True)
class Told:
    """What the ancestor is told once its nurseries are born: who calls it, and what is to be run."""

    environment: dict[str, str]
    folder: str
    arguments: list[str]
    typed: list[str]
    bytecode: bool
    encodings: tuple[tuple[str, str | None], ...]
    function: Callable[..., int]
    args: tuple[Any, ...]
    options: dict[str, Any]
    meeting: Meeting | None = None


_PATIENCE = 1.0  # seconds


class _Ancestor:
    """The process, started and not told anything yet."""

    def __init__(self, nurseries: int, talks: bool, apart: bool) -> None:
        read_end, self.pipe = os.pipe()
        self.ends = socket.socketpair() if talks else None
        inherited = [read_end, *([self.ends[1].fileno()] if self.ends else [])]
        numbers = map(str, (read_end, nurseries, os.getpid()))
        # Whoever interrupts it while it imports PyTorch, which takes longest, is to see no traceback.
        quiet = "import signal; signal.signal(2, signal.SIG_DFL); signal.pthread_sigmask(signal.SIG_UNBLOCK, [2])"
        command = neutral.python(f"{quiet}; from grader.sandbox.outer import ancestor; ancestor.main()", *numbers)
        # Held back, not lost: the mask is inherited, and that program's first line lets the signal through.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        self.process = subprocess.Popen(
            command, env=neutral.environment(), cwd=neutral.FOLDER, pass_fds=inherited, start_new_session=apart
        )
        os.close(read_end)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def run(self, told: Told) -> int:
        """Tells it what to do, waits for it and gives its exit status; it ends whenever this process is ended."""
        before = signal.signal(signal.SIGTERM, _stop)
        try:
            self.tell(told)
            status = self._wait()
        except _Terminated:
            self.end()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)
            raise
        finally:
            signal.signal(signal.SIGTERM, before)
        if status == -signal.SIGINT:
            raise KeyboardInterrupt
        if status < 0:
            name = signal.Signals(-status).name
            why = ". Most often that is for want of memory: 768 MB are enough" if name == "SIGKILL" else ""
            said = f"the grader itself was ended by {name}, which says nothing about the work{why}"
            print(f"grader: {said}", file=sys.stderr)
            return GRADER_FAILED
        return status

    def tell(self, told: Told) -> None:
        """Tells it what to do."""
        with os.fdopen(self.pipe, "wb") as pipe, contextlib.suppress(BrokenPipeError):
            pickle.dump(told, pipe)

    def leave(self) -> None:
        """Ends it where nothing came of the command."""
        for end in self.ends or ():
            end.close()
        os.close(self.pipe)
        self.process.kill()
        self.process.wait()

    def _wait(self) -> int:
        interrupted = False
        while True:
            try:
                return self.process.wait(_PATIENCE if interrupted else None)
            except KeyboardInterrupt:
                interrupted = True  # it was interrupted as well, as by a terminal, and clears away
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGINT)  # it was not
                interrupted = False

    def end(self) -> None:
        """Has it clear away and end, or ends it."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class _Companion:
    """A process that is started anew, where none can be forked of one that is ready; it is told the rest later, too.

    The two meet at a port, since not every system can hand over a socket.
    """

    def __init__(self) -> None:
        command = neutral.python("from grader.sandbox.outer import companion; companion.main()")
        self.process = subprocess.Popen(
            command, env=neutral.environment(), cwd=neutral.FOLDER, stdin=subprocess.PIPE,
            **neutral.apart(),
        )  # fmt: skip

    def meet(self, told: Told) -> socket.socket:
        """Tells it what to do; the end of the line to it. Raises UsageProblem where it does not come."""
        token = secrets.token_bytes(32)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(_PATIENCE)
            assert self.process.stdin is not None
            with contextlib.suppress(OSError), self.process.stdin as pipe:
                pickle.dump(replace(told, meeting=Meeting(server.getsockname()[1], token)), pipe)
            while self.process.poll() is None:
                with contextlib.suppress(OSError):
                    end, _ = server.accept()
                    end.settimeout(_PATIENCE)
                    if hmac.compare_digest(_exactly(end, len(token)), token):
                        return end
                    end.close()
        raise UsageProblem("what grades has ended unasked, which says nothing about the work")

    def leave(self) -> None:
        """Ends it where nothing came of the command."""
        self.end()

    def end(self) -> None:
        """Ends it; its workers end with it."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if not ends(self.process, _PATIENCE):
            kill(self.process.pid)
            self.process.wait()


def _exactly(end: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (chunk := end.recv(count - len(data))):
        data += chunk
    return data


class _Terminated(BaseException):
    """Somebody ends this process."""


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # once is enough: the clearing away is not to be interrupted
    raise _Terminated


_waiting: _Ancestor | _Companion | None = None


def ahead(nurseries: int = 2, *, talks: bool = False, apart: bool = False) -> None:
    """Starts the process that will grade, before it is known what: importing PyTorch takes it a while.

    One that `talks` is for `beside` and `Companion`, any other for `run`. What interrupts this process and all of its
    group, as a terminal or a notebook does, does not reach one that is `apart`. Where nothing can be forked, a command
    does its work itself, and what is started ahead is the first worker, or who talks.
    """
    global _waiting
    if _waiting is not None:
        return
    if can_fork():
        _waiting = _Ancestor(nurseries, talks, apart)
    elif talks:
        _waiting = _Companion()
    else:
        from grader.sandbox.outer import starting

        starting.be_ready()


def run(function: Callable[..., int], *args: Any, **options: Any) -> int:
    """Runs a function of the kit in the process that was started ahead, or here where none was; its exit status.

    Args:
        function: a module's own function, which returns an exit status or raises as commands do.
        args, options: what it is called with; they are pickled.
    """
    global _waiting
    if _waiting is None:
        _clear_away_when_ended()
        return function(*args, **options)
    ancestor, _waiting = _waiting, None
    assert isinstance(ancestor, _Ancestor)
    return ancestor.run(_told(function, args, options))


def _clear_away_when_ended() -> None:
    """Has this process, which grades by itself, leave nothing where a signal ends it. Its workers end with it."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # in a thread
                signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    """Clears away and ends at once: an exception could be swallowed on its way."""
    signal.signal(number, signal.SIG_IGN)
    end_by(number)


class Companion:
    """The process that was started ahead, which runs a function of the kit while this one goes on; the two talk.

    Args:
        function: as in `run`; its first argument is the number of its end of a socket, of which `end` is the other.
        args: its further arguments.

    Raises UsageProblem where it does not start.
    """

    def __init__(self, function: Callable[..., int], *args: Any) -> None:
        global _waiting
        assert _waiting is not None, "`ahead` starts it"
        self._process, _waiting = _waiting, None
        self.pid = self._process.process.pid
        try:
            if isinstance(self._process, _Companion):
                self.end = self._process.meet(_told(function, args, {}))
                return
            assert self._process.ends is not None, "one that talks"
            self.end, theirs = self._process.ends
            with theirs:
                self._process.tell(_told(function, (theirs.fileno(), *args), {}))
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Ends what is left of that process."""
        if hasattr(self, "end"):
            self.end.close()
        self._process.end()


@contextlib.contextmanager
def beside(function: Callable[..., int], *args: Any) -> Iterator[socket.socket]:
    """A `Companion` for a block, which is given this process's end of the socket."""
    companion = Companion(function, *args)
    try:
        yield companion.end
    finally:
        companion.close()


def _told(function: Callable[..., int], args: tuple[Any, ...], options: dict[str, Any]) -> Told:
    sys.stdout.flush()
    sys.stderr.flush()
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return Told(
        dict(os.environ), os.getcwd(), sys.argv, sys.orig_argv, not sys.dont_write_bytecode,
        tuple((stream.encoding, stream.errors) if stream else ("utf-8", "strict") for stream in streams),
        function, args, options,
    )  # fmt: skip


def leave() -> None:
    """Ends the process that was started ahead, where it was not needed after all."""
    global _waiting
    if not can_fork():
        from grader.sandbox.outer import starting

        starting.leave()
    if _waiting is not None:
        waiting, _waiting = _waiting, None
        waiting.leave()
