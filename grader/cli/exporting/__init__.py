"""The kinds of `grader export`: a module each, whose `command` has the kind's options."""
