"""What a step changes of a referral, the paper with which a published place is taken: its term and its uses."""

from __future__ import annotations

from datetime import datetime, time

from models.domain.admissions.case import EffectKind
from models.domain.admissions.draft import Draft
from models.domain.admissions.states import State, TimerKind
from models.domain.working_days import add_calendar_days, add_working_days


def stop_for_referral(draft: Draft) -> None:
    """Stop the application for a while; the term counts from the referral's last day. Source: T57."""
    moment = draft.moment
    term = moment.case.timers.get(TimerKind.REFERRAL)
    passed = term is not None and term.passed(moment.now)
    day = term.last_day(moment.calendar.zone) if term is not None and passed else moment.today
    draft.stop(TimerKind.REFERRAL)
    start = datetime.combine(day, time(12), moment.calendar.zone)
    draft.start(TimerKind.UNBLOCK, add_working_days(start, moment.rules.referral_stop_days, moment.calendar))


def await_activation(draft: Draft) -> None:
    """Give the kindergarten its term to activate the application."""
    moment = draft.moment
    draft.start(TimerKind.ACTIVATE_SLA, add_working_days(moment.now, moment.rules.activation_days, moment.calendar))


def issue_referral(draft: Draft) -> None:
    """Give the referral with its last day. Source: T51."""
    moment = draft.moment
    term = add_working_days(moment.now, moment.rules.referral_days, moment.calendar)
    draft.start(TimerKind.REFERRAL, term)
    draft.set(referral_extended=False)
    draft.then(EffectKind.REFERRAL, group_id=draft.case.group_id, until=term.last_day(moment.calendar.zone))


def extend_referral(draft: Draft) -> None:
    """Prolong the referral once by calendar days, from its old last day. Source: T54."""
    moment = draft.moment
    old = draft.timers[TimerKind.REFERRAL].last_day(moment.calendar.zone)
    term = add_calendar_days(old, moment.act.days or 1, moment.calendar, roll=moment.rules.roll_calendar)
    draft.start(TimerKind.REFERRAL, term)
    draft.set(referral_extended=True)
    draft.then(EffectKind.REFERRAL_EXTEND, until=term.last_day(moment.calendar.zone))


def void_referral(draft: Draft) -> None:
    """The referral, if one was issued, is not valid any more."""
    draft.stop(TimerKind.REFERRAL)
    if draft.moment.case.state is not State.REFERRAL_ISSUED:
        return
    draft.then(EffectKind.REFERRAL_VOID, reason=draft.moment.act.event.value)


def use_referral(draft: Draft) -> None:
    """The referral led to a contract."""
    draft.stop(TimerKind.REFERRAL)
    draft.then(EffectKind.REFERRAL_USE)


def count_decline(draft: Draft) -> None:
    """Count a declined referral. Source: D-12."""
    draft.set(declines=draft.case.declines + 1)
