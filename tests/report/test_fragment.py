"""The verdict in a notebook, read as a document: nothing in it runs, and none of it reaches the page around it."""

import pytest

from grader.report import fragment
from tests.report import samples
from tests.report.test_html import Document

SAMPLES = ["first_run", "partial", "perfect", "padding_only", "hostile", "enormous"]


def rendered(name, **options):
    report = getattr(samples, name)()
    hints = {exercise.name: "Which <b>size</b>?\n\n    1 < 2" for exercise in report.exercises}
    return fragment.render(report, hints=hints, **options)


@pytest.fixture(scope="module", params=SAMPLES)
def document(request):
    return Document(rendered(request.param))


def test_there_are_no_scripts_styles_of_the_page_or_addresses(document):
    for tag, attributes in document.tags:
        assert tag not in {"script", "style", "link", "iframe", "object", "form", "button", "input", "img", "a"}
        assert not set(attributes) & {"class", "id", "href", "src"}
        assert not any(name.startswith("on") for name in attributes)


def test_text_has_the_colour_of_the_page(document):
    for _, attributes in document.tags:
        declared = [part.partition(":") for part in attributes.get("style", "").split(";")]
        assert {value.strip() for name, _, value in declared if name.strip() == "color"} <= {"inherit"}


def test_what_a_submission_says_stays_text():
    text = rendered("hostile")
    assert "<script>" not in text and "&lt;script&gt;" in text
    assert "<b>" not in text


def test_a_failure_comes_with_its_call_what_was_expected_and_what_came():
    texts = "\n".join(text for parts in Document(rendered("padding_only")).texts.values() for text in parts)
    assert "from exercises.shapes import conv2d_output_shape\nconv2d_output_shape((" in texts
    for word in ("Expected", "Got", "A known mistake: ", "padded row has two ends", "A hint"):
        assert word in texts


def test_heat_maps_have_tints_and_frames():
    text = rendered("partial")
    assert "rgba(64, 132, 232, 0.45)" in text
    assert "2px solid currentColor" in text


def test_one_exercise_is_opened_the_one_that_was_asked_for():
    opened = [place for place in rendered("partial", names=["conv2d"]).split("<details") if " open>" in place[:200]]
    (only,) = opened
    assert ">conv2d</span>" in only


def test_what_comes_next_is_said():
    text = rendered("perfect", upcoming="conv2d", first="`a` is <written>.", last="Well.")
    assert "Next: " in text and "<code>a</code> is &lt;written&gt;." in text and "Well." in text
