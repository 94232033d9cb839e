"""The lesson's notebook, executed from top to bottom: with the solutions in the student's place, and with the stubs."""

from __future__ import annotations

import base64
import io
import re
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from grader.course import registry
from grader.lesson.notebook import exercise

nbformat = pytest.importorskip("nbformat", reason="Jupyter is an extra: pip install -e '.[lesson]'")
nbclient = pytest.importorskip("nbclient")

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "exercises" / "lesson.ipynb"
PICTURES = {
    "digits", "logistic-train", "logistic-weights", "tile", "mlp-train", "mlp-weights", "window", "convolution",
    "pooling", "cnn-train", "cnn-walk", "alexnet-maps", "transfer",
}  # fmt: skip


@pytest.fixture
def execute(tmp_path, drawn, monkeypatch):
    """Runs the notebook in a project of its own; returns its code cells by name."""

    def run(work: str, folder: str):
        project = tmp_path / "project"
        shutil.copytree(ROOT / work, project / "exercises", ignore=shutil.ignore_patterns("__pycache__", "*.ipynb"))
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        monkeypatch.setenv("CONVKIT_DATA", str(drawn))
        monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")  # nobody listens there
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        for cell in notebook.cells:
            cell.source = cell.source.replace("(25, 50, 100, 200, 400), 250", "(25, 50), 60")
            if cell.id == "cnn-train":  # a few updates of the convolutional network are enough here
                cell.source = cell.source.replace("learning_rate=0.005)", "learning_rate=0.005, batch_size=500)")
        where = {"metadata": {"path": str(project / folder)}}
        nbclient.NotebookClient(notebook, timeout=120, resources=where).execute()
        return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}

    return run


def _text(cell) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def _pictures(cell):
    return [output for output in cell.outputs if "image/png" in output.get("data", {})]


def test_runs_from_top_to_bottom_with_the_solutions(execute):
    cells = execute("solutions", ".")
    said = "".join(map(_text, cells.values()))
    assert "not written yet" not in said
    assert "Traceback" not in said
    assert {name for name, cell in cells.items() if _pictures(cell)} == PICTURES

    for name in PICTURES:
        (output,) = _pictures(cells[name])
        image = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
        assert min(image.size) > 250
        assert len(image.convert("RGB").resize((200, 200)).getcolors(40000)) > 8
        if name != "tile":  # drawn by hand, as students do
            assert re.search(r"\d", output.metadata["image/png"]["alt"])

    verdicts = {name: cell.outputs[0].data for name, cell in cells.items() if cell.source.startswith("%check")}
    assert len(verdicts) == 8
    for name, verdict in verdicts.items():
        assert "All that you asked for is right." in verdict["text/plain"], name
        assert "text/html" in verdict

    assert "same losses: True" in _text(cells["speed"])
    assert "over 93 iterations" in _pictures(cells["logistic-train"])[0].metadata["image/png"]["alt"]
    sizes = [" ".join(line.split()[1:6:2]) for line in _text(cells["cnn-shapes"]).splitlines()[:-1]]
    assert sizes[0] == "1 28 28"
    assert [sizes[index] for index in (1, 3, 4, 6)] == ["4 28 28", "4 14 14", "8 14 14", "8 7 7"]
    assert "counted: (1, 256, 18, 18)\nreal:    (1, 256, 18, 18)" in _text(cells["alexnet-features"])
    assert "first layer: (1, 64, 157, 157)" in _text(cells["alexnet-maps"])
    assert "untrained weights" in _pictures(cells["alexnet-maps"])[0].metadata["image/png"]["alt"]
    for size in ("(1, 3, 629, 629)", "(1, 3, 631, 631)", "(1, 3, 315, 315)"):
        assert size in _text(cells["convolution"])


def test_with_the_stubs_every_cell_says_what_it_waits_for_and_the_rest_goes_on(execute):
    cells = execute("exercises", "exercises")
    assert {name for name, cell in cells.items() if _pictures(cell)} == {"digits"}
    for name, cell in cells.items():
        assert ("with exercise(" in cell.source) == ("goes on" in _text(cell)), name
        assert "Traceback" not in _text(cell)
    assert "conv2d_output_shape: not written yet. You find it in exercises/shapes.py." in _text(cells["window"])
    for name in ("speed", "logistic-train"):
        assert _text(cells[name]).startswith("LogisticRegression.forward: not written yet."), name
    assert "0 / 4 points" in cells["mlp-check"].outputs[0].data["text/plain"]
    assert "waits for to_nchw" not in _text(cells["transfer"]) and "extract_features" in _text(cells["transfer"])


def test_is_stored_without_outputs_and_names_only_what_there_is():
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    names = {exercise.name for exercise in registry.EXERCISES}
    used = set()
    for cell in code:
        for listed in re.findall(r"with exercise\((.*)\):", cell.source):
            there = set(re.findall(r'"([^"]+)"', listed))
            if "trace_shapes" in there:  # what it calls may be what is wrong
                assert {"conv2d_output_shape", "max_pool2d_output_shape"} <= there, cell.id
            used |= there
    assert used <= names
    given_by_others = {"flatten_images", "same_padding"}
    text = "".join(cell.source for cell in notebook.cells)
    assert names - used - given_by_others == set()
    assert "flatten_images" in text


class TestExercise:
    @pytest.fixture(autouse=True)
    def nothing_waits(self, monkeypatch):
        for kept in ("_waiting", "_unmade"):
            monkeypatch.setattr(sys.modules[exercise.__module__], kept, {})

    def test_names_the_stub_and_its_file(self, capsys):
        with exercise("MLP.forward", "train"):
            raise NotImplementedError("train is not written yet")
        assert capsys.readouterr().out.startswith("train: not written yet. You find it in exercises/training.py.")

    def cell(self, text, **there):
        """Runs a cell of a notebook in which these names are there already."""
        namespace = {"exercise": exercise, **there}
        exec(text, namespace)
        return namespace

    def test_names_the_first_stub_of_the_lesson_and_not_the_one_that_was_called_first(self, capsys):
        self.cell(
            'with exercise("MLP.forward", "get_accuracy", "train_step", "train"):\n'
            "    from exercises.classifiers import MLP\n"
            "    from exercises.training import train\n"
            "    train(MLP(3), None, None)\n"
        )
        said = capsys.readouterr().out
        assert said.startswith("MLP.forward: not written yet. You find it in exercises/classifiers.py.\n")
        assert "After that, this cell waits for get_accuracy, train_step and train." in said

    def test_an_exercise_that_is_written_is_not_named(self, capsys):
        def train(*arguments):
            raise NotImplementedError("get_accuracy is not written yet")

        self.cell('with exercise("train"):\n    train()\n', train=train)
        assert capsys.readouterr().out.startswith("get_accuracy: not written yet.")

    def test_names_what_the_cell_waits_for_that_makes_the_missing_value(self, capsys):
        def stub(name):
            raise NotImplementedError(f"{name} is not written yet")

        for name, value in (("rescale", "sheet"), ("to_nchw", "pixels"), ("conv2d", "shown")):
            self.cell(f'with exercise("{name}"):\n    {value} = stub("{name}")\n', stub=stub)
        capsys.readouterr()
        self.cell('with exercise("tile_images"):\n    print(pixels)\n')
        assert "that one waits for to_nchw." in capsys.readouterr().out

    def test_a_name_that_is_missing_in_a_students_own_function_is_an_error(self, capsys):
        def tile_images():
            return nowhere  # noqa: F821

        with exercise("rescale"):
            raise NotImplementedError("rescale is not written yet")
        self.cell('with exercise("tile_images"):\n    tile_images()\n', tile_images=tile_images)
        assert "NameError: name 'nowhere' is not defined" in capsys.readouterr().out

    def test_names_what_an_earlier_cell_waits_for(self, capsys):
        with exercise("to_nchw"):
            raise NotImplementedError("to_nchw is not written yet")
        with exercise("tile_images"):
            print(pixels)  # noqa: F821
        assert "waits for to_nchw" in capsys.readouterr().out

    def test_shows_other_errors_in_full_and_goes_on(self, capsys):
        with exercise("rescale"):
            raise ValueError("low is high")
        said = capsys.readouterr().out
        assert "ValueError: low is high" in said
        assert "What is wrong there, in small: %check rescale\n" in said

    def test_a_name_that_is_really_missing_is_an_error(self, capsys):
        with exercise("rescale"):
            print(pixels)  # noqa: F821
        assert "NameError" in capsys.readouterr().out

    def test_a_file_that_python_cannot_read_is_named(self, capsys):
        with exercise("rescale"):
            compile("def rescale(:\n", "exercises/weights.py", "exec")
        assert "weights.py, line 1" in capsys.readouterr().out
