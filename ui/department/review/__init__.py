"""Documents that a doctor reviews."""
