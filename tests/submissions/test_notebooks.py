"""Notebooks handed in, in place of modules or beside them."""

from __future__ import annotations

import ast
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course import registry, source
from grader.course.parsed import functions_by_name
from grader.submissions import read_submission
from grader.submissions.notebooks import from_notebooks
from tests.submissions.notebooks import NOISE, among_noise, cells_of, notebook

ROOT = Path(__file__).resolve().parents[2]
STYLES = sorted(path for path in (ROOT / "tests" / "samples" / "correct").iterdir() if path.is_dir())
SHAPES = "def same_padding(kernel_size, dilation=1):\n    return (1, 1)"
CNN = "def count_parameters(model):\n    return 3"
LINES = "Where a message names a line, it is that of the module that was made of it."
FILM = [{"output_type": "display_data", "metadata": {}, "data": {"video/mp4": "A" * 50 * 2**20}}]


@pytest.fixture
def lay(tmp_path):
    """Lays files below a folder of their own, and returns it."""

    def lay_out(**files: bytes | str):
        root = tmp_path / "hand-in"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return lay_out


def texts(submission) -> dict[str, str]:
    return {topic: module.source.decode() for topic, module in submission.modules.items()}


def sample(style: Path) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(style.glob("*.py"))}


def needed(topic: str, text: str) -> set[str]:
    """The exercises that a module defines by `def`."""
    names = {exercise.name for exercise in registry.EXERCISES if exercise.topic == topic}
    return names & functions_by_name(ast.parse(text)).keys()


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
@pytest.mark.parametrize("together", [False, True], ids=["one notebook a topic", "one for all"])
def test_the_functions_of_a_notebook_are_those_of_the_module_that_it_was(lay, style, together):
    modules = sample(style)
    if together:
        cells = [cell for text in modules.values() for cell in cells_of(text)]
        root = lay(**{"work.ipynb": notebook(*among_noise(cells))})
    else:
        root = lay(**{f"{topic}.ipynb": notebook(*among_noise(cells_of(text))) for topic, text in modules.items()})
    found = texts(read_submission(root))
    assert found.keys() == modules.keys()
    for topic, text in modules.items():
        own, taken = functions_by_name(ast.parse(text)), functions_by_name(ast.parse(found[topic]))
        assert needed(topic, text) <= taken.keys()
        assert {name: ast.dump(taken[name]) for name in taken} == {name: ast.dump(own[name]) for name in taken}


@pytest.mark.slow
@pytest.mark.parametrize("style", ["lecture", "terse", "unusual"])
def test_a_sample_as_a_notebook_earns_all_points(lay, grade, style):
    cells = [
        cell for text in sample(ROOT / "tests" / "samples" / "correct" / style).values() for cell in cells_of(text)
    ]
    submission = read_submission(lay(**{"work.ipynb": notebook(*among_noise(cells))}))
    report = grade({topic: module.source for topic, module in submission.modules.items()})
    assert [exercise.name for exercise in report.exercises if exercise.status != "passed"] == []
    assert report.score == 100


@pytest.mark.slow
def test_a_notebook_with_magics_mounts_and_a_broken_cell_earns_what_its_functions_earn(lay, grade):
    wrong = "def max_pool2d(images, kernel_size, stride=None):\n    return images"
    modules = {topic: text for topic, text in sample(STYLES[0]).items() if topic in ("convolution", "cnn")}
    cells = [*(cell for text in modules.values() for cell in cells_of(text)), wrong]
    root = lay(**{"work.ipynb": notebook(*among_noise(cells), outputs=[])})
    root.joinpath("film.ipynb").write_bytes(notebook("print('only a film')", outputs=FILM))
    submission = read_submission(root)
    asked = [exercise for exercise in registry.EXERCISES if exercise.topic in modules]
    by_module = {**modules, "convolution": f"{modules['convolution']}\n\n{wrong}\n"}
    taken = grade({topic: module.source for topic, module in submission.modules.items()}, exercises=asked)
    handed = grade({topic: text.encode() for topic, text in by_module.items()}, exercises=asked)
    assert [(one.name, one.score) for one in taken.exercises] == [(one.name, one.score) for one in handed.exercises]
    place = next(one.location for one in taken.exercises if one.name == "max_pool2d")
    assert place == f"work.ipynb, cell {2 * len(cells)}, line 1"


PIECES = [
    SHAPES,
    "PAD = 2",
    "import math",
    "def helper(x):\n    return math.floor(x) + PAD",
    "def trace_shapes(a, b):\n    return helper(b)",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PIECES)), st.sampled_from(NOISE)), max_size=12))
def test_any_mix_of_noise_between_the_functions_changes_nothing(noise):
    cells = [
        cell
        for place in range(len(PIECES) + 1)
        for cell in (*(n for p, n in noise if p == place), *PIECES[place : place + 1])
    ]

    def taken(cells):
        modules, _ = from_notebooks(["work.ipynb"], lambda path, most: notebook(*cells), ())
        return {topic: ast.dump(ast.parse(text)) for topic, (_, text) in modules.items()}

    assert taken(cells) == taken(PIECES)


def test_a_module_beats_the_notebook_for_its_topic_and_that_is_said(lay, read):
    reading = read(lay(**{"shapes.py": "x = 1\n", "work.ipynb": notebook(SHAPES, CNN, "broken (")}))
    assert reading.sources["shapes"] == b"x = 1\n" and "count_parameters" in reading.sources["cnn"].decode()
    assert reading.texts == [
        f"cnn was taken from work.ipynb. {LINES} For shapes the module counts, not work.ipynb. "
        "Cell 3 of work.ipynb could not be read (line 1: '(' was never closed)."
    ]
    assert reading.submission.problems[0].topic is None, "a topic's problem costs its points"
    assert reading.submission.modules["cnn"].display_path == "work.ipynb"


def test_a_stub_that_nobody_has_touched_beats_no_notebook(lay, read):
    """Who works in a notebook hands in the folder that it lies in, too, stubs and all."""
    stub = (ROOT / "exercises" / "shapes.py").read_text(encoding="utf-8")
    for text in (stub, stub.replace("\n", "\r\n"), f"# shapes\n\n{stub}"):
        reading = read(lay(**{"shapes.py": text, "work.ipynb": notebook(SHAPES)}))
        assert b"same_padding is not written yet" not in reading.sources["shapes"]
        assert b"trace_shapes is not written yet" in reading.sources["shapes"]
        assert "shapes was taken from work.ipynb." in reading.texts[0]
    reading = read(lay(**{"shapes.py": stub + "begun = True\n", "work.ipynb": notebook(SHAPES)}))
    assert b"same_padding is not written yet" in reading.sources["shapes"]


def test_an_exercise_that_a_notebook_has_nothing_of_is_not_started(lay, grade):
    rescale = functions_by_name(ast.parse((ROOT / "solutions" / "weights.py").read_text(encoding="utf-8")))["rescale"]
    submission = read_submission(lay(**{"work.ipynb": notebook("import numpy as np", ast.unparse(rescale))}))
    exercises = [exercise for exercise in registry.EXERCISES if exercise.topic == "weights"]
    report = grade({"weights": submission.modules["weights"].source}, exercises=exercises)
    assert [exercise.status for exercise in report.exercises] == ["not_started", "passed", "not_started"]


def test_what_the_stub_gave_is_said(lay, read):
    cells = ["def train(model):\n    return History([], [], [], [])", "def train_step(model):\n    return 1.0"]
    reading = read(lay(**{"work.ipynb": notebook(*cells)}))
    assert reading.texts == [f"training was taken from work.ipynb. History is the stub's. {LINES}"]
    assert "class History" in reading.sources["training"].decode()
    assert "get_accuracy is not written yet" in reading.sources["training"].decode()


def test_the_kits_own_lesson_changes_nothing_and_is_not_mentioned(tmp_path):
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    with_lesson = read_submission(tmp_path)
    (tmp_path / "exercises" / "lesson.ipynb").unlink()
    without = read_submission(tmp_path)
    assert with_lesson.problems == without.problems == () and with_lesson.digest() == without.digest()


def test_the_lesson_alone_is_nothing_to_grade(tmp_path):
    shutil.copy(ROOT / "exercises" / "lesson.ipynb", tmp_path)
    with pytest.raises(Exception, match="holds none of the modules to grade.* nor a notebook of their functions"):
        read_submission(tmp_path / "lesson.ipynb")


@pytest.mark.parametrize("form", ["file", "folder", "zip", "exercises", "capitals"])
def test_a_notebook_is_read_alone_in_a_folder_and_in_a_zip(lay, read, tmp_path, form):
    data = notebook(SHAPES, outputs=FILM[:0])
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "work.zip", "w") as made:
            made.writestr("a/work.ipynb", data)
        reading = read(tmp_path / "work.zip")
    else:
        root = lay(**{{"exercises": "exercises/work.ipynb", "capitals": "Work.IPYNB"}.get(form, "work.ipynb"): data})
        reading = read(root / "work.ipynb" if form == "file" else root)
    assert list(reading.sources) == ["shapes"] and "shapes was taken from" in reading.said


def test_outputs_of_50_megabytes_are_passed_over(lay, tmp_path):
    data = notebook(SHAPES, outputs=FILM)
    assert list(read_submission(lay(**{"work.ipynb": data})).modules) == ["shapes"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("work.ipynb", data)
    (tmp_path / "work.zip").write_bytes(packed.getvalue())
    assert list(read_submission(tmp_path / "work.zip").modules) == ["shapes"]


@pytest.mark.parametrize(
    ("names", "counts", "said"),
    [
        (["a.ipynb", "b.ipynb"], None, "more than one notebook with shapes, and none comes first: a.ipynb and b.ipynb"),
        (["a.ipynb", "shapes.ipynb"], "shapes.ipynb", "shapes was taken from shapes.ipynb"),
        (["shapes.ipynb", "shapes (1).ipynb"], "shapes.ipynb", "shapes.ipynb was read, not shapes (1).ipynb"),
        (
            ["shapes (2).ipynb", "shapes (10).ipynb"],
            "shapes (10).ipynb",
            "shapes (10).ipynb was read, not shapes (2).ipynb",
        ),
        (["shapes-Copy1.ipynb", "a.ipynb"], "shapes-Copy1.ipynb", "shapes was taken from shapes-Copy1.ipynb"),
        (["shapes (1).ipynb", "shapes-1.ipynb"], None, "none comes first"),
        (["a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb"], "a.ipynb", "shapes was taken from a.ipynb"),
        (["a.ipynb", "old/a.ipynb"], "a.ipynb", "shapes was taken from a.ipynb"),
    ],
)
def test_of_several_notebooks_the_rules_of_modules_hold(lay, read, names, counts, said):
    reading = read(lay(**{name: notebook(SHAPES) for name in names}))
    places = {topic: file.display_path for topic, file in reading.submission.modules.items()}
    assert places == ({"shapes": counts} if counts else {})
    assert said in reading.said


def test_a_notebook_further_down_is_said_to_be_unread_where_a_topic_is_missing(lay, read):
    reading = read(lay(**{"shapes.py": "x = 1", "old/work.ipynb": notebook(CNN)}))
    assert list(reading.sources) == ["shapes"]
    assert reading.texts == ["old/work.ipynb was not read: the work was found further up."]


def test_notebooks_share_the_topics(lay, read):
    reading = read(lay(**{"a.ipynb": notebook(SHAPES), "b.ipynb": notebook(CNN), "c.ipynb": notebook("print(1)")}))
    assert reading.texts == [f"shapes was taken from a.ipynb. {LINES}", f"cnn was taken from b.ipynb. {LINES}"]


def test_modules_of_which_none_comes_first_are_no_notebooks_either(lay, read):
    reading = read(lay(**{"a/shapes.py": "x = 1", "b/shapes.py": "x = 2", "work.ipynb": notebook(SHAPES)}))
    assert "shapes" not in reading.sources


def test_a_cell_that_writes_a_topics_module_is_that_module(lay, read):
    text = '"""Mine."""\nx = 1\n'
    cells = (
        SHAPES,
        f"%%writefile exercises/shapes.py\n{text}",
        "%%writefile -a shapes.py\ny = 2\n",
        "%%writefile notes.py\nz",
    )
    reading = read(lay(**{"work.ipynb": notebook(*cells)}))
    assert reading.sources == {"shapes": f"{text}y = 2\n".encode()}


def test_an_older_notebook_is_read(lay, read):
    assert list(read(lay(**{"work.ipynb": notebook(SHAPES, nbformat=3)})).sources) == ["shapes"]


def test_a_source_may_be_lines(lay, read):
    cells = [
        {"cell_type": "code", "source": SHAPES.splitlines(keepends=True)},
        {"cell_type": "markdown", "source": CNN},
    ]
    assert list(read(lay(**{"work.ipynb": notebook(cells=cells)})).sources) == ["shapes"]


def test_a_line_is_found_in_its_cell(lay):
    cells = ["print(1)", f"%%check same_padding\n!ls\nPAD = 1\n\n\n{SHAPES}"]
    text = texts(read_submission(lay(**{"my work.ipynb": notebook(*cells)})))["shapes"]
    line = source.line_of(text, registry.exercise("same_padding"))
    assert source.place(text, "shapes", line) == "my work.ipynb, cell 2, line 6"
    assert source.place(text, "shapes", line + 1) == "my work.ipynb, cell 2, line 7"
    assert source.place("x = 1\n#@ a, cell 1, line 1\ny", "shapes", 3) == "exercises/shapes.py:3"
