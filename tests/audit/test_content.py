"""Content that is not whole is told in a sentence, with its file and how it is mended."""

from __future__ import annotations

import pytest

from tests.kit import copied, python

HINTS, CHECKS, COURSE = "grader/topics/cnn/hints.toml", "grader/topics/cnn/checks.py", "grader/course/course.toml"


def problems(tmp_path, file, change):
    """What is told of a copy of the kit of which one file was changed."""
    copied(tmp_path)
    if file is not None:
        path = tmp_path / file
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after)
    program = "from grader.audit import content; print('\\n'.join(content.problems()))"
    done = python(tmp_path, "-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_the_courses_own_content_is_whole(tmp_path):
    assert problems(tmp_path, None, None) == [""]


NORMS = '\n[[topic]]\nname = "norms"\n[topic.points]\nmean = 1\n'
COUNT, MISTAKES = '"count_parameters"', "grader/topics/cnn/mistakes_count.py"


def replaced(*pairs):
    """A change of a text: each first string becomes the second."""
    return lambda text: [text := text.replace(*pair, 1) for pair in pairs][-1]


MISSPELLED = replaced(("[count_parameters]", "[count_parametres]"))
BROKEN = [
    (HINTS, MISSPELLED, "count_parametres is no exercise of the topic. Did you mean count_parameters?"),
    (HINTS, MISSPELLED, "count_parameters has 0 hints, and needs three"),
    (HINTS, lambda text: text + "[", "hints.toml cannot be read"),
    (CHECKS, replaced((f"exercise = {COUNT}", 'exercise = "count"')), "count_parameters has no checks"),
    (CHECKS, replaced(("lesson=True", "lesson=False")), "one check of CNN.forward must be the lesson's"),
    (
        MISTAKES,
        replaced((COUNT, '"count_parameter"')),
        "count_parameter is no exercise. Did you mean count_parameters?",
    ),
    (
        "solutions/cnn.py",
        replaced(("return sum(parameter.numel()", "return sum(parameter.nelement()")),
        "mistakes_count.py: count_parameters, counts-tensors: it is no difference from solutions/cnn.py: "
        "'parameter.numel()' must stand once in count_parameters, and stands there 0 times",
    ),
    (
        "solutions/cnn.py",
        replaced(("def count_parameters", "def count_all")),
        "count_parameters of course.toml is not there",
    ),
    (COURSE, replaced(("count_parameters = 3", "count_parameters = 4")), "all points together are 101"),
    (
        COURSE,
        lambda text: text + NORMS,
        "solutions/norms.py is not there: topic norms of course.toml needs its solutions",
    ),
]


@pytest.mark.parametrize(("file", "change", "said"), BROKEN, ids=[said[:40] for _, _, said in BROKEN])
def test_what_is_missing_or_misspelled_is_told(tmp_path, file, change, said):
    assert any(said in line for line in problems(tmp_path, file, change))
