"""`grader new exercise TOPIC NAME`: the pieces of an exercise that are always the same, ready to be filled in.

They are a whole small exercise, which doubles a number: it earns its points and its mistakes are caught before anything is
changed, so that an author goes from one thing that works to another.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from grader.course import registry
from grader.course.paths import root, solutions_folder
from grader.course.stubs import differing, write_stubs
from grader.exits import EARNED, UsageProblem
from grader.program import command

_SOLUTION = '''

def {name}(number: int) -> int:
    """Say in one line what it gives.

    Say what students need to know, with the shapes and the ranges of all that comes in.

    Args:
        number: any whole number.

    Returns:
        Twice the number.

    >>> {name}(3)
    6
    """
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION
'''
_CHECKS = '''

class Test{camel}:
    exercise = "{name}"

    @check(weight=1, lesson=True, always=[{{"number": 3}}, {{"number": 5}}])
    def test_gives_what_the_lesson_does(self, ask: Ask, number: int) -> None:
        """The lesson's own numbers come out right."""
        ask.function("{name}", number).equals(ask.judged(lambda: 2 * number))

    @check(weight=1, about="any other number", number=st.integers(-100, 100))
    def test_gives_it_for_any_number(self, ask: Ask, number: int) -> None:
        """The same for any whole number."""
        ask.function("{name}", number).equals(ask.judged(lambda: 2 * number))
'''
_MISTAKES = """
differs(
    "{name}",
    "adds-two",
    says="You add 2, where the number is to be doubled.",
    asks="What do you get for 2, and what for 3? Which of the two tells adding from doubling?",
    instead_of={{"2 * number": "2 + number"}},
)

differs(
    "{name}",
    "gives-it-back",
    says="This is the number itself.",
    asks="What is to happen to the number before it is returned?",
    instead_of={{"2 * number": "number"}},
)
"""
_HINTS = '''
[{name}]
hints = [
    """What is asked for? A question that leads to it.""",
    """The rule, in a sentence.""",
    """A worked example with other numbers: 7 gives 14.""",
]
'''
_IMPORTS = {
    "checks.py": ("from grader.writing.ask import Ask", "from grader.writing.check import check", "from grader.writing.strategies import st"),
    "mistakes.py": ("from grader.writing.mistake import differs",),
}  # fmt: skip


def new_exercise(topic: str, name: str) -> int:
    """Writes the pieces and says where they are."""
    folder = root() / "grader" / "topics" / topic
    _refuse(topic, name)
    is_new = not folder.is_dir()
    if is_new:
        _begin_topic(topic, folder)
    solution, exercises = solutions_folder() / f"{topic}.py", root() / "exercises"
    was_a_stub = not differing(solutions_folder(), exercises, [topic])
    words = {"name": name, "camel": "".join(part.capitalize() for part in name.split("_"))}
    _append(solution, _SOLUTION.format(**words))
    for file, text in (("checks.py", _CHECKS), ("mistakes.py", _MISTAKES), ("hints.toml", _HINTS)):
        _append(folder / file, text.format(**words))
        for line in _IMPORTS.get(file, ()):
            _import(folder / file, line)
    course = root() / "grader" / "course" / "course.toml"
    course.write_text(_with_points(course.read_text(encoding="utf-8"), topic, name, is_new), encoding="utf-8")
    backups = write_stubs(solutions_folder(), exercises, [topic])
    if was_a_stub:  # nobody's work stood there
        while backups:
            backups.pop().unlink()
    print(f"{name} is a small exercise that works. Make it yours, in this order:")
    what = {
        solution: "what it does, its text and its solution",
        exercises / f"{topic}.py": f"nothing to do: {command('stubs')} makes it",
        course: "its points, and its place among the others",
        folder / "checks.py": "what is asked of it",
        folder / "mistakes.py": "what goes wrong, by name",
        folder / "hints.toml": "three hints",
    }
    for path, does in what.items():
        print(f"    {path.relative_to(root())}: {does}")
    for backup in backups:
        print(f"What stood in {backup.name.partition('.backup')[0]} is kept as {backup.name}")
    print(
        f"Then: {command('check', name, '--solutions')} and {command('audit', name)}. CONTRIBUTING.md says how checks are written."
    )
    return EARNED


def _refuse(topic: str, name: str) -> None:
    """Raises UsageProblem for names that cannot be a new exercise's."""
    for what, given in (("topic", topic), ("exercise", name)):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", given) or keyword.iskeyword(given):
            raise UsageProblem(
                f"{given!r} cannot be the name of {'a' if what == 'topic' else 'an'} {what}: take a function's, such as conv2d"
            )
    known = {exercise.name for exercise in registry.EXERCISES} | set(registry.MODULES)
    if name in known or name == topic:
        raise UsageProblem(f"there is a topic or an exercise named {name} already")
    if topic not in registry.MODULES and (solutions_folder() / f"{topic}.py").exists():
        raise UsageProblem(f"solutions/{topic}.py is there, and course.toml knows no topic {topic}")
    if not solutions_folder().is_dir():
        raise UsageProblem(f"{solutions_folder()} is not there: a new exercise begins with its solution")


def _begin_topic(topic: str, folder: Path) -> None:
    """The files of a topic that is not there yet."""
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(
        f'"""Topic {topic}: its checks, cases, known mistakes and hints."""\n', encoding="utf-8"
    )
    beginning = "\n\nfrom __future__ import annotations\n"
    (folder / "checks.py").write_text(f'"""Checks of topic {topic}."""{beginning}', encoding="utf-8")
    (folder / "mistakes.py").write_text(f'"""Known mistakes in topic {topic}."""{beginning}', encoding="utf-8")
    (folder / "hints.toml").write_text(f"# Three hints for each exercise of topic {topic}.\n", encoding="utf-8")
    (solutions_folder() / f"{topic}.py").write_text(
        f'"""Topic {topic}: say in a line what it is about."""\n', encoding="utf-8"
    )


def _with_points(course: str, topic: str, name: str, is_new: bool) -> str:
    """course.toml with the exercise at the end of its topic, for a point."""
    if is_new:
        title = topic.replace("_", " ").capitalize()
        return f'{course.rstrip()}\n\n[[topic]]\nname = "{topic}"\ntitle = "{title}"\n[topic.points]\n{name} = 1\n'
    before, marker, rest = course.partition(f'name = "{topic}"\n')
    own, gap, after = rest.partition("\n[[topic]]")
    return f"{before}{marker}{own.rstrip()}\n{name} = 1\n{gap}{after}"


def _append(path: Path, text: str) -> None:
    """Adds a text, as far below a function as Python's style has it."""
    before = path.read_text(encoding="utf-8").rstrip()
    ends_a_function = path.suffix == ".py" and before.rpartition("\n")[2].startswith(" ")
    gap = "\n" if ends_a_function and not text.startswith("\n\n") else ""
    path.write_text(f"{before}\n{gap}{text}", encoding="utf-8")


def _import(path: Path, line: str) -> None:
    """Adds an import after the last of those at the top, unless the name is imported already."""
    text = path.read_text(encoding="utf-8")
    name = line.rpartition(" ")[2]
    if re.search(rf"^(from|import) .*\b{name}\b", text, re.MULTILINE):
        return
    *_, last = re.finditer(r"^(?:from|import) [^\n(]*(?:\([^)]*\))?\n", text, re.MULTILINE)
    gap = "\n" if "__future__" in last[0] else ""
    path.write_text(text[: last.end()] + gap + line + "\n" + text[last.end() :], encoding="utf-8")
