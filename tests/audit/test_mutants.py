"""Mutants: one small change each, only in what students write, and each can be told from the others."""

from grader.audit.mutants import mutants_of
from grader.audit.run import equivalent_mutants

SOLUTION = '''
LIMIT = 3


def size(n, k):
    """Sizes below 3 are refused."""
    ### BEGIN SOLUTION
    if n < k and k > 0:
        raise ValueError(f"n={n + 0} is too small")
    return n - k + 1
    ### END SOLUTION
'''


def test_comparisons_arithmetic_constants_and_deletions_are_mutated():
    keys = {mutant.key for mutant in mutants_of("shapes", SOLUTION)}
    assert "if n < k and k > 0: => if n <= k and k > 0:" in keys
    assert "if n < k and k > 0: => if n < k or k > 0:" in keys
    assert "return n - k + 1 => return n + k + 1" in keys
    assert "return n - k + 1 => return n - k + 2" in keys
    assert "return n - k + 1 => pass" in keys


def test_nothing_outside_of_what_students_write_and_no_text_is_mutated():
    for mutant in mutants_of("shapes", SOLUTION):
        assert "LIMIT = 3" in mutant.text
        assert "n + 0" in mutant.text or "raise" not in mutant.text or mutant.line != 8


def test_a_mutant_shows_its_change_as_a_diff():
    mutant = next(m for m in mutants_of("shapes", SOLUTION) if m.after.strip() == "return n + k + 1")
    assert "-    return n - k + 1" in mutant.diff(SOLUTION)
    assert "+    return n + k + 1" in mutant.diff(SOLUTION)


def test_every_equivalent_mutant_has_its_reason():
    for (topic, change), why in equivalent_mutants().items():
        assert topic and "=>" in change and len(why) > 20
