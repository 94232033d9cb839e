"""Topic classifiers: its checks, cases, known mistakes and hints."""
