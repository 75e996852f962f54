"""Bounds that the office's forms show and the provider holds to."""

from __future__ import annotations

from typing import Final

MOST_VOUCHERS: Final = 20_000
"""Of one round."""
MOST_RANKS: Final = 999
"""Behind the last of them stands who is in no category."""
MOST_MONTHS: Final = 120
"""The greatest age of a category's band."""
OLDEST: Final = 8
"""The greatest age of a group, in years."""
MOST_PLACES: Final = 500
"""Of one group."""
