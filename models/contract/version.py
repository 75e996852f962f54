"""The versions that a client and a provider compare before they talk."""

from typing import Final

SCHEMA: Final = 1
"""Number of the record schema spoken by this program. A provider serves this one and the one before."""

OLDEST_SCHEMA: Final = 1
"""The oldest schema that this program still speaks."""
