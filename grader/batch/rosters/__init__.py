"""Rosters: the files that platforms export, each recognised by its header, and filled as the platform takes them."""

from grader.batch.rosters.model import Export, Roster, Sheet
from grader.batch.rosters.read import read_roster

__all__ = ["Export", "Roster", "Sheet", "read_roster"]
