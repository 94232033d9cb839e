"""Tests of the stubs: cutting them from solutions, comparing them, and putting one back."""

import ast
import importlib.util
import inspect
import sys
from pathlib import Path

import pytest

from grader.course import parsed, resetting, stubs
from grader.course.registry import EXERCISES, TOPICS
from grader.files import backups

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"


def solution(topic: str) -> str:
    return (SOLUTIONS / f"{topic}.py").read_text(encoding="utf-8")


@pytest.fixture
def work(tmp_path) -> Path:
    """A folder in which the student has written everything: the solutions without their markers."""
    for topic in TOPICS:
        lines = solution(topic.name).split("\n")
        text = "\n".join(line for line in lines if "### " not in line)
        (tmp_path / f"{topic.name}.py").write_text(text)
    return tmp_path


def load(path: Path):
    spec = importlib.util.spec_from_file_location(f"loaded_{path.stem}", path)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(module, exercise):
    """Call an exercise with nothing for each of its arguments, as only a stub can bear it."""
    owner = getattr(module, exercise.class_name) if exercise.is_method else module
    function = getattr(owner, exercise.function)
    return function(*[None] * len(inspect.signature(function).parameters))


def test_written_stubs_agree_with_the_solutions(tmp_path):
    assert stubs.differing(SOLUTIONS, tmp_path) == [topic.name for topic in TOPICS]
    stubs.write_stubs(SOLUTIONS, tmp_path)
    assert stubs.differing(SOLUTIONS, tmp_path) == []
    (tmp_path / "cnn.py").write_bytes(b"\xff changed")
    assert stubs.differing(SOLUTIONS, tmp_path) == ["cnn"]


def test_writing_stubs_keeps_every_file_that_differs(work):
    path = work / "cnn.py"
    written = path.read_bytes()
    (work / "weights.py").write_text(stubs.stub_text(solution("weights")))
    (work / "shapes.py").unlink()
    kept = stubs.write_stubs(SOLUTIONS, work)
    assert {backup.name.partition(".")[0] for backup in kept} == {topic.name for topic in TOPICS} - {
        "weights",
        "shapes",
    }
    (backup,) = work.glob("cnn.py.backup-*")
    assert backup.read_bytes() == written and backup in kept
    assert stubs.differing(SOLUTIONS, work) == []
    assert stubs.write_stubs(SOLUTIONS, work) == []


def test_every_stub_raises_an_error_that_names_its_exercise(tmp_path):
    stubs.write_stubs(SOLUTIONS, tmp_path)
    for topic in TOPICS:
        module = load(tmp_path / f"{topic.name}.py")
        for exercise in topic.exercises:
            with pytest.raises(NotImplementedError, match=f"^{exercise.name} is not written yet$"):
                call(module, exercise)


def test_stubs_keep_signatures_docstrings_and_given_code_and_nothing_of_the_solution():
    for topic in TOPICS:
        text = solution(topic.name)
        stub = stubs.stub_text(text)
        assert "SOLUTION" not in stub and "def _" not in stub.replace("def __init__", "")
        assert stubs.stub_text(stub) == stub
        whole, cut = (parsed.functions_by_name(ast.parse(source)) for source in (text, stub))
        assert {exercise.name for exercise in topic.exercises} <= cut.keys() <= whole.keys()
        for name, function in cut.items():
            assert ast.dump(function.args) == ast.dump(whole[name].args)
            assert ast.get_docstring(function) == ast.get_docstring(whole[name])
        assert stub.count("raise NotImplementedError") == len(topic.exercises)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("### BEGIN SOLUTION\n", "line 1: ### BEGIN SOLUTION without"),
        ("x = 1\n### END SOLUTION\n", "line 2: ### END SOLUTION without"),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n", "line 2: .* inside the region of line 1"),
    ],
)
def test_markers_that_do_not_pair_up_are_refused(text, complaint):
    with pytest.raises(stubs.StubError, match=complaint):
        stubs.stub_text(text)


def test_a_function_stub_has_the_lines_of_its_exercise():
    lines = stubs.function_stub(solution("classifiers"), "MLP.forward")
    assert lines[0] == "    def forward(self, images: Tensor) -> Tensor:"
    assert lines[-1] == '        raise NotImplementedError("MLP.forward is not written yet")'


def test_a_pristine_stub_is_the_solutions_stub_or_a_clear_error(tmp_path):
    assert stubs.pristine_stub("cnn", SOLUTIONS) == stubs.stub_text(solution("cnn"))
    if not (ROOT / "grader" / "pristine").exists():
        with pytest.raises(stubs.StubError, match="No stub of cnn"):
            stubs.pristine_stub("cnn", tmp_path)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_reset_replaces_one_exercise_and_keeps_the_rest(work, exercise):
    path = work / f"{exercise.topic}.py"
    before = path.read_text(encoding="utf-8")
    result = resetting.reset_exercise(path, solution(exercise.topic), exercise.name)
    old, new = (parsed.functions_by_name(ast.parse(text)) for text in (before, path.read_text(encoding="utf-8")))
    assert list(old) == list(new)
    assert [name for name in old if ast.dump(old[name]) != ast.dump(new[name])] == [exercise.name]
    assert not result.whole_file and result.backup.read_text(encoding="utf-8") == before
    with pytest.raises(NotImplementedError, match=exercise.name):
        call(load(path), exercise)


def test_reset_never_writes_over_a_backup(work, monkeypatch):
    monkeypatch.setattr(backups.time, "strftime", lambda form: "20260101-120000")
    path, kept = work / "cnn.py", []
    before = path.read_bytes()
    for _ in range(3):
        path.write_bytes(before)
        kept.append(resetting.reset_exercise(path, solution("cnn"), "CNN.forward").backup.name)
    assert kept == [f"cnn.py.backup-20260101-120000{suffix}" for suffix in ("", "-2", "-3")]
    assert {(work / name).read_bytes() for name in kept} == {before}


def test_reset_leaves_a_stub_alone(work):
    path = work / "cnn.py"
    resetting.reset_exercise(path, solution("cnn"), "CNN.forward")
    there = {entry.name: entry.read_bytes() for entry in work.iterdir()}
    assert resetting.reset_exercise(path, solution("cnn"), "CNN.forward").nothing
    assert {entry.name: entry.read_bytes() for entry in work.iterdir()} == there


def test_reset_restores_imports_and_given_code_that_the_stub_needs(tmp_path):
    path = tmp_path / "training.py"
    path.write_text('"""Mine."""\nfrom __future__ import annotations\n\n\n@print\ndef train(x):\n    return 7\n')
    resetting.reset_exercise(path, solution("training"), "train")
    text = path.read_text(encoding="utf-8")
    assert "@print" not in text and text.startswith('"""Mine."""\nfrom __future__ import annotations\n')
    module = load(path)
    assert module.History().losses == []
    with pytest.raises(NotImplementedError):
        module.train(None, None, None)


def test_reset_keeps_tabs_line_ends_and_comments(tmp_path):
    path = tmp_path / "cnn.py"
    path.write_bytes(
        b"from torch import Tensor, nn\r\nclass CNN(nn.Module):\r\n\tdef forward(self, x):\r\n\t\treturn x\r\n# end\r\n"
    )
    assert not resetting.reset_exercise(path, solution("cnn"), "CNN.forward").whole_file
    content = path.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") and content.endswith(b"# end\r\n")
    with pytest.raises(NotImplementedError):
        load(path).CNN().forward(None)


def test_reset_adds_an_exercise_that_is_missing(tmp_path):
    path = tmp_path / "classifiers.py"
    path.write_text("from torch import Tensor, nn\n\n\nclass MLP(nn.Module):\n  size = 3\n\n\nkept = 1\n")
    text = solution("classifiers")
    for name in ("MLP.forward", "LogisticRegression.forward", "flatten_images"):
        assert not resetting.reset_exercise(path, text, name).whole_file
    module = load(path)
    assert (module.kept, module.MLP.size) == (1, 3)
    assert module.LogisticRegression(4, 2).layer.out_features == 2
    for function in (module.flatten_images, module.MLP().forward, module.LogisticRegression().forward):
        with pytest.raises(NotImplementedError):
            function(None)


@pytest.mark.parametrize("content", [b"def conv2d(:\n", b"\xff\xfe\x00", b"# coding: latin-9000\n", b"x = '\x00'\n"])
def test_reset_replaces_a_file_that_cannot_be_parsed(tmp_path, content):
    path = tmp_path / "convolution.py"
    path.write_bytes(content)
    result = resetting.reset_exercise(path, solution("convolution"), "conv2d")
    assert result.whole_file and result.backup.read_bytes() == content
    assert path.read_text(encoding="utf-8") == stubs.stub_text(solution("convolution"))


def test_reset_writes_a_file_that_is_missing(tmp_path):
    result = resetting.reset_exercise(tmp_path / "cnn.py", solution("cnn"), "CNN.forward")
    assert result == resetting.Reset(backup=None, whole_file=True)
    assert (tmp_path / "cnn.py").read_text(encoding="utf-8") == stubs.stub_text(solution("cnn"))
