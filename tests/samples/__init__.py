"""Sample accounts as values: what a cache would answer, for tests of papers, screens and statements.

People are invented; check digits are valid; the figures are those of the worked examples, so a test may name them.
"""

from __future__ import annotations

from tests.samples.miskvodokanal import (
    METER_UK_A,
    METER_UK_B,
    UK_DRAINAGE,
    UK_HOUSING,
    UK_REFUSE,
    UK_WATER,
    sample_view_uk,
)
from tests.samples.oskemen import DRAINAGE, METER_KK, VOLUMES_2023, WATER, sample_view_kk, sample_view_legal, tariffs_kk
from tests.samples.rows import entry

__all__ = [
    "DRAINAGE",
    "METER_KK",
    "METER_UK_A",
    "METER_UK_B",
    "UK_DRAINAGE",
    "UK_HOUSING",
    "UK_REFUSE",
    "UK_WATER",
    "VOLUMES_2023",
    "WATER",
    "entry",
    "sample_view_kk",
    "sample_view_legal",
    "sample_view_uk",
    "tariffs_kk",
]
