"""Refusals as values."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something may not be done, for a person to read in their own language.

    ``code`` names a sentence in ``models.contract.sentences``; ``field`` is the input it belongs to ("" for the whole);
    ``values`` fill the sentence: money is minor units under a key ending in ``_minor``, dates are ISO text.
    """

    code: str
    field: str = ""
    values: dict[str, str | int] = dataclasses.field(default_factory=dict)
