"""Waiting lists of kindergartens in which the family stands."""
