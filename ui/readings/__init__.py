"""Giving meter readings."""
