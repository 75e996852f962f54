"""Handing a payment over to the page where it is made."""
