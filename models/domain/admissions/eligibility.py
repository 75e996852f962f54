"""Whether a child fits a group or a published place, and whether an application is complete.

The words of localities, languages and corrections are the department's data. Source: R-ADM-4 to R-ADM-9 in
docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from models.domain.admissions.categories import ages_out, counting_year, months_old
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Programme
from models.domain.identity import decode_iin
from models.domain.problems import Problem

TURN_OF_GROUPS = 6
"""From this month on the groups of the coming 1 September count. Source: R-ADM-4."""


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """What of a child and its application decides about a place."""

    born: date
    programme: Programme
    languages: frozenset[str]
    locality_id: int
    correction: str = ""


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """What of a group decides who may come. Ages are full years on 1 September, ``[from, to)``."""

    age_from: int
    age_to: int
    language: str
    correction: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    opened: bool = True  # the kindergarten takes children


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What of a published place decides who may apply.

    ``localities`` is the item's locality and every one around it (:func:`surroundings`), so that an application to a
    city fits a kindergarten in a district of it. ``places`` is how many were published, for the priority window.
    """

    state: str
    birth_years: frozenset[int]
    language: str
    localities: frozenset[int]
    open_at: datetime | None
    open_to_all_at: datetime | None
    places: int = 1
    free_until: date | None = None


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What was entered in an application, and by whom."""

    programme: Programme
    child_iin: str
    born: date | None
    languages: frozenset[str]
    locality_id: int | None
    consent: bool
    applicant_complete: bool = True
    child_complete: bool = True
    may_act: bool = True
    correction: str = ""
    offered_corrections: frozenset[str] | None = None  # of the wanted organisation; None when none was named
    documents: frozenset[str] = field(default_factory=frozenset)


def surroundings(locality: int, parents: Mapping[int, int | None]) -> frozenset[int]:
    """Return a locality and every one around it, by the parent of each."""
    found: set[int] = set()
    current: int | None = locality
    while current is not None and current not in found:
        found.add(current)
        current = parents.get(current)
    return frozenset(found)


def birth_years(age_from: int, age_to: int, year: int) -> frozenset[int]:
    """Return the birth years of a group of ages ``[from, to)`` from 1 September of ``year`` on.

    Both years of who turns ``age_to`` after 1 September count. Source: R-ADM-4 (of the group "2 to 3" in 2019: 2017
    and the autumn of 2016).
    """
    return frozenset(range(year - age_to, year - age_from + 1))


def group_year(on: date) -> int:
    """Return the year whose 1 September decides about the groups of a day. Source: R-ADM-4."""
    return on.year if on.month >= TURN_OF_GROUPS else on.year - 1


def fit_group(child: ChildFacts, group: GroupFacts, on: date) -> tuple[Problem, ...]:
    """Return why a child may not come into a group on a day; empty when it may.

    The age fits when it does on the 1 September of the group's year, or on the day itself. A group whose last day is
    set takes nobody any more, whenever that day is. Problems:
    ``group-closed``, ``age-does-not-fit`` (values ``age_from``, ``age_to``), ``language-does-not-fit``,
    ``correction-does-not-fit``, ``group-is-special``. Source: R-ADM-4, R-ADM-5, R-ADM-25.
    """
    found = []
    closes = group.valid_to is not None  # whoever came now would be there when it closes, and nobody decided for them
    begun = group.valid_from is None or on >= group.valid_from
    if not group.opened or closes or not begun:
        found.append(Problem("group-closed"))
    ages = (months_old(child.born, date(group_year(on), 9, 1)) // 12, months_old(child.born, on) // 12)
    if not any(group.age_from <= age < group.age_to for age in ages):
        found.append(Problem("age-does-not-fit", values={"age_from": group.age_from, "age_to": group.age_to}))
    if group.language not in child.languages:
        found.append(Problem("language-does-not-fit", values={"language": group.language}))
    if child.programme is Programme.SPECIAL:
        if child.correction != group.correction:
            found.append(Problem("correction-does-not-fit"))
    elif group.correction:
        found.append(Problem("group-is-special"))
    return tuple(found)


def fit_item(
    child: ChildFacts, item: ItemFacts, now: datetime, *, today: date, number: int | None, rules: Rules
) -> tuple[Problem, ...]:
    """Return why an application may not be sent to published places at an instant; empty when it may.

    ``number`` is the child's number in the queue, ``None`` when it is not known. Problems: ``item-withdrawn``,
    ``item-not-open`` (value ``at``), ``item-in-priority`` (values ``at``, ``number``), ``birth-year-does-not-fit``
    (value ``years``), ``language-does-not-fit``, ``locality-does-not-fit``. Source: R-ADM-6, D-19, 004-25.
    """
    found = []
    if item.state != "published" or (item.free_until is not None and today > item.free_until):
        found.append(Problem("item-withdrawn"))
    elif item.open_at is None or now < item.open_at:
        found.append(Problem("item-not-open", values={"at": item.open_at.isoformat() if item.open_at else ""}))
    elif not visible(item, now, number, rules):
        values: dict[str, str | int] = {"at": item.open_to_all_at.isoformat() if item.open_to_all_at else ""}
        found.append(Problem("item-in-priority", values={**values, "number": seen_by(item, rules)}))
    if child.born.year not in item.birth_years:
        years = ", ".join(map(str, sorted(item.birth_years, reverse=True)))
        found.append(Problem("birth-year-does-not-fit", values={"years": years}))
    if item.language not in child.languages:
        found.append(Problem("language-does-not-fit", values={"language": item.language}))
    if child.locality_id not in item.localities:
        found.append(Problem("locality-does-not-fit"))
    return tuple(found)


def seen_by(item: ItemFacts, rules: Rules) -> int:
    """Return the last number of the queue that sees an item in its priority window; 0 means everybody."""
    return item.places * rules.visible_numbers


def visible(item: ItemFacts, now: datetime, number: int | None, rules: Rules) -> bool:
    """Return whether an open item is for this number already: in the priority window only for the first ones.

    Source: R-ADM-6.
    """
    last = seen_by(item, rules)
    if last == 0 or item.open_to_all_at is None or now >= item.open_to_all_at:
        return True
    return number is not None and number <= last


def incomplete(application: ApplicationFacts, rules: Rules, on: date) -> tuple[Problem, ...]:
    """Return what an application lacks, or why this child cannot be queued; empty when it can be filed on ``on``.

    Problems: ``not-your-child``, ``consent-missing``, ``applicant-incomplete``, ``child-incomplete``, those of
    ``decode_iin`` with field ``child``, ``born-not-as-in-iin``, ``language-missing``, ``locality-missing``,
    ``child-too-old`` (value ``years``), and for a programme with a review ``correction-missing``,
    ``organisation-missing``, ``correction-not-offered``, ``pmpk-missing``.
    Source: R-ADM-7 to R-ADM-9.
    """
    found = []
    if not application.may_act:
        found.append(Problem("not-your-child", "child"))
    if not application.consent:
        found.append(Problem("consent-missing", "consent"))
    if not application.applicant_complete:
        found.append(Problem("applicant-incomplete", "applicant"))
    if application.born is None or not application.child_complete:
        found.append(Problem("child-incomplete", "child"))
    found += _wrong_iin(application, on)
    if not application.languages:
        found.append(Problem("language-missing", "languages"))
    if application.locality_id is None:
        found.append(Problem("locality-missing", "locality"))
    if application.born is not None and ages_out(application.born, counting_year(on), rules.max_age_years):
        found.append(Problem("child-too-old", "child", {"years": rules.max_age_years}))
    if rules.docs_review:
        found += _wrong_correction(application)
    return tuple(found)


def _wrong_iin(application: ApplicationFacts, on: date) -> list[Problem]:
    decoded = decode_iin(application.child_iin, on)
    if isinstance(decoded, Problem):
        return [Problem(decoded.code, "child", decoded.values)]
    if application.born is not None and decoded.born != application.born:
        return [Problem("born-not-as-in-iin", "child")]
    return []


def _wrong_correction(application: ApplicationFacts) -> list[Problem]:
    found = []
    if not application.correction:
        found.append(Problem("correction-missing", "correction"))
    if application.offered_corrections is None:
        found.append(Problem("organisation-missing", "organisation"))
    elif application.correction and application.correction not in application.offered_corrections:
        found.append(Problem("correction-not-offered", "organisation"))
    if "pmpk" not in application.documents:
        found.append(Problem("pmpk-missing", "documents"))
    return found
