"""Two versions of what somebody changed, in words: field by field, whose they are, and what the person had seen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from models.cache.queries.conflicts import Names
from models.contract.admission_commands import WriteReview
from models.contract.admission_words import ACTORS, LANGUAGES, said, word
from models.contract.commands import Payload
from models.contract.conflicts import Clash, Conflict, conflict_of
from models.domain.telephones import written
from translations import N_, _, formats
from ui.kit import LANGUAGE_NAMES

FIELDS: Final = {
    "languages": N_("Language of education"),
    "locality_id": N_("Locality"),
    "phone": N_("Telephone"),
    "benefit": N_("Benefit"),
    "extra_phone": N_("Additional telephone"),
    "address": N_("Address"),
    "photo": N_("Photo"),
    "language": N_("Language of letters"),
}


@dataclass(frozen=True, slots=True)
class Versions:
    """A field that two changed. ``whose`` is who made the provider's version and when, "" when nobody knows."""

    field: str
    title: str
    mine: str
    theirs: str
    seen: str
    whose: str
    pictures: tuple[str, str] | None = None
    """Hashes of the two pictures, None for what is no picture."""


def versions(conflict: Conflict, names: Names, zone: str) -> list[Versions]:
    """Return both versions of each field."""
    return [
        Versions(
            clash.field,
            field_name(clash.field),
            said_value(clash.field, clash.mine, names),
            said_value(clash.field, clash.theirs, names),
            said_value(clash.field, clash.seen, names),
            _whose(clash, zone),
            (str(clash.mine or ""), str(clash.theirs or "")) if clash.field == "photo" else None,
        )
        for clash in conflict.clashes
    ]


def stored_words(conflict: Conflict) -> str:
    """Return which fields of the same entry are stored already, "" when none is."""
    named = ", ".join(field_name(name) for name in conflict.stored)
    return _("Stored already: {fields}.").format(fields=named) if named else ""


def field_name(name: str) -> str:
    """Return what a field is called."""
    return _(FIELDS[name]) if name in FIELDS else name


def said_value(name: str, value: Any, names: Names) -> str:
    """Return a value in words; nothing is a word too."""
    if name == "photo":
        return _("a photo") if value else _("no photo")
    if not value:
        return _("No benefits") if name == "benefit" else _("nothing")
    if name == "languages" and isinstance(value, list):
        return ", ".join(word(LANGUAGES, str(one)) for one in value)
    if name == "locality_id":
        return said(names.localities[value]) if value in names.localities else str(value)
    if name == "benefit":
        return said(names.benefits[value]) if value in names.benefits else str(value)
    if name == "language":
        return LANGUAGE_NAMES.get(str(value), str(value))
    return written(str(value)) if name in ("phone", "extra_phone") else str(value)


def of_item(item: Any) -> Conflict | None:
    """Return the conflict in which an entry is, None for any other."""
    return conflict_of(item.result) if item.state == "conflict" else None


def only(payload: Payload, conflict: Conflict, wanted: Collection[str]) -> Payload:
    """Return a command with those of its fields that are sent again; what is stored or given up is left out."""
    left = {clash.field for clash in conflict.clashes if clash.field not in wanted} | set(conflict.stored)
    return msgspec.structs.replace(payload, **dict.fromkeys(left)) if left else payload


def about(payload: Payload, names: Names) -> str:
    """Return whose application an entry is about, which child's photo, entrusting or new application, or which
    kindergarten's review."""
    of_application = names.applications.get(getattr(payload, "application_id", None) or 0, "")
    if isinstance(payload, WriteReview):
        return names.organisations.get(payload.organisation_id, "")
    return of_application or names.children.get(getattr(payload, "child_id", None) or 0, "")


def _whose(clash: Clash, zone: str) -> str:
    at: datetime | None = clash.at
    when = formats.moment(at, zone) if at is not None else ""
    if clash.actor == "self":
        who = _("You, on the device “{device}”").format(device=clash.by) if clash.by else _("You")
    else:
        who = " · ".join(part for part in (clash.by, word(ACTORS, clash.actor) if clash.actor else "") if part)
    return ", ".join(part for part in (who, when) if part)
