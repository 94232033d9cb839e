"""Tests of the lesson: data, weights, plots, pictures, notebook."""
