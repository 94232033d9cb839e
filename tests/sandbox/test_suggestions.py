"""Python's "Did you mean" crosses the pipe with the exception that it belongs to."""

import importlib

import pytest

from grader.running.subjects import LocalSubject, module_namespace
from grader.sandbox.inner.suggestions import suggestion
from grader.writing.failures import failure_of


def _raised_by(code):
    with pytest.raises(Exception) as caught:
        code()
    return caught.value


def _misspelt():
    images = 1
    return images + image  # noqa: F821


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (_misspelt, "Did you mean: 'images'?"),
        (lambda: importlib.import_modul, "Did you mean: 'import_module'?"),
        (lambda: [].apend, "Did you mean: 'append'?"),
        (lambda: [].nothing_like_it, ""),
        (lambda: {}["a"], ""),
    ],
)
def test_what_python_suggests_is_found(code, expected):
    assert suggestion(_raised_by(code)) == expected


def test_an_exception_that_cannot_be_read_has_no_suggestion():
    class Odd(AttributeError):
        def __str__(self):
            raise KeyboardInterrupt

    assert suggestion(Odd("a")) == ""


def test_a_student_reads_it_after_pythons_text(tmp_path):
    file = tmp_path / "classifiers.py"
    file.write_text("def flatten_images(images):\n    return image.flatten(1)\n", encoding="utf-8")
    subject = LocalSubject(module_namespace(file.read_text(encoding="utf-8"), "classifiers", str(file)))
    failure = failure_of(subject.ask("call", {"name": "flatten_images", "args": (1,)}))
    assert failure.got == "NameError: name 'image' is not defined. Did you mean: 'images'?"
