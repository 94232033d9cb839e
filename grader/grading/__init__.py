"""Grading one submission: ask it, compare, shrink what fails, name the mistake, count the points."""
