"""What `grader batch` is made of."""
