"""Known mistakes: small wrong functions, each with a name and what a good teacher would ask."""
