"""The parts of `grader watch`: the folder that is watched, the keyboard, and the screen."""
