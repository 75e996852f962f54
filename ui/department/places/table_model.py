"""Columns of kindergartens with their places, of a kindergarten's groups, and of what it was written."""

from __future__ import annotations

from models.cache.queries.admissions import Offer
from models.contract.admission_records import Organisation
from models.contract.records import Message
from models.domain.admissions.states import Mode
from translations import _, formats
from ui.department.places.view_model import PlacesModel
from ui.family import words as family
from ui.kit import Column, TableModel


def houses_model(model: PlacesModel, found: list[Organisation]) -> TableModel[Organisation]:
    """Return the model of kindergartens with the sums of their places."""
    sums: dict[int, tuple[int, int, int]] = {}
    for offer in model.desk.desk.offers.values():
        place = offer.place(Mode.PERMANENT)
        if place is not None:
            groups, capacity, free = sums.get(offer.organisation.id, (0, 0, 0))
            sums[offer.organisation.id] = groups + 1, capacity + place.capacity, free + max(0, place.free)

    def figure(key: str, title: str, at: int) -> Column[Organisation]:
        return Column(
            key,
            lambda: title,
            lambda one: formats.number(sums.get(one.id, (0, 0, 0))[at]),
            figures=True,
            sort=lambda one: sums.get(one.id, (0, 0, 0))[at],
        )

    return TableModel(
        (
            Column("name", lambda: _("Kindergarten"), lambda one: one.name, stretch=True,
                   tone=lambda one: "" if one.opened else "muted"),
            Column("kind", lambda: _("Kind"), lambda one: family.word(family.KINDS, one.kind),
                   hint=lambda one: family.word(family.OWNERSHIP, one.ownership)),
            Column("place", lambda: _("Locality"), lambda one: family.place_name(model.department, one.locality_id),
                   spare=2),
            figure("groups", _("Groups"), 0),
            figure("capacity", _("Places"), 1),
            figure("free", _("Free"), 2),
            Column("phone", lambda: _("Telephone"), lambda one: family.telephone(one.phone), spare=1),
        ),
        found,
    )  # fmt: skip


def written_model(model: PlacesModel) -> TableModel[Message]:
    """Return the model of what a kindergarten was written."""
    zone = model.desk.zone
    return TableModel(
        (
            Column("at", lambda: _("Sent"), lambda one: formats.moment(one.at, zone), sort=lambda one: one.at),
            Column("subject", lambda: _("Subject"), lambda one: family.said(one.subject),
                   hint=lambda one: family.said(one.subject)),
            Column("body", lambda: _("Text"), lambda one: " ".join(family.said(one.body).split()),
                   hint=lambda one: family.said(one.body), stretch=True),
        ),
        model.written,
    )  # fmt: skip


def groups_model(model: PlacesModel, offers: list[Offer]) -> TableModel[Offer]:
    """Return the model of a kindergarten's groups."""

    def figure(offer: Offer, name: str) -> str:
        place = offer.place(Mode.PERMANENT)
        return formats.number(getattr(place, name)) if place is not None else ""

    def temporary(offer: Offer) -> str:
        place = offer.place(Mode.TEMPORARY)
        return formats.number(place.free) if place is not None else ""

    def closes(offer: Offer) -> str:
        last = offer.group.valid_to
        return _("until {day}").format(day=formats.day(last)) if last is not None else ""

    return TableModel(
        (
            Column("name", lambda: _("Group"), lambda offer: offer.group.name, stretch=True),
            Column("ages", lambda: _("Age on 1 September"),
                   lambda offer: family.ages(offer.group.age_from, offer.group.age_to),
                   sort=lambda offer: offer.group.age_from),
            Column("language", lambda: _("Language"),
                   lambda offer: family.word(family.LANGUAGES, offer.group.language)),
            Column("capacity", lambda: _("Places"), lambda offer: figure(offer, "capacity"), figures=True),
            Column("occupied", lambda: _("Places taken"), lambda offer: figure(offer, "occupied"), figures=True),
            Column("held", lambda: _("Held"), lambda offer: figure(offer, "held"), figures=True),
            Column("free", lambda: _("Free"), lambda offer: formats.number(offer.free()), figures=True,
                   tone=lambda offer: "positive" if offer.free() else "muted"),
            Column("temporary", lambda: _("Temporary"), temporary, figures=True, spare=1),
            Column("closes", lambda: _("Works"), closes, tone=lambda _offer: "warning"),
        ),
        offers,
    )  # fmt: skip
