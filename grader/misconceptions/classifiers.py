"""Known mistakes in topic classifiers."""
