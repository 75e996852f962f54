"""What messages say of collected wishes and of the forming of groups, in the form of ``admission_texts``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from translations import N_

_WISHES: Final = N_("Wishes for groups")
_RESULT: Final = N_("Forming of groups")

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "wishes-open": (
        _WISHES,
        N_(
            "The department forms groups and collects the wishes of families until {due}. Rank the groups that you "
            "want for {child} (application {number}). The order of filing does not matter."
        ),
    ),
    "remind-wishes": (
        _WISHES,
        N_(
            "The collection of wishes for groups ends on {due}, and no list is filed for {child} (application "
            "{number}). Rank the groups that you want; without a list the application stays in the queue as it is."
        ),
    ),
    "wishes-filed": (
        _WISHES,
        N_(
            "Your list for {child} is filed (application {number}). Groups in it: {count}. You may change it until "
            "{due}."
        ),
    ),
    "wishes-taken-back": (
        _WISHES,
        N_("Your list for {child} is taken back (application {number}). You may file another until {due}."),
    ),
    "wishes-cancelled": (
        _WISHES,
        N_(
            "The collection in which you filed a list for {child} was given up. The department writes: {reason} "
            "Application {number} stands in the queue as before."
        ),
    ),
    "group-formed": (
        _RESULT,
        N_(
            "{child} has a place: {organisation}, group {group}. It is held for you; the kindergarten prepares the "
            "contract. Sign it by {contract_due}."
        ),
    ),
    "group-not-formed": (
        _RESULT,
        N_(
            "The groups you wished for are full with children who stand before {child}. Application {number} keeps its "
            "date and its place in the queue."
        ),
    ),
}
"""Subject and body of each notice, as source texts."""
