"""The tables of figures: what stands in them, row by row, as it is shown and exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.cache.queries.admissions import Department, Offer
from models.cache.queries.figures import Demand, Figures
from models.cache.queries.outlook import Outlook
from models.domain.admissions import forecast
from models.domain.admissions.eligibility import birth_years, group_year
from models.domain.admissions.states import Mode
from translations import N_, _, formats
from ui.department import words
from ui.family import words as family
from ui.kit.table_order import alphabetic

PARTS = {
    "states": N_("Applications by state"),
    "queue": N_("Queue and expected places"),
    "places": N_("Places by kindergarten"),
    "popular": N_("Popular kindergartens"),
    "vouchers": N_("Vouchers by state"),
    "archive": N_("Why applications ended"),
}
BY = {"locality": N_("By locality"), "year": N_("By birth year"), "language": N_("By language")}


@dataclass(frozen=True, slots=True)
class Table:
    """A table of figures: its columns and rows as they are shown and exported, and what a reader has to know of it."""

    head: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""


def days_ahead(today: date) -> list[date]:
    """Return the days whose expected places are shown: in one, three and six months, and with the school year."""
    found = forecast.expected_days(today)
    return sorted({found[0], *(day for day in found[2 : forecast.MONTHS : 3]), forecast.school_year(today)})


def states(figures: Figures) -> Table:
    """Return how many applications are in which state, by programme."""
    found = figures.states
    programmes = [key for key in family.PROGRAMMES if any(programme == key for programme, _state in found)]
    rows = []
    for state in words.STATES:
        counts = [found.get((programme, state), 0) for programme in programmes]
        if any(counts):
            rows.append((family.word(words.STATES, state), *counts, sum(counts)))
    head = (_("State"), *(family.word(family.PROGRAMMES, one) for one in programmes), _("Together"))
    return Table(head, tuple(rows))


def vouchers(figures: Figures) -> Table:
    """Return how many vouchers are in which state."""
    rows = [(_(text), figures.vouchers[key]) for key, text in words.VOUCHERS.items() if key in figures.vouchers]
    return Table((_("Voucher"), _("Applications")), tuple(rows))


def archive(figures: Figures) -> Table:
    """Return why applications ended, the most frequent reason first."""
    rows = [
        (family.word(words.ARCHIVE, key) if key else _("Another reason"), count)
        for key, count in sorted(figures.archive.items(), key=lambda pair: -pair[1])
    ]
    return Table((_("Reason"), _("Applications")), tuple(rows))


def places(offers: Sequence[Offer]) -> Table:
    """Return the places of each kindergarten."""
    sums: dict[int, list[Any]] = {}
    for offer in offers:
        row = sums.setdefault(offer.organisation.id, [offer.organisation.name, 0, 0, 0, 0, 0, 0])
        place = offer.place(Mode.PERMANENT)
        counts = (place.capacity, place.occupied, place.held) if place is not None else (0, 0, 0)
        for at, value in enumerate((1, *counts, offer.free(), offer.free(Mode.TEMPORARY)), 1):
            row[at] += value
    head = (
        _("Kindergarten"), _("Groups"), _("Places"), _("Places taken"), _("Held"), _("Free"), _("Temporary places"),
    )  # fmt: skip
    return Table(head, _by_name(sums.values()))


def popular(department: Department | None, offers: Sequence[Offer], demand: Demand) -> Table:
    """Return what families think of kindergartens: who waits, who came, what they wrote; most awaited first."""
    sums: dict[int, list[int]] = {}
    for offer in offers:
        row = sums.setdefault(offer.organisation.id, [0, 0])
        row[0] += demand.lists.get(offer.group.id, 0)
        row[1] += sum(count for (group, _year), count in demand.admitted.items() if group == offer.group.id)
    houses = {offer.organisation.id: offer.organisation for offer in offers}
    rows = [
        (
            house.name,
            family.place_name(department, house.locality_id),
            *counts[:1],
            demand.wanted.get(house.id, 0),
            *counts[1:],
            formats.plain(f"{house.rating_tenths // 10}.{house.rating_tenths % 10}") if house.reviews else "–",
            house.reviews,
        )
        for key, counts in sums.items()
        for house in (houses[key],)
    ]
    head = (
        _("Kindergarten"), _("Locality"), _("In waiting lists"), _("Named in applications"), _("Admitted in a year"),
        _("Rating"), _("Reviews"),
    )  # fmt: skip
    return Table(head, tuple(sorted(rows, key=lambda row: (-row[2] - row[3], -row[4], alphabetic(row[0])))))


def queue(
    department: Department | None, offers: Sequence[Offer], demand: Demand, outlook: Outlook, by: str, today: date
) -> Table:
    """Return who waits and what is free now and expected, by locality, birth year or language."""
    days = outlook.days
    sums: dict[Any, list[int]] = {}

    def add(key: Any, at: int, value: int) -> None:
        sums.setdefault(key, [0] * (3 + len(days)))[at] += value

    for key, count in _waiting(demand, by).items():
        add(key, 0, count)
    groups = {offer.group.id: offer for offer in offers}
    for (group, year), count in demand.admitted.items():
        if group in groups:
            add({"locality": groups[group].organisation.locality_id, "year": year,
                 "language": groups[group].group.language}[by], 1, count)  # fmt: skip
    for offer in offers:
        place = offer.place(Mode.PERMANENT)
        free = place.free if place is not None else 0
        for key in _keys(offer, by, today):
            add(key, 2, max(0, free))
        for at, day in enumerate(days, 3):
            if offer.group.valid_to is None or offer.group.valid_to > day:
                for key in _keys(offer, by, day):
                    add(key, at, max(0, free + outlook.left(offer.group.id, day)))
    first = {"locality": _("Locality"), "year": _("Birth year"), "language": _("Language of education")}[by]
    ahead = (_("Expected by {day}").format(day=formats.day(day)) for day in days)
    rows = [(_named(department, key, by), *counts) for key, counts in sums.items() if any(counts)]
    head = (first, _("In the queue"), _("Admitted in a year"), _("Free now"), *ahead)
    return Table(head, _by_name(rows), _note(by))


def _waiting(demand: Demand, by: str) -> Mapping[Any, int]:
    if by == "language":
        return demand.languages
    found: dict[int, int] = {}
    for (locality, year), count in demand.queued.items():
        key = locality if by == "locality" else year
        found[key] = found.get(key, 0) + count
    return found


def _keys(offer: Offer, by: str, day: date) -> list[Any]:
    if by == "locality":
        return [offer.organisation.locality_id]
    if by == "language":
        return [offer.group.language]
    return sorted(birth_years(offer.group.age_from, offer.group.age_to - 1, group_year(day)))


def _note(by: str) -> str:
    estimate = _("Expected places are an estimate: announced leavings and who goes to school.")
    if by == "year":
        return f"{estimate} {_('A group of several ages counts in each of its years.')}"
    if by == "language":
        return f"{estimate} {_('Who takes several languages is counted in each of them.')}"
    return estimate


def _named(department: Department | None, key: Any, by: str) -> str:
    if by == "locality":
        return family.place_name(department, key)
    return str(key) if by == "year" else family.word(family.LANGUAGES, key)


def _by_name(rows: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple(sorted((tuple(row) for row in rows), key=lambda row: alphabetic(str(row[0]))))
