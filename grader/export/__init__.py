"""What an instructor gives out of hand: a module for each kind that `grader export` knows."""
