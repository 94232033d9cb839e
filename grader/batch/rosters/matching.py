"""Who on the roster handed what in: by ids first, then by name, and only where exactly one fits both ways."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from grader.batch.intake.handed_in import HandedIn, Person
from grader.batch.rosters import names
from grader.batch.rosters.model import Roster, listed
from grader.exits import UsageProblem

# Numbers that a platform gives to a student for good: who has another one is somebody else, whatever their name.
_FOR_GOOD = ("canvas", "moodle", "brightspace")
_ORDER = (*_FOR_GOOD, "email", "sid", "username", "login")
_TYPED = frozenset(
    {"email", "sid", "username", "login"}
)  # platforms take one for the other: a login that is an address
_ENOUGH = 10  # where no more than one in so many fits, the roster is of another course

Rows = tuple[int, ...]  # by index into roster.people: none, one, or those that are the same student


@dataclass(frozen=True)
class Matching:
    """Whose work is whose."""

    handed_in: dict[int, HandedIn]  # by index into roster.people
    missing: tuple[int, ...]  # on the roster, handed nothing in
    unmatched: tuple[HandedIn, ...]  # handed in, not on the roster
    twice: tuple[Rows, ...]  # rows of the roster that are the same student
    problems: tuple[str, ...]  # sentences


def match(roster: Roster, handed_in: Sequence[HandedIn]) -> Matching:
    """Finds each student's row, a group's members one by one. Raises UsageProblem for another course's roster."""
    twice, problems = _twice(roster)
    members = [(position, person) for position, work in enumerate(handed_in) for person in work.people]
    search = _Search(roster, twice)
    places = search.places([person for _, person in members])
    claims: dict[int, set[int]] = defaultdict(set)  # a row's works, by position
    for (position, _), rows in zip(members, places):
        for row in rows:
            claims[row].add(position)
    found = set[int]().union(*claims.values())
    _refuse_another_course(roster, handed_in, len(found))
    for (position, person), rows in zip(members, places):
        several = () if rows else search.namesakes(person)
        if several:
            called = listed([f"row {roster.rows[row] + 1}" for row in several])
            problems.append(f"{_called(person)} could be {called} of the roster: it is left open.")
        elif not rows and position in found:
            problems.append(f"{_called(person)}, of {handed_in[position].name}, is not on the roster.")
    for row, works in sorted(claims.items()):
        if len(works) > 1:
            said = listed([handed_in[position].name for position in sorted(works)])
            problems.append(
                f"{label(roster, row)} stands in {len(works)} submissions, {said}: it is left open which counts."
            )
    return Matching(
        handed_in={row: handed_in[min(claims[row])] for row in sorted(claims) if len(claims[row]) == 1},
        missing=tuple(row for row in range(len(roster.people)) if row not in claims),
        unmatched=tuple(work for position, work in enumerate(handed_in) if position not in found),
        twice=twice,
        problems=tuple(problems),
    )


def named(roster: Roster, matching: Matching) -> list[str]:
    """Everybody who is missing, unmatched or twice there, in sentences, and what else to say."""
    said = []
    if matching.missing:
        said.append(f"Handed nothing in: {'; '.join(label(roster, row) for row in matching.missing)}.")
    if matching.unmatched:
        said.append(f"Not on the roster: {'; '.join(work.name for work in matching.unmatched)}.")
    return [*said, *also(roster, matching)]


def also(roster: Roster, matching: Matching) -> list[str]:
    """Whoever is on the roster twice, and what else there is to say besides who is missing and unmatched."""
    said = []
    for rows in matching.twice:
        lines = listed([str(roster.rows[row] + 1) for row in rows])
        said.append(f"{label(roster, rows[0])} is on the roster {len(rows)} times, in rows {lines}.")
    return [*said, *matching.problems]


def called_on_roster(roster: Roster, matching: Matching) -> dict[str, str]:
    """What the roster calls those who handed in alone, by what the download calls them: Canvas writes "leeanna"."""
    found: dict[str, Person] = {}
    for place, work in matching.handed_in.items():
        if len(work.people) == 1 and roster.people[place].name:
            found.setdefault(work.name, roster.people[place])
    count = Counter(names.even(person.name) for person in found.values())
    return {
        work: person.name if count[names.even(person.name)] == 1 else f"{person.name} ({person.ids[0][1]})"
        for work, person in found.items()
        if count[names.even(person.name)] == 1 or person.ids
    }


def label(roster: Roster, index: int) -> str:
    """What to call a student of the roster."""
    return _called(roster.people[index]) or f"row {roster.rows[index] + 1}"


def _called(person: Person) -> str:
    return person.name or next((value if kind in _TYPED else f"{kind} {value}" for kind, value in person.ids), "")


class _Search:
    """The rows of a roster, to be found by ids and names."""

    def __init__(self, roster: Roster, twice: Iterable[Rows]) -> None:
        self._people = roster.people
        self._together = {row: rows for rows in twice for row in rows}
        self._by_id = [(kind, _by(roster, _ids_of(kind))) for kind in _ORDER]
        self._by_typed = _by(roster, _typed_ids)
        self._by_group = _by(roster, lambda person: map(names.words, _values(person, "group")))
        self._by_work = _by(roster, lambda person: _values(person, "gradescope"))
        self._by_words = _by(roster, lambda person: {names.words(person.name)} - {""})
        self._by_joined = _by(roster, lambda person: names.joined(person.name))

    def places(self, people: Sequence[Person]) -> list[Rows]:
        """The rows of each of these."""
        places = [self._place_by_group(person) or self._place_by_ids(person) for person in people]
        self._claim(people, places, lambda person, taken: self._namesakes(person))
        self._claim(people, places, lambda person, taken: self._with_the_same_work(person) - taken)
        return places

    def _claim(
        self, people: Sequence[Person], places: list[Rows], candidates: Callable[[Person, set[int]], set[int]]
    ) -> None:
        """Gives those who have no row yet the one that they alone claim, and that is nobody's."""
        taken = {row for rows in places for row in rows}
        claims: dict[Rows, set[int]] = defaultdict(set)
        for position, person in enumerate(people):
            rows = () if places[position] else self._one(candidates(person, taken))
            if rows and not taken & set(rows):
                claims[rows].add(position)
        for rows, positions in claims.items():
            if len({people[position] for position in positions}) == 1:
                for position in positions:
                    places[position] = rows

    def namesakes(self, person: Person) -> Rows:
        """The rows of several students among whom a name does not tell."""
        rows = self._namesakes(person)
        return tuple(sorted(rows)) if len(rows) > 1 and not self._one(rows) else ()

    def _place_by_ids(self, person: Person) -> Rows:
        for kind, index in self._by_id:
            rows = self._one(_fitting(index, _ids_of(kind)(person)))
            if rows:
                return rows
        typed = _fitting(self._by_typed, _typed_ids(person))
        return self._one({row for row in typed if _may_be(person, self._people[row])})

    def _place_by_group(self, person: Person) -> Rows:
        """A group's rows, where the roster says who is in it, and the download only what it is called or which work it is."""
        called = names.words(person.name)
        if called:
            return () if called in self._by_words else tuple(sorted(self._by_group.get(called, ())))
        is_any_of_them = {kind for kind, _ in person.ids} == {"gradescope"}
        return tuple(sorted(self._with_the_same_work(person))) if is_any_of_them else ()

    def _with_the_same_work(self, person: Person) -> set[int]:
        """The rows whose submission has the same number; a group's all have."""
        return _fitting(self._by_work, _values(person, "gradescope"))

    def _namesakes(self, person: Person) -> set[int]:
        """The rows that a name fits. Where a person has no ids, the name may be one: folders are called as one likes."""
        words = names.words(person.name)
        rows = _fitting(self._by_words, [words])
        if not rows and " " not in words:
            rows = _fitting(self._by_joined, [words])
        if not rows and not person.ids:
            rows = _fitting(self._by_typed, [names.even(person.name)])
        return {row for row in rows if not _contradict(person, self._people[row])}

    def _one(self, rows: set[int]) -> Rows:
        """The rows, if they are one student's."""
        students = {self._together.get(row, (row,)) for row in rows}
        return students.pop() if len(students) == 1 else ()


def _by(roster: Roster, keys: Callable[[Person], Iterable[str]]) -> dict[str, set[int]]:
    """The rows of a roster by what may be asked for."""
    rows: dict[str, set[int]] = defaultdict(set)
    for row, person in enumerate(roster.people):
        for key in keys(person):
            rows[key].add(row)
    return dict(rows)


def _fitting(index: dict[str, set[int]], keys: Iterable[str]) -> set[int]:
    return set[int]().union(*(index.get(key, set()) for key in keys))


def _ids_of(kind: str) -> Callable[[Person], set[str]]:
    return lambda person: set(map(names.even, _values(person, kind)))


def _values(person: Person, *kinds: str) -> list[str]:
    return [value for kind, value in person.ids if kind in kinds and value.strip()]


def _typed_ids(person: Person) -> set[str]:
    return set(map(names.even, _values(person, *_TYPED)))


def _may_be(person: Person, other: Person) -> bool:
    """Whether nothing that is known of two tells them apart."""
    return not _contradict(person, other) and (
        not person.name or not other.name or names.agree(person.name, other.name)
    )


def _contradict(person: Person, other: Person, kinds: Iterable[str] = _FOR_GOOD) -> bool:
    """Whether both have ids of one kind, and none is the same."""
    pairs = ((_ids_of(kind)(person), _ids_of(kind)(other)) for kind in kinds)
    return any(mine and theirs and not mine & theirs for mine, theirs in pairs)


def _twice(roster: Roster) -> tuple[tuple[Rows, ...], list[str]]:
    """Rows that are the same student; an id that different students share is said, and tells nobody."""
    same: dict[int, set[int]] = {}
    problems = []
    for kind, value, rows in _shared(roster):
        first, *others = (roster.people[row] for row in rows)
        if any(_contradict(first, other, _ORDER) or not _may_be(first, other) for other in others):
            called = listed([label(roster, row) for row in rows])
            problems.append(f"{called} have the same {kind} on the roster, {value}: it tells nobody.")
            continue
        joined = set(rows).union(*(same.get(row, set()) for row in rows))
        same.update(dict.fromkeys(joined, joined))
    return tuple(sorted({tuple(sorted(rows)) for rows in same.values()})), problems


def _shared(roster: Roster) -> Iterator[tuple[str, str, list[int]]]:
    """The ids that stand in several rows."""
    for kind in _ORDER:
        for value, rows in _by(roster, _ids_of(kind)).items():
            if len(rows) > 1:
                yield kind, value, sorted(rows)


def _refuse_another_course(roster: Roster, handed_in: Sequence[HandedIn], found: int) -> None:
    """Raises UsageProblem where nobody, or almost nobody, is on the roster."""
    if not handed_in or found * _ENOUGH > min(len(handed_in), len(roster.people)):
        return
    raise UsageProblem(
        f"The roster {roster.file} seems to be another course's: of {len(handed_in)} submissions, {found or 'none'} can be told "
        f"to be of one of its {len(roster.people)} students. It has {_example(roster.people[0])}; handed in is the work of "
        f"{_example(handed_in[0].people[0])}."
    )


def _example(person: Person) -> str:
    """Somebody, with what they could be matched by."""
    ids = ", ".join(f"{kind} {value}" for kind, value in person.ids if kind != "group")
    return f"{person.name} ({ids})".strip() if ids else person.name or "somebody unnamed"
