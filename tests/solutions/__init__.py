"""Tests of the reference solutions: doctests, and PyTorch as the judge."""
