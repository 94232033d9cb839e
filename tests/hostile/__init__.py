"""Hostile submissions: what they try, what they earn for it, and what is left of them afterwards."""
