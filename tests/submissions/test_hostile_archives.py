"""Zips that attack: their names lead out, their sizes lie, they hold what is no file, or far too much."""

from __future__ import annotations

import bz2
import lzma
import os
import random
import struct

import pytest

from tests.submissions.building import DEVICE, FIFO, FILE, LINK, SOURCE, Entry, build, deflate

CNN = Entry(b"cnn.py")


@pytest.fixture
def hand_in(tmp_path, read):
    """Writes a zip of these entries and reads it; asserts that nothing was unpacked anywhere near."""

    def write_and_read(*entries: Entry, **claims):
        (tmp_path / "hand-in.zip").write_bytes(build(*entries, **claims))
        before = sorted(os.listdir(tmp_path.parent))
        reading = read(tmp_path / "hand-in.zip")
        assert os.listdir(tmp_path) == ["hand-in.zip"] and sorted(os.listdir(tmp_path.parent)) == before
        return reading

    return write_and_read


@pytest.mark.parametrize(
    "name",
    [
        b"../shapes.py",
        b"a/../../shapes.py",
        b"exercises/../shapes.py",
        b"/shapes.py",
        b"/tmp/shapes.py",
        b"//server/share/shapes.py",
        b"C:shapes.py",
        b"C:/shapes.py",
        b"C:\\work\\shapes.py",
        b"..\\shapes.py",
        b"\\\\server\\shapes.py",
        b"shapes.py\x00",
        b"shapes.py\x00.txt",
    ],
)
def test_names_that_lead_out(hand_in, name):
    reading = hand_in(Entry(name), CNN)
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py" in reading.said and "was not graded" in reading.said
    assert [problem.topic for problem in reading.submission.problems] == ["shapes"]


def test_an_honest_module_beside_one_that_leads_out(hand_in):
    reading = hand_in(Entry(b"../shapes.py", b"evil"), Entry())
    assert reading.sources == {"shapes": SOURCE} and reading.texts == []


@pytest.mark.parametrize("mode", [LINK, FIFO, DEVICE, 0o140777, 0o060666, 0o040755])
def test_what_is_no_ordinary_file(hand_in, mode):
    reading = hand_in(Entry(data=b"/etc/passwd", mode=mode), CNN)
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py could not be read: it is a link or a device" in reading.said


@pytest.mark.parametrize("mode", [FILE, 0o644, 0, 0o104755])
def test_ordinary_modes(hand_in, mode):
    assert hand_in(Entry(mode=mode)).sources == {"shapes": SOURCE}


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        (Entry(flags=1), "encrypted"),
        (Entry(flags=1, method=99), "encrypted"),
        (Entry(flags=0x40), "ordinary zip compression"),
        (Entry(flags=0x20), "ordinary zip compression"),
        (Entry(method=9), "ordinary zip compression"),
        (Entry(method=93), "ordinary zip compression"),
        (Entry(method=65535), "ordinary zip compression"),
        (Entry(method=12, packed=bz2.compress(SOURCE)), "ordinary zip compression"),
        (Entry(crc=1), "damaged"),
        (Entry(packed=b"\xff" * 50), "damaged"),
        (Entry(packed=deflate(SOURCE)[:-5]), "damaged"),
        (Entry(method=0, packed_size=10_000_000, size=10_000_000), "damaged"),
        (Entry(offset=1_000_000), "damaged"),
        (Entry(offset=0xFFFFFFF0), "damaged"),
        (Entry(local_name=b"other.py"), "damaged"),
        (Entry(size=5), "damaged"),
    ],
)
def test_an_entry_that_cannot_be_read(hand_in, entry, word):
    reading = hand_in(CNN, entry)
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py could not be read" in reading.said and word in reading.said


BOMB = deflate(b"\x00" * (200 * 2**20))


@pytest.mark.parametrize(
    "lies",
    [{}, {"size": 100}, {"size": 0, "crc": 1}, {"size": 2**20}, {"size": 0xFFFFFFFE}, {"size": 100, "crc": 0}],
)
def test_a_bomb_of_200_megabytes(hand_in, lies):
    claims = {"size": 200 * 2**20, **lies}
    reading = hand_in(CNN, Entry(data=b"", packed=BOMB, **claims))
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py" in reading.said


@pytest.mark.parametrize("method", [12, 14])
def test_bombs_that_zipfile_unpacks_in_one_go(hand_in, method):
    zeros = b"\x00" * (80 * 2**20)
    packed = bz2.compress(zeros) if method == 12 else lzma.compress(zeros, preset=0)
    reading = hand_in(CNN, Entry(data=b"", packed=packed, method=method, size=len(zeros)))
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py" in reading.said


def test_a_stream_of_empty_blocks(hand_in):
    packed = b"\x00\x00\x00\xff\xff" * (2 * 10**6) + deflate(SOURCE)
    assert hand_in(CNN, Entry(packed=packed)).sources == {"cnn": SOURCE, "shapes": SOURCE}


def test_overlapping_entries(hand_in):
    names = [b"classifiers", b"training", b"weights", b"convolution", b"cnn", b"transfer"]
    shared = [Entry(name + b".py", data=b"", packed=b"", packed_size=len(BOMB), size=2**28, offset=0) for name in names]
    reading = hand_in(Entry(data=b"", packed=BOMB, size=2**28), *shared)
    assert reading.sources == {}
    assert len(reading.texts) == 7


def test_entries_that_quote_each_other(hand_in):
    """The better zip bomb: an entry's first deflate block is the next entry's header, and then both share the rest."""
    plain = build(Entry(b"cnn.py", data=b"", packed=BOMB, size=200 * 2**20))
    header = plain[: 30 + len(b"cnn.py")]
    quote = struct.pack("<B2H", 0, len(header), len(header) ^ 0xFFFF)
    first = Entry(data=b"", packed=quote + header + BOMB, size=200 * 2**20 + len(header))
    second = Entry(b"cnn.py", data=b"", packed=b"", packed_size=len(BOMB), size=200 * 2**20)
    second.offset = 30 + len(b"shapes.py") + len(quote)
    reading = hand_in(first, second, Entry(b"weights.py"))
    assert reading.sources == {"weights": SOURCE}
    assert sorted(problem.topic for problem in reading.submission.problems) == ["cnn", "shapes"]


def test_nested_zips_are_not_opened(hand_in):
    inner = build(Entry())
    for _ in range(20):
        inner = build(Entry(b"inner.zip", inner), Entry(b"again.zip", inner[:10_000]))
    assert "none of the modules" in hand_in(Entry(b"inner.zip", inner)).refusal
    assert hand_in(*(Entry(b"%d.zip" % number, inner) for number in range(200)), CNN).sources == {"cnn": SOURCE}


@pytest.mark.parametrize(("size", "told"), [(2**20, False), (2**20 + 1, True)])
def test_the_largest_module(hand_in, size, told):
    reading = hand_in(Entry(data=b"#" * size))
    assert ("larger than 1 MB" in reading.said) is told
    assert len(reading.sources.get("shapes", b"")) == (0 if told else size)


@pytest.mark.parametrize("claims", [{}, {"count": 1}, {"count": 1, "zip64": True}])
def test_30_000_entries(hand_in, claims):
    entries = [Entry(b"folder/%d.py" % number, b"", b"", method=0) for number in range(30_000)]
    assert "hand-in.zip lists too many files" in hand_in(*entries, Entry(), **claims).refusal


def test_5_000_entries_are_few_enough(hand_in):
    entries = [Entry(b"folder/%d.py" % number, b"", b"", method=0) for number in range(5_000)]
    assert hand_in(*entries, Entry()).sources == {"shapes": SOURCE}


@pytest.mark.parametrize("zip64", [False, True])
@pytest.mark.parametrize(
    "claims",
    [
        {"count": 65_000},
        {"directory_size": 2**31},
        {"directory_size": 5 * 2**20},
        {"directory_size": 1},
        {"directory_size": 10_000},
        {"directory_size": 0},
    ],
)
def test_what_the_end_claims(hand_in, claims, zip64):
    assert "hand-in.zip" in hand_in(Entry(), zip64=zip64, **claims).refusal


def test_a_directory_of_extra_fields(hand_in):
    extra = struct.pack("<2H", 0xCAFE, 0) * 16_000
    entries = [Entry(b"%d.py" % number, b"", b"", method=0, extra=extra) for number in range(60)]
    assert "hand-in.zip lists a file with 64000 bytes of extra fields" in hand_in(*entries, Entry()).refusal
    assert hand_in(Entry(extra=extra[:4096])).sources == {"shapes": SOURCE}


@pytest.mark.parametrize(
    "extra", [b"\x01\x00\xff\xff", b"\x75\x70\x05\x00\x01\x00\x00\x00\x00", b"\x01\x00\x00\x00", b"\x00"]
)
def test_broken_extra_fields(hand_in, extra):
    reading = hand_in(Entry(extra=extra, size=0xFFFFFFFF))
    assert "hand-in.zip" in reading.refusal or "shapes.py" in reading.said or reading.sources


def test_names_in_other_encodings(hand_in):
    reading = hand_in(Entry("größe".encode("cp437") + b"/shapes.py"))
    assert reading.submission.modules["shapes"].display_path == "größe/shapes.py"
    assert hand_in(Entry(b"\xff\xfe\x80/shapes.py")).sources == {"shapes": SOURCE}
    assert hand_in(Entry(b"\x1b[2J\n/shapes.py")).submission.modules["shapes"].display_path == "\\x1b[2J\\n/shapes.py"


def test_names_that_are_not_the_utf_8_that_they_claim(hand_in):
    assert (
        "hand-in.zip lists a file whose name cannot be decoded"
        in hand_in(Entry(b"\xff/shapes.py", flags=0x800)).refusal
    )


def test_long_names(hand_in):
    reading = hand_in(Entry(b"x" * 65_000 + b"/shapes.py"), Entry(b"x" * 65_000 + b"/cnn.ipynb"))
    assert reading.sources == {"shapes": SOURCE}
    assert len(reading.said) < 500


@pytest.mark.parametrize("source", [b"x = 1\x00", "x = 1".encode("utf-16"), b"\x00" * 1000])
def test_null_bytes_in_a_source(hand_in, source):
    reading = hand_in(Entry(data=source), CNN)
    assert reading.sources == {"cnn": SOURCE}
    assert "shapes.py is not Python source" in reading.said


def test_an_archive_of_gigabytes(tmp_path, read):
    (tmp_path / "big.zip").write_bytes(build(Entry()))
    os.truncate(tmp_path / "big.zip", 8 * 2**30)
    assert "big.zip is larger than" in read(tmp_path / "big.zip").refusal


def test_many_archives_in_a_row(hand_in):
    dice = random.Random(3)
    for _ in range(50):
        assert hand_in(Entry(data=dice.randbytes(100)), CNN).submission is not None
