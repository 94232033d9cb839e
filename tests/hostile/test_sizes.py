"""Answers whose size is the attack: empty arrays of a million entries, a million empty tuples, shapes that overflow."""

from __future__ import annotations

import pytest

from tests.hostile.support import statuses

IMPORTS = "import numpy as np\nimport torch\nfrom grader.sandbox import wire\n"
# What a worker that is not ours any more would leave out.
NO_LIMITS = """
for name in dir(wire):
    if name.startswith("MAX_") and type(getattr(wire, name)) is int:
        setattr(wire, name, 2**62)
wire.clean = lambda text: text
"""
# What `rescale` gives back, which should be an array of floats in the shape of `images`.
SIZES = {
    "a million empty rows": "np.zeros((10**6, 0))",
    "a million empty rows of a tensor": "torch.zeros(10**6, 0)",
    "ten million empty rows": "np.zeros((10**7, 0), dtype=np.int8)",
    "a hundred million empty rows": "np.zeros((10**8, 0))",
    "empty rows of empty rows": "np.zeros((1000, 1000, 0, 5))",
    "an empty axis and a huge one": "np.zeros((0, 2**40))",
    "a huge axis and an empty one": "np.zeros((2**40, 0))",
    "axes that overflow": "torch.empty(0, 2**62, device='meta').shape and torch.empty((2**31, 0, 2**31))",
    "many axes": "np.zeros((1,) * 64)",
    "many empty axes": "np.zeros((2,) * 15 + (0,))",
    "a million empty tuples": "[()] * 10**6",
    "forty thousand empty tuples": "[()] * 40_000",
    "forty thousand empty arrays": "[np.zeros(0, np.int8)] * 40_000",
    "four thousand arrays of a million empty rows": "[np.zeros((10**6, 0), np.int8)] * 4_000",
    "names without end": "{str(i): i for i in range(20_000)}",
    "a number of a million digits": "10**1_000_000",
    "the smallest number": "np.full(images.shape, 5e-324)",
    "the largest number": "np.full(images.shape, 1.7976931348623157e308)",
    "one number of each odd kind": "np.resize(np.array([np.nan, np.inf, -np.inf, 5e-324, 1e308]), images.shape)",
    "a long text of odd characters": "'\\ud800\\x00\\x1b[2J' * 10**5",
    "all of it eight bits wide": "np.zeros(2**24 - 4096, np.uint8)",
}


@pytest.mark.parametrize("limits", ["", NO_LIMITS], ids=["limits kept", "limits lifted"])
@pytest.mark.parametrize("answer", SIZES.values(), ids=SIZES)
def test_no_size_holds_anyone_up_or_ends_a_run(attack, answer, limits):
    report = attack(f"{IMPORTS}{limits}\n\ndef rescale(images):\n    return {answer}\n", "rescale")
    assert report.score == 0
    assert not report.faults
    assert statuses(report) <= {"failed", "error", "crashed", "timeout"}
    assert len(str(report.as_dict())) < 20_000


@pytest.mark.parametrize("library", ["torch", "numpy"])
def test_an_array_in_a_record_is_not_written_out(attack, library):
    """Its axes are so short that neither library shortens it."""
    source = f"""
    import dataclasses, {library}
    @dataclasses.dataclass
    class Shape:
        numbers: object
    def conv2d_output_shape(*args, **options):
        return (1, 1, Shape({library}.zeros((6,) * 9, dtype={library}.uint8)), 1)
    """
    report = attack("\n".join(line[4:] for line in source.splitlines()), "conv2d_output_shape")
    assert report.score == 0
    assert report.exercises[0].checks[0].counterexample.got == "(1, 1, a Shape, 1)"
