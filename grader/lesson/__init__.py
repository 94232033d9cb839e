"""What the lesson's notebook and the pictures share: data, weights, the photograph, plots."""
