"""Grades wrong answers with whatever kit is imported, so that a handout can be compared with the course's own.

`python -m tests.export.agreement HANDOUT` grades all of them with both, and lists what differs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

from grader.course.handed_out import FILE

ROOT = Path(__file__).resolve().parents[2]

Found = dict[str, dict[str, list[str]]]  # by wrong answer: its checks, each with its status and the name of its mistake


def slips() -> list[tuple[str, str, Any]]:
    """The exercise, the identifier and the function of every known mistake and wrong answer, of the course's files."""
    from grader.course import registry
    from grader.writing import mistake
    from tests.wrong.base import all_wrong_answers

    kept = dict(mistake.all_recorded())
    mistake.all_recorded().clear()
    for topic in registry.MODULES:
        for path in sorted((ROOT / "grader" / "topics" / topic).glob("mistakes*.py")):
            spec = importlib.util.spec_from_file_location(f"of_the_course.{topic}.{path.stem}", path)
            assert spec and spec.loader
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
    found = [(m.exercise, m.identifier, m.wrong) for each in mistake.all_recorded().values() for m in each]
    mistake.all_recorded().clear()
    mistake.all_recorded().update(kept)
    return found + [(w.exercise, w.identifier, w.function) for w in all_wrong_answers()]


def module(exercise: Any, wrong: Any) -> types.ModuleType:
    """The solution's module with the wrong function in place of the right one."""
    from grader.running.subjects import module_namespace
    from grader.writing.difference import Difference
    from grader.writing.mistake import put_into

    path = ROOT / "solutions" / f"{exercise.topic}.py"
    text = path.read_text(encoding="utf-8")
    if isinstance(wrong, Difference):
        return module_namespace(wrong.written_into(text), f"wrong_{exercise.topic}", str(path), as_it_stands=False)
    made = module_namespace(text, f"wrong_{exercise.topic}", str(path))
    put_into(wrong, vars(made), exercise.name)
    return made


def graded(places: slice, seed: int = 0, without: str = "") -> Found:
    """What comes of some of the wrong answers, in this process; of none to a topic that is to be left out."""
    from grader.course import registry
    from grader.running import diagnosis
    from grader.running.casebook import Casebook
    from grader.running.checking import run_check
    from grader.running.limits import Patience
    from grader.running.loading import checks_of
    from grader.running.reference import Reference
    from grader.running.shelf import Shelf
    from grader.running.subjects import LocalSubject
    from grader.writing.ask import Ask

    book = Casebook(seed, shelf=Shelf.of_user())
    found: Found = {}
    wanted = [slip for slip in slips() if registry.exercise(slip[0]).topic != without]
    for name, identifier, wrong in wanted[places]:
        exercise = registry.exercise(name)
        subject = LocalSubject(module(exercise, wrong), forbid=registry.topic(exercise.topic).off_limits)
        ask = Ask(subject, Reference(exercise.topic), function_name=exercise.function)
        told: dict[str, list[str]] = {}
        for check in checks_of(exercise.topic)[name]:
            failure = run_check(check, ask, book, Patience(), shrink=False)
            told[check.name] = [failure.status if failure else "passed", ""]
        failed = [check for check, (status, _) in told.items() if status in ("failed", "error")]
        transcript = [record.recorded() for record in ask.transcript]
        for check, known in diagnosis.name_mistakes(exercise, transcript, failed, book.known_answers).items():
            told[check][1] = known.identifier
        found[f"{name}: {identifier}"] = told
    return found


def sandboxed(folders: list[str], seed: int = 0) -> Found:
    """What comes of whole submissions, in the sandbox: folders of modules."""
    from grader.running.session import Session

    with Session.start(processes=1) as session:
        from grader.course import registry, source
        from grader.running import run
        from grader.running.casebook import Casebook
        from grader.running.shelf import Shelf

        book = Casebook(seed, shelf=Shelf.of_user())
        found: Found = {}
        for folder in map(Path, folders):
            paths = [folder / f"{topic}.py" for topic in registry.MODULES]
            sources = {path.stem: path.read_bytes() for path in paths if path.is_file()}
            report = run.grade(
                sources, name=folder.name, nursery=session.nurseries[0], casebook=book,
                exercises=source.held(sources, registry.EXERCISES),
            )  # fmt: skip
            assert not report.faults, report.faults
            for exercise in report.exercises:
                told = {check.name: [check.status, check.misconception or ""] for check in exercise.checks}
                found[f"{exercise.name}: {folder.name}"] = told
    return found


def elsewhere(kit: Path, call: str) -> Any:
    """What a call of this module gives, as JSON, in a process with the grader of another folder and the tests of this one."""
    paths = [str(kit), str(ROOT)]
    code = f"import json, sys; sys.path[:0] = {paths!r}; from tests.export import agreement; print(json.dumps({call}))"
    environment = {**os.environ, "PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def graded_by(kit: Path, places: slice, without: str = "", seed: int = 0) -> Found:
    """What a kit in another folder makes of some of the wrong answers."""
    found: Found = elsewhere(kit, f"agreement.graded({places!r}, {seed}, {without!r})")
    return found


def sandboxed_by(kit: Path, folders: list[Path], seed: int = 0) -> Found:
    """What a kit in another folder makes of whole submissions."""
    found: Found = elsewhere(kit, f"agreement.sandboxed({list(map(str, folders))!r}, {seed})")
    return found


def differences(course: Found, home: Found) -> list[str]:
    """What is told otherwise, but for what only the course can judge."""
    lines = [f"{label} is missing" for label in course.keys() ^ home.keys()]
    for label in course.keys() & home.keys():
        for check, told in course[label].items():
            mine = home[label][check]
            if mine[0] != "skipped" and mine != told:
                lines.append(f"{label}, {check}: {told} with the course, {mine} at home")
    return sorted(lines)


def main() -> None:
    """Compares a handout with this kit over all wrong answers, on as many processes as there are cores.

    Both grade with the seed that the handout is recorded for.
    """
    from concurrent.futures import ThreadPoolExecutor

    handout, parts = Path(sys.argv[1]).resolve(), 16
    seed = json.loads((handout / "grader" / "course" / FILE.name).read_text(encoding="utf-8"))["seed"]
    samples = sorted(path for path in (ROOT / "tests" / "samples" / "correct").iterdir() if path.is_dir())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tasks = [(kit, slice(part, None, parts)) for part in range(parts) for kit in (ROOT, handout)]
        done = []
        for found in pool.map(lambda task: graded_by(*task, seed=seed), tasks):
            done.append(found)
            print(f"{len(done)} of {len(tasks)} parts", file=sys.stderr)
        done += pool.map(lambda kit: sandboxed_by(kit, samples, seed), (ROOT, handout))
    course: Found = {label: told for part in done[::2] for label, told in part.items()}
    home: Found = {label: told for part in done[1::2] for label, told in part.items()}
    skipped = [
        (label, check) for label, told in home.items() for check, (status, _) in told.items() if status == "skipped"
    ]
    checks = sum(map(len, course.values()))
    print(f"{len(course)} answers, {checks} checks; left to the course at home: {len(skipped)}")
    for name in sorted({f"{label.partition(':')[0]}, {check}" for label, check in skipped}):
        print(f"  {name}")
    found = differences(course, home)
    print(f"{len(found)} differ")
    print("\n".join(found))


if __name__ == "__main__":
    main()
