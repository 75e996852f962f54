"""Work beside requests: letters, mailings, billing, imports."""
