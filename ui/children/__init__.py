"""Children of a family: one's own and entrusted ones, adding one by the register, entrusting one to somebody."""
