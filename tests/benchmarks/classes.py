"""Makes a class to grade: right work in many styles, known mistakes, untouched stubs, hostile and unreadable work.

`python -m tests.benchmarks.classes COUNT DIR [--seed N]` writes a folder for each student, the same for the same numbers.
"""

from __future__ import annotations

import argparse
import random
import zipfile
from pathlib import Path

from grader.course import registry
from grader.course.stubs import function_stub, stub_text
from grader.running.loading import mistakes_of
from grader.writing.difference import Difference, DoesNotFit

ROOT = Path(__file__).resolve().parents[2]
STYLES = ROOT / "tests" / "samples" / "correct"
FIRST, LAST = (
    names.split()
    for names in (
        "Anna Ben Chloé Dmitri Eun-ji Fatima Göran Hana Ivo José Kwame Lìxià Mehmet Nkechi Óscar Priya Quentin Rania "
        "Søren Thị Uxía Václav Wen Ximena Yusuf Zoë Анна 伟 דוד مريم",
        "Lee O'Neil Müller Okafor García 李 Иванова Nguyễn Smith-Jones Åberg Şahin כהן علي Rossi van_der_Berg Kim Dubois",
    )
)
HOSTILE = (
    "import os\nos._exit(0)\n",
    "while True: pass\n",
    "import sys\nsys.exit(0)\n",
    "class Always:\n    def __eq__(self, other): return True\n    __hash__ = None\n",
    "print('x' * 50_000_000)\n",
    "raise SystemExit('no')\n",
    "import os\nwhile True: os.fork()\n",
    "x = [0] * 10**10\n",
)


def made(folder: Path, count: int, *, seed: int = 0) -> Path:
    """Writes the work of so many students below a folder; the shares of each kind are roughly those of real classes."""
    chance = random.Random(seed)
    names = [f"{chance.choice(FIRST)} {chance.choice(LAST)} {number:04}" for number in range(count)]
    styles = sorted(path for path in STYLES.iterdir() if path.is_dir())
    for name in names:
        kind = chance.random()
        if kind < 0.02:
            _unreadable(folder, name, chance)
        elif kind < 0.05:
            _write(
                folder / name, {"shapes": chance.choice(HOSTILE) + _solution("shapes"), "weights": _solution("weights")}
            )
        elif kind < 0.25:
            _write(folder / name, _of_style(chance.choice(styles)))
        else:
            _write(folder / name, {topic: _work(topic, chance) for topic in registry.MODULES})
    return folder


def _solution(topic: str) -> str:
    return (ROOT / "solutions" / f"{topic}.py").read_text(encoding="utf-8")


def _of_style(style: Path) -> dict[str, str]:
    return {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted(style.rglob("*.py"))
        if path.stem in registry.MODULES
    }


def _work(topic: str, chance: random.Random) -> str:
    """A module: each exercise right, wrong in one thing, or not begun."""
    text = _solution(topic)
    untouched = stub_text(text)
    if chance.random() < 0.06:
        return untouched
    for exercise in registry.topic(topic).exercises:
        kind = chance.random()
        if kind < 0.12:
            wrong = [one.wrong for one in mistakes_of(exercise.name) if isinstance(one.wrong, Difference)]
            try:
                text = chance.choice(wrong).written_into(text) if wrong else text
            except DoesNotFit:  # another mistake stands where it would
                continue
        elif kind < 0.16:
            text = _without(text, exercise.name, untouched)
    return f"# {chance.randrange(10**6)}\n{text}"


def _without(text: str, exercise: str, untouched: str) -> str:
    """The text with one exercise's stub in place of its function."""
    from grader.course.stubs import function_source

    own, stub = ("\n".join(lines) for lines in (function_source(text, exercise), function_stub(untouched, exercise)))
    return text.replace(own, stub)


def _write(folder: Path, modules: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for topic, text in modules.items():
        (folder / f"{topic}.py").write_text(text, encoding="utf-8")


def _unreadable(folder: Path, name: str, chance: random.Random) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.py", b"#" * 50_000_000)
    if chance.random() < 0.5:
        path.write_bytes(path.read_bytes()[:100])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.classes", description="Makes a class to grade.")
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    made(options.folder, options.count, seed=options.seed)


if __name__ == "__main__":
    main()
