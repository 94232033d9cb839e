"""The checks: pytest and Hypothesis, one module per topic and one class per exercise, points on each check."""
