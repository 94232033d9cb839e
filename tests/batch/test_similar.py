"""Near-identical modules are listed, locally, as something to look at."""

from __future__ import annotations

import re

import pytest

from grader.batch.results.similar import MOST_GROUPS, Pair, fingerprints, pairs
from grader.course import registry
from tests.batch.support import ROOT, SHAPES, STUBS, padded_once

STYLES = sorted(path for path in (ROOT / "tests" / "samples" / "correct").iterdir() if path.is_dir())


def modules(topic: str) -> list[bytes]:
    """The topic's modules of people who have never met."""
    found = [next(iter(style.rglob(f"{topic}.py")), None) for style in STYLES]
    return [path.read_bytes() for path in [*found, ROOT / "solutions" / f"{topic}.py"] if path]


def found_among(texts: list[bytes], topic: str = "shapes") -> list[tuple[int, int]]:
    marks = {place: fingerprints(text, topic) for place, text in enumerate(texts)}
    return [(pair.first, pair.second) for pair in pairs({topic: marks}, len(texts))]


# A new topic need not be written into each sample.
SAMPLED = [topic for topic in registry.MODULES if len(modules(topic)) > 8]


def test_most_topics_are_in_the_samples():
    assert len(SAMPLED) > len(registry.MODULES) / 2


@pytest.mark.parametrize("topic", SAMPLED)
def test_people_who_have_never_met_are_not_listed(topic):
    assert found_among(modules(topic), topic) == []


def test_a_copy_with_other_names_comments_and_blank_lines_is_listed():
    copy = re.sub(r"\b(padding|kernel_size|size|dilation)\b", r"my_\1", SHAPES).replace("\n\n", "\n\n# mine\n\n")
    others = [text for text in modules("shapes") if text != SHAPES.encode()]
    assert found_among([*others, SHAPES.encode(), copy.encode()]) == [(len(others), len(others) + 1)]


def test_a_copy_with_one_line_changed_is_listed():
    assert found_among([SHAPES.encode(), padded_once().encode()]) == [(0, 1)]


def test_stubs_and_what_is_no_python_are_alike_and_are_not_listed():
    assert found_among([STUBS.encode()] * 3) == []
    assert found_among([b"(((((", b"(((((", b"\xff\xfe", b"", b"'''"]) == []


def test_a_text_that_goes_round_half_the_class_is_listed_for_each():
    others = modules("shapes")[:-1]
    assert len(found_among([*others, *[SHAPES.encode()] * 10])) == 9


def test_a_large_class_is_compared_in_bounds():
    marks = {place: list(range(place, place + 50)) for place in range(2000)}
    assert len(pairs({"shapes": marks}, 2000)) <= MOST_GROUPS


def test_a_text_that_goes_round_hides_no_other_pair():
    text, other = list(range(100)), list(range(200, 300))
    everybodys = {place: text for place in range(300)}
    found = pairs({"shapes": everybodys, "weights": {7: other, 8: other}}, 300)
    assert len(found) == 300 and found[-1] == Pair("weights", 7, 8, 1.0)


def test_only_the_same_text_is_the_same_to_a_hundred_per_cent():
    text = list(range(1000))
    assert [pair.share for pair in pairs({"shapes": {0: text, 1: [*text[1:], 5000]}}, 2)] == [0.99]
