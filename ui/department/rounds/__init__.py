"""Rounds of vouchers."""
