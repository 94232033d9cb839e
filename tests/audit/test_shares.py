"""A slip costs what it is worth: at most half where the lesson's own inputs come out right, half and more elsewhere."""

from grader.audit import run, shares
from grader.audit.shares import Cost, Slip
from grader.course import registry


def silent(what, done, total):
    pass


def test_slips_of_a_topic_cost_what_they_are_worth():
    """Of one topic; topics/test_wrong_answers.py looks at each slip of all, and what is graded here is not graded again."""
    names = [exercise.name for exercise in registry.topic("cnn").exercises]
    step = run.fairness([cost for cost, problems in run.slips_graded(1, silent, names) if not problems])
    assert step.problems == ()
    assert step.tried == sum(slip.exercise in names for slip in shares.slips())
    assert len(step.table) == 3 + len(names)
    assert 0 < step.details["mean"] <= shares.MOST_ON_AVERAGE


def test_the_step_tells_what_is_unfair_and_where_the_mean_is_too_high():
    step = run.fairness(
        [Cost("rescale", "a", 0.5, True), Cost("rescale", "b", 0.25, True), Cost("cnn", "c", 1.0, False)]
    )
    assert (step.problems, step.tried, step.details, len(step.table)) == ((), 3, {"mean": 0.375}, 5)
    dear, unfair = [Cost("rescale", "a", 0.5, True)], [Cost("rescale", "b", 0.25, False)]
    assert run.fairness(dear).problems == (
        "slips that are right for the lesson's inputs lose 0.50 on average, too much",
    )
    assert run.fairness(unfair).problems == (unfair[0].problem,)


def test_a_cost_that_is_unfair_is_said_so():
    slip = Slip("rescale", "a-slip", lambda images: images, frozenset())
    dear = shares.cost_of(slip, {"spreads_the_whole_array", "turns_a_constant_array_into_zeros"})
    assert dear.right_for_the_lesson and dear.problem is None
    assert "more than half" in Cost("rescale", "a-slip", 0.75, True).problem
    assert "less than half" in Cost("rescale", "a-slip", 0.25, False).problem


def test_the_table_has_mean_and_worst_by_exercise():
    costs = [Cost("rescale", "a", 0.5, True), Cost("rescale", "b", 0.25, True), Cost("rescale", "c", 1.0, False)]
    assert shares.table(costs)[2].split() == ["rescale", "2", "0.38", "0.50", "1", "1.00", "1.00"]
    assert shares.mean_of_the_right(costs) == 0.375
