"""Which region is shown, and who helps there."""
