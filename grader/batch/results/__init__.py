"""What is kept of a graded class, and what is made of it: gradebook, overview, pages."""
