"""Figures of a department."""
