"""Why a download failed, in words for the reader."""

from __future__ import annotations

import contextlib
import errno
import socket
from collections.abc import Iterator

PATIENCE = 10.0  # seconds without a single byte


class LessonDataError(Exception):
    """The lesson's data can neither be had nor made; the text says why and what to do."""


def reason(error: BaseException) -> str:
    """One clause that says why a download, or writing its files, failed."""
    causes = list(_chain(error))
    text = " ".join(str(cause) for cause in causes).casefold()
    if any(isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT) for cause in causes):
        return "the disk is full"
    if any(isinstance(cause, PermissionError) for cause in causes):
        return "the folder cannot be written"
    if "corrupted" in text or "hash" in text:
        return "what arrived is not what was asked for (wrong checksum)"
    if "incompleteread" in text or "reset" in text or "closed" in text or "gzip" in text or "end-of-stream" in text:
        return "the download broke off"
    if "timed out" in text:
        return "the network does not answer"
    return "the network cannot be reached"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what it stands for (URLError hides the socket's own) and what it came from."""
    while error is not None:
        yield error
        hidden = getattr(error, "reason", None)
        if isinstance(hidden, BaseException):
            yield hidden
        error = error.__cause__ or error.__context__


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Downloads within wait PATIENCE seconds for an answer, not for ever: the libraries set no limit themselves."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
