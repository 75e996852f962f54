"""Letters of families that the office answers."""
