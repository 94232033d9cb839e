"""Unpacks one entry of a zip, whatever its headers claim, into bounded memory."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from grader.files.beneath import Unreadable

_LOCAL = struct.Struct("<4s22x2H")  # before an entry's bytes: a mark, and the lengths of name and extra field
_CHUNK = 64 * 1024
_ENCRYPTED, _PATCHED, _ENCRYPTED_STRONGLY, _UTF8 = 0x1, 0x20, 0x40, 0x800
_OTHER_PACKING = "it is packed in a way that cannot be read; use ordinary zip compression"
_DAMAGED = "the archive is damaged at this file"


def unpack(file: BinaryIO, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of one entry of an open zip, whose list of files is not read again. Raises Unreadable.

    `most` is how many bytes there may be; it is the only number that is believed.
    """
    mode = entry.external_attr >> 16
    if mode and not stat.S_ISREG(mode) and stat.S_IFMT(mode):
        raise Unreadable("it is a link or a device, not an ordinary file")
    if entry.flag_bits & _ENCRYPTED:
        raise Unreadable("it is encrypted")
    if entry.flag_bits & (_PATCHED | _ENCRYPTED_STRONGLY):
        raise Unreadable(_OTHER_PACKING)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unreadable(_OTHER_PACKING)
    try:
        _to_its_bytes(file, entry)
        stored = entry.compress_type == zipfile.ZIP_STORED
        data = file.read(min(entry.compress_size, most + 1)) if stored else _inflate(file, entry.compress_size, most)
    except (OSError, ValueError, struct.error, OverflowError, zlib.error, MemoryError) as error:
        raise Unreadable(_DAMAGED) from error
    if len(data) > most:
        raise Unreadable(f"it is larger than {most // 2**20} MB")
    if len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
        raise Unreadable(_DAMAGED)
    return data


def _to_its_bytes(file: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Goes to where an entry's bytes begin. Raises ValueError where they are another entry's, or nobody's."""
    file.seek(entry.header_offset)
    mark, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
    encoding = "utf-8" if entry.flag_bits & _UTF8 else "cp437"
    if mark != b"PK\x03\x04" or file.read(name).decode(encoding) != entry.orig_filename:
        raise ValueError("no such entry is there")
    file.seek(extra, 1)


def _inflate(file: BinaryIO, size: int, most: int) -> bytes:
    """What `size` bytes of the file unpack to, or the first `most` bytes of it and one more."""
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    parts: list[bytes] = []
    room = most + 1
    while room and not unpacker.eof:
        packed = unpacker.unconsumed_tail
        if not packed:
            packed = file.read(min(_CHUNK, size))
            size -= len(packed)
        if not packed:
            raise ValueError("it ends too early")
        parts.append(unpacker.decompress(packed, room))
        room -= len(parts[-1])
    return b"".join(parts)
