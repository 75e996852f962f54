"""Screens of a department: its officers, its doctors and the kindergartens."""
