"""Tests of grading: asking, comparing, shrinking, naming, reporting."""
