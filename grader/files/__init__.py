"""The files that people work on, and what the kit keeps for them: read and written without following links."""
