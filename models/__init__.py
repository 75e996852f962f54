"""What the world consists of: rules, what travels, and the client's cache."""
