"""Grading a class: who handed what in, and the grades in the file that the platform gave."""
