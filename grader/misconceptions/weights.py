"""Known mistakes in topic weights."""
