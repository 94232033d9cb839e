"""The HTML view in a real browser: it renders, it opens, it can be read in both themes, on a phone and on paper."""

import re

import pytest

from grader.report import html
from tests.report import samples
from tests.report.browser import Browser

REPORTS = ("partial", "hostile")

# For every text on the page: its contrast with what is painted behind it (WCAG 2.2, "Contrast (Minimum)").
LOW_CONTRAST = """
(() => {
  document.querySelectorAll('details').forEach(d => d.open = true);
  const context = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = colour => {
    context.clearRect(0, 0, 1, 1); context.fillStyle = colour; context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    let behind = element;
    while (behind && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const back = luminance(rgba(getComputedStyle(behind || document.body).backgroundColor));
    const style = getComputedStyle(element);
    const front = luminance(rgba(element.closest('svg') ? style.fill : style.color));
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (contrast < 4.5) found.push([contrast.toFixed(2), element.className, walker.currentNode.data.slice(0, 30)]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


@pytest.fixture(params=REPORTS)
def page(request, browser, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(html.render(getattr(samples, request.param)(), pictures=samples.pictures()), encoding="utf-8")
    browser.view()
    browser.open(path)
    return browser


def test_the_console_stays_silent_and_nothing_is_fetched(page):
    assert page.problems == []
    assert page.evaluate("document.styleSheets.length") == 1
    assert page.evaluate("[...document.images].every(image => image.naturalWidth === 240)")


def test_what_can_be_opened_opens_and_closes_at_a_click(page):
    count = page.evaluate("document.querySelectorAll('details.exercise').length")
    assert count == 22
    for selector in ("#exercise-flatten_images", "#exercise-conv2d_output_shape", "#exercise-replace_classifier"):
        is_open = f"document.querySelector('{selector}').open"
        before = page.evaluate(is_open)
        page.click(f"{selector} summary")
        assert page.evaluate(is_open) is not before
        page.click(f"{selector} summary")
        assert page.evaluate(is_open) is before


def test_what_a_student_prints_cannot_act(page):
    assert page.evaluate("document.title").endswith("exercises") or "100 points: <script>" in page.evaluate(
        "document.title"
    )
    assert page.evaluate("document.querySelectorAll('script, iframe, body img[onerror]').length") == 0
    assert page.evaluate("document.querySelectorAll('h1').length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(page, scheme):
    page.view(scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(17, 21, 27)") == (scheme == "dark")
    assert page.evaluate(LOW_CONTRAST) == []


def test_a_phone_needs_no_sideways_scrolling(page):
    page.view(width=360, height=740)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("page", ["partial"], indirect=True)
def test_on_paper_everything_is_open_and_dark_on_light(page):
    folded = (
        "[...document.querySelectorAll('details')]"
        ".filter(d => d.offsetHeight - d.querySelector('summary').offsetHeight < 20).length"
    )
    assert page.evaluate(folded) > 0
    pages = _pages(page.pdf())
    page.view(medium="print", scheme="dark", width=794, height=1123)
    assert page.evaluate(folded) == 0
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 48)"
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert _pages(page.pdf()) == pages > 1


def _pages(pdf):
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
