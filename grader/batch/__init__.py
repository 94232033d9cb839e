"""Many submissions: finds them in what a platform gives, grades them, and keeps what came of it."""
