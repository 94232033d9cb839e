"""Known mistakes in topic transfer."""
