"""Tests of the audit: it is clean, and it notices what is not."""
