"""The reference solutions: one stand-alone module for each topic of the lesson."""
