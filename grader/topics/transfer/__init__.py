"""Topic transfer: its checks, cases, known mistakes and hints."""
