"""GitHub: the roster of Classroom 50, and that of GitHub Classroom, which it follows."""

from __future__ import annotations

from typing import ClassVar

from grader.batch.intake.handed_in import Person
from grader.batch.rosters.model import Export, Sheet


class Classroom50(Export):
    """`username, first_name, last_name, email, section, github_id, role`."""

    platform = "classroom50"
    title = "a roster of Classroom 50"
    needs = ("username", "first_name", "last_name", "github_id")
    names = ("first_name", "last_name")
    ids: ClassVar = {"email": "email", "username": "username"}

    def is_student(self, sheet: Sheet, row: int) -> bool:
        return sheet.text(row, sheet.find("role")).casefold() in ("", "student")


class Classroom(Export):
    """`identifier, github_username, github_id, name`; the identifier is whatever the teacher gave: a name, a number, ..."""

    platform = "github-classroom"
    title = "a roster of GitHub Classroom"
    needs = ("identifier", "github_username", "github_id")
    names = ("name",)
    ids: ClassVar = {"github_username": "username"}

    def completed(self, sheet: Sheet, row: int, person: Person) -> Person:
        identifier = sheet.text(row, sheet.find("identifier"))
        kind = "email" if "@" in identifier else "sid"
        return Person(person.name or identifier, ((kind, identifier), *person.ids) if identifier else person.ids)
