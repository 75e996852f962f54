"""A small town for properties: children, groups, places, waiting lists and a clock around the admission machine.

It carries out effects as a provider does, in memory, so that counters and cases can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from models.domain.admissions.case import Act, Case, Effect, EffectKind, Step, World
from models.domain.admissions.categories import ages_out, counting_year, months_old
from models.domain.admissions.machine import due, expire, fired_at, is_live, step
from models.domain.admissions.ranking import Entry, first_waiting
from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import (
    HOLDING,
    Actor,
    Event,
    Flag,
    Mode,
    Programme,
    State,
    TempState,
    TimerKind,
)
from models.domain.problems import Problem
from tests.domain.admissions.scene import CALENDAR, at

PAPERS = frozenset(
    {"027", "birth-certificate", "parent-id", "052-2", "065", "referral", "contract", "extension", "other"}
)
OPENING = at("2024-05-20 09:00:00")
YEARLY = [(at(f"{year}-{day} 00:00:00"), event) for year in (2024, 2025, 2026) for day, event in (
    ("06-30", Event.ANNUAL_REFRESH), ("09-01", Event.SCHOOL_YEAR_END))]  # fmt: skip


@dataclass
class Slot:
    """A temporary place: whose it is, until when, and who has it."""

    owner: int
    group: int
    until: date
    taken_by: int | None = None
    returned: bool = False


@dataclass
class Town:
    """Everything around the machine. ``waiting`` is (application, group) → waiting or offered."""

    capacity: dict[int, int]
    born: dict[int, date]
    now: datetime = OPENING
    cases: dict[int, Case] = field(default_factory=dict)
    child_of: dict[int, int] = field(default_factory=dict)
    rank: dict[int, int] = field(default_factory=dict)
    bundle: dict[int, int | None] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    occupied: dict[int, int] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    vacating: list[tuple[datetime, int]] = field(default_factory=list)
    waiting: dict[tuple[int, int], str] = field(default_factory=dict)
    yearly: list[tuple[datetime, Event]] = field(default_factory=lambda: list(YEARLY))
    fired: list[tuple[datetime, str, TimerKind]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.yearly = [(instant, event) for instant, event in self.yearly if instant > self.now]
        self.held = dict.fromkeys(self.capacity, 0)
        self.occupied = dict.fromkeys(self.capacity, 0)

    def free(self, group: int) -> int:
        """Return the free permanent places of a group."""
        return self.capacity[group] - self.occupied[group] - self.held[group]

    def live_of(self, child: int, programme: Programme) -> list[Case]:
        """Return the live applications of a child in a programme."""
        return [
            found
            for found in self.cases.values()
            if self.child_of[found.id] == child and found.programme is programme and is_live(found)
        ]

    def file(self, child: int, programme: Programme, rank: int, bundle: int | None = None) -> Step | Problem:
        """Put a child into the queue of a programme."""
        number = len(self.cases) + 1
        self.child_of[number] = child
        self.rank[number] = rank
        self.bundle[number] = bundle
        self.cases[number] = Case(number, f"{number}", programme)
        found = self.act(number, Act(Event.SUBMIT, Actor.PARENT))
        if isinstance(found, Problem):
            del self.cases[number]
        return found

    def world(self, case: Case, act: Act, now: datetime) -> World:
        """Return what is true around an application."""
        child = self.child_of[case.id]
        family = [found for found in self.cases.values() if self.child_of[found.id] == child and found.id != case.id]
        today = CALENDAR.local_day(now)
        group = act.group_id
        entries = [key for key in self.waiting if key[0] == case.id]
        free, returns = (self.free(group), None) if group in self.capacity else (0, None)
        if act.event is Event.CHOOSE_TEMPORARY:
            open_slots = [slot for slot in self._open_slots(group) if slot.until >= today]
            free = sum(act.until is not None and slot.until >= act.until for slot in open_slots)
            returns = max((slot.until for slot in open_slots), default=None)
        elif act.event is Event.TEMP_SET_UNTIL:
            returns = next((slot.until for slot in self.slots if slot.taken_by == case.id), None)
        year = counting_year(today)
        return World(
            free=free,
            another_live=any(found.programme is case.programme and is_live(found) for found in family),
            entries=len(entries),
            listed=(case.id, group) in self.waiting,
            owner_returns=returns,
            documents=PAPERS,
            ages_out=ages_out(self.born[child], year, DEFAULTS[case.programme].max_age_years),
            child_voucher=any(found.voucher is not None for found in family),
            placed_elsewhere=any(found.placement_group_id is not None for found in family),
        )

    def act(self, number: int, act: Act, now: datetime | None = None) -> Step | Problem:
        """Let somebody do something; offer what became free."""
        instant = now or self.now
        case = self.cases[number]
        world = self.world(case, act, instant)
        found = step(case, act, world, DEFAULTS[case.programme], CALENDAR, instant)
        if isinstance(found, Step):
            self._carry_out(found, instant)
            self.offer(instant)
        return found

    def advance(self, to: datetime) -> None:
        """Let time pass: everything that ends fires in its order, as of its own end."""
        for instant in self._happenings(to):
            self.now = max(self.now, instant)
        self.now = to

    def offer(self, now: datetime) -> None:
        """Offer free places to who waits for them."""
        for group in self.capacity:
            while self.free(group) > 0:
                entries = [
                    self.entry(self.cases[number])
                    for (number, wanted), state in self.waiting.items()
                    if wanted == group and state == "waiting" and self.cases[number].state is State.VOUCHER_WAITLISTED
                ]
                first = first_waiting(entries)
                if first is None:
                    break
                case = self.cases[first.id]
                act = Act(Event.PLACE_FREED, Actor.SYSTEM, group_id=group)
                found = step(case, act, self.world(case, act, now), DEFAULTS[case.programme], CALENDAR, now)
                assert isinstance(found, Step), found
                self._carry_out(found, now)

    def entry(self, case: Case) -> Entry:
        """Return an application as the order of the queue sees it."""
        assert case.rank_date is not None
        born = self.born[self.child_of[case.id]]
        rank = self.rank[case.id]
        return Entry(
            id=case.id,
            number=case.number,
            category_rank=rank,
            rank_date=case.rank_date,
            line="extraordinary" if rank <= 5 else "first" if rank <= 30 else "ordinary",
            languages=1 + rank % 2 * 2,
            age_months=months_old(born, CALENDAR.local_day(self.now)),
            bundle_id=self.bundle[case.id],
            place_lost=Flag.PLACE_LOST in case.flags,
        )

    def queue(self, programme: Programme) -> list[Entry]:
        """Return who is in the queue of a programme."""
        return [
            self.entry(case)
            for case in self.cases.values()
            if case.programme is programme and case.state is State.QUEUED
        ]

    def holders(self, group: int) -> int:
        """Return how many applications say that a place of the group is held for them."""
        return sum(
            case.group_id == group and case.group_id != case.placement_group_id
            for case in self.cases.values()
            if case.state in HOLDING
        )

    def _happenings(self, to: datetime) -> Iterator[datetime]:
        while True:
            ended = due(self.cases.values(), to)
            times = [fired_at(ended[0][0])] if ended else []
            times += [instant for instant, _group in self.vacating if instant <= to]
            times += [instant for instant, _event in self.yearly if instant <= to]
            if not times:
                return
            instant = min(times)
            yield instant
            self._happen(instant, ended[0][1:] if ended and fired_at(ended[0][0]) == instant else None)

    def _happen(self, instant: datetime, term: tuple[Case, TimerKind] | None) -> None:
        """Carry out what comes first at an instant: places that are free from then on, terms, yearly events."""
        freed = next((entry for entry in self.vacating if entry[0] == instant), None)
        if freed is not None:
            self.vacating.remove(freed)
            self.occupied[freed[1]] -= 1
        elif term is not None:
            case, kind = term
            act = Act(kind.event, Actor.CLOCK)
            found = expire(case, kind, self.world(case, act, instant), DEFAULTS[case.programme], CALENDAR)
            assert isinstance(found, Step), (case, kind, found)
            self.fired.append((instant, case.number, kind))
            self._carry_out(found, instant)
        else:
            _at, event = self.yearly.pop(0)
            for case in list(self.cases.values()):
                act = Act(event, Actor.CLOCK)
                world = self.world(case, act, instant)
                found = step(case, act, world, DEFAULTS[case.programme], CALENDAR, instant)
                if isinstance(found, Step):
                    self._carry_out(found, instant)
        self.offer(instant)

    def _carry_out(self, found: Step, now: datetime) -> None:
        before = found.before
        case = found.case
        assert before.rank_date in (None, case.rank_date), "the date of an application never changes"
        self.cases[case.id] = case
        self.taken.add(found.transition)
        for effect in found.effects:
            self._effect(case, effect, now)

    def _effect(self, case: Case, effect: Effect, now: datetime) -> None:
        group = effect.group_id
        if effect.mode is Mode.TEMPORARY:
            self._temporary_effect(case, effect)
            return
        match effect.kind:
            case EffectKind.HOLD:
                assert group is not None
                assert self.free(group) > 0, "a place was held that is not there"
                self.held[group] += 1
            case EffectKind.RELEASE:
                assert group is not None
                self.held[group] -= 1
            case EffectKind.OCCUPY:
                assert group is not None
                self.held[group] -= 1
                self.occupied[group] += 1
            case EffectKind.VACATE:
                assert group is not None
                until = effect.until
                if until is None or CALENDAR.midnight_after(until) <= now:
                    self.occupied[group] -= 1
                else:
                    self.vacating.append((CALENDAR.midnight_after(until), group))
            case EffectKind.ENTRY_ADD | EffectKind.ENTRY_OFFER:
                assert group is not None
                self.waiting[case.id, group] = "waiting" if effect.kind is EffectKind.ENTRY_ADD else "offered"
            case EffectKind.ENTRY_TAKE | EffectKind.ENTRY_DROP:
                assert group is not None
                del self.waiting[case.id, group]
            case EffectKind.ENTRIES_CANCEL:
                for key in [key for key in self.waiting if key[0] == case.id]:
                    del self.waiting[key]
            case EffectKind.TEMPORARY_PLACE:
                assert group is not None
                assert effect.until is not None
                self.slots.append(Slot(case.id, group, effect.until))
            case EffectKind.TEMPORARY_PLACE_END:
                for slot in self.slots:
                    slot.returned |= slot.owner == case.id
                self.slots = [slot for slot in self.slots if not slot.returned or slot.taken_by is not None]
            case _:
                pass

    def _temporary_effect(self, case: Case, effect: Effect) -> None:
        if effect.kind is EffectKind.OCCUPY:
            slot = min(
                (slot for slot in self._open_slots(effect.group_id) if slot.until >= (case.temp_until or date.max)),
                key=lambda slot: slot.until,
            )
            slot.taken_by = case.id
        elif effect.kind is EffectKind.VACATE:
            for slot in self.slots:
                if slot.taken_by == case.id:
                    slot.taken_by = None
            self.slots = [slot for slot in self.slots if not slot.returned or slot.taken_by is not None]

    def _open_slots(self, group: int | None) -> list[Slot]:
        return [slot for slot in self.slots if slot.group == group and slot.taken_by is None and not slot.returned]


def must_run(case: Case) -> set[TimerKind]:
    """Return the terms that have to run for an application: losing one would leave it waiting for ever."""
    late = case.flags & {Flag.ORG_LATE, Flag.ESCALATED}
    kinds: dict[State, set[TimerKind]] = {
        State.VOUCHER_ISSUED: {TimerKind.INTEREST},
        State.VOUCHER_ACTIVE: {TimerKind.CONTRACT},
        State.PLACE_OFFERED: {TimerKind.OFFER},
        State.CONTRACT_ORG: {TimerKind.CONTRACT, TimerKind.ORG_SLA},
        State.CONTRACT_PARENT: {TimerKind.CONTRACT},
        State.CONTRACT_ORG_SIGN: {TimerKind.ORG_SLA},
        State.BUL_APPLIED: {TimerKind.ACTIVATE_SLA},
        State.REFERRAL_ISSUED: {TimerKind.REFERRAL},
    }
    found = set(kinds.get(case.state, set()))
    if case.state is State.STOP_LIST:
        found = {TimerKind.UNBLOCK if case.programme is Programme.BULLETIN else TimerKind.RESTORE}
    if Flag.ORG_LATE in late:
        found.discard(TimerKind.CONTRACT)
    if Flag.ESCALATED in late:
        found -= {TimerKind.ORG_SLA, TimerKind.ACTIVATE_SLA}
    if case.temp in (TempState.BOOKED, TempState.ATTENDING):
        found.add(TimerKind.TEMP_END)
    if Flag.ON_LEAVE in case.flags:
        found.add(TimerKind.LEAVE)
    return found


def later(now: datetime, days: int, minutes: int = 0) -> datetime:
    """Return an instant after another."""
    return now + timedelta(days=days, minutes=minutes)
