"""What a kindergarten publishes."""
