"""Known mistakes in topic shapes."""
