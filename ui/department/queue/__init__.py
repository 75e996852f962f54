"""The queue of a department."""
