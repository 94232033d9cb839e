"""Known mistakes in topic cnn."""
