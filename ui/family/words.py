"""Words of admissions: states, programmes, languages, documents, reasons. Terms are those that parents know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from models.cache.queries.admissions import ApplicationView, Department, Offer
from models.contract.admission_records import Child, HistoryEntry
from models.contract.admission_words import (
    ACTORS,
    ARCHIVE,
    CHECKED,
    CORRECTIONS,
    DOCUMENTS,
    ENTRIES,
    EVENTS,
    LANGUAGES,
    MODES,
    PROGRAMMES,
    STATES,
    exact,
    file_name,
    happened,
    languages,
    said,
    word,
)
from models.contract.sentences.admissions import DOCUMENTS as INSIDE
from models.domain.admissions.states import State
from models.domain.telephones import written
from translations import N_, _, n_

__all__ = (  # what screens and papers share is asked for here too
    "ACTORS", "ARCHIVE", "CHECKED", "CORRECTIONS", "DOCUMENTS", "ENTRIES", "EVENTS", "LANGUAGES", "MODES",
    "PROGRAMMES", "STATES", "exact", "file_name", "happened", "languages", "said", "word",
)  # fmt: skip

QUEUES: Final = {"general": N_("General"), "special": N_("Special"), "bulletin": N_("Bulletin")}
"""The same, short: for columns."""
PROGRAMME_NOTES: Final = {
    "general": N_("Your turn brings a voucher; with it you choose a kindergarten yourself."),
    "special": N_("For children who need correction. A doctor confirms the conclusion first."),
    "bulletin": N_("Kindergartens publish free places; you apply to one and get a referral."),
}
TONES: Final = {
    "docs-review": "accent",
    "queued": "accent",
    "voucher-issued": "warning",
    "voucher-active": "warning",
    "place-offered": "warning",
    "contract-parent": "warning",
    "referral-issued": "warning",
    "stop-list": "danger",
    "enrolled": "positive",
    "archived": "muted",
}
OWNERSHIP: Final = {"state": N_("State-owned"), "private": N_("Private")}
KINDS: Final = {
    "nursery": N_("Nursery"),
    "nursery-garden": N_("Nursery-garden"),
    "kindergarten": N_("Kindergarten"),
    "school-garden": N_("School with kindergarten"),
    "special": N_("Special kindergarten"),
    "sanatorium": N_("Sanatorium kindergarten"),
}
STAYS: Final = {"day": N_("Day group"), "short": N_("Short stay"), "round-the-clock": N_("Round the clock")}


def state_words(view: ApplicationView) -> str:
    """Return the state of an application in words."""
    if view.case.state is State.QUEUED and view.application.programme == "bulletin":
        return _("Waits for a place")
    return word(STATES, view.application.state)


def state_tone(state: str) -> str:
    """Return the tone of a state."""
    return TONES.get(state, "accent")


def short_name(child: Child) -> str:
    """Return surname and given name."""
    return f"{child.surname} {child.given_name}".strip()


def age(born: date, today: date) -> str:
    """Return an age in words: whole years, months before the second birthday."""
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 24:
        return n_("{count} month old", "{count} months old", months).format(count=max(0, months))
    return n_("{count} year old", "{count} years old", months // 12).format(count=months // 12)


def place_name(department: Department | None, locality_id: int) -> str:
    """Return a locality's name."""
    found = department.localities.get(locality_id) if department is not None else None
    return said(found.name) if found is not None else ""


def offer_name(offer: Offer | None) -> str:
    """Return kindergarten and group: what an enrolment names."""
    if offer is None:
        return ""
    return _("{kindergarten}, group “{group}”").format(kindergarten=offer.organisation.name, group=offer.group.name)


def ages(low: int, high: int) -> str:
    """Return the ages of a group: «2 жастан 3 жасқа дейін»."""
    return _("from {low} to {high} years").format(low=low, high=high)


def address(text: str) -> str:
    """Return an address that is not broken inside a word such as «к-сі»."""
    return text.replace("-", "\N{NON-BREAKING HYPHEN}")


def unbroken(text: str) -> str:
    """Return a text that stays on one line, such as a telephone number."""
    return text.replace(" ", "\u00a0").replace("-", "\u2011")


def telephone(number: str) -> str:
    """Return a telephone of digits as people write it here: ``+7 (701) 555-01-07``; any other as it is."""
    return unbroken(written(number))


def only_if_known() -> str:
    """Return when a code for a registered person comes; whether there is one is not said (R-CODE-2)."""
    return _(
        "It comes only if this telephone and number are those of one registered parent. If none comes, check both."
    )


def shared_telephone() -> str:
    """Return what follows when a telephone that somebody else has too is taken. Source: R-PHONE-1."""
    return _(
        "Somebody else's cabinet has this telephone too. If you take it, neither of you can sign in by the telephone "
        "and password any more; IIN, login and e-mail work as before."
    )


def papers(kinds: Iterable[str]) -> str:
    """Return kinds of documents as they stand inside a sentence."""
    return ", ".join(_(INSIDE[kind]) if kind in INSIDE else word(DOCUMENTS, kind) for kind in kinds)


def left(rest: timedelta) -> str:
    """Return how much time is left in the two units that matter; seconds only in the last hour."""
    seconds = max(0, int(rest.total_seconds()))
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return _("{days} d {hours} h").format(days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=seconds % 60)


def passed(time: timedelta) -> str:
    """Return how long something has waited, in the two units that matter; never in seconds."""
    if time < timedelta(minutes=1):
        return _("just now")
    if time < timedelta(hours=1):
        return _("{minutes} min").format(minutes=int(time.total_seconds()) // 60)
    return left(time)


def actor_words(entry: HistoryEntry) -> str:
    """Return who did it."""
    who = word(ACTORS, entry.actor)
    return f"{entry.actor_name} · {who}" if entry.actor_name else who
