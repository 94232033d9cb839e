"""Topic shapes: its checks, cases, known mistakes and hints."""
