"""Zips as students make them, and files that only are called zips."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile

import pytest

from tests.submissions.building import SOURCE, Entry, build


@pytest.fixture
def hand_in(tmp_path, read):
    """Writes bytes to hand-in.zip and reads it."""

    def write_and_read(data: bytes, name: str = "hand-in.zip"):
        (tmp_path / name).write_bytes(data)
        return read(tmp_path / name)

    return write_and_read


def zipped(*names: str, **options) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", **options) as archive:
        for name in names:
            archive.writestr(name, b"" if name.endswith("/") else SOURCE)
    return target.getvalue()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["shapes.py", "cnn.py"], {"shapes": "shapes.py", "cnn": "cnn.py"}),
        (["exercises/", "exercises/shapes.py", "solutions/shapes.py"], {"shapes": "exercises/shapes.py"}),
        (["work/exercises/shapes.py", "work/cnn.py"], {"shapes": "work/exercises/shapes.py"}),
        (["__MACOSX/._shapes.py", "__MACOSX/shapes.py", "w/shapes.py", "w/.DS_Store"], {"shapes": "w/shapes.py"}),
        (["./shapes.py"], {"shapes": "shapes.py"}),
        (["work\\exercises\\shapes.py"], {"shapes": "work/exercises/shapes.py"}),
        (["größe/shapes.py", "größe/…"], {"shapes": "größe/shapes.py"}),
        (["shapes.py", "old/shapes.py"], {"shapes": "shapes.py"}),
    ],
)
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_modules_are_found(hand_in, names, expected, method):
    reading = hand_in(zipped(*names, compression=method))
    assert {topic: file.display_path for topic, file in reading.submission.modules.items()} == expected
    assert set(reading.sources.values()) == {SOURCE}
    assert reading.submission.name == "hand-in"
    assert len(reading.texts) == ("work/cnn.py" in names)


@pytest.mark.parametrize("name", ["shapes.py.txt", "Copy of shapes.pyc", "shapes.ipynb"])
def test_almost_the_name_is_said(hand_in, name):
    reading = hand_in(zipped(name))
    assert reading.sources == {} and name in reading.said


@pytest.mark.parametrize("names", [[], ["homework.ipynb"], ["exercises/"], ["shapes.py/"], ["a/" * 12 + "shapes.py"]])
def test_nothing_to_grade_names_the_zip(hand_in, names):
    assert "hand-in.zip holds none of the modules" in hand_in(zipped(*names)).refusal


def test_two_candidates(hand_in):
    reading = hand_in(zipped("a/shapes.py", "b/shapes.py", "a/cnn.py"))
    assert list(reading.sources) == ["cnn"]
    assert "a/shapes.py and b/shapes.py" in reading.said


def test_the_same_name_twice(hand_in):
    reading = hand_in(build(Entry(data=b"first"), Entry(data=b"second"), Entry(b"cnn.py")))
    assert list(reading.sources) == ["cnn"]
    assert "more than one shapes.py" in reading.said


def test_something_before_the_zip(hand_in):
    assert hand_in(b"#!/bin/sh\nexit 1\n" + b"junk" * 5000 + zipped("shapes.py")).sources == {"shapes": SOURCE}


@pytest.mark.parametrize("comment", [b"by Anna", b"\x00" * 65_535, b"\x1b[2J"])
def test_a_comment_at_the_end(hand_in, comment):
    assert hand_in(build(Entry(), comment=comment)).sources == {"shapes": SOURCE}


def test_a_zip64_end(hand_in):
    assert hand_in(build(Entry(), zip64=True)).sources == {"shapes": SOURCE}
    assert hand_in(build(Entry(), zip64=True, comment=b"x" * 65_535)).sources == {"shapes": SOURCE}


def test_a_zip64_end_whose_record_is_gone(hand_in):
    data = build(Entry(), zip64=True).replace(b"PK\x06\x06", b"PK\x00\x00")
    assert "its list of files is not found" in hand_in(data).refusal


def test_a_zip_with_another_ending(hand_in):
    assert hand_in(zipped("shapes.py"), "work.bin").sources == {"shapes": SOURCE}


def _tar(mode: str) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:
        info = tarfile.TarInfo("shapes.py")
        info.size = len(SOURCE)
        archive.addfile(info, io.BytesIO(SOURCE))
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "is empty"),
        (_tar("w"), "tar archive"),
        (_tar("w:gz"), "gzip archive"),
        (gzip.compress(SOURCE, mtime=0), "gzip archive"),
        (_tar("w:xz"), "xz archive"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 100, "RAR archive"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 100, "7z archive"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is not a zip"),
        (SOURCE, "is not a zip"),
        (b"PK", "is not a zip"),
        (b"PK\x05\x06", "is not a zip"),
        (b"\x00" * 1000, "is not a zip"),
    ],
    # Not the bytes: an archive holds the time at which it was made, and all who run tests must call them the same.
    ids=["empty", "tar", "tar.gz", "gz", "tar.xz", "RAR", "7z", "HTML", "source", "two bytes", "four bytes", "nothing"],
)
def test_what_is_no_zip_is_said(hand_in, data, word):
    refusal = hand_in(data).refusal
    assert "hand-in.zip" in refusal and word in refusal


def test_a_zip_cut_short_anywhere(tmp_path, read):
    whole = zipped("exercises/shapes.py", "exercises/cnn.py", compression=zipfile.ZIP_DEFLATED)
    path = tmp_path / "cut.zip"
    for length in range(0, len(whole)):
        path.write_bytes(whole[:length])
        assert "cut.zip" in read(path).refusal
    path.write_bytes(whole[:-40])
    assert "cut short" in read(path).refusal


def test_a_zip_without_its_beginning(tmp_path, read):
    whole = zipped("exercises/shapes.py", "exercises/cnn.py")
    path = tmp_path / "cut.zip"
    for start in range(1, len(whole), 7):
        path.write_bytes(whole[start:])
        reading = read(path)
        assert "shapes" not in reading.sources
        assert "cut.zip" in reading.refusal or "exercises/shapes.py" in reading.said


def test_the_name_of_the_file_is_made_visible(hand_in):
    refusal = hand_in(b"", "\x1b[31m::error::\n.zip").refusal
    assert "\\x1b[31m::error::\\n.zip" in refusal and "\n" not in refusal
