"""What a step changes: the application's own fields and terms, and the list of what follows outside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from models.domain.admissions.case import EffectKind
from models.domain.admissions.draft import Draft
from models.domain.admissions.lent_places import end_leave
from models.domain.admissions.states import Actor, Flag, Programme, TimerKind, VoucherState
from models.domain.working_days import TermEnd, add_calendar_days, add_working_days

# The queue


def take_number(draft: Draft) -> None:
    """Date the application by its submission, once and for ever. Source: D-05."""
    now = draft.moment.now
    draft.set(submitted_at=now, rank_date=draft.case.rank_date or now)


def stop_transfer(draft: Draft) -> None:
    """End the terms of a contract that does not come about; the child stays where it is. Source: D-17."""
    draft.stop(TimerKind.CONTRACT, TimerKind.ORG_SLA)
    draft.set(contract_left=None)


def stop_everything(draft: Draft) -> None:
    """End every term but the temporary place's."""
    draft.stop(*(kind for kind in TimerKind if kind is not TimerKind.TEMP_END))
    draft.set(stop=None, contract_left=None)
    draft.unflag(Flag.PLACE_LOST)


def recategorise(draft: Draft) -> None:
    """Compute the category anew."""
    draft.then(EffectKind.RECATEGORISE)


# Vouchers


def issue_voucher(draft: Draft) -> None:
    """Give a permanent voucher and ask for interest within the term. Source: T06."""
    rules, now = draft.moment.rules, draft.moment.now
    draft.set(voucher=VoucherState.ISSUED, extended=False)
    draft.then(EffectKind.VOUCHER, state=VoucherState.ISSUED)
    term = add_working_days(now, rules.interest_days, draft.moment.calendar, TermEnd(rules.interest_end))
    draft.start(TimerKind.INTEREST, term)


def activate_voucher(draft: Draft) -> None:
    """Begin the term for the contract. Source: T07."""
    draft.stop(TimerKind.INTEREST)
    draft.set(voucher=VoucherState.ACTIVE)
    draft.then(EffectKind.VOUCHER, state=VoucherState.ACTIVE)
    fresh_contract(draft)


def void_voucher(draft: Draft) -> None:
    """End the permanent voucher, with the reason that the step has."""
    if draft.case.voucher is None:
        return
    draft.set(voucher=None)
    draft.then(EffectKind.VOUCHER, state=VoucherState.VOID, reason=draft.moment.act.event.value)


def use_voucher(draft: Draft) -> None:
    """The voucher pays from now on."""
    if draft.case.voucher is not None:
        draft.set(voucher=VoucherState.IN_USE)
        draft.then(EffectKind.VOUCHER, state=VoucherState.IN_USE)


def return_voucher(draft: Draft) -> None:
    """Give the voucher back to the parent, free to choose again."""
    draft.set(voucher=VoucherState.ACTIVE, extended=False)
    draft.then(EffectKind.VOUCHER, state=VoucherState.ACTIVE)


# The contract's term


def fresh_contract(draft: Draft) -> None:
    """Begin the whole term for the contract, from now."""
    rules, moment = draft.moment.rules, draft.moment
    term = add_working_days(moment.now, rules.contract_days, moment.calendar, TermEnd(rules.contract_end))
    draft.start(TimerKind.CONTRACT, term)
    draft.set(contract_left=None)


def pause_contract(draft: Draft) -> None:
    """Stop the term and remember how many working days remain. Source: D-09."""
    term = draft.timers.get(TimerKind.CONTRACT)
    if term is not None:
        calendar, moment = draft.moment.calendar, draft.moment
        left = calendar.working_days_between(moment.today, term.last_day(calendar.zone))
        draft.set(contract_left=max(1, left))
    draft.stop(TimerKind.CONTRACT)


def resume_contract(draft: Draft) -> None:
    """Let the term run on with what remained, at least one working day. Source: D-09."""
    _resume(draft, least=1)


def resume_contract_to_fix(draft: Draft) -> None:
    """Let the term run on with at least what a parent needs to mend something. Source: D-11."""
    _resume(draft, least=draft.moment.rules.fix_days)


def at_least_fix_days(draft: Draft) -> None:
    """Prolong a running term so that the parent has time after the kindergarten acted. Source: D-10, D-11."""
    moment = draft.moment
    least = add_working_days(moment.now, moment.rules.fix_days, moment.calendar, TermEnd(moment.rules.contract_end))
    current = draft.timers.get(TimerKind.CONTRACT)
    draft.start(TimerKind.CONTRACT, least if current is None else max(current, least))


def run_contract(draft: Draft) -> None:
    """Let the term run again if it was stopped because the kindergarten was late; else it stays. Source: T27, D-10."""
    if TimerKind.CONTRACT not in draft.timers:
        at_least_fix_days(draft)


def begin_transfer(draft: Draft) -> None:
    """Begin the whole term for the contract of a transfer, which may be prolonged once more. Source: T70."""
    draft.set(extended=False)
    fresh_contract(draft)


def extend_contract(draft: Draft) -> None:
    """Prolong the term once, from its old end. Source: D-01."""
    moment = draft.moment
    old = draft.timers[TimerKind.CONTRACT]
    day = datetime.combine(old.last_day(moment.calendar.zone), time(12), moment.calendar.zone)
    start = day.astimezone(UTC) if old.end_of_day else old.at
    end = TermEnd.END_OF_DAY if old.end_of_day else TermEnd.EXACT
    draft.start(TimerKind.CONTRACT, add_working_days(start, moment.rules.extension_days, moment.calendar, end))
    draft.set(extended=True)


def stop_contract(draft: Draft) -> None:
    """End the contract's term."""
    draft.stop(TimerKind.CONTRACT)


def late_organisation(draft: Draft) -> None:
    """Tell the officer that the kindergarten let the parent's term pass. Source: D-10."""
    draft.flag(Flag.ORG_LATE)


def escalate(draft: Draft) -> None:
    """Tell the officer that the kindergarten does not act; the officer may act for it. Source: D-10."""
    draft.flag(Flag.ESCALATED)


def settle_flags(draft: Draft) -> None:
    """The kindergarten acted."""
    draft.unflag(Flag.ORG_LATE, Flag.ESCALATED)
    draft.stop(TimerKind.ORG_SLA, TimerKind.ACTIVATE_SLA)


def await_organisation(draft: Draft) -> None:
    """Give the kindergarten its own term to act."""
    moment = draft.moment
    draft.start(TimerKind.ORG_SLA, add_working_days(moment.now, moment.rules.organisation_days, moment.calendar))


# Places


def hold_place(draft: Draft) -> None:
    """Hold one permanent place of the chosen group."""
    group, item = draft.moment.act.group_id, draft.moment.act.item_id
    draft.set(group_id=group, item_id=item)
    draft.then(EffectKind.HOLD, group_id=group, item_id=item)


def release_place(draft: Draft) -> None:
    """Give the held place back."""
    held = draft.case.group_id
    if held is not None and held != draft.case.placement_group_id:
        draft.then(EffectKind.RELEASE, group_id=held, item_id=draft.case.item_id)
    draft.set(group_id=draft.case.placement_group_id, item_id=None)


def enrol(draft: Draft) -> None:
    """Take the held place, from today; a group attended before ends the day before. Source: T28, D-16, D-17."""
    assert draft.case.group_id is not None  # held since it was chosen
    _attend(draft, draft.case.group_id)


def move(draft: Draft) -> None:
    """Move a child into another group at once; a place held for a transfer stays held. Source: D-22."""
    group = draft.moment.act.group_id
    assert group is not None  # the row is meant only then
    draft.then(EffectKind.HOLD, group_id=group)
    if not draft.case.transferring:
        draft.set(group_id=group)
    _attend(draft, group)


def end_with_school_year(draft: Draft) -> None:
    """End the place with 31 August. Source: T76, D-07."""
    today = draft.moment.today
    last = date(today.year, 8, 31)
    _end_placement(draft, last if last <= today else date(today.year - 1, 8, 31))


def mark_place_lost(draft: Draft) -> None:
    """Put the child first in waiting lists: its group was closed. Source: D-22."""
    draft.flag(Flag.PLACE_LOST)


def end_placement(draft: Draft) -> None:
    """End the place with today; it is free from tomorrow."""
    _end_placement(draft, draft.moment.today)


def end_placement_with_month(draft: Draft) -> None:
    """End the place with the month. Source: T74."""
    today = draft.moment.today
    _end_placement(draft, (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))


# Waiting lists


def join_list(draft: Draft) -> None:
    """Wait for a place of the chosen group."""
    draft.then(EffectKind.ENTRY_ADD, group_id=draft.moment.act.group_id)


def offer_place(draft: Draft) -> None:
    """Offer a place that became free, for a term. Source: T17."""
    moment = draft.moment
    draft.then(EffectKind.ENTRY_OFFER, group_id=moment.act.group_id)
    draft.start(TimerKind.OFFER, add_working_days(moment.now, moment.rules.offer_days, moment.calendar))


def take_offer(draft: Draft) -> None:
    """Accept the offer; the other lists are left. Source: T18."""
    draft.stop(TimerKind.OFFER)
    draft.then(EffectKind.ENTRY_TAKE, group_id=draft.case.group_id)
    draft.then(EffectKind.ENTRIES_CANCEL)


def drop_offer(draft: Draft) -> None:
    """The offer was declined or lapsed."""
    draft.stop(TimerKind.OFFER)
    draft.then(EffectKind.ENTRY_DROP, group_id=draft.case.group_id, reason=draft.moment.act.event.value)


def leave_list(draft: Draft) -> None:
    """Leave the waiting list of the named group."""
    draft.then(EffectKind.ENTRY_DROP, group_id=draft.moment.act.group_id, reason=draft.moment.act.event.value)


def cancel_entries(draft: Draft) -> None:
    """Leave every waiting list."""
    draft.then(EffectKind.ENTRIES_CANCEL)


# The stop list


def stop_for_interest(draft: Draft) -> None:
    """Stop the application; it may be restored within the term, which counts from the missed day. Source: T10."""
    moment = draft.moment
    term = moment.case.timers[TimerKind.INTEREST]
    draft.stop(TimerKind.INTEREST)
    days = moment.rules.restore_calendar_days
    missed = term.last_day(moment.calendar.zone)
    draft.start(TimerKind.RESTORE, add_calendar_days(missed, days, moment.calendar, roll=moment.rules.roll_calendar))


def use_restore(draft: Draft) -> None:
    """Use up the right to restore."""
    draft.set(restore_used=draft.case.restore_used + 1)


# Contracts as papers


def contract_sent(draft: Draft) -> None:
    """The kindergarten sent the contract."""
    draft.then(EffectKind.CONTRACT_SEND)


def contract_signed_by_parent(draft: Draft) -> None:
    """The parent signed; the kindergarten has its term."""
    draft.then(EffectKind.CONTRACT_SIGN_PARENT)


def contract_signed(draft: Draft) -> None:
    """Both sides signed."""
    draft.then(EffectKind.CONTRACT_SIGN_ORG)


def contract_returned(draft: Draft) -> None:
    """The kindergarten wants something mended."""
    draft.then(EffectKind.CONTRACT_RETURN, reason=draft.moment.act.reason)


def contract_cancelled(draft: Draft) -> None:
    """No contract comes of it."""
    draft.then(EffectKind.CONTRACT_CANCEL, reason=draft.moment.act.event.value)


def _attend(draft: Draft, group: int) -> None:
    today, before = draft.moment.today, draft.case.placement_group_id
    if before is not None:
        draft.then(EffectKind.PLACEMENT_END, group_id=before, until=today - timedelta(days=1))
        draft.then(EffectKind.VACATE, group_id=before)
        if Flag.ON_LEAVE in draft.case.flags:
            end_leave(draft)
    draft.then(EffectKind.OCCUPY, group_id=group)
    draft.then(EffectKind.PLACEMENT_BEGIN, group_id=group, start=today)
    draft.set(placement_group_id=group)
    draft.unflag(Flag.PLACE_LOST)


def _resume(draft: Draft, least: int) -> None:
    moment = draft.moment
    left = draft.case.contract_left or moment.rules.contract_days
    # The clock does it at a midnight: the last day of a term that ended there exactly would have no time in it at all.
    by_clock = moment.act.actor is Actor.CLOCK
    end = TermEnd.END_OF_DAY if by_clock else TermEnd(moment.rules.contract_end)
    term = add_working_days(moment.now, max(least, left), moment.calendar, end)
    draft.start(TimerKind.CONTRACT, term)
    draft.set(contract_left=None)


def _end_placement(draft: Draft, until: date) -> None:
    group = draft.case.placement_group_id
    if group is None:
        return
    if Flag.ON_LEAVE in draft.case.flags:
        end_leave(draft)
    draft.then(EffectKind.PLACEMENT_END, group_id=group, until=until)
    draft.then(EffectKind.VACATE, group_id=group, until=until)
    held = draft.case.group_id
    draft.set(placement_group_id=None, group_id=None if held == group else held)


def is_voucher_programme(programme: Programme) -> bool:
    """Whether places of the programme are taken with a voucher."""
    return programme in (Programme.GENERAL, Programme.SPECIAL)
