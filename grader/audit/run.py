"""The audit: each thing that a trustworthy grader must do, tried on the grader itself."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from grader.audit.patience import OutOfTime, at_most
from grader.course import registry
from grader.course.paths import PACKAGE, root, solutions_folder
from grader.course.source import held, line_of

if TYPE_CHECKING:
    from grader.audit.shares import Cost

MUTANT_SECONDS = 20
SAMPLES = PACKAGE.parent / "tests" / "samples" / "correct"


@dataclass(frozen=True)
class Step:
    """One part of the audit: what was tried, how often, and every case in which the grader fell short."""

    name: str
    tried: int
    problems: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)
    table: Sequence[str] = ()

    @property
    def passed(self) -> bool:
        return not self.problems


SEEDS = (1, 2, 3, 7)  # besides 0, which everything else takes
Progress = Callable[[str, int, int], None]


def audit(
    session: Any,
    *,
    quick: bool,
    jobs: int,
    progress: Progress,
    exercises: Sequence[registry.Exercise] = registry.EXERCISES,
) -> Iterator[Step]:
    """Yields the steps of an audit of exercises as they are done.

    `quick` leaves out the mutants and all samples but one. Where the content itself is not whole, the other steps would
    tell the same less clearly, and are not taken.
    """
    from grader.audit import content

    told = content.problems(exercises)
    yield Step("the content is whole", len(exercises), tuple(told))
    if told:
        return
    yield _stubs_agree([exercise.topic for exercise in exercises])
    yield _solutions(session, exercises)
    yield _with_other_seeds(exercises, jobs, progress)
    yield _stubs_earn_nothing(session, exercises)
    yield _samples(session, quick, progress, exercises)
    from grader.running.loading import all_mistakes

    names = [exercise.name for exercise in exercises]
    yield Step("every exercise has two known mistakes or more", len(names), _too_few(all_mistakes(), names))
    graded = slips_graded(jobs, progress, names)
    problems = _joined([problems for _, problems in graded])
    yield Step("known mistakes and wrong answers lose points under their own names", len(graded), problems)
    alone = _spread(costs_others, names, jobs, lambda done: None)
    yield Step("a mistake costs no exercise that does not use it", len(alone), _joined(alone))
    yield _no_work_no_points(jobs, progress, names)
    yield fairness([cost for cost, _ in graded])
    if not quick:
        topics = list(dict.fromkeys(exercise.topic for exercise in exercises))
        yield mutation([registry.topic(topic) for topic in topics], jobs, progress, exercises)


def _with_other_seeds(exercises: Sequence[registry.Exercise], jobs: int, progress: Progress) -> Step:
    """The reference passes its own checks also on other examples."""
    asked = [(exercise.name, seed) for exercise in exercises for seed in SEEDS]
    found = _spread(_fails_itself, asked, jobs, lambda done: progress("other seeds", done, len(asked)))
    return Step("the solutions pass with other seeds, too", len(asked), _joined(found))


def _fails_itself(asked: tuple[str, int]) -> list[str]:
    from grader.running.casebook import Casebook
    from grader.running.loading import checks_of
    from grader.writing.failures import ReferenceFails

    name, seed = asked
    book = Casebook(seed)
    try:
        for check in checks_of(registry.exercise(name).topic)[name]:
            book.cases(check)
    except ReferenceFails as failure:
        return [str(failure)]
    return []


def _no_work_no_points(jobs: int, progress: Progress, names: Sequence[str]) -> Step:
    """Functions that do no work, in the exercises of these names."""
    tell = lambda done: progress("functions without work", done, len(names))  # noqa: E731
    found = _spread(_without_work, names, jobs, tell)
    return Step("functions that do no work earn nothing", len(found), _joined(found))


def _without_work(name: str) -> list[str]:
    from grader.audit import degenerate

    earned = degenerate.earned(registry.exercise(name))
    return [f"{name}: a function that {what} passes {', '.join(checks)}" for what, checks in earned.items()]


def slips_graded(jobs: int, progress: Progress, names: Sequence[str]) -> list[tuple[Cost, tuple[str, ...]]]:
    """What every known mistake and wrong answer of these exercises costs, and what is wrong with its name."""
    from grader.audit import shares

    places = [place for place, slip in enumerate(shares.slips()) if slip.exercise in names]
    return _spread(_slip_graded, places, jobs, lambda done: progress("known mistakes", done, len(places)))


def _slip_graded(place: int) -> tuple[Cost, tuple[str, ...]]:
    from grader.audit import shares

    return shares.graded(shares.slips()[place])


def fairness(costs: Sequence[Cost]) -> Step:
    """What slips cost, against what they are worth."""
    from grader.audit import shares

    problems = [problem for cost in costs if (problem := cost.problem)]
    mean = shares.mean_of_the_right(costs)
    if mean > shares.MOST_ON_AVERAGE:
        problems.append(f"slips that are right for the lesson's inputs lose {mean:.2f} on average, too much")
    return Step(
        "a slip costs what it is worth", len(costs), tuple(problems), {"mean": round(mean, 3)}, shares.table(costs)
    )


def _stubs_agree(topics: Sequence[str]) -> Step:
    from grader.course.stubs import differing

    asked = list(dict.fromkeys(topics))
    found = differing(solutions_folder(), root() / "exercises", asked)
    problems = tuple(
        f"exercises/{topic}.py is not what solutions/{topic}.py gives: run grader stubs" for topic in found
    )
    return Step("stubs agree with the solutions", len(asked), problems)


def _graded(session: Any, folder: Any, name: str, exercises: Sequence[registry.Exercise]) -> Any:
    """The report of the exercises that a folder's modules hold."""
    paths = {exercise.topic: folder / f"{exercise.topic}.py" for exercise in exercises}
    sources = {topic: path.read_bytes() for topic, path in paths.items() if path.is_file()}
    there = held(sources, exercises)
    return session.grade(sources, exercises=there, seed=0, name=name) if there else None


def _missed(report: Any) -> tuple[str, ...]:
    return tuple(
        f"{report.submission}: {exercise.name}, {check.name}: {check.status}. {check.message}"
        for exercise in (report.exercises if report is not None else ())
        for check in exercise.checks
        if check.status != "passed"
    )


def _solutions(session: Any, exercises: Sequence[registry.Exercise]) -> Step:
    report = _graded(session, solutions_folder(), "solutions", exercises)
    return Step("the solutions earn every point", 1, _missed(report))


def _stubs_earn_nothing(session: Any, exercises: Sequence[registry.Exercise]) -> Step:
    report = _graded(session, root() / "exercises", "stubs", exercises)
    problems = [f"{e.name} is {e.status}, with {e.score} points" for e in report.exercises if e.status != "not_started"]
    return Step("the stubs earn nothing and are not started", 1, tuple(problems))


def _samples(session: Any, quick: bool, progress: Progress, exercises: Sequence[registry.Exercise]) -> Step:
    folders = sorted(path for path in SAMPLES.iterdir() if path.is_dir()) if SAMPLES.is_dir() else []
    folders = folders[:1] if quick else folders
    problems: list[str] = []
    tried = 0
    for done, folder in enumerate(folders, start=1):
        report = _graded(session, folder, folder.name, exercises)
        tried += report is not None
        problems += _missed(report)
        progress("correct samples", done, len(folders))
    return Step("correct submissions in other styles earn every point", tried, tuple(problems))


def _too_few(mistakes: Sequence[Any], names: Sequence[str]) -> tuple[str, ...]:
    counts = {name: sum(mistake.exercise == name for mistake in mistakes) for name in names}
    return tuple(f"{name} has {count}" for name, count in counts.items() if count < 2)


def costs_others(name: str) -> list[str]:
    """Which other exercises of its topic lose points, without using it, where an exercise always fails."""
    from grader.audit import local
    from grader.running.diagnosis import with_function

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("this exercise fails")

    exercise = registry.exercise(name)
    module, users = with_function(exercise, fails), local.users_of(exercise)
    others = [other for other in registry.topic(exercise.topic).exercises if other.name not in users]
    return [
        f"{name} costs points in {other.name}, which does not use it: {failure.message}"
        for other in others
        if (failure := local.first_failure(module, other, twice=False)) is not None
    ]


def mutation(
    topics: Sequence[registry.Topic],
    jobs: int,
    progress: Progress,
    exercises: Sequence[registry.Exercise] = registry.EXERCISES,
) -> Step:
    """Tries every mutant of some topics' solutions that is not known to behave as the original does.

    Of a topic of which not all exercises are asked for, the mutants of those alone.
    """
    from grader.audit.mutants import mutants_of
    from grader.running.reference import reference_text

    mutants = [mutant for topic in topics for mutant in mutants_of(topic.name, reference_text(topic.name))]
    names = {topic.name for topic in topics}
    known = {key: why for key, why in equivalent_mutants().items() if key[0] in names}
    asked = [mutant for mutant in mutants if (mutant.topic, mutant.key) not in known]
    asked = [mutant for mutant in asked if _is_part_of(mutant.topic, mutant.line, exercises)]
    found = {(mutant.topic, mutant.key) for mutant in mutants}
    tell = lambda done: progress("mutants", done, len(asked))  # noqa: E731
    caught = _spread(_is_caught, [(mutant.topic, mutant.text, mutant.line) for mutant in asked], jobs, tell)
    problems = [
        f"a mutant survives, solutions/{mutant.topic}.py:{mutant.line}\n{mutant.diff(reference_text(mutant.topic))}\n"
        f"Does it behave as the original does? Then grader/topics/{mutant.topic}/equivalent.toml may say so, and why:\n"
        f"[[mutant]]\nchange = {json.dumps(mutant.key, ensure_ascii=False)}\nwhy = "
        for mutant, noticed in zip(asked, caught, strict=True)
        if not noticed
    ]
    problems += [
        f"recorded as equivalent, and no mutant any more: {topic}: {key}"
        for topic, key in known
        if (topic, key) not in found
    ]
    score = sum(caught) / len(asked) if asked else 1.0
    details = {"mutants": len(mutants), "equivalent": len(known), "caught": sum(caught), "score": round(score, 4)}
    return Step("mutants of the solutions are caught", len(asked), tuple(problems), details)


def equivalent_mutants() -> dict[tuple[str, str], str]:
    """Mutants that behave as the original does, by topic and change, each with the reason."""
    found: dict[tuple[str, str], str] = {}
    for topic in registry.TOPICS:
        file = files(f"grader.topics.{topic.name}").joinpath("equivalent.toml")
        if file.is_file():
            recorded = tomllib.loads(file.read_text(encoding="utf-8"))
            found |= {(topic.name, entry["change"]): entry["why"] for entry in recorded.get("mutant", ())}
    return found


def kill_matrix(jobs: int, progress: Progress, exercises: Sequence[registry.Exercise]) -> str:
    """Which case catches which wrong answer, as a table of comma-separated values."""
    from grader.audit import matrix, shares
    from grader.audit.mutants import mutants_of
    from grader.running.reference import reference_text

    names = {exercise.name for exercise in exercises}
    places = [place for place, slip in enumerate(shares.slips()) if slip.exercise in names]
    mutants: list[tuple[str, str, str, str]] = []
    equivalent = equivalent_mutants()
    for topic in dict.fromkeys(exercise.topic for exercise in exercises):
        for mutant in mutants_of(topic, reference_text(topic)):
            if (topic, mutant.key) not in equivalent:
                users = matrix.holders(topic, mutant.line)
                mutants += [(user, topic, mutant.key, mutant.text) for user in users if user in names]
    total = len(places) + len(mutants)
    rows = _spread(matrix.slip_row, places, jobs, lambda done: progress("wrong answers", done, total))
    rows += _spread(matrix.mutant_row, mutants, jobs, lambda done: progress("mutants", len(places) + done, total))
    # A mutant that does not load, or changes a helper that this exercise has no use for, says nothing about cases.
    return matrix.as_csv([row for row in rows if row.caught or row.kind == "slip"])


def _is_part_of(topic: str, line: int, exercises: Sequence[registry.Exercise]) -> bool:
    """Whether a line of a solution belongs to one of these exercises, or to what they share."""
    if set(registry.topic(topic).exercises) <= set(exercises):
        return True
    return _nearest_first(topic, line)[0] in exercises


def _nearest_first(topic: str, line: int) -> list[registry.Exercise]:
    """The topic's exercises, the one that the line is part of first: it is the one that will notice."""
    from grader.running.reference import reference_text

    text = reference_text(topic)

    def distance(exercise: registry.Exercise) -> int:
        start = line_of(text, exercise) or 0
        return line - start if start <= line else 10_000 + start

    return sorted(registry.topic(topic).exercises, key=distance)


def _is_caught(work: tuple[str, str, int]) -> bool:
    """Whether some check of the topic notices that the module is not the reference."""
    from grader.audit import local
    from grader.running.subjects import module_namespace

    topic, text, line = work
    try:
        with at_most(MUTANT_SECONDS):
            module = module_namespace(text, f"mutant_{topic}", str(solutions_folder() / f"{topic}.py"))
            return any(local.first_failure(module, exercise) for exercise in _nearest_first(topic, line))
    except (OutOfTime, Exception):  # it hangs, or does not even load: nobody takes that for right
        return True


def _spread(work: Callable[[Any], Any], items: Sequence[Any], jobs: int, progress: Callable[[int], None]) -> list[Any]:
    """The results for all items, in order, worked out by forked processes."""
    results = []
    with contextlib.ExitStack() as stack:
        stream: Iterator[Any]
        if jobs > 1:
            pool = stack.enter_context(multiprocessing.get_context("fork").Pool(jobs))
            stream = pool.imap(work, items, chunksize=2)
        else:
            stream = map(work, items)
        for result in stream:
            results.append(result)
            progress(len(results))
    return results


def _joined(lists: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(item for found in lists for item in found)
