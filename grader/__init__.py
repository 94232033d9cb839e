"""The grader of the convolution exercise kit."""

__version__ = "1.0.0"
