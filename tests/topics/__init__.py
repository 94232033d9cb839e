"""Tests of the checks: right answers earn every point, wrong ones lose some."""
