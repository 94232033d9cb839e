"""The Markdown view: read back by a CommonMark parser, nothing of a submission has become markup."""

from markdown_it import MarkdownIt

from grader.report import markdown
from tests.report import samples


def _tokens(text):
    for token in MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def test_hostile_text_stays_inside_code():
    tokens = list(_tokens(markdown.render(samples.hostile())))
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "strong_open", "em_open", "code_block", "hr"}
    prose = " ".join(token.content for token in tokens if token.type == "text")
    for trigger in ("@", "http", "www.", "#", "GH-1", ":tada:", "<", "taken", "|", "`"):
        assert trigger not in prose, f"{trigger!r} stands outside code"


def test_headings_are_only_the_views_own():
    tokens = list(_tokens(markdown.render(samples.hostile())))
    levels = [token.tag for token in tokens if token.type == "heading_open"]
    assert levels == ["h2", "h3"]


def test_a_fence_is_longer_than_any_inside_it():
    assert markdown.fenced("a\n````\nb") == "`````text\na\n````\nb\n`````"
    assert markdown.code("a`b``c") == "```a`b``c```"
    assert markdown.code("`") == "`` ` ``"
    assert markdown.code("a|b") == r"`a\|b`"


def test_a_summary_gives_points_what_is_next_and_every_exercise():
    text = markdown.render(samples.partial())
    assert text.startswith(
        "## 59 / 100 points\n\n`exercises`: 22 exercises, 12 passed, 7 begun, 3 not started.\n\n"
        "```text\ncats.py is no topic of this kit: it was not graded.\n```\n\n"
        "Next: `tile_images` in `exercises/weights.py:70`.\n\n"
        "| Topic | Exercise | Status | Points |\n| --- | --- | --- | ---: |\n"
        "| `classifiers` | `flatten_images` | ✅ passed | 3 / 3 |\n"
        "|  | `LogisticRegression.forward` | ✅ passed | 3 / 3 |\n"
    )
    assert (
        "### 🟡 `conv2d_output_shape`: 2 / 6 points\n\n`matches_pytorch`: failed\n\n```text\nfrom exercises.shapes import conv2d_output_shape\n"
        "conv2d_output_shape(" in text
    )
    assert text.count("###") == 6


def test_a_comment_stays_within_githubs_limit(monkeypatch):
    assert len(markdown.render(samples.enormous())) < 65_536
    monkeypatch.setattr(markdown, "COMMENT_LIMIT", 3_000)
    assert markdown.render(samples.partial()).endswith("more exercises are in the full report.\n")
