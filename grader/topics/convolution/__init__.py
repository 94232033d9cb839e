"""Topic convolution: its checks, cases, known mistakes and hints."""
