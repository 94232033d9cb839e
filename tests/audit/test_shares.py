"""A slip costs what it is worth: at most half where the lesson's own inputs come out right, half and more elsewhere."""

from grader.audit import run, shares
from grader.audit.shares import Cost, Slip
from grader.course import registry


def silent(what, done, total):
    pass


def test_slips_of_a_topic_cost_what_they_are_worth():
    """Of one topic; test_known_mistakes.py and test_wrong_answers.py look at each slip of all."""
    topic = registry.topic("cnn")
    step = run.fairness(1, silent, topic.exercises)
    assert step.problems == ()
    assert step.tried > 10
    assert len(step.table) == 3 + len(topic.exercises)
    assert 0 < step.details["mean"] <= shares.MOST_ON_AVERAGE


def test_a_cost_that_is_unfair_is_said_so():
    slip = Slip("rescale", "a-slip", lambda images: images)
    dear = shares.cost_of(slip, {"spreads_the_whole_array", "turns_a_constant_array_into_zeros"})
    assert dear.right_for_the_lesson and dear.problem is None
    assert "more than half" in Cost("rescale", "a-slip", 0.75, True).problem
    assert "less than half" in Cost("rescale", "a-slip", 0.25, False).problem


def test_the_table_has_mean_and_worst_by_exercise():
    costs = [Cost("rescale", "a", 0.5, True), Cost("rescale", "b", 0.25, True), Cost("rescale", "c", 1.0, False)]
    assert shares.table(costs)[2].split() == ["rescale", "2", "0.38", "0.50", "1", "1.00", "1.00"]
    assert shares.mean_of_the_right(costs) == 0.375
