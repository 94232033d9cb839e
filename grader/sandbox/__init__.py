"""The other process: a submission's code lives there and is called over a pipe, and answers come back as data."""
