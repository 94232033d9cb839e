"""Topic weights: its checks, cases, known mistakes and hints."""
