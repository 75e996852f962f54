"""Admissions at the provider: steps of applications, places, waiting lists, terms, messages."""
