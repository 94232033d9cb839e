"""`grader watch`: grades again whenever a file is saved, and shows one screen.

This process reads keys, looks at the folder and draws; it never imports PyTorch. What grades is started beside it
(`grader/running/watching.py`), and told what to grade next, which ends what it was doing.
"""

from __future__ import annotations

import contextlib
import io
import os
import selectors
import signal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text

from grader import launch
from grader.cli.check import (
    general_problems,
    problems_by_topic,
    read_submission,
    remember,
    starting,
    students_folder,
    wanted_exercises,
)
from grader.cli.hint import hint
from grader.cli.watching import folder as watched
from grader.cli.watching import signals
from grader.cli.watching.bell import Bell
from grader.cli.watching.keys import KEYS, Keyboard, keyboard
from grader.cli.watching.screen import Screen
from grader.course import registry
from grader.exits import EARNED, GRADER_FAILED, POINTS_MISSING, UsageProblem, complain
from grader.program import program
from grader.report import terminal, wording
from grader.report.model import ExerciseResult, Fault, Report
from grader.report.text import encodable, wrap
from grader.running.speaking import Line
from grader.running.watching import Request, Said, serve
from grader.submissions.model import Submission

if TYPE_CHECKING:
    from rich.console import RenderableType


_HANGUP = getattr(signal, "SIGHUP", signal.SIGTERM)  # what a terminal says that is closed, where it can


def watch(names: Sequence[str], *, seed: int) -> int:
    """Watches until somebody ends it; returns the exit status."""
    exercises = wanted_exercises(names)
    work = students_folder()
    ended: signal.Signals | None = None
    with (
        signals.heard() as heard,
        launch.beside(serve, exercises, seed) as end,
        Line(end) as line,
        watched.notices(work) as noticed,
        keyboard() as keys,
        selectors.DefaultSelector() as selector,
    ):
        for source in (heard, line, noticed):
            selector.register(source, selectors.EVENT_READ)
        if keys.is_there:
            selector.register(keys, selectors.EVENT_READ)
        watching = _Watch(work, exercises, line, Screen(), has_keys=keys.is_there)
        try:
            ended = _serve(watching, selector, heard, line, noticed, keys)
        except EOFError:  # the keyboard's: the terminal was closed
            ended = _HANGUP
        except OSError:
            if watching.screen.is_redrawn:  # a terminal that can no longer be written to
                ended = _HANGUP
            else:
                raise
    if watching.has_failed:
        return complain("what grades has ended unasked, which says nothing about the work", GRADER_FAILED)
    if ended == signal.SIGINT:
        raise KeyboardInterrupt
    if ended is not None:
        signal.signal(ended, signal.SIG_DFL)
        os.kill(os.getpid(), ended)
    return watching.status()


def _serve(
    watching: _Watch, selector: selectors.BaseSelector, heard: Bell, line: Line, noticed: Bell, keyboard: Keyboard
) -> signal.Signals | None:
    """Does what there is to do, until somebody quits; or the signal that ends it. Raises EOFError without a terminal."""
    watching.look()
    watching.draw()
    while not watching.is_over:
        ready = {key.fileobj for key, _ in selector.select(watched.LOOKING)}
        for number in signals.taken(heard) if heard in ready else ():
            if number in signals.ENDING:
                return number
            if number == getattr(signal, "SIGCONT", None):
                keyboard.listen()
            watching.screen.forget()
        if keyboard in ready:
            watching.press(keyboard.pressed())
        if line in ready:
            watching.hear(line)
        if noticed in ready:
            noticed.taken()
        watching.look(is_noticed=noticed in ready)
        watching.draw()
        watching.remember()
    return None


@dataclass
class _Watch:
    """What is known of the work, what was asked for, and what is on the screen."""

    folder: Path
    exercises: Sequence[registry.Exercise]
    line: Line
    screen: Screen
    has_keys: bool
    results: dict[str, ExerciseResult] = field(default_factory=dict)
    was_right: dict[str, bool] = field(default_factory=dict)  # when its file could be read last
    faults: dict[str, tuple[Fault, ...]] = field(default_factory=dict)  # by topic
    report: Report | None = None  # the last that came, for what does not belong to an exercise
    graded: dict[str, bytes] = field(default_factory=dict)  # by topic, what of the work its results are of
    asked: dict[str, bytes] = field(default_factory=dict)  # the same, of what is being graded
    last: dict[str, bytes] = field(default_factory=dict)  # the same, of what was read last
    saved: tuple[str, ...] = ()  # topics that were saved last
    right: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    read: Submission | None = None
    seen: watched.Look | None = None
    number: int = 0  # of the last request
    doing: str = ""  # what is said while something is being done
    top: str = ""  # the exercise that was chosen with a key
    shown: str = ""  # the page that was chosen with a key: "", "all", "keys" or "hint"
    hint: str = ""
    has_failed: bool = False
    is_over: bool = False
    is_told: bool = True  # where nothing is redrawn: the report was printed
    is_kept: bool = True  # what is right was noted, for `grader hint`

    def __post_init__(self) -> None:
        self.doing = starting()

    @property
    def topics(self) -> list[str]:
        return list(dict.fromkeys(exercise.topic for exercise in self.exercises))

    def status(self) -> int:
        """The exit status."""
        if any(self.faults.values()):
            return GRADER_FAILED
        known = [self.results.get(exercise.name) for exercise in self.exercises]
        return EARNED if all(one is not None and one.score >= one.max_score for one in known) else POINTS_MISSING

    def look(self, *, is_noticed: bool = False) -> None:
        """Has graded what differs from what was graded, where a file has changed: it looks so, or was noticed."""
        seen = watched.look(self.folder)
        if (seen == self.seen and not is_noticed) or self.has_failed:
            return
        self.seen = seen
        self.read = _read(self.folder)
        now = {topic: _content(self.read, topic) for topic in self.topics}
        saved = tuple(topic for topic in self.topics if self.last.get(topic) != now[topic])
        if not saved:
            return
        if self.last:
            self.saved = saved
        self.last = now
        stale = [topic for topic in self.topics if self.graded.get(topic) != now[topic]]
        stale.sort(key=lambda topic: topic not in self.saved)
        if not self.asked:
            self.right, self.lost = [], []
        self.asked = {topic: now[topic] for topic in stale}
        self.top = self.shown = ""
        if self.number:
            self.doing = "Checking …"
        self.number += 1
        self._ask(tuple(stale))

    def _ask(self, topics: tuple[str, ...]) -> None:
        assert self.read is not None
        request = Request(
            self.number,
            self.read.name,
            {topic: module.source for topic, module in self.read.modules.items()},
            problems_by_topic(self.read),
            general_problems(self.read),
            topics,
        )
        with contextlib.suppress(EOFError):  # which is noticed when something is to be received
            self.line.send(request)

    def hear(self, line: Line) -> None:
        """Takes in what the process that grades says."""
        try:
            messages = line.receive()
        except EOFError:
            self._fail()
            return
        for said in messages:
            if said.number == self.number:
                self._take(said)

    def _take(self, said: Said) -> None:
        if said.kind == "progress":
            self.doing = f"Checking {said.value} …"
        elif said.kind == "result":
            self._take_result(said.value)
        elif said.kind == "topic":
            self._take_report(*said.value)
        else:
            self.doing = ""
            self.asked = {}
            self.is_told = self.is_kept = False

    def _take_report(self, topic: str, report: Report) -> None:
        self.report, self.faults[topic] = report, report.faults
        self.graded[topic] = self.asked[topic]
        for result in report.exercises:
            self._take_result(result)

    def _take_result(self, result: ExerciseResult) -> None:
        self.results[result.name] = result
        if result.unread:
            return  # what was right may be so again
        is_right = result.status == "passed"
        if self.was_right.get(result.name, is_right) != is_right:
            names, others = (self.right, self.lost) if is_right else (self.lost, self.right)
            if result.name in others:
                others.remove(result.name)
            else:
                names.append(result.name)
        self.was_right[result.name] = is_right

    def _fail(self) -> None:
        self.has_failed = self.is_over = True
        self.doing = ""

    def press(self, keys: str) -> None:
        """Does what keys ask for."""
        for key in keys:
            if key == "q":
                self.is_over = True
            elif key == "n":
                self._next()
            elif key == "h":
                self._hint()
            else:
                page = {"a": "all", "?": "keys"}[key]
                self.shown = "" if self.shown == page else page

    def _next(self) -> None:
        """Puts the next exercise on top that is not right."""
        self.shown = ""
        report = self._whole()
        on_top = self._on_top(report) if report else None
        if report is None or on_top is None:
            return
        names = [exercise.name for exercise in report.exercises]
        place = names.index(on_top.name)
        after = [*report.exercises[place + 1 :], *report.exercises[:place]]
        after = [e for e in after if e.status != "passed" and wording.speaks(report, e)]
        if after:
            self.top = after[0].name

    def _hint(self) -> None:
        """Gives the next hint for the exercise on top."""
        report = self._whole()
        on_top = self._on_top(report) if report else None
        if on_top is None:
            return
        self.remember()
        given = io.StringIO()
        try:
            with contextlib.redirect_stdout(given):
                hint(on_top.name, again=False, every=False, width=min(self.screen.width, 80), further="press h again")
        except UsageProblem as problem:
            given.write(str(problem))
        self.hint, self.shown = given.getvalue().rstrip(), "hint"

    def _whole(self) -> Report | None:
        """The report of all that is known; None where nothing is."""
        if self.report is None:
            return None
        known = [self.results[e.name] for e in self.exercises if e.name in self.results]
        faults = tuple(fault for topic in self.topics for fault in self.faults.get(topic, ()))
        return replace(self.report, exercises=tuple(known), faults=faults)

    def _on_top(self, report: Report) -> ExerciseResult | None:
        """The exercise to look at: the one that was chosen, else the first that is open in what was saved, else at all."""
        open_ones = [exercise for exercise in report.exercises if exercise.status != "passed"]
        chosen = [exercise for exercise in open_ones if exercise.name == self.top]
        here = [exercise for exercise in open_ones if exercise.topic in self.saved]
        begun = [exercise for exercise in here if exercise.status != "not_started"]
        return next(iter([*chosen, *begun, *here]), report.first_open)

    def remember(self) -> None:
        """Notes what is right, once for each report."""
        if self.is_kept or self.asked or self.read is None:
            return
        report = self._whole()
        if report is not None:
            remember(report, self.read)
        self.is_kept = True

    def draw(self) -> None:
        """Shows how things stand."""
        if self.screen.is_redrawn:
            self.screen.show([*self._page(), *self._last_lines()])
        elif not self.is_told:
            self.is_told = True
            self.screen.show([*self._said_of_saving(), *self._page(), Text()])

    def _said_of_saving(self) -> Iterator[Text]:
        if self.saved:
            yield Text(f"{wording.listed([f'{topic}.py' for topic in self.saved])} saved:")

    def _page(self) -> Iterator[RenderableType]:
        report = self._whole()
        if self.shown == "keys":
            yield Text("Save a file, and it is graded.", "bold")
            yield Text()
            for key, does in KEYS.items():
                yield Text.assemble((f"  {key}   ", "bold"), does)
        elif self.shown == "hint":
            for line in wrap(self.hint, self.screen.width):
                yield Text(line)
        elif report is not None:
            yield terminal.Glance(
                report,
                on_top=self._on_top(report),
                right=self.right,
                lost=self.lost,
                overview=self.shown == "all",
                is_whole=len(report.exercises) == len(self.exercises),
                program=program(),
            )
        for fault in report.faults if report else ():
            yield from self._paragraph(f"{fault.where} could not be checked: this is a fault of the grader.", "bold")

    def _last_lines(self) -> Iterator[Text]:
        """What is being done, or what can be."""
        yield Text()
        if self.is_over:
            return
        if self.doing:
            yield from self._paragraph(self.doing, "bold")
        elif self.has_keys:
            hint = "h hint · " if registry.FACTS.show_hints else ""
            yield from self._paragraph(f"{hint}a all · n next · q quit · ? keys", "dim")
        else:
            yield from self._paragraph("Save a file, and it is graded. Ctrl-C ends this.", "dim")

    def _paragraph(self, text: str, style: str) -> Iterable[Text]:
        return [Text(line, style) for line in wrap(encodable(text, self.screen.encoding), self.screen.width)]


def _content(read: Submission, topic: str) -> bytes:
    """All of a submission that a topic's results depend on."""
    from grader.running.changes import imports_another

    module = read.modules.get(topic)
    if module is not None and imports_another(module.source):
        return read.digest().encode()
    return b"read" + module.source if module is not None else problems_by_topic(read).get(topic, "").encode()


def _read(folder: Path) -> Submission:
    """The work as it is now; where there is none just now, a submission without modules."""
    try:
        return read_submission(folder, named=False)
    except UsageProblem:
        return Submission(folder.parent.name, folder)
