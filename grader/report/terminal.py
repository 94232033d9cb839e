"""The terminal view: one screen that says what to do next, and why.

Lines are broken here and not by rich, so that a table stays a table at any width and in a pipe. Statuses are words and
signs, never colours alone; a stream that cannot take the signs gets ASCII ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.text import Text

from grader.report import wording
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.text import can_encode, encodable, many_lines, one_line, wrap

_WIDTH = 88  # lines no longer than this are easy to read, however wide the terminal
_STYLES = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "not_started": "dim",
    "call": "bold",
    "label": "dim",
    "expected": "green",
    "got": "red",
    "judge": "dim",
    "message": "",
    "space": "",
}
_SIGNS = {
    "passed": "✓",
    "partial": "✗",
    "failed": "✗",
    "not_started": "·",
    "full": "█",
    "empty": "░",
    "edge": "│",
}
_ASCII = {
    "passed": "+",
    "partial": "x",
    "failed": "x",
    "not_started": "-",
    "full": "#",
    "empty": ".",
    "edge": "|",
}


def render(
    report: Report,
    *,
    console: Console,
    verbose: bool = False,
    show: Collection[str] | None = None,
    program: str = "grader",
) -> None:
    """Print a report.

    Args:
        console: where to; its width, encoding and colours are obeyed.
        verbose: every exercise with all its checks, instead of one screen.
        show: topics or exercises to look at first; without, the first that is begun but not right.
        program: how commands that are shown begin.
    """
    console.print(Screen(report, verbose=verbose, show=show, program=program), soft_wrap=True)


class Screen:
    """A report as rich prints it."""

    def __init__(
        self, report: Report, *, verbose: bool = False, show: Collection[str] | None = None, program: str = "grader"
    ) -> None:
        self.report = report
        self.program = program
        self.verbose = verbose
        self.show = show or ()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        page = _Page(min(options.max_width, _WIDTH), console.encoding, self.program)
        if self.verbose:
            yield from page.everything(self.report)
        elif self.report.first_open is None:
            yield from page.finished(self.report)
        elif all(exercise.status == "not_started" for exercise in self.report.exercises):
            yield from page.welcome(self.report)
        else:
            yield from page.next_step(self.report, self._on_top())

    def _on_top(self) -> ExerciseResult:
        asked_for = [e for e in self.report.exercises if e.status != "passed" and {e.topic, e.name} & set(self.show)]
        begun = [e for e in asked_for if e.status != "not_started"]
        return next(iter(begun or asked_for), self.report.first_open)


class _Page:
    """The lines of each kind of screen, for one width and encoding."""

    def __init__(self, width: int, encoding: str, program: str) -> None:
        self.width = width
        self.program = program
        self.bar = max(4, min(20, width - 28))
        self.encoding = encoding
        self.signs = _SIGNS if can_encode("".join(_SIGNS.values()), encoding) else _ASCII

    def welcome(self, report: Report) -> Iterator[Text]:
        """Nothing is begun: what this is, the topics, and the one thing to do."""
        first = report.exercises[0]
        count = len(report.exercises)
        yield Text("Welcome!", "bold")
        yield from self._paragraph(
            f"From single pixels to a pretrained network, in {count} small exercises worth "
            f"{wording.number(report.max_score)} points. You fill in a function, save, and read what is right and what "
            "is not yet."
        )
        yield Text()
        yield from self._topics(report)
        yield Text()
        yield Text.assemble(("Do this next: ", "bold"), (self._clean(first.name), "bold cyan"))
        place = self._clean(first.location or f"the module {first.topic}")
        yield from self._paragraph(f"Open {place}: the function's text says what to write.", indent=4)
        yield from self._paragraph(f"Then: {self.program} check {self._clean(first.name)}", indent=4)
        yield from self._paragraph(f"Stuck? {self.program} hint {self._clean(first.name)}", indent=4)
        yield from self._notes(report)

    def next_step(self, report: Report, on_top: ExerciseResult) -> Iterator[Text]:
        """One exercise with its failure on top, everything else one line each."""
        yield from self._block(on_top)
        others = [exercise for exercise in report.exercises if exercise is not on_top]
        if others:
            yield Text()
            yield from self._overview(others)
        yield from self._notes(report)
        yield Text()
        yield from self._total(report)

    def everything(self, report: Report) -> Iterator[Text]:
        """Every exercise with all its checks, and how the run was done."""
        for topic, exercises in wording.by_topic(report).items():
            yield self._spread(Text(self._clean(topic), "bold"), Text(_points(exercises), "bold"))
            for exercise in exercises:
                yield from self._all_checks(exercise)
            yield Text()
        yield from self._paragraph(
            f"Seed {report.seed}. {report.duration_seconds:.1f} seconds. "
            f"Protections: {', '.join(map(self._clean, report.protections)) or 'none'}."
        )
        yield from self._notes(report)
        yield Text()
        yield from self._total(report)

    def finished(self, report: Report) -> Iterator[Text]:
        """All is earned: warm and short."""
        head = f"{self.signs['passed']} {wording.number(report.score)} of {wording.number(report.max_score)} points"
        yield Text(head, "bold green")
        if report.score == 100:
            yield from self._paragraph(
                "Every exercise is right, from flattening a picture to giving a pretrained network a new head. You "
                "know now what happens inside a convolutional network. Well done!"
            )
            yield from self._paragraph(f"See what your functions can do: {self.program} pictures")
        elif wording.later_points(report):
            yield from self._paragraph("All that can be graded here is right. Well done!")
            yield from self._later(report)
        else:
            yield from self._paragraph(
                f"All that you asked for is right. Well done! The whole kit: {self.program} check"
            )
        if len(report.exercises) == 1:
            yield from self._printed(report.exercises[0], lines=14)
        yield from self._notes(report)

    def _block(self, exercise: ExerciseResult) -> Iterator[Text]:
        """The exercise to look at, with its first check that is not right."""
        yield self._heading(exercise)
        worst = exercise.worst_check
        if exercise.status == "not_started":
            yield from self._paragraph("Next: write this function.", indent=4)
        elif worst is not None:
            yield from self._failure(worst, indent=4, brief=True)
            more = len(wording.open_checks(exercise)) - 1
            if more:
                said = f"{more} more {'check is' if more == 1 else 'checks are'} not right yet; --verbose shows all."
                yield from self._paragraph(said, indent=4, style="dim")
        yield from self._paragraph(self._clean(wording.where(exercise, self.program)), indent=4, style="cyan")
        yield from self._printed(exercise, lines=14)

    def _all_checks(self, exercise: ExerciseResult) -> Iterator[Text]:
        yield self._heading(exercise)
        if exercise.status != "not_started":
            for check in exercise.checks:
                yield self._check(check)
                if wording.is_open(check):
                    yield from self._failure(check, indent=8)
        if exercise.status in ("partial", "failed"):
            yield from self._paragraph(self._clean(wording.where(exercise, self.program)), indent=4, style="cyan")
        yield from self._printed(exercise, lines=28)

    def _heading(self, exercise: ExerciseResult) -> Text:
        style = _STYLES[exercise.status]
        word = wording.exercise_word(exercise)
        left = Text(f"{self.signs[exercise.status]} {self._clean(exercise.name)}", f"bold {style}")
        # A wrong answer is plain to see below; the other ways to lose points are named.
        if word not in ("failed", "partial"):
            left.append(f"  {word}", style)
        return self._spread(left, Text(wording.points(exercise.score, exercise.max_score), style))

    def _check(self, check: CheckResult) -> Text:
        status = wording.look(check)
        known = f" (known mistake: {self._clean(check.misconception)})" if check.misconception else ""
        left = f"    {self.signs[status]} {self._clean(check.name)}  {wording.CHECK_WORDS[check.status]}{known}"
        right = f"{wording.number(check.score)} / {wording.number(check.max_score)}"
        return self._spread(Text(left, _STYLES[status]), Text(right, _STYLES[status]))

    def _failure(self, check: CheckResult, *, indent: int, brief: bool = False) -> Iterator[Text]:
        for line in wording.failure_lines(check, width=self.width - indent, encoding=self.encoding, brief=brief):
            yield Text(" " * indent).append_text(Text.assemble(*((text, _STYLES[role]) for text, role in line)))

    def _printed(self, exercise: ExerciseResult, *, lines: int) -> Iterator[Text]:
        if not exercise.output:
            return
        yield Text("    What your code printed:", "dim")
        text = encodable(wording.printed(exercise, lines=lines - 1), self.encoding)
        for line in wrap(text, self.width - 6, lines=lines):
            yield Text.assemble((f"    {self.signs['edge']} ", "dim"), line)

    def _overview(self, exercises: list[ExerciseResult]) -> Iterator[Text]:
        """A line for each exercise, grouped by topic: beside the topic where there is room, else below it."""
        topics = {exercise.topic: None for exercise in exercises}
        margin = 2 + max(len(topic) for topic in topics)
        names = max(cell_len(self._clean(exercise.name)) for exercise in exercises)
        words = max(len(wording.exercise_word(exercise)) for exercise in exercises)
        scores = _column([(exercise,) for exercise in exercises])
        rest = 2 + 2 + words + 2 + len(scores[0])
        beside = margin + names + rest <= self.width
        if not beside:
            margin = 2
            names = max(min(names, self.width - margin - rest), 8)
        last = None
        for exercise, score in zip(exercises, scores, strict=True):
            topic, last = ("" if exercise.topic == last else self._clean(exercise.topic)), exercise.topic
            if topic and not beside:
                yield Text(topic, "bold")
            style = _STYLES[exercise.status]
            yield Text.assemble(
                (f"{topic if beside else '':<{margin}}", "bold"),
                (f"{self.signs[exercise.status]} {self._fit(exercise.name, names)}  ", style),
                (f"{wording.exercise_word(exercise):<{words}}  {score}", style),
            )

    def _topics(self, report: Report) -> Iterator[Text]:
        topics = wording.by_topic(report)
        names = max(map(len, topics))
        for (topic, exercises), score in zip(topics.items(), _column(topics.values()), strict=True):
            bar = self._bar(sum(e.score for e in exercises), sum(e.max_score for e in exercises))
            yield Text.assemble(f"  {self._clean(topic):<{names}}  ", bar, f"  {score}")

    def _total(self, report: Report) -> Iterator[Text]:
        bar = self._bar(report.score, report.max_score)
        yield Text.assemble(("Total  ", "bold"), bar, (f"  {wording.points(report.score, report.max_score)}", "bold"))
        yield from self._later(report)

    def _later(self, report: Report) -> Iterator[Text]:
        later = wording.later_points(report)
        if later:
            yield from self._paragraph(f"{wording.number(later)} points are graded later, by your course.", style="dim")

    def _notes(self, report: Report) -> Iterator[Text]:
        if report.notes:
            yield Text()
        for note in report.notes:
            first, *rest = wrap(encodable(many_lines(note), self.encoding), self.width - 6, lines=8)
            yield Text.assemble(("Note: ", "bold yellow"), first)
            yield from (Text(f"      {line}") for line in rest)

    def _bar(self, score: float, max_score: float) -> Text:
        full = int(self.bar * score / max_score) if max_score else 0
        return Text.assemble((self.signs["full"] * full, "green"), (self.signs["empty"] * (self.bar - full), "dim"))

    def _paragraph(self, text: str, *, indent: int = 0, style: str = "") -> Iterator[Text]:
        for line in wrap(text, self.width - indent):
            yield Text(" " * indent + line, style)

    def _spread(self, left: Text, right: Text) -> Text:
        """One line with its two ends at the margins; the left one gives way."""
        room = self.width - right.cell_len - 2
        if left.cell_len > room:
            left.truncate(room, overflow="crop")
        return Text.assemble(left, " " * (self.width - left.cell_len - right.cell_len), right)

    def _fit(self, name: str, width: int) -> str:
        return set_cell_size(self._clean(name), width)

    def _clean(self, text: str) -> str:
        return encodable(one_line(text), self.encoding)


def _points(exercises: Collection[ExerciseResult]) -> str:
    return " / ".join(_score_and_worth(exercises))


def _column(groups: Collection[Collection[ExerciseResult]]) -> list[str]:
    """The points of each group of exercises, the numbers one below the other."""
    pairs = [_score_and_worth(group) for group in groups]
    left, right = (max(map(len, side)) for side in zip(*pairs, strict=True))
    return [f"{score:>{left}} / {worth:>{right}}" for score, worth in pairs]


def _score_and_worth(exercises: Collection[ExerciseResult]) -> tuple[str, str]:
    return (
        wording.number(sum(exercise.score for exercise in exercises)),
        wording.number(sum(exercise.max_score for exercise in exercises)),
    )
