"""Applications as they travel, read as the machine sees them, and written back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from models.contract.admission_records import Application, CalendarDay, CalendarYear, ProgrammeRules
from models.domain.admissions.case import Case
from models.domain.admissions.rules import DEFAULTS, Rules, parse, with_temporary
from models.domain.admissions.states import (
    ArchiveReason,
    Flag,
    Programme,
    State,
    StopKind,
    TempEnd,
    TempState,
    TimerKind,
    VoucherState,
)
from models.domain.problems import Problem
from models.domain.working_days import Deadline, WorkingCalendar

_WITH_TEMPORARY: Final = frozenset({Programme.GENERAL, Programme.SPECIAL})


def case_of(application: Application) -> Case:
    """Return an application as the machine sees it."""
    return Case(
        id=application.id,
        number=application.number,
        programme=Programme(application.programme),
        state=State(application.state),
        submitted_at=application.submitted_at,
        rank_date=application.rank_date,
        stop=StopKind(application.stop) if application.stop else None,
        archive=ArchiveReason(application.archive) if application.archive else None,
        timers=deadlines(application),
        restore_used=application.restore_used,
        extended=application.extended,
        referral_extended=application.referral_extended,
        declines=application.declines,
        voucher=VoucherState(application.voucher) if application.voucher else None,
        group_id=application.group_id,
        item_id=application.item_id,
        placement_group_id=application.placement_group_id,
        contract_left=application.contract_left,
        temp=TempState(application.temp),
        temp_end=TempEnd(application.temp_end) if application.temp_end else None,
        temp_group_id=application.temp_group_id,
        temp_until=application.temp_until,
        temp_voucher=VoucherState(application.temp_voucher) if application.temp_voucher else None,
        flags=frozenset(Flag(flag) for flag in application.flags),
    )


def deadlines(application: Application) -> dict[TimerKind, Deadline]:
    """Return the running terms of an application."""
    return {
        TimerKind(kind): Deadline(datetime.fromisoformat(at), kind in application.day_terms)
        for kind, at in application.terms.items()
    }


def columns_of(case: Case) -> dict[str, Any]:
    """Return the columns of an application that a step may change, ready for a row."""
    return {
        "state": case.state.value,
        "submitted_at": case.submitted_at,
        "rank_date": case.rank_date,
        "stop": case.stop.value if case.stop else "",
        "archive": case.archive.value if case.archive else "",
        "terms": {kind.value: term.at.astimezone(UTC).isoformat() for kind, term in sorted(case.timers.items())},
        "day_terms": sorted(kind.value for kind, term in case.timers.items() if term.end_of_day),
        "restore_used": case.restore_used,
        "extended": case.extended,
        "referral_extended": case.referral_extended,
        "declines": case.declines,
        "voucher": case.voucher.value if case.voucher else "",
        "group_id": case.group_id,
        "item_id": case.item_id,
        "placement_group_id": case.placement_group_id,
        "contract_left": case.contract_left,
        "temp": case.temp.value,
        "temp_end": case.temp_end.value if case.temp_end else "",
        "temp_group_id": case.temp_group_id,
        "temp_until": case.temp_until,
        "temp_voucher": case.temp_voucher.value if case.temp_voucher else "",
        "flags": sorted(case.flags),
    }


def calendar_of(zone: str, days: list[CalendarDay], years: list[CalendarYear]) -> WorkingCalendar:
    """Return the working calendar of a department from its rows."""
    return WorkingCalendar(
        zone_name=zone,
        days_off=frozenset(row.day for row in days if not row.working),
        extra_working_days=frozenset(row.day for row in days if row.working),
        years=frozenset(row.year for row in years),
        version=max([*(row.version for row in days), *(row.version for row in years)], default=0),
    )


def rules_of(programme: Programme, editions: list[ProgrammeRules], at: datetime, calendar: WorkingCalendar) -> Rules:
    """Return the rules of a programme that are in force at an instant; the defaults when no edition is.

    An application with a voucher may take a temporary place, so the rules of those two programmes contain what an
    edition of the programme of temporary places says. Raises ``ValueError`` for an edition that does not hold: none
    is stored unchecked.
    """
    own = _in_force(programme, editions, at, calendar) or DEFAULTS[programme]
    temporary = _in_force(Programme.TEMPORARY, editions, at, calendar) if programme in _WITH_TEMPORARY else None
    return own if temporary is None else _combined(own, temporary)


def _in_force(
    programme: Programme, editions: list[ProgrammeRules], at: datetime, calendar: WorkingCalendar
) -> Rules | None:
    day = calendar.local_day(at)
    for edition in sorted(editions, key=lambda row: (row.valid_from, row.id), reverse=True):
        valid = edition.valid_from <= day and (edition.valid_to is None or day < edition.valid_to)
        if edition.programme == programme and edition.state == "confirmed" and valid:
            rules = _parsed(programme, msgspec.json.encode(edition.settings))
            if isinstance(rules, Rules):
                return rules
            raise ValueError(f"edition {edition.id} of programme {programme}: {rules}")
    return None


# Whole queues ask for the same few editions, one application after the other.
@lru_cache(256)
def _parsed(programme: Programme, settings: bytes) -> Rules | tuple[Problem, ...]:
    found = parse(programme, msgspec.json.decode(settings))
    return found if isinstance(found, Rules) else tuple(found)


_combined: Final = lru_cache(64)(with_temporary)
