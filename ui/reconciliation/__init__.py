"""Mutual settlements between two dates."""
