"""The language that checks and known mistakes are written in: ask, answer, compare, failures, cases."""
