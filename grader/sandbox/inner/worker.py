"""A worker: the process in which one topic of one submission lives. It imports the module and answers calls."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.utils.data

from grader.sandbox import wire
from grader.sandbox.inner import builders, drivers, offlimits, siblings, stand_ins
from grader.sandbox.inner.errors import describe_error, file_of
from grader.sandbox.inner.pipe import encoded, read, write

# Ways to find objects that nobody has handed out, or to be told of all that runs.
_SEARCHES = frozenset(
    {
        "gc.get_objects", "gc.get_referrers", "gc.get_referents", "sys._current_frames",
        "sys.setprofile", "sys.settrace", "sys.monitoring.register_callback",
    }
)  # fmt: skip
FIRST_SEED = 20_240_601
_set_grad_enabled = torch.set_grad_enabled  # bound early: what a submission patches later does not count


def serve(request_fd: int, reply_fd: int) -> None:
    """Answers requests until the pipe closes. Each request is a dict with an "op"; its number comes back."""
    _settle()
    worker = Worker(request_fd, reply_fd)
    _become_nameless()
    while (received := read(request_fd)) is not None:
        worker.number, request = received
        reply = worker.answer(request)
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):  # a student may have closed or replaced it
                stream.flush()
        write(reply_fd, encoded(reply).frame(worker.number))


def _settle() -> None:
    """Has PyTorch make anew, while only one thread runs, the pool and the engine that a fork leaves behind."""
    torch.set_num_threads(1)
    torch.ones(1, requires_grad=True).sum().backward()


def _become_nameless() -> None:
    """Takes what runs here, which notes what the student's code does, out of reach of its imports.

    The networks that students' code is given keep a name, so that they can be saved in a file.
    """
    networks = types.ModuleType("networks")
    for name, made in vars(builders).items():
        if isinstance(made, type) and issubclass(made, torch.nn.Module):
            made.__module__ = networks.__name__
            setattr(networks, name, made)
    kit = os.path.realpath(Path(__file__).parents[3])
    sys.path[:] = [path for path in sys.path if os.path.realpath(path) != kit]
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    sys.modules[networks.__name__] = networks
    sys.addaudithook(_refuse_search)


def _refuse_search(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuses to list or to follow the objects and frames of this process; there is no way to take it back."""
    if event in _SEARCHES:
        raise PermissionError(f"{event} is not available here")


class Worker:
    """The student's module of one topic and what may be asked of it."""

    def __init__(self, request_fd: int, reply_fd: int) -> None:
        self.request_fd, self.reply_fd = request_fd, reply_fd
        self.number = 0
        self.module: types.ModuleType | None = None
        self.modules: dict[str, types.ModuleType] = {}
        self.file = ""
        self.seal: offlimits.Seal | None = None
        self.asking = threading.Lock()
        self.remote = sys.modules.get("grader.lesson.remote")  # there where a lesson is to be drawn

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.seal is not None:
            self.seal.called = None
        try:
            if request["op"] == "load":
                others = request.get("modules", ())
                value = self.load(request["topic"], request["file"], request.get("off_limits", ()), others)
                for name, takes in request.get("stand_ins", {}).items():
                    setattr(self.module, name, stand_ins.stand_in(name, takes, self.exchange))
            elif request["op"] == "lesson":
                prepare()
                value = self.lesson(request["function"], request["topic"], request["args"], request["kwargs"])
            elif request["op"] == "operator":
                value = offlimits.run_operator(request["operator"], request["args"], request["kwargs"])
            else:
                prepare()
                value = drivers.DRIVERS[request["driver"]](self.module, **request["arguments"])
            reply: dict[str, Any] = {"value": value}
        except drivers.MissingName as missing:
            reply = {"missing": missing.name}
        except drivers.NoGradient:
            reply = {"no_gradient": True}
        except BaseException as error:  # whatever the student's code raises is an answer, SystemExit too
            reply = {"raised": self.described(error)}
        # Every second answer: a seal that was undone stays so, and trying it takes a tenth of a short call.
        if self.seal is not None and self.seal.called is None and self.number % 2 == 0 and not self.seal.is_whole():
            self.seal.called = "the seal on convolution and pooling, undone"
        if self.seal is not None and self.seal.called is not None:
            line = reply["raised"]["line"] if "raised" in reply else None
            reply = {"off_limits": self.seal.called, "line": line}
        return reply

    def described(self, error: BaseException) -> dict[str, Any]:
        """The exception as plain data; its class is the student's, and may misbehave while it is being read."""
        try:
            return describe_error(error, self.file)
        except BaseException:
            return describe_error(RuntimeError("an exception that cannot be read"), self.file)

    def lesson(self, function: str, topic: str | None, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls a function of a student's module, or, without a topic, one of the lesson's beside all of them."""
        if topic is not None:
            self.file = self.modules[topic].__file__ or ""
            return getattr(self.modules[topic], function)(*args, **kwargs)
        try:
            return getattr(self.remote, function)(self.modules, *args, **kwargs)
        except BaseException as error:
            self.file = file_of(error, self.modules) or self.file  # whose lines are told
            raise

    def load(self, topic: str, file: str, off_limits: Sequence[str], others: Sequence[str]) -> dict[str, Any]:
        """Imports the student's module under the topic's name; `others` are the modules that there may be beside it."""
        prepare()
        self.file = file
        if off_limits:
            self.seal = offlimits.Seal(self.ask_for_operator, off_limits)
        if not self.modules:
            siblings.use_folder(Path(file).parent, {topic, *others})
        loaded = sys.modules.get(topic)  # another module may have imported it already
        self.module = loaded if getattr(loaded, "__file__", None) == file else siblings.run(topic, file)
        self.modules[topic] = self.module  # type: ignore[assignment]  # it has that file, so it is one
        if self.seal is not None:
            self.seal.close()
        return {}

    def ask_for_operator(self, operator: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Has the grading process compute a sealed operator, which it does only while the module is being imported."""
        question = {"operator": operator, "args": offlimits.portable(args), "kwargs": offlimits.portable(kwargs)}
        reply = self.exchange(question)
        if "value" not in reply:
            raise RuntimeError(reply.get("raised", {}).get("text", "the operator could not be computed"))
        return offlimits.restored(reply["value"])

    def exchange(self, message: dict[str, Any]) -> dict[str, Any]:
        """Asks the grading process something in place of an answer, and waits for what it says."""
        reply: dict[str, Any]
        with self.asking:
            write(self.reply_fd, wire.encode(message).frame(self.number))
            received = read(self.request_fd)
            if received is None:
                raise EOFError
            self.number, reply = received
        return reply


def prepare() -> None:
    """Sets every random source and switches gradients on, so that an answer does not depend on what was asked before."""
    _set_grad_enabled(True)
    torch.default_generator.manual_seed(FIRST_SEED)
    np.random.seed(FIRST_SEED)
    random.seed(FIRST_SEED)
