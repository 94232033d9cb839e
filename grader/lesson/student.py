"""The student's functions for the lesson's pictures: all modules in one sandboxed worker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grader.course import registry
from grader.course.source import line_of
from grader.running.run import explain_load
from grader.running.subjects import from_reply
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.nursery import Nursery
from grader.sandbox.outer.worker import Worker, WorkerFailure
from grader.writing.answer import Answer
from grader.writing.failures import failure_of

LOAD_SECONDS = 30.0
CALL_SECONDS = 180.0
ALL_SECONDS = 300.0  # of the worker's own time, as the others


class NotDone(Exception):
    """The student's code did not give what a picture needs; the text is for the student."""


class SandboxedStudent:
    """Answers what `grader.lesson.pictures` asks, from a worker that holds every module of a submission."""

    def __init__(self, nursery: Nursery, sources: dict[str, bytes]) -> None:
        nursery.preload("torchvision")
        nursery.preload("grader.lesson.remote")
        self.nursery, self.sources = nursery, sources
        self.problems: dict[str, str] = {}
        self.worker: Worker | None = None
        self.spent = 0.0

    def call(self, topic: str, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of the student's returns. Raises NotDone."""
        return self._ask(topic, function, args, kwargs)

    def run(self, function: str, *args: Any, **kwargs: Any) -> Any:
        """What a function of `grader.lesson.remote` returns beside the student's modules. Raises NotDone."""
        return self._ask(None, function, args, kwargs)

    def close(self) -> None:
        """Ends the worker."""
        if self.worker is not None:
            self.worker.close()

    def __enter__(self) -> SandboxedStudent:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _ask(self, topic: str | None, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if self.worker is None or not self.worker.alive:
            self._start()
        if topic is not None and topic in self.problems:
            raise NotDone(self.problems[topic])
        answer = self._request({"op": "lesson", "topic": topic, "function": function, "args": args, "kwargs": kwargs})
        if answer.kind == "value":
            return answer.value
        if answer.kind == "raised" and answer.details["type"] == "KeyError":
            missing = answer.details["text"].strip("'")
            if missing in self.problems:
                raise NotDone(self.problems[missing])
            if missing in registry.FACTS.without:
                raise NotDone(f"This course leaves the topic {missing} out.")
            if missing not in self.sources and any(missing == known.name for known in registry.TOPICS):
                raise NotDone(f"There is no {missing}.py in this submission.")
        said = failure_of(answer).message
        if answer.kind == "raised" and "NotImplementedError" in answer.details["types"]:
            said = answer.details["text"] or "It is not written yet."
        frames = answer.details.get("frames", []) if answer.kind == "raised" else []
        place = self._place(frames, topic, function if topic else "")
        raise NotDone(f"{place}: {said}" if place else said)

    def _place(self, frames: Sequence[tuple[int, str, str]], topic: str | None, function: str) -> str:
        """The exercise that went wrong and its line, such as "conv2d (exercises/convolution.py:58)"; or nothing."""
        line, source = (frames[-1][0], frames[-1][2]) if frames else (None, "")
        topic = topic or next((name for name in self.sources if source and self._line(name, line) == source), None)
        if topic is None:
            return ""
        text = self.sources[topic].decode("utf-8", "replace")
        begins = {exercise: line_of(text, exercise) or 0 for exercise in registry.topic(topic).exercises}
        for number, name, _ in reversed(frames):
            before = [one for one, start in begins.items() if one.function == name and start <= number]
            if before:
                function = max(before, key=begins.__getitem__).name
                break
        else:
            function = function or (frames[-1][1] if frames else "")
            line = line or next((start for one, start in begins.items() if one.name == function), None)
        return f"{function} (exercises/{topic}.py{f':{line}' if line else ''})"

    def _line(self, topic: str, number: int | None) -> str:
        """A line of a module, as the worker gives the lines that an error passed."""
        lines = self.sources[topic].decode("utf-8", "replace").split("\n")
        return lines[number - 1].strip()[:200] if number and number <= len(lines) else ""

    def _start(self) -> None:
        """Starts a worker and imports every module in it; what cannot be imported becomes a problem of its topic."""
        files = {f"{topic}.py": source for topic, source in self.sources.items()}
        self.worker = Worker.start(self.nursery, files)
        for topic in self.sources:
            file = str(Path(self.worker.folder) / f"{topic}.py")
            loaded = self._request(
                {"op": "load", "topic": topic, "file": file, "modules": registry.MODULES}, LOAD_SECONDS
            )
            if loaded.kind != "value":
                # On a card there is room for a sentence: the line with its caret stands in the report.
                self.problems[topic] = explain_load(loaded, topic)[1].split("\n")[0]

    def _request(self, request: dict[str, Any], seconds: float = CALL_SECONDS) -> Answer:
        assert self.worker is not None
        before = self.worker.own_seconds()
        self.worker.received = 0  # nothing is kept but the answer itself
        try:
            return from_reply(self.worker.ask(request, Allowance.of(max(0.0, min(seconds, ALL_SECONDS - self.spent)))))
        except WorkerFailure as failure:
            return Answer(failure.status, details={"text": failure.text})
        finally:
            self.spent += self.worker.own_seconds() - before
