"""Why a step may not be taken: each guard gives the reason, or None."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.domain.admissions import reasons
from models.domain.admissions.case import Moment
from models.domain.admissions.choices import has_place
from models.domain.admissions.rules import SIGNATURES
from models.domain.admissions.states import TEMP_LIVE, Actor, ArchiveReason, Event, Flag, TempState, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import Deadline

Guard = Callable[[Moment], Problem | None]
_OF_CORRECTION: Final = frozenset({"correction-does-not-fit", "group-is-special"})
LONGEST_LEAVE: Final = timedelta(days=366)
"""A later last day is a slip of the hand: the place would be lent for years."""


def complete(moment: Moment) -> Problem | None:
    """Refuse an application that lacks something. Source: T01."""
    return moment.world.incomplete[0] if moment.world.incomplete else None


def only_one(moment: Moment) -> Problem | None:
    """Refuse a second live application of a child in a programme. Source: D-24."""
    if not moment.world.another_live:
        return None
    return Problem("another-application" if moment.act.event is Event.REINSTATE else "already-queued")


def reason_given(moment: Moment) -> Problem | None:
    """Refuse to decide against a parent without saying why: with a reason of the act's list, in own words, or both."""
    act = moment.act
    if act.reason.strip() or act.reason_code in reasons.listed(act.event):
        return None
    return Problem("reason-missing", "reason")


def sure(moment: Moment) -> Problem | None:
    """Refuse what cannot be undone unless the person confirmed the consequence. Source: D-26."""
    return None if moment.act.confirmed else Problem("consequence-not-confirmed")


def in_line(moment: Moment) -> Problem | None:
    """Refuse to pass over somebody who stands before."""
    return None if moment.world.first_in_line else Problem("not-first-in-line")


def old_enough(moment: Moment) -> Problem | None:
    """Refuse a voucher to a child below the least age."""
    if not moment.world.too_young:
        return None
    return Problem("child-too-young", values={"months": moment.rules.min_age_months})


def no_voucher(moment: Moment) -> Problem | None:
    """Refuse a second permanent voucher of a child, in whichever programme."""
    taken = moment.case.voucher is not None or moment.world.child_voucher
    return Problem("voucher-already") if taken else None


def not_placed(moment: Moment) -> Problem | None:
    """Refuse a second permanent place of a child, in whichever programme."""
    return Problem("already-enrolled") if moment.world.placed_elsewhere else None


def officer_steps_in(moment: Moment) -> Problem | None:
    """Refuse that an officer acts for a kindergarten whose own term has not ended. Source: D-10."""
    late = moment.case.flags & {Flag.ESCALATED, Flag.ORG_LATE}
    if moment.act.actor is not Actor.OFFICER or late:
        return None
    return Problem("kindergarten-has-time")


def not_on_leave(moment: Moment) -> Problem | None:
    """Refuse a second leave beside the first."""
    return Problem("already-on-leave") if Flag.ON_LEAVE in moment.case.flags else None


def on_leave(moment: Moment) -> Problem | None:
    """Refuse the return of a child that is not away."""
    return None if Flag.ON_LEAVE in moment.case.flags else Problem("not-on-leave")


def temporary_contract(moment: Moment) -> Problem | None:
    """Refuse a first day in a temporary place without a contract where the department wants one."""
    if not moment.rules.temporary_requires_contract or "contract" in moment.act.documents:
        return None
    return Problem("documents-missing", "documents", {"kinds": "contract"})


def within(kind: TimerKind) -> Guard:
    """Return the guard that refuses what comes after the end of a term."""

    def guard(moment: Moment) -> Problem | None:
        term = moment.case.timers.get(kind)
        if term is None or not term.passed(moment.now):
            return None
        return late(moment.act.occurred_at, fired_at(term), moment.calendar.zone)

    guard.__name__ = f"within_{kind.name.lower()}"
    return guard


def fired_at(term: Deadline) -> datetime:
    """Return the instant at which the end of a term counts as noticed: the first at which it has passed."""
    return term.at if term.end_of_day else term.at + datetime.resolution


def late(occurred_at: datetime | None, ended: datetime, zone: ZoneInfo) -> Problem:
    """Return why an act counts no more: ``late-offline`` if it was done before the term had ended, else ``late``."""
    due = (ended - datetime.resolution).astimezone(zone).replace(microsecond=0).isoformat()
    in_time = occurred_at is not None and occurred_at < ended
    return Problem("late-offline" if in_time else "late", values={"due": due})


def on_last_day(kind: TimerKind) -> Guard:
    """Return the guard that allows a prolongation on the last day of the term only. Source: D-01."""

    def guard(moment: Moment) -> Problem | None:
        term = moment.case.timers.get(kind)
        if term is None:
            return Problem("nothing-to-extend")
        day = term.last_day(moment.calendar.zone)
        return None if moment.today == day else Problem("extend-on-last-day", values={"day": day.isoformat()})

    guard.__name__ = f"on_last_day_of_{kind.name.lower()}"
    return guard


def not_extended(moment: Moment) -> Problem | None:
    """Refuse a second prolongation of a voucher."""
    return Problem("already-extended") if moment.case.extended else None


def referral_not_extended(moment: Moment) -> Problem | None:
    """Refuse a second prolongation of a referral."""
    return Problem("already-extended") if moment.case.referral_extended else None


def extension_offered(moment: Moment) -> Problem | None:
    """Refuse a prolongation where the programme has none."""
    return None if moment.rules.extension_days > 0 else Problem("nothing-to-extend")


def extension_fits(moment: Moment) -> Problem | None:
    """Refuse a prolongation of a referral by too many days, or without a document. Source: 004-30."""
    high = moment.rules.referral_extension_calendar_days
    if moment.act.days is None or not 1 <= moment.act.days <= high:
        return Problem("extension-days", "days", {"high": high})
    return None if moment.act.documents else Problem("documents-missing", "documents")


def group_named(moment: Moment) -> Problem | None:
    """Refuse a choice that names no group."""
    return Problem("group-missing", "group_id") if moment.act.group_id is None else None


def fits(moment: Moment) -> Problem | None:
    """Refuse a place that is not for this child."""
    return moment.world.fit[0] if moment.world.fit else None


def free(moment: Moment) -> Problem | None:
    """Refuse a place that is gone: the first commit took the last one. Source: D-20."""
    return None if has_place(moment) else Problem("no-free-place")


def full(moment: Moment) -> Problem | None:
    """Refuse to wait for a group that has a free place."""
    return Problem("place-is-free") if has_place(moment) else None


def list_room(moment: Moment) -> Problem | None:
    """Refuse more entries in waiting lists than the programme allows, or the same one twice."""
    if moment.world.listed:
        return Problem("already-listed")
    limit = moment.rules.waitlist_entries
    return None if moment.world.entries < limit else Problem("too-many-lists", values={"limit": limit})


def listed(moment: Moment) -> Problem | None:
    """Refuse to leave a waiting list in which the application does not stand."""
    return None if moment.world.listed else Problem("not-listed")


def signed_interest(moment: Moment) -> Problem | None:
    """Refuse a weaker signature than the programme wants for interest."""
    return _signed(moment, moment.rules.signature_interest)


def signed_temporary(moment: Moment) -> Problem | None:
    """Refuse a weaker signature than the programme wants for a temporary place."""
    return _signed(moment, moment.rules.signature_temporary)


def signed_contract(moment: Moment) -> Problem | None:
    """Refuse a weaker signature than the programme wants for the contract."""
    return _signed(moment, moment.rules.signature_contract)


def contract_as_read(moment: Moment) -> Problem | None:
    """Refuse to sign a contract that says something else than its signer read. Source: R-DOC-12."""
    read, now = moment.act.digest, moment.world.contract_digest
    return Problem("contract-not-as-read") if read and now and read != now else None


def contract_as_signed(moment: Moment) -> Problem | None:
    """Refuse to sign a contract that says something else than the parent signed. Source: R-DOC-12."""
    names = moment.world.contract_changed
    return Problem("contract-changed", values={"facts": ", ".join(names)}) if names else None


def contract_documents(moment: Moment) -> Problem | None:
    """Refuse to sign before every needed document is attached and valid."""
    return _documents(moment, moment.rules.contract_needs)


def paper_documents(moment: Moment) -> Problem | None:
    """Refuse to conclude a contract on a referral before the papers were ticked."""
    missing = sorted(set(moment.rules.referral_needs) - moment.act.documents)
    return Problem("documents-missing", "documents", {"kinds": ", ".join(missing)}) if missing else None


def from_tomorrow(moment: Moment) -> Problem | None:
    """Refuse a temporary place that ends before tomorrow."""
    until = moment.act.until
    if until is None or until < moment.today + timedelta(days=1):
        return Problem("until-too-early", "until")
    returns = moment.world.owner_returns
    return Problem("until-too-late", "until", {"day": returns.isoformat()}) if returns and until > returns else None


def has_temporary(moment: Moment) -> Problem | None:
    """Refuse what needs a temporary place when there is none."""
    return None if moment.case.temp in TEMP_LIVE else Problem("no-temporary-place")


def no_temporary(moment: Moment) -> Problem | None:
    """Refuse a second temporary place beside the first."""
    return Problem("temporary-already") if moment.case.temp in TEMP_LIVE else None


def temporary_started(moment: Moment) -> Problem | None:
    """Refuse a first attendance after the last day."""
    until = moment.case.temp_until
    return None if until is not None and moment.today <= until else Problem("temporary-over")


def not_attending(moment: Moment) -> Problem | None:
    """Refuse to note the first day in a temporary place a second time."""
    return Problem("first-day-noted") if moment.case.temp is TempState.ATTENDING else None


def new_end_fits(moment: Moment) -> Problem | None:
    """Refuse to prolong past the owner's return, or to shorten without notice. Source: D-15."""
    until, current, returns = moment.act.until, moment.case.temp_until, moment.world.owner_returns
    if until is None or current is None:
        return Problem("until-too-early", "until")
    if returns is not None and until > returns:
        return Problem("until-too-late", "until", {"day": returns.isoformat()})
    notice = moment.rules.notice_days
    if until < current and moment.calendar.working_days_between(moment.today, until) < notice:
        return Problem("notice-too-short", "until", {"days": notice})
    return None


def until_given(moment: Moment) -> Problem | None:
    """Refuse a leave without an end that lies ahead, and no more than a year. Source: R-ADM-50."""
    return leave_wrong(moment.act.until, moment.today)


def leave_wrong(until: date | None, today: date) -> Problem | None:
    """Return what is wrong with the last day of a leave that is noted today."""
    if until is None or until <= today:
        return Problem("until-too-early", "until")
    if until > today + LONGEST_LEAVE:
        return Problem("leave-too-long", "until")
    return None


def not_graduated(moment: Moment) -> Problem | None:
    """Refuse to reinstate a child that went to school. Source: T82."""
    return Problem("graduated") if moment.case.archive is ArchiveReason.GRADUATED else None


def document_given(moment: Moment) -> Problem | None:
    """Refuse an officer's exception without a document."""
    return None if moment.act.documents else Problem("documents-missing", "documents")


def new_group(moment: Moment) -> Problem | None:
    """Refuse to move a child to where it is already, where a place is held for it, or into a group of another
    correction; age and language may differ where a group closes. Source: R-ADM-5."""
    if moment.act.group_id in (moment.case.placement_group_id, moment.case.group_id):
        return Problem("same-group")
    return next((problem for problem in moment.world.fit if problem.code in _OF_CORRECTION), None)


def is_permanent(moment: Moment) -> Problem | None:
    """Refuse what only a child with a permanent place may do."""
    return None if moment.case.placement_group_id is not None else Problem("not-enrolled")


def _signed(moment: Moment, least: str) -> Problem | None:
    given = moment.act.signature
    if given in SIGNATURES and SIGNATURES.index(given) >= SIGNATURES.index(least):
        return None
    return Problem(f"signature-{least}")


def _documents(moment: Moment, needs: tuple[str, ...]) -> Problem | None:
    missing = sorted(set(needs) - moment.world.documents - moment.act.documents)
    return Problem("documents-missing", "documents", {"kinds": ", ".join(missing)}) if missing else None


WITHIN_INTEREST: Final = within(TimerKind.INTEREST)
WITHIN_CONTRACT: Final = within(TimerKind.CONTRACT)
WITHIN_RESTORE: Final = within(TimerKind.RESTORE)
WITHIN_OFFER: Final = within(TimerKind.OFFER)
WITHIN_REFERRAL: Final = within(TimerKind.REFERRAL)
LAST_DAY_OF_CONTRACT: Final = on_last_day(TimerKind.CONTRACT)
LAST_DAY_OF_REFERRAL: Final = on_last_day(TimerKind.REFERRAL)
