"""The working calendar of a department."""
