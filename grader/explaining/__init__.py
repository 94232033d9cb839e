"""Errors of Python, NumPy and PyTorch, in sentences for students."""
