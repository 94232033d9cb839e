"""The grading process's side of the sandbox: starts workers, asks them, gives up on them in time."""
