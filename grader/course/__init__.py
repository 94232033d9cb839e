"""What the course is: its topics and exercises, their points and texts, the stubs that students get."""
