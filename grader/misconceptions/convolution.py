"""Known mistakes in topic convolution."""
