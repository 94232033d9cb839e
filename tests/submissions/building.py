"""Builds zips that no zip program would: every field of every header can be a lie."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

SOURCE = b"def conv2d_output_shape():\n    return (1, 2, 3, 4)\n"
LINK, FIFO, DEVICE, FILE = 0o120777, 0o010644, 0o020666, 0o100644


@dataclass
class Entry:
    """One entry; what is None is filled in honestly."""

    name: bytes = b"shapes.py"
    data: bytes = SOURCE
    packed: bytes | None = None
    method: int = 8
    flags: int = 0
    mode: int = 0
    crc: int | None = None
    size: int | None = None
    packed_size: int | None = None
    offset: int | None = None
    local_name: bytes | None = None
    extra: bytes = b""
    version: int = 20


def deflate(data: bytes) -> bytes:
    """The bytes, deflated without a header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def build(
    *entries: Entry,
    count: int | None = None,
    directory_size: int | None = None,
    comment: bytes = b"",
    zip64: bool = False,
) -> bytes:
    """A zip of these entries; `count` and `directory_size` are what its end claims."""
    body, directory = bytearray(), bytearray()
    for entry in entries:
        packed = entry.packed
        if packed is None:
            packed = deflate(entry.data) if entry.method == 8 else entry.data
        crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
        sizes = (
            len(packed) if entry.packed_size is None else entry.packed_size,
            len(entry.data) if entry.size is None else entry.size,
        )
        common = struct.pack("<4H3L", entry.flags, entry.method, 0, 0x5821, crc, *sizes)
        offset = len(body) if entry.offset is None else entry.offset
        local_name = entry.name if entry.local_name is None else entry.local_name
        body += b"PK\x03\x04" + struct.pack("<H", entry.version) + common + struct.pack("<2H", len(local_name), 0)
        body += local_name + packed
        directory += b"PK\x01\x02" + struct.pack("<2BH", 20, 3, entry.version) + common
        directory += struct.pack("<5H2L", len(entry.name), len(entry.extra), 0, 0, 0, entry.mode << 16, offset)
        directory += entry.name + entry.extra
    claimed = len(entries) if count is None else count
    length = len(directory) if directory_size is None else directory_size
    start, end = len(body), b""
    if zip64:
        end += b"PK\x06\x06" + struct.pack("<Q2H2L4Q", 44, 45, 45, 0, 0, claimed, claimed, length, start)
        end += b"PK\x06\x07" + struct.pack("<LQL", 0, start + len(directory), 1)
        claimed, length, start = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    end += b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, claimed & 0xFFFF, claimed & 0xFFFF, length, start, len(comment))
    return bytes(body + directory) + end + comment
