"""What a class has handed in: platforms' downloads, found, taken apart by student, and read."""
