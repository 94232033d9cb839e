"""Grading a class: what it has handed in, in whatever form it was downloaded."""
