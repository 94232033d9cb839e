"""What crosses between the process that grades a class and one that grades a submission: plain data."""

from __future__ import annotations

import msgspec

from grader.batch.results.records import Cause, Record
from grader.batch.version import Version


class Task(msgspec.Struct, frozen=True):
    """A submission that has been read: all that its grade depends on."""

    name: str
    cause: Cause
    status: str  # GRADED, or the reason why nothing of it could be read
    sources: dict[str, bytes]  # by topic
    problems: dict[str, str]  # why a topic's module could not be read
    notes: tuple[str, ...] = ()
    late: bool = False


class Ask(msgspec.Struct, frozen=True, tag=True):
    """Asks who grades there, and, where that is wanted, which protections a worker lacks."""

    protections: bool = False


class Errand(msgspec.Struct, frozen=True, tag=True):
    """Asks for a grade, of who is of this version and, where that is demanded, has every protection."""

    task: Task
    version: Version
    protected: bool = False
    draw: str | None = None  # the name of the function that draws a report's pictures


class About(msgspec.Struct, frozen=True, tag=True):
    """Who grades there."""

    version: Version
    missing: dict[str, str] = {}  # protections, and why


class Result(msgspec.Struct, frozen=True, tag=True):
    """What came of a submission: its record, and its reports by file name."""

    record: Record
    views: dict[str, str]


class Foreign(msgspec.Struct, frozen=True, tag=True):
    """Who was asked cannot grade as it is asked to, being of another version, say, and has graded nothing."""

    text: str


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The grading failed as a whole; the text says what is known of that."""

    text: str


Question = Ask | Errand
Answer = About | Result | Foreign | Failed
_QUESTIONS = msgspec.msgpack.Decoder(Question)
_ANSWERS = msgspec.msgpack.Decoder(Answer)
encoded = msgspec.msgpack.encode


def question(data: bytes) -> Question:
    """A question of its bytes. Raises msgspec.MsgspecError."""
    found: Question = _QUESTIONS.decode(data)
    return found


def answer(data: bytes) -> Answer:
    """An answer of its bytes. Raises msgspec.MsgspecError."""
    found: Answer = _ANSWERS.decode(data)
    return found


def understood(data: bytes) -> Answer:
    """An answer that came a long way: one that cannot be read is a failure like others."""
    try:
        return answer(data)
    except msgspec.MsgspecError as error:
        return Failed(f"what came back cannot be read: {error}")
