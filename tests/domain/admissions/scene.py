"""A small stage for the machine: the calendar of Kazakhstan, an application, and steps at given local times."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from models.domain.admissions.case import Act, Case, Step, World
from models.domain.admissions.machine import expire, step
from models.domain.admissions.rules import DEFAULTS, Rules
from models.domain.admissions.states import Actor, Event, Programme, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import Deadline, WorkingCalendar
from resources.calendars import load

ALMATY = ZoneInfo("Asia/Almaty")
_DATA = load("KZ")
CALENDAR = WorkingCalendar(_DATA.zone, frozenset(_DATA.days_off), frozenset(_DATA.extra), _DATA.years)
EDS = {"signature": "eds"}


def at(text: str) -> datetime:
    """Return an instant from local time in Almaty: ``2024-09-30 15:37:26``."""
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


def local(term: Deadline) -> str:
    """Return the last second of a term in local time."""
    return f"{term.shown(ALMATY):%Y-%m-%d %H:%M:%S}"


def rules(programme: Programme = Programme.GENERAL, **changed: Any) -> Rules:
    """Return the default rules with some changed."""
    return dataclasses.replace(DEFAULTS[programme], **changed)


def attempt(
    case: Case,
    event: Event,
    actor: Actor,
    now: str | datetime,
    world: World | None = None,
    *,
    given: Rules | None = None,
    calendar: WorkingCalendar = CALENDAR,
    **act: Any,
) -> Step | Problem:
    """Return what the machine answers."""
    instant = at(now) if isinstance(now, str) else now
    said = Act(event, actor, **act)
    return step(case, said, world or World(free=1, listed=True), given or DEFAULTS[case.programme], calendar, instant)


def take(case: Case, event: Event, actor: Actor, now: str | datetime, world: World | None = None, **more: Any) -> Step:
    """Return the step; fails when it is refused."""
    found = attempt(case, event, actor, now, world, **more)
    assert isinstance(found, Step), found
    return found


def refused(
    case: Case, event: Event, actor: Actor, now: str | datetime, world: World | None = None, **more: Any
) -> str:
    """Return the code of the refusal; fails when there is none."""
    found = attempt(case, event, actor, now, world, **more)
    assert isinstance(found, Problem), found
    return found.code


def fire(case: Case, kind: TimerKind, world: World | None = None, given: Rules | None = None) -> Step:
    """Return the step that the end of a term makes."""
    found = expire(case, kind, world or World(), given or DEFAULTS[case.programme], CALENDAR)
    assert isinstance(found, Step), found
    return found
