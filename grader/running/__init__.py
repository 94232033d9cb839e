"""Grading a submission: a session, shares of the topics, the casebook, checks run and shrunk, mistakes named."""
