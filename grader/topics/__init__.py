"""The course's content, a folder a topic: checks, their cases, known mistakes, hints."""
