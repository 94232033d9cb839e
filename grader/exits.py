"""Exit statuses of the program, and the problems that lead to one of them."""

EARNED, POINTS_MISSING, INTERRUPTED, GRADER_FAILED, WRONG_USAGE = range(5)


class UsageProblem(Exception):
    """What was asked for cannot be done as asked: a wrong name, or nothing readable to grade."""
