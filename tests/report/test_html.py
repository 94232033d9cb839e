"""The HTML view, read as a document: its policy, its structure for screen readers, and text that stays text."""

import base64
import hashlib
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from grader.report import html
from tests.report import samples

VOID = {"meta", "link", "img", "wbr", "br"}


class Document(HTMLParser):
    """The tags with their attributes, the text of some of them; complains about tags that do not nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.texts, self._open = [], {}, []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.setdefault(self._open[-1] if self._open else "", []).append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module", params=["first_run", "partial", "perfect", "hostile"])
def document(request):
    return Document(html.render(getattr(samples, request.param)(), pictures=samples.pictures()))


def test_there_are_no_scripts_handlers_or_addresses_to_elsewhere(document):
    for tag, attributes in document.tags:
        assert tag not in {"script", "iframe", "object", "embed", "form", "base", "button", "input"}
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        for name in ("href", "src", "srcset", "action"):
            assert attributes.get(name, "#").startswith(("#", "data:"))


def test_the_policy_allows_only_the_pages_own_style_sheet_and_pictures(document):
    (policy,) = (meta["content"] for meta in document.all("meta") if meta.get("http-equiv"))
    (css,) = document.texts["style"]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    assert (
        policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert "@import" not in css and "url(" not in css


def test_hostile_text_adds_no_element():
    def shape(report):
        return [tag for tag, _ in Document(html.render(report)).tags if tag != "wbr"]

    hostile = samples.hostile()
    as_letters = replace(hostile, submission="a", notes=("a\nb",))
    assert shape(hostile) == shape(as_letters)
    assert set(shape(hostile)) == set(shape(samples.partial()))


def test_hostile_text_can_be_read_as_it_was_printed():
    text = " ".join(Document(html.render(samples.hostile())).texts["pre"])
    for attack in (
        "<script>document.title='taken'</script>",
        "</pre></details></main>",
        "{{ 7 * 7 }} {% raw %}",
        "&lt; &amp;",
    ):
        assert attack in text
    assert "49" not in text


def test_headings_go_down_one_level_at_a_time(document):
    levels = [int(tag[1]) for tag, _ in document.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_landmarks_language_and_names_are_there(document):
    assert document.all("html") == [{"lang": "en"}]
    for landmark in ("header", "main", "nav", "footer"):
        assert len(document.all(landmark)) == 1
    identifiers = [attributes["id"] for _, attributes in document.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for _, attributes in document.tags:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in identifiers
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in identifiers


def test_pictures_are_inside_the_page_and_said_in_words(document):
    (image,) = document.all("img")
    (picture,) = samples.pictures()
    assert image["alt"] == picture.alt
    assert base64.b64decode(image["src"].removeprefix("data:image/png;base64,")) == picture.png
    assert picture.title in document.texts["figcaption"]


def test_what_is_not_right_is_open_and_what_is_right_is_closed():
    tags = Document(html.render(samples.partial())).tags
    opened = [
        attributes["id"].removeprefix("exercise-")
        for tag, attributes in tags
        if tag == "details" and "open" in attributes
    ]
    assert opened == [
        "tile_images",
        "conv2d_output_shape",
        "same_padding",
        "conv2d",
        "max_pool2d",
    ]
    tags = Document(html.render(samples.first_run())).tags
    assert [attributes["id"] for tag, attributes in tags if "open" in attributes] == ["exercise-flatten_images"]


def test_a_heat_map_is_a_table_of_numbers_that_says_where_they_differ():
    found = Document(html.render(samples.partial()))
    assert found.texts["caption"] == ["Expected", "Got", "Got minus expected"]
    assert found.texts["span"].count("differs: ") == 12
    assert "The first difference is at index [0, 0, 0, 1]. Cells that differ have a frame." in found.texts["figcaption"]
    cells = [text.strip() for text in found.texts["td"] if text.strip()]
    assert cells[:9] == ["1.5", "−0.75", "3", "0.25", "2", "−1.25", "4", "0.5", "1"]


def test_statuses_are_words():
    badges = " ".join(Document(html.render(samples.partial())).texts["span"])
    for word in ("passed", "partial", "failed", "error", "timed out", "crashed", "off limits", "not started"):
        assert word in badges


def test_backticks_are_markup_and_what_is_between_them_stays_text():
    (exercise,) = (e for e in samples.padding_only().exercises if e.name == "conv2d_output_shape")
    said = replace(exercise.checks[1], message="`x` is <b>`<i>`</b>, not ``", hint="Call `y()`.", misconception="a`b`c")
    report = replace(samples.padding_only(), exercises=(replace(exercise, checks=(said,)),))
    page = html.render(report)
    assert "<code>x</code> is &lt;b&gt;<code>&lt;i&gt;</code>&lt;/b&gt;, not ``" in page
    assert "Call <code>y()</code>." in page
    assert "<code>a`b`c</code>" in page


def test_one_mistake_in_several_checks_is_told_once():
    (exercise,) = (e for e in samples.padding_only().exercises if e.name == "conv2d_output_shape")
    checks = tuple(replace(exercise.checks[1], name=name) for name in ("plain", "matches_pytorch", "refuses"))
    page = html.render(replace(samples.padding_only(), exercises=(replace(exercise, checks=checks),)))
    assert page.count("when the padding is counted once") == page.count("A padded row has two ends") == 1
    assert "It fails <code>plain</code>, <code>matches_pytorch</code> and <code>refuses</code>." in page
    assert page.count('<pre class="call">') == 3


def test_a_file_that_cannot_be_read_is_told_once_and_without_an_exercises_hint():
    page = html.render(samples.partial())
    assert page.count("was never closed") == 1
    assert "Until then CNN.forward and count_parameters cannot be graded." in page
    assert "grader hint CNN.forward" not in page and "grader hint count_parameters" not in page
    assert page.count("not graded: the file cannot be read") == 2


def test_a_call_stands_in_the_page_as_it_is_pasted():
    (call,) = (text for text in Document(html.render(samples.padding_only())).texts["pre"] if "conv2d_output" in text)
    assert call.strip() == "conv2d_output_shape((1, 3, 8, 8), 4, kernel_size=3, padding=1)"
    assert '<span class="imports">from exercises.shapes import conv2d_output_shape</span>\nconv2d_' in html.render(
        samples.padding_only()
    )
