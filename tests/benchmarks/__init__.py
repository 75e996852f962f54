"""Measurements of the quality bars, each beside a reference of the same run: machines differ and drift."""
