"""Which seed is graded with: the command line's, else the settings', else 0, or for a class one that is drawn."""

from __future__ import annotations

from grader.course import registry
from grader.course.handed_out import HANDOUT, WITHHELD
from grader.course.settings import SettingsProblem


def preferred(wanted: int | None) -> int | None:
    """The seed of the command line or the settings; None where neither names one."""
    return registry.FACTS.seed if wanted is None else wanted


def chosen(wanted: int | None) -> int:
    """The seed of one submission. Raises SettingsProblem where this is a handout that cannot grade with it."""
    if not WITHHELD or HANDOUT is None:
        return preferred(wanted) or 0
    if wanted not in (None, HANDOUT.seed):
        raise SettingsProblem(
            f"this handout knows the answers for seed {HANDOUT.seed} alone, and no solutions to work out those for "
            f"{wanted}: leave --seed and GRADER_SEED away"
        )
    return HANDOUT.seed


def examples(wanted: int | None) -> int | None:
    """How many examples a check gets, where somebody says so. Raises SettingsProblem as `chosen` does."""
    if WITHHELD and HANDOUT is not None and wanted not in (None, HANDOUT.examples):
        raise SettingsProblem(f"this handout has the cases of {HANDOUT.examples} examples: leave --examples away")
    return wanted
