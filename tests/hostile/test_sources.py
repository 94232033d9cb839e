"""Sources that are made to bring down whoever reads, parses or compiles them: each costs its own topic alone."""

from __future__ import annotations

import pytest

from tests.hostile.support import reference, statuses

SOURCES = {
    "parentheses": b"x = " + b"(" * 100_000 + b")" * 100_000,
    "brackets": b"x = " + b"[" * 5_000,
    "indentation": b"".join(b" " * i + b"if 1:\n" for i in range(150)),
    "blocks": b"".join(b" " * i + b"while 1:\n" for i in range(90)) + b" " * 90 + b"pass",
    "operators": b"x = " + b"-" * 300_000 + b"1",
    "attributes": b"x = y" + b".y" * 100_000,
    "additions": b"x = " + b"1 + " * 100_000 + b"1",
    "calls": b"x = f" + b"()" * 50_000,
    "lambdas": b"x = " + b"lambda: " * 20_000 + b"0",
    "format strings": b"x = f'" + b"{f'" * 100 + b"'}" * 100 + b"'",
    "a long line": b"x = '" + b"a" * 2_000_000 + b"'",
    "a long name": b"a" * 2_000_000 + b" = 1",
    "a long number": b"x = " + b"9" * 1_000_000,
    "a power": b"x = 9 ** 9 ** 9 ** 9",
    "a constant that unfolds": b"x = ((((1,) * 255,) * 255,) * 255,) * 255\ny = 'a' * 4000 * 4000 * 4000",
    "many lines": b"x = 1\n" * 200_000,
    "null bytes": b"x = 1\0\n" + b"\0" * 1000,
    "only null bytes": bytes(10_000),
    "noise": bytes(range(256)) * 100,
    "half a character": b"x = '\xe2\x82'",
    "an unknown encoding": b"# -*- coding: klingon -*-\nx = 1\n",
    "an encoding that runs": b"# -*- coding: rot13 -*-\nvzcbeg bf; bf.flfgrz('rpub cjarq')\n",
    "an encoding that is no text": b"# -*- coding: zlib -*-\nx = 1\n",
    "wide characters": "x = 1\n".encode("utf-16"),
    "a mark of byte order": b"\xef\xbb\xbf\xef\xbb\xbfx = 1",
    "right to left": "x = 1 # \u202e } ⁦if True⁩ \u2066".encode(),
    "escape sequences": b"raise SyntaxError('\x1b[2J\x1b]0;pwned\x07')",
    "form feeds": b"\x0c\x0c\x0cif 1:\n\x0c  x = (\n",
    "a missing end": b'x = """' + b"a\n" * 10_000,
    "nothing at all": b"",
    "a star": b"from torch import *\nfrom numpy import *\nfrom os import *\n",
    "itself": b"import weights\nfrom weights import rescale\n",
    "a future": b"from __future__ import braces\n",
    "a pickle": b"cos\nsystem\n(S'echo pwned'\ntR.",
    "an archive": b"PK\x03\x04" + bytes(100),
    "a program": b"\x7fELF" + bytes(100),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_no_source_breaks_the_grader(attack, source):
    report = attack(source, "rescale", "tile_images")
    assert report.score == 0
    assert statuses(report) <= {"error", "crashed", "timeout"}
    assert len(str(report.as_dict())) < 20_000


def test_a_source_that_crashes_the_compiler_costs_its_own_topic_alone(arena):
    """The other topics of the submission are graded as ever."""
    from grader.course import registry

    sources = {"weights": SOURCES["parentheses"], "cnn": reference("cnn").encode()}
    wanted = [registry.exercise(name) for name in ("rescale", "count_parameters")]
    report = arena.session.grade(sources, name="x", exercises=wanted, seed=0, examples=4)
    assert [exercise.status for exercise in report.exercises] == ["failed", "passed"]
