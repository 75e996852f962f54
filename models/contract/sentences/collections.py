"""Sentences for what is refused when wishes are collected and groups are formed at once."""

from __future__ import annotations

from typing import Final

from models.contract.sentences.values import Sentence, Values, counted
from translations import N_, _, n_

_DECIDED: Final[dict[str, str]] = {
    "issued": N_("The places of this collection were given already. Nothing was changed."),
    "cancelled": N_("This collection of wishes was given up. Nothing was changed; open a new one."),
    "stale": N_("Queue, wishes or places have changed since this result was computed. Have it computed anew."),
}


def _decided(values: Values) -> str:
    """Return what became of it before."""
    return _(_DECIDED.get(str(values.get("state")), _DECIDED["issued"]))


def _too_many(values: Values) -> str:
    """Return how many wishes count."""
    limit = counted(values, "limit")
    return n_(
        "At most {count} group may be wished for, so the list was not filed. Take some off it.",
        "At most {count} groups may be wished for, so the list was not filed. Take some off it.",
        limit,
    ).format(count=limit)


SENTENCES: Final[dict[str, Sentence]] = {
    "collection-decided": _decided,
    "forming-decided": _decided,
    "collection-without-groups": N_(
        "No group was chosen, so no collection was opened. Choose the groups whose places are to be given."
    ),
    "collection-end": N_(
        "The end has to be at least one hour and at most 200 days ahead. Nothing was opened; set another end."
    ),
    "collection-start": N_(
        "The first day in the groups has to be after the end of the collection, at most 200 days. Nothing was opened; "
        "set another day."
    ),
    "collection-open-already": N_(
        "One of these groups is in the collection {number}, which is not decided yet. Nothing was opened; leave the "
        "group out, or wait."
    ),
    "collection-without-wishes": N_("No family has filed wishes, so there is nothing to compute."),
    "collection-not-over": N_(
        "Wishes are still collected, so no places were given: a family may change its list until the end."
    ),
    "collection-over": N_(
        "The collection ended at {due}, so this list was not filed. A list that the department received before still "
        "counts."
    ),
    "wish-not-possible": N_(
        "This application is not waiting for a place in this queue, so the list was not filed. See in the application "
        "what you can do now."
    ),
    "wish-not-offered": N_(
        "One of the groups is not in this collection, so the list was not filed. Choose among those that are offered."
    ),
    "too-many-wishes": _too_many,
    "forming-stale": N_(
        "Queue, wishes or free places have changed since the result {number} was computed, so no place was given: it "
        "would not be what you read any more. Have it computed again."
    ),
}
