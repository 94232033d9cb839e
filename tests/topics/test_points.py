"""Points stand on the checks: they are positive, every exercise has some, and the whole kit is worth 100."""

from grader.course import registry
from grader.report.model import tidy
from grader.running.loading import checks_of


def test_the_kit_is_worth_100_points():
    points = [
        check.points for topic in registry.TOPICS for checks in checks_of(topic.name).values() for check in checks
    ]
    assert tidy(sum(points)) == 100
    assert min(points) > 0


def test_every_exercise_has_checks_and_every_check_says_what_it_checks():
    for topic in registry.TOPICS:
        found = checks_of(topic.name)
        assert list(found) == [exercise.name for exercise in topic.exercises]
        for checks in found.values():
            assert checks
            assert all(check.says.endswith(".") for check in checks)
            assert len({check.name for check in checks}) == len(checks)
