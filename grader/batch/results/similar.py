"""Near-identical modules of a class, found on this machine alone: something to look at, and no verdict.

Source: Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting" (SIGMOD 2003). A module
is the sequence of its tokens, without comments and docstrings and with one word for all names. Of each run of K tokens
there is a hash; the least of each WINDOW hashes in a row are its fingerprints. What the stub has, and what many of the
class have, says nothing about two.
"""

from __future__ import annotations

import functools
import hashlib
import io
import keyword
import token
import tokenize
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import msgspec

from grader.course.paths import solutions_folder
from grader.course.stubs import pristine_stub

K, WINDOW = 12, 6
FEWEST = 12  # fingerprints of one's own; shorter modules are alike by themselves
ALIKE = 0.8  # share of the shorter one's fingerprints that the other has, too
MANY = 0.05  # share of the class that may have a passage before it counts as everybody's; three always may
MOST_GROUPS = 100
MOST_CHARACTERS = 200_000
_LAYOUT = {token.COMMENT, token.NL, token.NEWLINE, token.INDENT, token.DEDENT, token.ENCODING, token.ENDMARKER}


class Pair(msgspec.Struct, frozen=True):
    """Two modules that are nearly the same; indices into the submissions."""

    topic: str
    first: int
    second: int
    share: float  # of the shorter one's own text that is also in the other


def fingerprints(source: bytes, topic: str) -> list[int]:
    """What tells a module from others, the stub's part left out; in a fixed order."""
    return sorted(_winnowed(source.decode("utf-8", "replace")) - _given(topic))


def pairs(marks: Mapping[str, Mapping[int, Sequence[int]]], count: int) -> list[Pair]:
    """The pairs of a class of `count` whose modules are nearly the same, the nearest first, of so many groups at most.

    `marks` has, by topic and by index of the submission, the module's fingerprints.
    """
    found = [pair for topic, by_place in sorted(marks.items()) for pair in _pairs_of(topic, by_place, count)]
    found.sort(key=lambda pair: (-pair.share, pair.topic, pair.first, pair.second))
    kept: list[Pair] = []
    groups: set[tuple[str, int, int | None]] = set()
    for pair in found:
        groups.add(group(pair))
        if len(groups) > MOST_GROUPS:
            break
        kept.append(pair)
    return kept


def group(pair: Pair) -> tuple[str, int, int | None]:
    """What pairs have in common that are one text which went round: such a text is one thing to look at."""
    return pair.topic, pair.first, None if pair.share == 1 else pair.second


def _pairs_of(topic: str, marks: Mapping[int, Sequence[int]], count: int) -> Iterator[Pair]:
    same: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, own in sorted(marks.items()):
        same[tuple(own)].append(place)
    for own, places in same.items():
        if len(own) >= FEWEST:  # also where many have it: a text that long is written by one
            yield from (Pair(topic, places[0], other, 1.0) for other in places[1:])
    holders = Counter(mark for own in same for mark in own)
    most = max(3, round(MANY * count))
    rare = {places[0]: {mark for mark in own if holders[mark] <= most} for own, places in same.items()}
    having: dict[int, list[int]] = defaultdict(list)
    for place, left in rare.items():
        if len(left) >= FEWEST:
            for mark in left:
                having[mark].append(place)
    shared = Counter(two for places in having.values() for two in combinations(places, 2))
    for (first, second), number in shared.items():
        share = number / min(len(rare[first]), len(rare[second]))
        if share >= ALIKE:
            yield Pair(topic, first, second, min(0.99, round(share, 2)))  # 1 is the same text throughout


@functools.cache
def _given(topic: str) -> frozenset[int]:
    """The fingerprints of what every student starts from."""
    return _winnowed(pristine_stub(topic, solutions_folder()))


def _winnowed(text: str) -> frozenset[int]:
    words = list(_words(text[:MOST_CHARACTERS]))
    hashes = [_hash(words[place : place + K]) for place in range(max(0, len(words) - K + 1))]
    return frozenset(min(hashes[place : place + WINDOW]) for place in range(max(0, len(hashes) - WINDOW + 1)))


def _hash(words: Sequence[str]) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(words).encode("utf-8", "replace"), digest_size=7).digest(), "big")


def _words(text: str) -> Iterator[str]:
    """The tokens, as far as the text is Python."""
    begins = True  # a string that begins a statement is a docstring
    try:
        for found in tokenize.generate_tokens(io.StringIO(text).readline):
            if found.type in _LAYOUT:
                begins = begins or found.type != token.COMMENT
            elif found.type == token.STRING and begins:
                continue
            else:
                begins = False
                name = found.type == token.NAME and not keyword.iskeyword(found.string)
                yield "name" if name else found.string
    except (tokenize.TokenError, SyntaxError, ValueError, RecursionError, MemoryError):
        return
