"""Grading in a notebook: `%load_ext grader`, `%%check`, `%check`, `%%exercise`, and `grader.check`."""
