"""Known mistakes in topic training."""
