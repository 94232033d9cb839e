"""The form of calls and answers: what goes out comes back, and whatever else arrives is refused with a WireError."""

from __future__ import annotations

import contextlib
import math
import struct

import msgspec
import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.sandbox import wire
from grader.sandbox.wire import WireError

SETTINGS = settings(deadline=None, max_examples=150, database=None, derandomize=True)

_DTYPES = st.sampled_from(sorted(wire._NUMPY_DTYPES))
_ARRAYS = _DTYPES.flatmap(
    lambda name: npst.arrays(np.dtype(name), npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
_TENSORS = st.builds(
    lambda shape, dtype: torch.ones(shape).mul(3).to(dtype),
    st.lists(st.integers(0, 4), max_size=4),
    st.sampled_from(list(wire._TORCH_DTYPES.values())),
)
_KEYS = st.one_of(
    st.text(max_size=5), st.integers(), st.booleans(), st.none(), st.tuples(st.integers(), st.text(max_size=3))
)
_ALPHABET = st.characters(exclude_categories=["Cs"])
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), st.text(_ALPHABET, max_size=20),
    st.complex_numbers(), _ARRAYS, _TENSORS,
)  # fmt: skip
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(_ALPHABET, max_size=5), inner, max_size=4),
        st.dictionaries(_KEYS, inner, max_size=3),
    ),
    max_leaves=12,
)


def same(a, b) -> bool:
    """Whether two values are alike to the last bit and of the same types."""
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        return a.dtype == b.dtype and a.shape == b.shape and a.requires_grad == b.requires_grad and torch.equal(a, b)
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(map(same, a.values(), b.values()))
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    return a == b or (a != a and b != b)


def opened(payload: wire.Payload) -> tuple[bytes, bytes]:
    return payload.body[: payload.header_length], payload.body[payload.header_length :]


@SETTINGS
@given(VALUES)
@example({"a": (1, [2.5, None]), "b": 2**63, (1, "x"): -(10**300), True: math.inf})
def test_plain_data_comes_back_as_it_was(value):
    assert same(wire.copy(value), value)


@SETTINGS
@given(st.binary(max_size=300), st.binary(max_size=60))
def test_random_bytes_are_refused(header, buffers):
    with contextlib.suppress(WireError):
        wire.decode(header, buffers)


_NODES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.text(max_size=8), st.binary(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.tuples(st.sampled_from(sorted(wire._METHODS)), inner).map(list),
        st.tuples(st.sampled_from(sorted(wire._METHODS)), inner, inner).map(list),
        st.tuples(st.sampled_from(["array", "tensor", "parameter", "scalar"]), _DTYPES, st.lists(st.integers(-2, 2**41), max_size=3),
                  st.integers(-5, 100), st.booleans()).map(list),
    ),
    max_leaves=20,
)  # fmt: skip


@SETTINGS
@given(_NODES, st.binary(max_size=100))
@example(["int", "9" * 5000], b"")
@example(["int", "--1"], b"")
@example(["dict", [["list"], 1]], b"")
@example(["dict", [1]], b"")
@example(["dict", [["tuple", ["array", "int8", [1], 1]], 1]], b"x")
@example(["array", "float32", [2**40, 0, 2**40], 0], b"")
@example(["tensor", "float32", [2**40, 2**40, 0], 0, False], b"")
@example(["tensor", "bool", [1], 1, True], b"\x07")
@example(["record", "x", ["a", 1, 2]], b"")
@example(["take", [1], 1, 1], b"x")
@example(["__class__"], b"")
def test_well_formed_nonsense_is_refused_or_plain(node, buffers):
    """A tree that could stand in a frame, with tags in the wrong places: plain data comes out of it, or WireError."""
    try:
        value = wire.decode(msgspec.msgpack.encode(node), buffers)
    except WireError:
        return
    assert (
        same(wire.copy(value), value) or "record" in repr(node) or "opaque" in repr(node) or "parameter" in repr(node)
    )


@SETTINGS
@given(VALUES, st.data())
def test_a_frame_with_a_few_other_bytes_is_refused_or_plain(value, data):
    header, buffers = opened(wire.encode(value))
    changed = bytearray(header)
    for _ in range(data.draw(st.integers(1, 4))):
        assume(changed)
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(changed)))
    for found in (bytes(changed), bytes(changed[:cut]), bytes(changed) + b"\xc0"):
        with contextlib.suppress(WireError):
            wire.decode(found, buffers)


@SETTINGS
@given(st.binary(min_size=wire.HEAD.size, max_size=wire.HEAD.size))
@example(struct.pack("!4sIIQ", b"CK1\n", 1, 2**32 - 1, 2**64 - 1))
def test_a_head_announces_bounded_lengths(head):
    try:
        _, header, buffers = wire.read_head(head)
    except WireError:
        return
    assert header <= wire.MAX_HEADER
    assert buffers <= wire.MAX_BUFFERS


@pytest.mark.parametrize("missing", ["one byte", "all bytes", "one byte too many"])
def test_the_numbers_must_be_there_exactly(missing):
    header, buffers = opened(wire.encode(torch.arange(5)))
    wrong = {"one byte": buffers[:-1], "all bytes": b"", "one byte too many": buffers + b"x"}[missing]
    with pytest.raises(WireError):
        wire.decode(header, wrong)


def nested(depth: int, make) -> object:
    value: object = 1
    for _ in range(depth):
        value = make(value)
    return value


@pytest.mark.parametrize("depth", [wire.MAX_DEPTH + 1, 500, 100_000])
def test_depth_has_a_limit_in_both_directions(depth):
    with pytest.raises(WireError, match="nested"):
        wire.encode(nested(depth, lambda value: [value]))
    header = b"\x92\xa4list" * depth + b"\x01"
    with pytest.raises(WireError):
        wire.decode(header)


def test_sizes_and_counts_have_a_limit():
    with pytest.raises(WireError, match="parts"):
        wire.encode([0] * (wire.MAX_NODES + 1))
    assert len(wire.copy([0] * wire.MAX_NODES)) == wire.MAX_NODES
    with pytest.raises(WireError, match="parts"):
        wire.decode(msgspec.msgpack.encode(["list", *[0] * (wire.MAX_NODES + 1)]))
    with pytest.raises(WireError, match="MiB"):
        wire.encode(np.zeros(wire.MAX_BUFFERS + 1, dtype=np.uint8))
    with pytest.raises(WireError, match="MiB"):
        wire.encode(torch.zeros(1).expand(2**50))
    with pytest.raises(WireError, match="digits"):
        wire.encode(10**1001 * 10**200)


def _array(name, *shape, length=0):
    return [name, "int8", list(shape), length, *([False] if name == "tensor" else [])]


@pytest.mark.parametrize(
    "node",
    [
        _array("array", wire.MAX_PLACES + 1, 0),
        _array("tensor", 0, wire.MAX_PLACES + 1),
        _array("tensor", 2**31, 0, 2**33),
        _array("array", 0, 2**62),
        _array("array", *[1] * (wire.MAX_AXES + 1), length=1),
        _array("array", *[0] * 60_000),
        ["list", *[_array("array", 0)] * (wire.MAX_NODES // wire.NODES_OF_AN_ARRAY + 1)],
        ["list", *[["tuple"]] * (wire.MAX_NODES + 1)],
        ["tuple", *[["list", *[None] * 1000]] * (wire.MAX_NODES // 1000 + 1)],
        ["dict", *[[place, None] for place in range(wire.MAX_KEYS + 1)]],
        ["record", "History", *[[str(place), None] for place in range(wire.MAX_KEYS + 1)]],
    ],
)
def test_whatever_is_counted_is_counted_where_it_is_read(node):
    with pytest.raises(WireError, match="more than"):
        wire.decode(msgspec.msgpack.encode(node), b"x")


def test_empty_arrays_have_a_limit_where_they_are_sent():
    for value in (np.zeros((wire.MAX_PLACES + 1, 0)), torch.zeros(0, 2**40)):
        with pytest.raises(WireError, match="places"):
            wire.encode(value)
    assert wire.copy(np.zeros((wire.MAX_PLACES, 0, 1))).shape == (wire.MAX_PLACES, 0, 1)


def test_a_long_text_is_cut_where_it_is_read_and_then_stays_as_it_is():
    for text in ("x" * 200_000, "\N{DOG FACE}" * 60_000, "\ud800" * 30_000):
        sent = wire.clean(text)
        assert len(sent) <= wire.MAX_TEXT and wire.copy(text) == wire.clean(sent) == sent
    assert len(wire.decode(msgspec.msgpack.encode(["str", "x" * 200_000]))) <= wire.MAX_TEXT


def test_what_an_answer_takes_in_memory_is_counted_and_not_only_its_bytes():
    header, buffers = opened(wire.encode([np.zeros((0, 3))] * 1_000))
    assert wire.weighed(header, buffers)[1] > 500_000
    header, buffers = opened(wire.encode(np.zeros(1_000)))
    assert 8_000 <= wire.weighed(header, buffers)[1] < 9_000


def test_what_is_not_plain_becomes_a_description():
    class Odd:
        def __repr__(self):
            return "odd\ud800"

    for value in (
        Odd(),
        {1},
        np.array([object()]),
        torch.zeros(2, device="meta"),
        torch.zeros(2, 2).to_sparse(),
        range(3),
    ):
        assert isinstance(wire.copy(value), wire.Opaque)
    assert wire.copy(Odd()).text == "odd\\ud800"


def test_nothing_in_a_frame_is_looked_up_by_name():
    """A tag names one of a few forms; the names of the decoder's other parts are no tags."""
    for tag in ("unpack", "take", "_take", "init", "__init__", "class", "buffers", ""):
        with pytest.raises(WireError):
            wire.decode(msgspec.msgpack.encode([tag, 1]))
