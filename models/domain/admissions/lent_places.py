"""What a step changes about temporary places: the one a child has, and its own that is lent while it is away."""

from __future__ import annotations

from datetime import date, timedelta

from models.domain.admissions.case import EffectKind
from models.domain.admissions.draft import Draft
from models.domain.admissions.states import TEMP_LIVE, Flag, Mode, TempEnd, TempState, TimerKind, VoucherState
from models.domain.working_days import Deadline


def book_temporary(draft: Draft) -> None:
    """Take the place of a child that is away; the place in the queue stays. Source: T40, D-14."""
    act = draft.moment.act
    assert act.until is not None  # the guard has seen it
    draft.set(
        temp=TempState.BOOKED,
        temp_end=None,
        temp_group_id=act.group_id,
        temp_until=act.until,
        temp_voucher=VoucherState.BOUND,
        voucher=None,
    )
    draft.then(EffectKind.HOLD, group_id=act.group_id, mode=Mode.TEMPORARY)
    draft.then(EffectKind.OCCUPY, group_id=act.group_id, mode=Mode.TEMPORARY)
    draft.then(EffectKind.VOUCHER, mode=Mode.TEMPORARY, state=VoucherState.BOUND)
    draft.then(EffectKind.REFERRAL, group_id=act.group_id, mode=Mode.TEMPORARY, until=act.until)
    start = act.start or draft.moment.today
    draft.then(EffectKind.PLACEMENT_BEGIN, group_id=act.group_id, mode=Mode.TEMPORARY, start=start, until=act.until)
    draft.start(TimerKind.TEMP_END, _temporary_end(draft, act.until))


def attend_temporary(draft: Draft) -> None:
    """The child came for the first time."""
    draft.set(temp=TempState.ATTENDING)


def expel_temporary(draft: Draft) -> None:
    """The agreed day is over. Source: T42."""
    assert draft.case.temp_until is not None
    early = draft.moment.world.owner_returned
    _end_temporary(draft, TempEnd.OWNER_RETURNED if early else TempEnd.EXPELLED_AUTO, draft.case.temp_until)


def leave_temporary(draft: Draft) -> None:
    """The parent takes the child away. Source: T43."""
    _end_temporary(draft, TempEnd.BY_PARENT, draft.moment.today)


def promote_temporary(draft: Draft) -> None:
    """A permanent place begins: the temporary one ends the day before. Source: T45, D-16."""
    if draft.case.temp in TEMP_LIVE:
        _end_temporary(draft, TempEnd.PROMOTED, draft.moment.today - timedelta(days=1))


def set_temporary_end(draft: Draft) -> None:
    """Move the last day of the temporary place, and of the referral to it. Source: T44."""
    until = draft.moment.act.until
    assert until is not None
    draft.set(temp_until=until)
    draft.start(TimerKind.TEMP_END, _temporary_end(draft, until))
    draft.then(EffectKind.PLACEMENT_END, group_id=draft.case.temp_group_id, mode=Mode.TEMPORARY, until=until)
    draft.then(EffectKind.REFERRAL_MOVE, mode=Mode.TEMPORARY, until=until)


def lend_place(draft: Draft) -> None:
    """The child is away: its place may be taken by another until it returns. Source: T71, 003-02."""
    until = draft.moment.act.until
    assert until is not None  # the guard has seen it
    draft.flag(Flag.ON_LEAVE)
    draft.start(TimerKind.LEAVE, draft.moment.calendar.end_of(until))
    draft.then(EffectKind.TEMPORARY_PLACE, group_id=draft.case.placement_group_id, until=until)


def end_leave(draft: Draft) -> None:
    """The child is back; its place is not lent any more. Source: T71."""
    draft.stop(TimerKind.LEAVE)
    draft.unflag(Flag.ON_LEAVE)
    draft.then(EffectKind.TEMPORARY_PLACE_END, group_id=draft.case.placement_group_id, start=draft.moment.today)


def _end_temporary(draft: Draft, how: TempEnd, until: date) -> None:
    group = draft.case.temp_group_id
    draft.stop(TimerKind.TEMP_END)
    draft.then(EffectKind.PLACEMENT_END, group_id=group, mode=Mode.TEMPORARY, until=until)
    draft.then(EffectKind.VACATE, group_id=group, mode=Mode.TEMPORARY, until=until)
    draft.then(EffectKind.VOUCHER, mode=Mode.TEMPORARY, state=VoucherState.VOID, reason=how.value)
    came = draft.case.temp is TempState.ATTENDING
    draft.then(EffectKind.REFERRAL_USE if came else EffectKind.REFERRAL_VOID, mode=Mode.TEMPORARY, reason=how.value)
    draft.set(temp=TempState.ENDED, temp_end=how, temp_until=until, temp_voucher=None)


def _temporary_end(draft: Draft, until: date) -> Deadline:
    """Return midnight at the beginning of the next working day after the last one. Source: 003-31."""
    calendar = draft.moment.calendar
    return calendar.end_of(calendar.working_day_after(until) - timedelta(days=1))
