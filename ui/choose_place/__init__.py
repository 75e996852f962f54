"""Choosing a kindergarten with a voucher: a permanent place, a temporary one, or a waiting list."""
