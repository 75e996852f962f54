"""One step of the admission machine: the row of the table that is meant, its guards, its effects. No clock, no I/O."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from models.domain.admissions.case import Act, Case, Moment, Notice, Step, World
from models.domain.admissions.choices import contact_only, not_transferring, transferring
from models.domain.admissions.draft import Draft
from models.domain.admissions.guards import fired_at, late
from models.domain.admissions.ranking import number_key
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import LIVE, TEMP_LIVE, Actor, Event, State, TimerKind
from models.domain.admissions.table import TRANSITIONS, Transition
from models.domain.problems import Problem
from models.domain.working_days import Deadline, WorkingCalendar

__all__ = ["due", "expire", "fired_at", "is_live", "possible", "step"]


def _by_event() -> dict[tuple[State, Event], list[Transition]]:
    table: dict[tuple[State, Event], list[Transition]] = defaultdict(list)
    for row in TRANSITIONS:
        for source in row.sources:
            table[source, row.event].append(row)
    return dict(table)


_ROWS: Final = _by_event()
_TEMPORARY: Final = frozenset({Event.TEMP_ATTEND, Event.TEMP_LEAVE, Event.TEMP_SET_UNTIL, Event.TEMP_PROMOTE})
_TERM_OF: Final = {
    Event.CONFIRM_INTEREST: TimerKind.INTEREST,
    Event.CHOOSE_PLACE: TimerKind.CONTRACT,
    Event.JOIN_WAITLIST: TimerKind.CONTRACT,
    Event.CHOOSE_TEMPORARY: TimerKind.CONTRACT,
    Event.CHANGE_CHOICE: TimerKind.CONTRACT,
    Event.SIGN_PARENT: TimerKind.CONTRACT,
    Event.EXTEND: TimerKind.CONTRACT,
    Event.RESTORE: TimerKind.RESTORE,
    Event.ACCEPT_OFFER: TimerKind.OFFER,
    Event.EXTEND_REFERRAL: TimerKind.REFERRAL,
    Event.SIGN_CONTRACT: TimerKind.REFERRAL,
}
"""Which term a person's act belongs to, for saying that it came late."""


def step(case: Case, act: Act, world: World, rules: Rules, calendar: WorkingCalendar, now: datetime) -> Step | Problem:
    """Return what ``act`` makes of an application at ``now``, or why it may not be.

    The first row of the table that is meant decides; its first failing guard is the answer. Problems of the machine
    itself: ``step-not-possible`` (values ``state``, ``event``), ``not-allowed``, ``too-early`` for a term that has not
    ended, and ``late`` or ``late-offline`` (value ``due``) for what belonged to a term whose end the clock has already
    carried out. Source: R-ADM-3.
    """
    rows = [row for row in _ROWS.get((case.state, act.event), []) if case.programme in row.programmes]
    if not rows:
        return _missed(act, world, calendar) or Problem(
            "step-not-possible", values={"state": case.state.value, "event": act.event.value}
        )
    allowed = [row for row in rows if act.actor in row.actors]
    if not allowed:
        return Problem("not-allowed")
    moment = Moment(case, act, world, rules, calendar, now)
    meant = next((row for row in allowed if all(choice(moment) for choice in row.when)), None)
    if meant is None:
        return Problem("step-not-possible", values={"state": case.state.value, "event": act.event.value})
    early = _too_early(case, act.event, now)
    if early is not None:
        return early
    for guard in meant.guards:
        problem = guard(moment)
        if problem is not None:
            return problem
    return _carry_out(moment, meant)


def expire(case: Case, kind: TimerKind, world: World, rules: Rules, calendar: WorkingCalendar) -> Step | Problem:
    """Return what the end of a term makes of an application, as of the term's own end, however late it is noticed."""
    term = case.timers.get(kind)
    if term is None:
        return Problem("step-not-possible", values={"state": case.state.value, "event": kind.event.value})
    act = Act(kind.event, Actor.CLOCK)
    return step(case, act, world, rules, calendar, fired_at(term))


def due(cases: Iterable[Case], now: datetime) -> list[tuple[Deadline, Case, TimerKind]]:
    """Return the ended terms of applications in the order in which they fire: by their end, then by number.

    Source: R-CAL-5.
    """
    ended = [(term, case, kind) for case in cases for kind, term in case.timers.items() if term.passed(now)]
    return sorted(ended, key=lambda found: (fired_at(found[0]), number_key(found[1].number), found[2].value))


def possible(case: Case, actor: Actor) -> tuple[Event, ...]:
    """Return the events that the table has for an actor in the application's state, in its order: what a screen offers.

    Whether one will be accepted now is for :func:`step` to say.
    """
    found = dict.fromkeys(
        row.event
        for row in TRANSITIONS
        if case.state in row.sources and case.programme in row.programmes and actor in row.actors and _meant(case, row)
    )
    return tuple(found)


def _meant(case: Case, row: Transition) -> bool:
    """Whether a row can be meant as far as the application alone says it."""
    if contact_only in row.when:
        return False  # no step that leads on, which is what people are offered
    if row.event in _TEMPORARY and case.temp not in TEMP_LIVE:
        return False
    if transferring in row.when or not_transferring in row.when:
        return case.transferring is (transferring in row.when)
    return True


def _missed(act: Act, world: World, calendar: WorkingCalendar) -> Problem | None:
    """Return that an act is late if the clock has already ended the term that it belonged to. Source: R-ADM-3."""
    kind = _TERM_OF.get(act.event)
    if kind is None or kind not in world.missed:
        return None
    return late(act.occurred_at, world.missed[kind], calendar.zone)


def _too_early(case: Case, event: Event, now: datetime) -> Problem | None:
    if not event.value.endswith("-expires"):
        return None
    kind = TimerKind(event.value.removesuffix("-expires"))
    term = case.timers.get(kind)
    if term is None:
        return Problem("step-not-possible", values={"state": case.state.value, "event": event.value})
    return None if term.passed(now) else Problem("too-early")


def _carry_out(moment: Moment, row: Transition) -> Step:
    draft = Draft(moment)
    if moment.act.event.value.endswith("-expires"):
        # the term has ended, whatever follows; changes that count from it read the case as it was
        draft.stop(TimerKind(moment.act.event.value.removesuffix("-expires")))
    for change in row.changes:
        change(draft)
    to = row.to or moment.case.state
    if to is not moment.case.state:
        draft.set(stop=row.stop if to is State.STOP_LIST else None)
        draft.set(archive=row.archive if to is State.ARCHIVED else None)
    case = dataclasses.replace(draft.case, state=to, timers=dict(draft.timers))
    values = _values(draft)
    told = (tell for tell in row.tell if tell.when is None or tell.when(moment))
    notices = tuple(Notice(tell.code, values, tell.sms, tell.to) for tell in told)
    return Step(row.id, moment.case, case, tuple(draft.effects), notices)


def _values(draft: Draft) -> Mapping[str, str | int]:
    """Return what the step's messages may name: the terms that began, the reason, days."""
    act, zone = draft.moment.act, draft.moment.calendar.zone
    values: dict[str, str | int] = {"number": draft.case.number}
    for kind, term in draft.timers.items():
        values[f"{kind.value}_due"] = term.shown(zone).isoformat()
    for kind in draft.started:
        values["due"] = values[f"{kind.value}_due"]
    if act.reason:
        values["reason"] = act.reason
    if act.reason_code:
        values["reason_code"] = act.reason_code
    if act.days is not None:
        values["days"] = act.days
    until = act.until or draft.case.temp_until
    if until is not None:
        values["until"] = until.isoformat()
    return values


def is_live(case: Case) -> bool:
    """Whether the child cannot have another application of the programme."""
    return case.state in LIVE
