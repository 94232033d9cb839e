"""Reading submissions: the topic modules of a folder or a zip, as bytes in memory, and nothing else of it."""

from grader.submissions.model import Problem, SourceFile, Submission, SubmissionError
from grader.submissions.read import read_submission

__all__ = [
    "Problem",
    "SourceFile",
    "Submission",
    "SubmissionError",
    "read_submission",
]
