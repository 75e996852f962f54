"""A round of vouchers: who gets one, in order, with twins together. A dry run and the real one are the same function.

Source: R-ADM-16 to R-ADM-18 in docs/rules.md.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from models.domain.admissions.ranking import Entry, ordered
from models.domain.admissions.rules import Rules

TOO_YOUNG: Final = "child-too-young"
HAS_VOUCHER: Final = "voucher-already"
TWINS: Final = "twins-need-more"
"""Why somebody was passed over; sentences for people have the same codes."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a round is for; what is ``None`` or empty does not matter. ``localities`` lists every one meant."""

    localities: frozenset[int] | None = None
    birth_year: int | None = None
    languages: int = 0  # a mask: an application that names any of them


@dataclass(frozen=True, slots=True)
class Line:
    """One application that the round came to. ``skipped`` says why it gets no voucher, "" if it gets one."""

    position: int
    id: int
    number: str
    category_rank: int
    rank_date: datetime
    bundle_id: int | None = None
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a round gives. ``fingerprint`` differs as soon as one line does: a plan is issued only unchanged."""

    lines: tuple[Line, ...]
    fingerprint: str
    asked: int

    @property
    def winners(self) -> tuple[Line, ...]:
        """The lines that get a voucher, in order."""
        return tuple(line for line in self.lines if not line.skipped)


@dataclass(frozen=True, slots=True)
class Sibling:
    """A child of an applicant, for finding twins."""

    application_id: int
    applicant_id: int
    born: date


def plan(entries: Iterable[Entry], count: int, rules: Rules, scope: Scope | None = None) -> Plan:
    """Return who gets one of ``count`` vouchers: the first in order that may have one.

    Twins stand where the first of them stands and get vouchers together; where fewer are left than they need, they
    are passed over and keep their place. Children below the least age are passed over; if vouchers are left when
    everybody else has one, those from ``youngest_age_months`` on get them. Twins of somebody in scope are in scope.
    Raises ``ValueError`` for a negative count. Source: R-ADM-16, R-ADM-17, D-23.
    """
    if count < 0:
        raise ValueError("a round gives no fewer than no vouchers")
    queue = ordered(_in_scope(list(entries), scope), rules)
    bundles = _bundles(queue)
    decided: dict[int, str] = {}
    left = count
    for least in (rules.min_age_months, min(rules.youngest_age_months, rules.min_age_months)):
        for entry in queue:
            if left == 0:
                break
            if decided.get(entry.id, TOO_YOUNG) != TOO_YOUNG:
                continue
            together = bundles.get(entry.id, (entry,))
            verdict = _verdict(entry, together, left, least)
            if verdict:
                decided[entry.id] = verdict
                continue
            left -= len(together)
            decided.update(dict.fromkeys((twin.id for twin in together), ""))
    lines = tuple(
        Line(
            position,
            entry.id,
            entry.number,
            entry.category_rank,
            entry.rank_date,
            entry.bundle_id,
            decided[entry.id],
        )
        for position, entry in enumerate(queue, start=1)
        if entry.id in decided
    )
    return Plan(lines, fingerprint(lines), count)


def fingerprint(lines: Iterable[Line]) -> str:
    """Return a hash of who gets a voucher and who was passed over, in order. Source: R-ADM-18."""
    digest = hashlib.sha256()
    for line in lines:
        at = line.rank_date.astimezone(UTC).isoformat(timespec="microseconds")
        digest.update(f"{line.id}|{line.number}|{line.category_rank}|{at}|{line.skipped}\n".encode())
    return digest.hexdigest()


def find_twins(siblings: Sequence[Sibling], rules: Rules) -> list[tuple[int, ...]]:
    """Return bundles of applications: of the same applicant, births at most ``bundle_days`` apart. Source: D-23."""
    by_applicant: dict[int, list[Sibling]] = defaultdict(list)
    for sibling in siblings:
        by_applicant[sibling.applicant_id].append(sibling)
    found = []
    for family in by_applicant.values():
        family.sort(key=lambda sibling: (sibling.born, sibling.application_id))
        bundle = [family[0]]
        for sibling in family[1:]:
            if (sibling.born - bundle[0].born).days <= rules.bundle_days:
                bundle.append(sibling)
            else:
                found.append(bundle)
                bundle = [sibling]
        found.append(bundle)
    return sorted(tuple(sorted(twin.application_id for twin in bundle)) for bundle in found if len(bundle) > 1)


def _verdict(entry: Entry, together: Sequence[Entry], left: int, least: int) -> str:
    """Return why an application gets no voucher now, "" if it does."""
    if entry.has_voucher:
        return HAS_VOUCHER
    if min(twin.age_months for twin in together) < least:
        return TOO_YOUNG
    return TWINS if len(together) > left else ""


def _bundles(queue: Sequence[Entry]) -> Mapping[int, tuple[Entry, ...]]:
    by_bundle: dict[int, list[Entry]] = defaultdict(list)
    for entry in queue:
        if entry.bundle_id is not None and not entry.has_voucher:
            by_bundle[entry.bundle_id].append(entry)
    return {entry.id: tuple(bundle) for bundle in by_bundle.values() for entry in bundle}


def _in_scope(entries: list[Entry], scope: Scope | None) -> list[Entry]:
    if scope is None:
        return entries
    meant = {entry.id for entry in entries if _meant(entry, scope)}
    bundles = {entry.bundle_id for entry in entries if entry.id in meant and entry.bundle_id is not None}
    return [entry for entry in entries if entry.id in meant or entry.bundle_id in bundles]


def _meant(entry: Entry, scope: Scope) -> bool:
    if scope.localities is not None and entry.locality_id not in scope.localities:
        return False
    if scope.birth_year is not None and entry.birth_year != scope.birth_year:
        return False
    return not scope.languages or bool(entry.languages & scope.languages)
