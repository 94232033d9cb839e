"""The same small assignment, put to other graders and to this one: how long each takes, and what hostile work gains."""
