"""Topic cnn: its checks, cases, known mistakes and hints."""
