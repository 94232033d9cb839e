"""The terminal view: one screen that says what to do next, and why.

Lines are broken here and not by rich, so that a table stays a table at any width and in a pipe. Statuses are words and
signs, never colours alone; a stream that cannot take the signs gets ASCII ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.text import Text

from grader.course import registry
from grader.report import wording
from grader.report.model import CheckResult, ExerciseResult, Report
from grader.report.text import can_encode, encodable, many_lines, one_line, wrap

_WIDTH = 88  # lines no longer than this are easy to read, however wide the terminal
_STYLES = {
    "passed": "green",
    "partial": "yellow",
    "failed": "red",
    "not_started": "dim",
    "imports": "dim",
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
    "above": "↑",
}
_ASCII = {
    "passed": "+",
    "partial": "x",
    "failed": "x",
    "not_started": "-",
    "full": "#",
    "empty": ".",
    "edge": "|",
    "above": "^",
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
        elif len(wording.by_topic(self.report)) > 1 and self._untouched():
            yield from page.welcome(self.report)
        else:
            yield from page.next_step(self.report, self._on_top())

    def _untouched(self) -> bool:
        return all(exercise.status == "not_started" for exercise in self.report.exercises)

    def _on_top(self) -> ExerciseResult:
        asked_for = [e for e in self.report.exercises if e.status != "passed" and {e.topic, e.name} & set(self.show)]
        begun = [e for e in asked_for if e.status != "not_started"]
        found = next(iter(begun or asked_for), self.report.first_open)
        assert found is not None, "where everything is right, another screen is shown"
        return found


class Glance:
    """What `grader watch` shows of a report: what is new, one exercise as `Screen` has it on top, how far the whole is."""

    def __init__(
        self,
        report: Report,
        *,
        on_top: ExerciseResult | None = None,
        right: Sequence[str] = (),
        lost: Sequence[str] = (),
        overview: bool = False,
        is_whole: bool = True,
        program: str = "grader",
    ) -> None:
        """Keeps what is to be shown.

        Args:
            on_top: the exercise that is shown; without, the report's first that is open.
            right: exercises that have become right just now.
            lost: exercises that were right before.
            overview: a line for each exercise, in place of the one.
            is_whole: nothing is missing in the report, so that its total can be told.
            program: how commands that are shown begin.
        """
        self.report, self.on_top, self.program = report, on_top or report.first_open, program
        self.right, self.lost, self.overview, self.is_whole = right, lost, overview, is_whole

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        page = _Page(min(options.max_width, _WIDTH), console.encoding, self.program)
        if not self.overview:
            yield from page.news(self.right, self.lost)
        if self.is_whole and self.on_top is None:
            yield from page.finished(self.report)
        else:
            yield from page.glance(self.report, self.on_top, overview=self.overview, is_whole=self.is_whole)


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
        exercises, points = (
            wording.count(len(report.exercises), "small exercise"),
            wording.count(report.max_score, "point"),
        )
        yield Text("Welcome!", "bold")
        yield from self._paragraph(registry.FACTS.welcome.format(exercises=exercises, points=points))
        yield Text()
        yield from self._topics(report)
        yield Text()
        yield Text.assemble(("Do this next: ", "bold"), (self._clean(first.name), "bold cyan"))
        place = self._clean(first.location or f"the module {first.topic}")
        yield from self._paragraph(f"Open {place}: the function's text says what to write.", indent=4)
        yield from self._paragraph(f"Then: {self.program} check {self._clean(first.name)}", indent=4)
        if registry.FACTS.show_hints:
            yield from self._paragraph(f"Stuck? {self.program} hint {self._clean(first.name)}", indent=4)
        yield from self._notes(report)

    def next_step(self, report: Report, on_top: ExerciseResult) -> Iterator[Text]:
        """One exercise with its failure on top, everything else one line each."""
        above = wording.together(report, on_top)
        yield from self._block(on_top, above)
        if len(report.exercises) > 1:
            yield Text()
            yield from self._overview(report.exercises, above)
        yield from self._notes(report)
        yield Text()
        yield from self._total(report)

    def news(self, right: Sequence[str], lost: Sequence[str]) -> Iterator[Text]:
        """What has become right, and what is right no more."""
        for sign, names, (one, several) in (
            ("passed", right, ("is right.", "are right.")),
            ("failed", lost, ("was right before.", "were right before.")),
        ):
            if names:
                said = f"{self.signs[sign]} {self._clean(wording.listed(names))} {one if len(names) == 1 else several}"
                yield from self._paragraph(said, style=f"bold {_STYLES[sign]}")
        if right or lost:
            yield Text()

    def glance(
        self, report: Report, on_top: ExerciseResult | None, *, overview: bool, is_whole: bool
    ) -> Iterator[Text]:
        """One exercise, or a line for each, and how far the whole is."""
        if overview:
            yield from self._overview(report.exercises, ())
        elif on_top is not None:
            yield from self._block(on_top, wording.together(report, on_top))
        yield from self._notes(report)
        if is_whole and len(report.exercises) > 1:
            yield Text()
            yield from self._total(report)

    def everything(self, report: Report) -> Iterator[Text]:
        """Every exercise with all its checks, and how the run was done."""
        for topic, exercises in wording.by_topic(report).items():
            yield from self._spread(self._clean(topic), _points(exercises), "bold")
            for exercise in exercises:
                if exercise.unread and wording.speaks(report, exercise):
                    yield from self._unread(wording.together(report, exercise))
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
        head = f"{self.signs['passed']} {wording.number(report.score)} of {wording.count(report.max_score, 'point')}"
        yield Text(head, "bold green")
        if len(report.exercises) == len(registry.EXERCISES) and report.score == report.max_score:
            yield from self._paragraph(registry.FACTS.farewell)
            yield from self._paragraph(f"See what your functions can do: {self.program} pictures")
        elif wording.later_points(report):
            yield from self._paragraph("All that can be graded here is right. Well done!")
            yield from self._later(report)
        else:
            yield from self._paragraph(
                f"All that you asked for is right. Well done! The whole kit: {self.program} check"
            )
        if len(report.exercises) == 1:
            yield from self._printed("What your code printed:", report.exercises[0].output, lines=14)
        yield from self._notes(report)

    def _block(self, exercise: ExerciseResult, together: Sequence[ExerciseResult]) -> Iterator[Text]:
        """The exercise to look at, with its first check that is not right."""
        if exercise.unread:
            yield from self._unread(together)
            return
        yield from self._heading(exercise)
        worst = exercise.worst_check
        if exercise.status == "not_started":
            yield from self._paragraph("Next: write this function.", indent=4)
        elif worst is not None:
            yield from self._failure(worst, exercise, indent=4, brief=True)
            yield from self._note(exercise, [worst])
            yield from self._paragraph(wording.still_open(exercise), indent=4, style="dim")
        else:
            yield from self._note(exercise, ())
        yield from self._paragraph(self._clean(wording.where(exercise, self.program)), indent=4, style="cyan")
        if worst is not None and not worst.printed and worst.status not in ("failed", "error"):
            yield from self._printed("What your code printed:", exercise.output, lines=14)
        elif exercise.output:
            more = "more" if worst is not None and worst.printed else "something"
            yield from self._paragraph(
                f"Your code printed {more} in other calls: --verbose shows it.", indent=4, style="dim"
            )

    def _unread(self, exercises: Sequence[ExerciseResult]) -> Iterator[Text]:
        """A file that cannot be read, told once for all exercises in it."""
        first, style = exercises[0], _STYLES["failed"]
        said = f"{self.signs['failed']} {self._clean(first.unread)}  cannot be read"
        yield from self._spread(said, f"{_points(exercises)} points", f"bold {style}", style)
        if first.worst_check is not None:
            yield from self._lines(
                wording.message_lines(first.worst_check, width=self.width - 4, encoding=self.encoding), 4
            )
        yield from self._paragraph(self._clean(wording.waiting(exercises)), indent=4)
        yield from self._paragraph(self._clean(wording.where(first)), indent=4, style="cyan")
        yield from self._printed("What your code printed:", first.output, lines=14)

    def _all_checks(self, exercise: ExerciseResult) -> Iterator[Text]:
        yield from self._heading(exercise)
        if exercise.unread:
            return
        if exercise.status != "not_started":
            told = {id(group[0]): group for group in wording.told_together(exercise)}
            for check in exercise.checks:
                if not wording.is_open(check):
                    yield from self._check(check)
                for alike in told.get(id(check), ()):
                    yield from self._check(alike)
                    yield from self._failure(alike, exercise, indent=8, told=told[id(check)] if alike is check else ())
        yield from self._note(exercise, exercise.checks)
        if exercise.status in ("partial", "failed"):
            yield from self._paragraph(self._clean(wording.where(exercise, self.program)), indent=4, style="cyan")
        yield from self._printed("All that your code printed:", exercise.output, lines=28)

    def _heading(self, exercise: ExerciseResult) -> Iterator[Text]:
        style = _STYLES[exercise.status]
        word = wording.not_graded(exercise) if exercise.unread else wording.exercise_word(exercise)
        # A wrong answer is plain to see below; the other ways to lose points are named.
        said = "" if word in ("failed", "partial") else f"  {word}"
        name = f"{self.signs[exercise.status]} {self._clean(exercise.name)}"
        score = wording.points(exercise.score, exercise.max_score)
        yield from self._spread(name + said, score, f"bold {style}", style)

    def _check(self, check: CheckResult) -> Iterator[Text]:
        status = wording.look(check)
        left = f"    {self.signs[status]} {self._clean(check.name)}  {wording.CHECK_WORDS[check.status]}"
        right = f"{wording.number(check.score)} / {wording.number(check.max_score)}"
        yield from self._spread(left, right, _STYLES[status])

    def _failure(
        self,
        check: CheckResult,
        exercise: ExerciseResult,
        *,
        indent: int,
        brief: bool = False,
        told: Sequence[CheckResult] | None = None,
    ) -> Iterator[Text]:
        """A check that is not right; `told` are the checks of which all that is said, none where it is said elsewhere."""
        lines = wording.answer_lines(
            check, topic=exercise.module, width=self.width, margin=indent, encoding=self.encoding, brief=brief
        )
        yield from self._lines(lines, indent)
        if told is None or told:
            said = wording.message_lines(check, width=self.width - indent, encoding=self.encoding)
            yield from self._lines(said, indent)
        if told:
            yield from self._paragraph(self._clean(wording.known_mistake(told)), indent=indent, style="dim")
        if check.printed:
            yield from self._printed(wording.PRINTED, check.printed, lines=14 if brief else 28, indent=indent)

    def _lines(self, lines: Iterable[wording.Line], indent: int) -> Iterator[Text]:
        for line in lines:
            # Code begins at the very left: Python takes no other, where it is copied from here.
            margin = "" if line[0][1] in ("imports", "call") else " " * indent
            yield Text(margin).append_text(Text.assemble(*((text, _STYLES[role]) for text, role in line)))

    def _note(self, exercise: ExerciseResult, said_by: Iterable[CheckResult]) -> Iterator[Text]:
        """Which exercise to mend first, unless a check says so already."""
        if exercise.note and not any(exercise.note in check.message for check in said_by):
            yield from self._paragraph(encodable(many_lines(exercise.note), self.encoding), indent=4)

    def _printed(self, said: str, output: str, *, lines: int, indent: int = 4) -> Iterator[Text]:
        if not output:
            return
        yield Text(" " * indent + said, "dim")
        text = encodable(many_lines(output, lines=lines - 1, columns=300), self.encoding)
        for line in wrap(text, self.width - indent - 2, lines=lines):
            yield Text.assemble((f"{' ' * indent}{self.signs['edge']} ", "dim"), line)

    def _overview(self, exercises: Sequence[ExerciseResult], above: Sequence[ExerciseResult]) -> Iterator[Text]:
        """A line for each exercise, grouped by topic: beside the topic where there is room, else below it.

        Those that stand above are marked.
        """
        topics = {exercise.topic: None for exercise in exercises}
        margin = 2 + max(len(topic) for topic in topics)
        names = max(cell_len(self._clean(exercise.name)) for exercise in exercises)
        words = max(len(wording.exercise_word(exercise)) for exercise in exercises)
        scores = _column([(exercise,) for exercise in exercises])
        rest = 2 + 2 + words + 2 + len(scores[0]) + 2
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
            mark = f"  {self.signs['above']} above"
            if exercise not in above or margin + names + rest + len(mark) > self.width:
                mark = f" {self.signs['above']}" * (exercise in above)
            yield Text.assemble(
                (f"{topic if beside else '':<{margin}}", "bold"),
                (f"{self.signs[exercise.status]} {self._fit(exercise.name, names)}  ", style),
                (f"{wording.exercise_word(exercise):<{words}}  {score}", style),
                (mark, f"bold {style}"),
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
            yield from self._paragraph(
                f"{wording.count(later, 'point')} {'is' if later == 1 else 'are'} graded later, by your course.",
                style="dim",
            )
        waiting: dict[str, list[str]] = {}
        for exercise in report.exercises:
            if exercise.waits:
                waiting.setdefault(exercise.note, []).append(exercise.name)
        for note, names in waiting.items():
            said = f"{self._clean(wording.listed(names))}: {encodable(many_lines(note), self.encoding)}"
            yield from self._paragraph(said, style="dim")

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
        if not text:
            return
        for line in wrap(text, self.width - indent):
            yield Text(" " * indent + line, style)

    def _spread(self, left: str, right: str, style: str, right_style: str = "") -> Iterator[Text]:
        """A line with its two ends at the margins; what is too long for it begins in lines above."""
        *before, last = wrap(left, self.width - cell_len(right) - 2, lines=8)
        yield from (Text(line, style) for line in before)
        gap = " " * (self.width - cell_len(last) - cell_len(right))
        yield Text.assemble((last, style), gap, (right, right_style or style))

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
