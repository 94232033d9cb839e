"""Zips that are the same whenever and wherever they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

_WHEN = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows


def zipped(content: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """A zip of these files, by their names; those of `programs` may be executed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(content.items()):
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whose modes these are
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            archive.writestr(entry, data)
    return buffer.getvalue()
