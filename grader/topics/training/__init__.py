"""Topic training: its checks, cases, known mistakes and hints."""
