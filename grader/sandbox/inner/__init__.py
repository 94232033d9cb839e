"""The side of the student's code: what a worker is, and what it may be asked. Nothing here knows an answer."""
