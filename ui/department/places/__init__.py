"""Kindergartens and their groups."""
