"""What a kindergarten has to do."""
