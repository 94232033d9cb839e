"""What is given out of hand."""
