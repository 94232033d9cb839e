"""Fuzzing the reader of archives: whatever the bytes, a Submission or a SubmissionError."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.submissions import Submission, SubmissionError, read_submission
from tests.submissions.building import SOURCE, Entry, build

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
VALID = [
    build(Entry(), Entry(b"exercises/cnn.py", method=0), Entry(b"notes.txt")),
    build(Entry(b"a/shapes.py", mode=0o100644), Entry(b"b/shapes.py"), comment=b"by Anna"),
    build(Entry(extra=b"\x01\x00\x08\x00" + b"\x05" + b"\x00" * 7), zip64=True),
    build(Entry("größe/cnn.py".encode(), flags=0x800), Entry(b"..\\shapes.py"), Entry(b"C:/weights.py")),
]
NUMBERS = st.sampled_from([0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1, 2**64 - 1])
PATCHES = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True), st.binary(max_size=6) | st.tuples(NUMBERS, st.sampled_from([1, 2, 4, 8]))
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def place():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "fuzz.zip"


def check(place: Path, data: bytes) -> None:
    place.write_bytes(data)
    try:
        submission = read_submission(place)
    except SubmissionError as error:
        assert "fuzz.zip" in str(error)
        return
    assert isinstance(submission, Submission)
    assert submission.modules or submission.problems
    assert all(len(file.source) <= 2**20 for file in submission.modules.values())
    assert submission.digest()


@FUZZ
@given(data=st.binary(max_size=2000))
def test_any_bytes(place, data):
    check(place, data)


@FUZZ
@given(data=st.binary(max_size=500), end=st.binary(min_size=18, max_size=18))
def test_any_bytes_that_end_like_a_zip(place, data, end):
    check(place, data + b"PK\x05\x06" + end)


@FUZZ
@given(valid=st.sampled_from(VALID), patches=PATCHES)
def test_a_zip_with_some_bytes_changed(place, valid, patches):
    data = bytearray(valid)
    for where, patch in patches:
        if isinstance(patch, tuple):
            number, width = patch
            patch = (number % 256**width).to_bytes(width, "little")
        start = int(where * len(data))
        data[start : start + len(patch)] = patch
    check(place, bytes(data))


@FUZZ
@given(
    valid=st.sampled_from(VALID),
    start=st.floats(0, 1),
    length=st.integers(1, 60),
    at=st.floats(0, 1),
    remove=st.booleans(),
)
def test_a_zip_with_a_piece_moved(place, valid, start, length, at, remove):
    first = int(start * len(valid))
    piece = valid[first : first + length]
    rest = valid[:first] + valid[first + length :] if remove else valid
    where = int(at * len(rest))
    check(place, rest[:where] + piece + rest[where:])


names = st.binary(max_size=30) | st.builds(
    lambda a, b: a + b"shapes.py" + b, st.binary(max_size=6), st.binary(max_size=6)
)
words, longs = st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
entries = st.builds(
    Entry,
    name=names | st.just(b"shapes.py"),
    packed=st.none() | st.binary(max_size=60),
    method=st.sampled_from([0, 8, 9, 12, 14, 99]) | words,
    flags=st.sampled_from([0, 1, 8, 0x20, 0x40, 0x800]) | words,
    mode=st.sampled_from([0, 0o100644, 0o120777]) | words,
    crc=st.none() | longs,
    size=st.none() | longs,
    packed_size=st.none() | longs,
    offset=st.none() | longs,
    local_name=st.none() | names,
    extra=st.binary(max_size=12),
    version=st.just(20) | words,
)


@FUZZ
@given(
    made=st.lists(entries, min_size=1, max_size=4),
    zip64=st.booleans(),
    count=st.none() | words,
    comment=st.binary(max_size=30),
)
def test_zips_of_lies(place, made, zip64, count, comment):
    check(place, build(*made, zip64=zip64, count=count, comment=comment))


def test_the_seeds_are_honest(place):
    place.write_bytes(VALID[0])
    assert {file.source for file in read_submission(place).modules.values()} == {SOURCE}
