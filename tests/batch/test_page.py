"""The page of a class in a real browser: it sorts and filters, and stays quick with 2,000 rows."""

from __future__ import annotations

import msgspec
import pytest

from grader.batch.results.overview import overview
from grader.batch.results.page import class_page, similar_page
from grader.batch.results.similar import Pair
from tests.batch.invented import entries
from tests.report.browser import Browser
from tests.report.test_html_in_browser import LOW_CONTRAST

pytestmark = pytest.mark.slow
VISIBLE = "[...document.querySelectorAll('#rows tr')].filter(row => !row.hidden)"
NAMES = f"{VISIBLE}.map(row => row.cells[0].innerText.trim())"


def data_of(count):
    pairs = [Pair("shapes", 0, 1, 0.93)]
    return overview(
        entries(count), platform="canvas", seed=5, similar=pairs, missing=["Zoë"], unmatched=["גל"], problems=["x.zip"]
    )


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


@pytest.fixture
def page(browser, tmp_path):
    def opened(count=30):
        path = tmp_path / "index.html"
        path.write_text(class_page(data_of(count), "Canvas: so many students."), encoding="utf-8")
        browser.view()
        browser.open(path)
        return browser

    return opened


def test_the_console_stays_silent_and_nothing_is_fetched(page):
    assert page().problems == []


def test_names_of_any_alphabet_are_text_and_have_working_links(page, tmp_path):
    browser = page()
    hrefs = browser.evaluate("[...document.querySelectorAll('#rows a')].map(a => decodeURIComponent(a.href))")
    assert [href.rsplit("/", 2)[1] for href in hrefs] == [f"folder {number} #?" for number in range(30)]
    assert browser.evaluate("document.body.innerText").count("<script>alert(1)</script>") >= 1


def test_a_heading_sorts_both_ways(page):
    browser = page()
    points = f"{VISIBLE}.map(row => Number(row.cells[1].innerText))"
    browser.click("#class thead th:nth-child(2) button")
    assert browser.evaluate(points) == sorted(browser.evaluate(points), reverse=True)
    browser.click("#class thead th:nth-child(2) button")
    assert browser.evaluate(points) == sorted(browser.evaluate(points))
    browser.click("#class thead th:nth-child(1) button")
    assert browser.evaluate(f"{NAMES}[0]") == "<script>alert(1)</script>"


def test_names_and_kinds_filter(page):
    browser = page()
    browser.evaluate(
        "(() => { const box = document.getElementById('name'); box.value = 'o\\'neil'; box.dispatchEvent(new Event('input')); })()"
    )
    assert len(browser.evaluate(NAMES)) == 1
    assert browser.evaluate("document.getElementById('shown').innerText") == "1 of 30 shown"
    browser.click("#clear")
    browser.evaluate(
        "(() => { const kind = document.getElementById('kind'); kind.value = 'l'; kind.dispatchEvent(new Event('change')); })()"
    )
    assert len(browser.evaluate(NAMES)) == 5


def test_a_mistake_leads_to_whose_it_is(page):
    browser = page()
    assert browser.evaluate("document.querySelector('[data-whose]').closest('section').querySelector('h2').innerText")
    browser.evaluate("document.querySelector('[data-whose]').closest('details').open = true")
    browser.click("details[open] [data-whose]")
    shown = browser.evaluate("document.querySelector('[data-whose]').dataset.whose.split(' ').length")
    assert len(browser.evaluate(NAMES)) == shown > 0


def test_two_thousand_rows_are_sorted_and_filtered(page):
    browser = page(2000)
    browser.click("#class thead th:nth-child(3) button")
    browser.evaluate(
        "(() => { const box = document.getElementById('name'); box.value = '199'; box.dispatchEvent(new Event('input')); })()"
    )
    assert len(browser.evaluate(NAMES)) == 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(page, scheme):
    browser = page()
    browser.view(scheme=scheme)
    assert browser.evaluate(LOW_CONTRAST) == []


def test_a_phone_needs_to_scroll_the_table_alone(page):
    browser = page()
    browser.view(width=360, height=700)
    assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_can_be_printed(page):
    assert page().pdf().startswith(b"%PDF")


def test_headings_stand_on_each_printed_page_and_what_is_folded_stays_so(page):
    """Chromium leaves buttons out of a heading that it repeats."""
    browser = page()
    browser.view(medium="print")
    boxes = "[...document.querySelectorAll('#class thead button')].map(one => getComputedStyle(one).display)"
    assert set(browser.evaluate(boxes)) == {"contents"}
    assert browser.evaluate("document.querySelectorAll('.folded').length") > 0
    assert browser.evaluate("[...document.querySelectorAll('.folded .whose')].every(one => !one.checkVisibility())")


def test_who_is_named_last_name_first_can_be_told_from_the_next(browser, tmp_path):
    missing = ["Berg, Eva", "Kim, Ivo"]
    found = entries(3)
    found[1] = (found[1][0], msgspec.structs.replace(found[1][1], status="the zip is cut short"))
    path = tmp_path / "index.html"
    path.write_text(class_page(overview(found, platform="canvas", seed=5, missing=missing), ""), encoding="utf-8")
    browser.open(path)
    assert "Berg, Eva; Kim, Ivo" in browser.evaluate("document.querySelector('.attention').innerText")
    cells = "[...document.querySelectorAll('#rows tr')].map(row => row.cells[5].innerText)"
    assert [text == "–" for text in browser.evaluate(cells)] == [False, True, False]


def test_a_text_that_goes_round_is_one_line_and_one_look(browser, tmp_path):
    pairs = [Pair("shapes", 0, place, 1.0) for place in range(1, 30)] + [Pair("weights", 1, 2, 0.9)]
    data = overview(entries(30), platform="canvas", seed=5, similar=pairs)
    line = "x = 1  # " + "long " * 100
    texts = {place: {"shapes": line.encode(), "weights": b"y = 2\n"} for place in range(30)}
    for name, text in (("index.html", class_page(data, "")), ("similar.html", similar_page(data, texts))):
        (tmp_path / name).write_text(text, encoding="utf-8")
    browser.view()
    browser.open(tmp_path / "index.html")
    said = browser.evaluate("[...document.querySelectorAll('[aria-labelledby=similar] li')].map(one => one.innerText)")
    assert len(said) == 2 and said[0].endswith("and 20 more") and said[1].startswith("weights.py, 90 %")
    for width in (1000, 360):
        browser.view(width=width)
        browser.open(tmp_path / "similar.html")
        assert browser.evaluate("document.querySelectorAll('.pair').length") == 2
        assert browser.evaluate("document.querySelectorAll('.whose li').length") == 30
        assert browser.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_modules_that_are_nearly_the_same_stand_side_by_side(browser, tmp_path):
    path = tmp_path / "similar.html"
    texts = {0: {"shapes": b"def f(a):\n    return a + 1\n"}, 1: {"shapes": b"def g(b):\n    return a + 1\n<b>"}}
    path.write_text(similar_page(data_of(3), texts), encoding="utf-8")
    browser.view()
    browser.open(path)
    assert browser.problems == []
    assert (
        browser.evaluate("[...document.querySelectorAll('mark')].map(m => m.innerText.trim())") == ["return a + 1"] * 2
    )
    left, right = browser.evaluate(
        "[...document.querySelectorAll('.pair > div')].map(d => d.getBoundingClientRect().x)"
    )
    assert left < right
