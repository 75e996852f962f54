"""Sentences about what two people changed at the same time."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence
from translations import N_

SENTENCES: Final[dict[str, Sentence]] = {
    "changed-in-part": N_(
        "Somebody changed some of the same data meanwhile. What only you changed is stored; look at both versions of "
        "the rest and decide."
    ),
}
