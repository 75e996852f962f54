"""Every row of the transition table as it is taken: the application before, the act, and what must follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from models.domain.admissions.case import Case, EffectKind, Step, World
from models.domain.admissions.states import (
    HOLDING,
    WITH_VOUCHER,
    Actor,
    ArchiveReason,
    Event,
    Flag,
    Programme,
    State,
    StopKind,
    TempEnd,
    TempState,
    TimerKind,
    VoucherState,
)
from models.domain.working_days import Deadline
from tests.domain.admissions.scene import CALENDAR, at, local

NOW = "2024-10-02 11:00:00"
PAR, KG, DOC, OFF, CLK, SYS = (
    Actor.PARENT, Actor.KINDERGARTEN, Actor.DOCTOR, Actor.OFFICER, Actor.CLOCK, Actor.SYSTEM,
)  # fmt: skip
E, S, T, K = Event, State, TimerKind, EffectKind


def case(state: State, programme: Programme = Programme.GENERAL, **more: Any) -> Case:
    """Return an application with what belongs to its state: voucher, held place, terms."""
    values: dict[str, Any] = {"submitted_at": at("2024-01-10 09:00:00"), "rank_date": at("2024-01-10 09:00:00")}
    terms: dict[TimerKind, Deadline] = {}
    if state is not S.DRAFT and programme is Programme.BULLETIN:
        values |= {"group_id": 7, "item_id": 70} if state in HOLDING else {}
    elif state in WITH_VOUCHER:
        values["voucher"] = VoucherState.ISSUED if state is S.VOUCHER_ISSUED else VoucherState.ACTIVE
        values |= {"group_id": 7} if state in HOLDING else {}
    exact, day = Deadline(at("2024-10-07 15:37:26")), CALENDAR.end_of(date(2024, 10, 4))
    match state:
        case S.VOUCHER_ISSUED:
            terms = {T.INTEREST: day}
        case S.VOUCHER_ACTIVE | S.CONTRACT_PARENT:
            terms = {T.CONTRACT: exact}
        case S.CONTRACT_ORG:
            terms = {T.CONTRACT: exact, T.ORG_SLA: day}
        case S.CONTRACT_ORG_SIGN:
            values["contract_left"] = 3
            terms = {T.ORG_SLA: day}
        case S.VOUCHER_WAITLISTED:
            values["contract_left"] = 3
        case S.PLACE_OFFERED:
            values["contract_left"] = 3
            terms = {T.OFFER: day}
        case S.BUL_APPLIED:
            terms = {T.ACTIVATE_SLA: day}
        case S.REFERRAL_ISSUED:
            terms = {T.REFERRAL: day}
        case S.STOP_LIST if programme is Programme.BULLETIN:
            values["stop"] = StopKind.REFERRAL
            terms = {T.UNBLOCK: day}
        case S.STOP_LIST:
            values["stop"] = StopKind.INTEREST
            terms = {T.RESTORE: day}
        case S.ENROLLED:
            values |= {"group_id": 7, "placement_group_id": 7}
            values["voucher"] = None if programme is Programme.BULLETIN else VoucherState.IN_USE
        case _:
            pass
    return Case(id=1, number="100", programme=programme, state=state, **{**values, "timers": terms, **more})


def transfer(state: State, **more: Any) -> Case:
    """Return an application whose child attends group 3 while a place of group 7 is contracted."""
    return case(state, placement_group_id=3, voucher=VoucherState.IN_USE, **more)


def temporary(state: State = S.QUEUED, temp: TempState = TempState.BOOKED, **more: Any) -> Case:
    """Return an application with a temporary place in group 9 until 25 October."""
    found = case(
        state,
        temp=temp,
        temp_group_id=9,
        temp_until=date(2024, 10, 24),
        temp_voucher=VoucherState.BOUND,
        **more,
    )
    return replace(found, timers={**found.timers, T.TEMP_END: CALENDAR.end_of(date(2024, 10, 27))})


def away(until: date) -> Case:
    """Return an enrolled child that is in a sanatorium until a day."""
    return case(S.ENROLLED, flags=frozenset({Flag.ON_LEAVE}), timers={T.LEAVE: CALENDAR.end_of(until)})


FREE = World(free=1, listed=True)


@dataclass(frozen=True)
class Way:
    """One row, how it is taken, and what must follow."""

    row: str
    case: Case
    event: Event
    actor: Actor
    to: State
    act: dict[str, Any] = field(default_factory=dict)
    world: World = FREE
    effects: tuple[EffectKind, ...] = ()
    terms: tuple[TimerKind, ...] = ()
    check: Callable[[Step], bool] | None = None
    now: str | None = None
    rules: dict[str, Any] = field(default_factory=dict)


BUL, GEN, SPE = Programme.BULLETIN, Programme.GENERAL, Programme.SPECIAL
SURE = {"confirmed": True}
WHY = {"reason": "Себебі бар"}
PROOF = {"reason": "Шешім", "documents": frozenset({"other"})}
EDS = {"signature": "eds"}
PAPERS = frozenset({"parent-id", "birth-certificate", "027", "referral"})
CONTRACT_PAPERS = World(documents=frozenset({"027", "birth-certificate", "parent-id", "052-2", "065"}))
FULL = World(free=0)
LAST_DAY = "2024-10-07 09:00:00"
OLD = World(ages_out=True)
MORE = World(free=1, entries=2, listed=True)
ONE = World(free=1, entries=1, listed=True)
LATE = {"flags": frozenset({Flag.ORG_LATE, Flag.ESCALATED})}
TEMP = {"group_id": 9, "until": date(2024, 10, 24), "confirmed": True, "signature": "code"}

WAYS = [
    Way("T01", case(S.DRAFT, rank_date=None), E.SUBMIT, PAR, S.QUEUED,
        check=lambda s: s.case.rank_date == s.case.submitted_at == at(NOW)),
    Way("T02", case(S.DRAFT, SPE, rank_date=None), E.SUBMIT, PAR, S.DOCS_REVIEW,
        check=lambda s: s.case.rank_date == at(NOW)),
    Way("T03", case(S.DOCS_REVIEW, SPE), E.DOC_CONFIRM, DOC, S.QUEUED,
        check=lambda s: s.case.rank_date == at("2024-01-10 09:00:00")),
    Way("T04", case(S.DOCS_REVIEW, SPE), E.DOC_REJECT, DOC, S.ARCHIVED, WHY,
        check=lambda s: s.case.archive is ArchiveReason.DOCS_REJECTED),
    Way("T05", case(S.QUEUED), E.EDIT, PAR, S.QUEUED, effects=(K.RECATEGORISE,)),
    Way("T05b", case(S.CONTRACT_PARENT), E.EDIT, PAR, S.CONTRACT_PARENT, {"contact_only": True}, terms=(T.CONTRACT,)),
    Way("T06", case(S.QUEUED), E.ISSUE_VOUCHER, CLK, S.VOUCHER_ISSUED, effects=(K.VOUCHER,), terms=(T.INTEREST,),
        check=lambda s: local(s.case.timers[T.INTEREST]) == "2024-10-04 23:59:59"),
    Way("T07", case(S.VOUCHER_ISSUED), E.CONFIRM_INTEREST, PAR, S.VOUCHER_ACTIVE, {"signature": "click"},
        effects=(K.VOUCHER,), terms=(T.CONTRACT,),
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-09 11:00:00"),
    Way("T08", case(S.CONTRACT_ORG), E.REFUSE_VOUCHER, PAR, S.ARCHIVED, SURE,
        effects=(K.CONTRACT_CANCEL, K.RELEASE, K.ENTRIES_CANCEL, K.VOUCHER),
        check=lambda s: s.case.archive is ArchiveReason.VOUCHER_REFUSED),
    Way("T09", case(S.VOUCHER_ISSUED), E.LEAVE_QUEUE, PAR, S.ARCHIVED, SURE, effects=(K.VOUCHER,)),
    Way("T10", case(S.VOUCHER_ISSUED), E.INTEREST_EXPIRES, CLK, S.STOP_LIST, now="2024-10-05 00:00:00",
        effects=(K.VOUCHER,), terms=(T.RESTORE,),
        check=lambda s: local(s.case.timers[T.RESTORE]) == "2024-11-01 23:59:59"),
    Way("T11", case(S.VOUCHER_ISSUED, restore_used=1), E.INTEREST_EXPIRES, CLK, S.ARCHIVED, now="2024-10-05 00:00:00",
        effects=(K.VOUCHER,), check=lambda s: s.case.archive is ArchiveReason.RESTORE_LIMIT),
    Way("T12", case(S.STOP_LIST), E.RESTORE, PAR, S.QUEUED,
        check=lambda s: s.case.restore_used == 1 and s.case.rank_date == at("2024-01-10 09:00:00")),
    Way("T13", case(S.STOP_LIST), E.RESTORE_EXPIRES, CLK, S.ARCHIVED, now="2024-10-05 00:00:00"),
    Way("T14", case(S.VOUCHER_ACTIVE), E.CHOOSE_PLACE, PAR, S.CONTRACT_ORG, {"group_id": 5}, effects=(K.HOLD,),
        terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: s.case.group_id == 5 and local(s.case.timers[T.CONTRACT]) == "2024-10-07 15:37:26"),
    Way("T14b", case(S.QUEUED), E.FORM_GROUP, SYS, S.CONTRACT_ORG, {"group_id": 5},
        effects=(K.VOUCHER, K.VOUCHER, K.HOLD), terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: s.case.group_id == 5 and s.case.voucher is VoucherState.ACTIVE
        and local(s.case.timers[T.CONTRACT]) == "2024-10-09 11:00:00"),
    Way("T14c", case(S.VOUCHER_WAITLISTED), E.FORM_GROUP, SYS, S.CONTRACT_ORG, {"group_id": 5},
        effects=(K.ENTRIES_CANCEL, K.HOLD), terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: s.case.contract_left is None
        and local(s.case.timers[T.CONTRACT]) == "2024-10-09 11:00:00"),
    Way("T16", case(S.VOUCHER_ACTIVE), E.JOIN_WAITLIST, PAR, S.VOUCHER_WAITLISTED, {"group_id": 5}, FULL,
        effects=(K.ENTRY_ADD,), check=lambda s: s.case.contract_left == 3),
    Way("T17", case(S.VOUCHER_WAITLISTED), E.PLACE_FREED, SYS, S.PLACE_OFFERED, {"group_id": 5}, ONE,
        effects=(K.HOLD, K.ENTRY_OFFER), terms=(T.OFFER,),
        check=lambda s: local(s.case.timers[T.OFFER]) == "2024-10-04 23:59:59"),
    Way("T18", case(S.PLACE_OFFERED), E.ACCEPT_OFFER, PAR, S.CONTRACT_ORG,
        effects=(K.ENTRY_TAKE, K.ENTRIES_CANCEL), terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-09 11:00:00"),
    Way("T19", case(S.PLACE_OFFERED), E.DECLINE_OFFER, PAR, S.VOUCHER_WAITLISTED, world=MORE,
        effects=(K.ENTRY_DROP, K.RELEASE), check=lambda s: s.case.contract_left == 3),
    Way("T19b", case(S.PLACE_OFFERED), E.DECLINE_OFFER, PAR, S.VOUCHER_ACTIVE, world=ONE,
        effects=(K.ENTRY_DROP, K.RELEASE), terms=(T.CONTRACT,),
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-07 11:00:00"),
    Way("T19c", case(S.PLACE_OFFERED), E.OFFER_EXPIRES, CLK, S.VOUCHER_WAITLISTED, world=MORE,
        effects=(K.ENTRY_DROP, K.RELEASE), now="2024-10-05 00:00:00"),
    Way("T19d", case(S.PLACE_OFFERED), E.OFFER_EXPIRES, CLK, S.VOUCHER_ACTIVE, world=ONE,
        effects=(K.ENTRY_DROP, K.RELEASE), terms=(T.CONTRACT,), now="2024-10-05 00:00:00",
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-09 23:59:59"),  # three whole working days
    Way("T20", case(S.VOUCHER_WAITLISTED), E.LEAVE_WAITLIST, PAR, S.VOUCHER_ACTIVE, {"group_id": 5}, ONE,
        effects=(K.ENTRY_DROP,), terms=(T.CONTRACT,)),
    Way("T20b", case(S.VOUCHER_WAITLISTED), E.LEAVE_WAITLIST, PAR, S.VOUCHER_WAITLISTED, {"group_id": 5}, MORE,
        effects=(K.ENTRY_DROP,)),
    Way("T21", case(S.VOUCHER_ACTIVE), E.EXTEND, PAR, S.VOUCHER_ACTIVE, now=LAST_DAY, terms=(T.CONTRACT,),
        check=lambda s: s.case.extended and local(s.case.timers[T.CONTRACT]) == "2024-10-09 15:37:26"),
    Way("T22", case(S.CONTRACT_PARENT), E.CONTRACT_EXPIRES, CLK, S.ARCHIVED, now="2024-10-07 15:37:27",
        effects=(K.CONTRACT_CANCEL, K.RELEASE, K.ENTRIES_CANCEL, K.VOUCHER),
        check=lambda s: s.case.archive is ArchiveReason.VOUCHER_EXPIRED),
    Way("T22b", transfer(S.CONTRACT_PARENT), E.CONTRACT_EXPIRES, CLK, S.ENROLLED, now="2024-10-07 15:37:27",
        effects=(K.CONTRACT_CANCEL, K.RELEASE), check=lambda s: s.case.group_id == 3),
    Way("T23", case(S.CONTRACT_ORG), E.CONTRACT_EXPIRES, CLK, S.CONTRACT_ORG, now="2024-10-07 15:37:27",
        terms=(T.ORG_SLA,), check=lambda s: Flag.ORG_LATE in s.case.flags and s.case.group_id == 7),
    Way("T24", case(S.CONTRACT_ORG), E.SEND_CONTRACT, KG, S.CONTRACT_PARENT, effects=(K.CONTRACT_SEND,),
        terms=(T.CONTRACT,)),
    Way("T25", case(S.CONTRACT_ORG), E.REJECT, KG, S.VOUCHER_ACTIVE, WHY, effects=(K.CONTRACT_CANCEL, K.RELEASE),
        terms=(T.CONTRACT,), check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-07 15:37:26"),
    Way("T25b", transfer(S.CONTRACT_ORG_SIGN), E.REJECT, KG, S.ENROLLED, WHY,
        effects=(K.CONTRACT_CANCEL, K.RELEASE), check=lambda s: s.case.voucher is VoucherState.IN_USE),
    Way("T26", case(S.CONTRACT_PARENT), E.SIGN_PARENT, PAR, S.CONTRACT_ORG_SIGN, EDS, CONTRACT_PAPERS,
        effects=(K.CONTRACT_SIGN_PARENT,), terms=(T.ORG_SLA,), check=lambda s: s.case.contract_left == 3),
    Way("T27", case(S.CONTRACT_ORG), E.CHANGE_CHOICE, PAR, S.VOUCHER_ACTIVE, effects=(K.CONTRACT_CANCEL, K.RELEASE),
        terms=(T.CONTRACT,), check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-07 15:37:26"),
    Way("T27b", transfer(S.CONTRACT_ORG), E.CHANGE_CHOICE, PAR, S.ENROLLED, effects=(K.CONTRACT_CANCEL, K.RELEASE)),
    Way("T28", case(S.CONTRACT_ORG_SIGN), E.SIGN_ORG, KG, S.ENROLLED, EDS,
        effects=(K.CONTRACT_SIGN_ORG, K.OCCUPY, K.PLACEMENT_BEGIN, K.VOUCHER, K.ENTRIES_CANCEL),
        check=lambda s: s.case.placement_group_id == 7 and s.case.voucher is VoucherState.IN_USE),
    Way("T29", case(S.CONTRACT_ORG_SIGN), E.RETURN_FOR_FIX, KG, S.CONTRACT_PARENT, WHY,
        effects=(K.CONTRACT_RETURN,), terms=(T.CONTRACT,),
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-07 11:00:00"),
    Way("T30", case(S.CONTRACT_ORG_SIGN), E.REJECT, KG, S.VOUCHER_ACTIVE, WHY,
        effects=(K.CONTRACT_CANCEL, K.RELEASE), terms=(T.CONTRACT,),
        check=lambda s: local(s.case.timers[T.CONTRACT]) == "2024-10-09 11:00:00" and s.case.contract_left is None),
    Way("T31", case(S.CONTRACT_ORG_SIGN), E.ORG_SLA_EXPIRES, CLK, S.CONTRACT_ORG_SIGN, now="2024-10-05 00:00:00",
        check=lambda s: Flag.ESCALATED in s.case.flags),
    Way("T40", case(S.VOUCHER_ACTIVE), E.CHOOSE_TEMPORARY, PAR, S.QUEUED, TEMP,
        effects=(K.HOLD, K.OCCUPY, K.VOUCHER, K.REFERRAL, K.PLACEMENT_BEGIN), terms=(T.TEMP_END,),
        check=lambda s: s.case.voucher is None and s.case.rank_date == at("2024-01-10 09:00:00")
        and s.case.timers[T.TEMP_END].at == at("2024-10-28 00:00:00")),  # Friday 25 October is a day off
    Way("T41", temporary(), E.TEMP_ATTEND, KG, S.QUEUED, terms=(T.TEMP_END,),
        check=lambda s: s.case.temp is TempState.ATTENDING),
    Way("T42", temporary(S.ARCHIVED), E.TEMP_END_EXPIRES, CLK, S.ARCHIVED, now="2024-10-28 00:00:00",
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER, K.REFERRAL_VOID),
        check=lambda s: s.case.temp_end is TempEnd.EXPELLED_AUTO and s.effects[0].until == date(2024, 10, 24)),
    Way("T43", temporary(), E.TEMP_LEAVE, PAR, S.QUEUED, SURE,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER, K.REFERRAL_VOID),
        check=lambda s: s.case.temp_end is TempEnd.BY_PARENT and s.case.temp_until == date(2024, 10, 2)),
    Way("T44", temporary(), E.TEMP_SET_UNTIL, KG, S.QUEUED, {"until": date(2024, 10, 10)},
        World(owner_returns=date(2024, 11, 1)), effects=(K.PLACEMENT_END, K.REFERRAL_MOVE), terms=(T.TEMP_END,),
        check=lambda s: s.case.timers[T.TEMP_END].at == at("2024-10-11 00:00:00")),
    Way("T45", temporary(S.ARCHIVED), E.TEMP_PROMOTE, SYS, S.ARCHIVED,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER, K.REFERRAL_VOID),
        check=lambda s: s.case.temp_end is TempEnd.PROMOTED and s.effects[0].until == date(2024, 10, 1)),
    Way("T50", case(S.QUEUED, BUL), E.APPLY_BULLETIN, PAR, S.BUL_APPLIED, {"group_id": 5, "item_id": 50},
        effects=(K.HOLD,), terms=(T.ACTIVATE_SLA,), check=lambda s: s.effects[0].item_id == 50),
    Way("T51", case(S.BUL_APPLIED, BUL), E.ACTIVATE, KG, S.REFERRAL_ISSUED, effects=(K.REFERRAL,),
        terms=(T.REFERRAL,), check=lambda s: local(s.case.timers[T.REFERRAL]) == "2024-10-09 23:59:59"),
    Way("T52", case(S.BUL_APPLIED, BUL), E.REJECT, KG, S.QUEUED, WHY, effects=(K.RELEASE,)),
    Way("T52b", case(S.BUL_APPLIED, BUL), E.CANCEL_BULLETIN, PAR, S.QUEUED, effects=(K.RELEASE,),
        check=lambda s: s.effects[0].item_id == 70),
    Way("T53", case(S.BUL_APPLIED, BUL), E.ACTIVATE_SLA_EXPIRES, CLK, S.BUL_APPLIED, now="2024-10-05 00:00:00",
        check=lambda s: Flag.ESCALATED in s.case.flags and s.case.group_id == 7),
    Way("T54", case(S.REFERRAL_ISSUED, BUL), E.EXTEND_REFERRAL, PAR, S.REFERRAL_ISSUED,
        {"days": 30, "documents": frozenset({"extension"})}, now="2024-10-04 20:00:00", effects=(K.REFERRAL_EXTEND,),
        terms=(T.REFERRAL,), check=lambda s: local(s.case.timers[T.REFERRAL]) == "2024-11-04 23:59:59"),
    Way("T55", case(S.REFERRAL_ISSUED, BUL), E.SIGN_CONTRACT, KG, S.ENROLLED, {"documents": PAPERS},
        effects=(K.REFERRAL_USE, K.OCCUPY, K.PLACEMENT_BEGIN)),
    Way("T56", case(S.REFERRAL_ISSUED, BUL), E.RETURN_DOCUMENTS, KG, S.REFERRAL_ISSUED, WHY, terms=(T.REFERRAL,)),
    Way("T57", case(S.REFERRAL_ISSUED, BUL), E.REFERRAL_EXPIRES, CLK, S.STOP_LIST, now="2024-10-05 00:00:00",
        effects=(K.REFERRAL_VOID, K.RELEASE), terms=(T.UNBLOCK,),
        check=lambda s: local(s.case.timers[T.UNBLOCK]) == "2024-10-18 23:59:59"),
    Way("T58", case(S.STOP_LIST, BUL), E.UNBLOCK_EXPIRES, CLK, S.QUEUED, now="2024-10-05 00:00:00"),
    Way("T59", case(S.REFERRAL_ISSUED, BUL), E.DECLINE_REFERRAL, PAR, S.QUEUED, SURE,
        effects=(K.REFERRAL_VOID, K.RELEASE), check=lambda s: s.case.declines == 1),
    Way("T59b", case(S.REFERRAL_ISSUED, BUL, declines=1), E.DECLINE_REFERRAL, PAR, S.STOP_LIST, SURE,
        effects=(K.REFERRAL_VOID, K.RELEASE), terms=(T.UNBLOCK,), rules={"decline_limit": 2}),
    Way("T60", case(S.REFERRAL_ISSUED, BUL), E.WITHDRAW_ITEM, OFF, S.QUEUED, WHY,
        effects=(K.REFERRAL_VOID, K.RELEASE)),
    Way("T70", case(S.ENROLLED), E.TRANSFER, PAR, S.CONTRACT_ORG, {"group_id": 5}, effects=(K.HOLD,),
        terms=(T.CONTRACT, T.ORG_SLA), check=lambda s: s.case.placement_group_id == 7 and s.case.group_id == 5),
    Way("T71", case(S.ENROLLED), E.SANATORIUM_LEAVE, KG, S.ENROLLED, {"until": date(2024, 11, 30)},
        effects=(K.TEMPORARY_PLACE,), terms=(T.LEAVE,), check=lambda s: Flag.ON_LEAVE in s.case.flags),
    Way("T71b", away(date(2024, 9, 30)),
        E.LEAVE_EXPIRES, CLK, S.ENROLLED, effects=(K.TEMPORARY_PLACE_END,), check=lambda s: not s.case.flags),
    Way("T71c", away(date(2024, 11, 30)),
        E.RETURN_FROM_LEAVE, KG, S.ENROLLED, effects=(K.TEMPORARY_PLACE_END,), check=lambda s: not s.case.flags),
    Way("T72", case(S.ENROLLED), E.EXPEL, KG, S.ARCHIVED, {**WHY, "fault_of_parent": True},
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), check=lambda s: s.case.archive is ArchiveReason.LEFT_KG),
    Way("T72b", case(S.ENROLLED, extended=True), E.EXPEL, KG, S.VOUCHER_ACTIVE, WHY,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), terms=(T.CONTRACT,), check=lambda s: not s.case.extended),
    Way("T72c", case(S.ENROLLED, BUL), E.EXPEL, KG, S.QUEUED, WHY, effects=(K.PLACEMENT_END, K.VACATE)),
    Way("T72d", transfer(S.CONTRACT_ORG), E.EXPEL, KG, S.ARCHIVED, {**WHY, "fault_of_parent": True},
        effects=(K.CONTRACT_CANCEL, K.RELEASE, K.PLACEMENT_END, K.VACATE, K.VOUCHER)),
    Way("T72e", transfer(S.CONTRACT_PARENT), E.EXPEL, KG, S.CONTRACT_PARENT, WHY,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), terms=(T.CONTRACT,),
        check=lambda s: s.case.group_id == 7 and not s.case.transferring),
    Way("T73", case(S.ENROLLED), E.GROUP_CLOSE, OFF, S.ENROLLED, {"group_id": 5},
        effects=(K.HOLD, K.PLACEMENT_END, K.VACATE, K.OCCUPY, K.PLACEMENT_BEGIN),
        check=lambda s: s.case.group_id == s.case.placement_group_id == 5),
    Way("T73b", case(S.ENROLLED), E.GROUP_CLOSE, OFF, S.VOUCHER_ACTIVE,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), terms=(T.CONTRACT,),
        check=lambda s: Flag.PLACE_LOST in s.case.flags),
    Way("T73c", case(S.ENROLLED, BUL), E.GROUP_CLOSE, OFF, S.QUEUED, effects=(K.PLACEMENT_END, K.VACATE)),
    Way("T73d", transfer(S.CONTRACT_ORG), E.GROUP_CLOSE, KG, S.CONTRACT_ORG, {"group_id": 4, "closing_group_id": 3},
        effects=(K.HOLD, K.PLACEMENT_END, K.VACATE, K.OCCUPY, K.PLACEMENT_BEGIN), terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: s.case.group_id == 7 and s.case.placement_group_id == 4),
    Way("T73e", transfer(S.CONTRACT_ORG), E.GROUP_CLOSE, KG, S.CONTRACT_ORG, {"closing_group_id": 3},
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), terms=(T.CONTRACT, T.ORG_SLA),
        check=lambda s: s.case.group_id == 7 and s.case.placement_group_id is None),
    Way("T73f", transfer(S.CONTRACT_ORG), E.GROUP_CLOSE, KG, S.ENROLLED, {"closing_group_id": 7},
        effects=(K.CONTRACT_CANCEL, K.RELEASE), check=lambda s: s.case.group_id == 3),
    Way("T73g", case(S.CONTRACT_ORG_SIGN), E.GROUP_CLOSE, KG, S.VOUCHER_ACTIVE, effects=(K.CONTRACT_CANCEL, K.RELEASE),
        terms=(T.CONTRACT,), check=lambda s: Flag.PLACE_LOST in s.case.flags and s.case.contract_left is None),
    Way("T73h", case(S.PLACE_OFFERED), E.GROUP_CLOSE, KG, S.VOUCHER_WAITLISTED, world=MORE,
        effects=(K.ENTRY_DROP, K.RELEASE)),
    Way("T73i", case(S.PLACE_OFFERED), E.GROUP_CLOSE, KG, S.VOUCHER_ACTIVE, world=ONE,
        effects=(K.ENTRY_DROP, K.RELEASE), terms=(T.CONTRACT,)),
    Way("T73j", case(S.VOUCHER_WAITLISTED), E.GROUP_CLOSE, KG, S.VOUCHER_WAITLISTED, {"group_id": 5}, MORE,
        effects=(K.ENTRY_DROP,)),
    Way("T73k", case(S.VOUCHER_WAITLISTED), E.GROUP_CLOSE, KG, S.VOUCHER_ACTIVE, {"group_id": 5}, ONE,
        effects=(K.ENTRY_DROP,), terms=(T.CONTRACT,)),
    Way("T74", transfer(S.CONTRACT_PARENT), E.REVOKE_VOUCHER, OFF, S.ARCHIVED, PROOF,
        effects=(K.CONTRACT_CANCEL, K.RELEASE, K.PLACEMENT_END, K.VACATE, K.ENTRIES_CANCEL, K.VOUCHER),
        check=lambda s: s.effects[2].until == date(2024, 10, 31)),
    Way("T74b", case(S.ENROLLED), E.REVOKE_VOUCHER, OFF, S.ARCHIVED, PROOF,
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), check=lambda s: s.effects[0].until == date(2024, 10, 31)),
    Way("T75", case(S.ENROLLED), E.LEAVE, PAR, S.ARCHIVED, SURE, effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER),
        check=lambda s: s.effects[0].until == date(2024, 10, 2)),
    Way("T76", case(S.ENROLLED), E.SCHOOL_YEAR_END, CLK, S.ARCHIVED, world=OLD, now="2025-09-01 00:00:00",
        effects=(K.PLACEMENT_END, K.VACATE, K.VOUCHER), check=lambda s: s.effects[0].until == date(2025, 8, 31)),
    Way("T76b", transfer(S.CONTRACT_ORG), E.SCHOOL_YEAR_END, CLK, S.ARCHIVED, world=OLD, now="2025-09-01 00:00:00",
        effects=(K.CONTRACT_CANCEL, K.RELEASE, K.PLACEMENT_END, K.VACATE, K.VOUCHER),
        check=lambda s: s.case.archive is ArchiveReason.GRADUATED),
    Way("T76c", case(S.REFERRAL_ISSUED, BUL), E.SCHOOL_YEAR_END, CLK, S.ARCHIVED, world=OLD,
        effects=(K.CONTRACT_CANCEL, K.REFERRAL_VOID, K.RELEASE, K.ENTRIES_CANCEL),
        check=lambda s: s.case.archive is ArchiveReason.AGED_OUT),
    Way("T80", case(S.STOP_LIST), E.ANNUAL_REFRESH, CLK, S.ARCHIVED, world=OLD,
        check=lambda s: s.case.archive is ArchiveReason.AGED_OUT),
    Way("T80b", case(S.QUEUED), E.ANNUAL_REFRESH, CLK, S.QUEUED, effects=(K.RECATEGORISE,)),
    Way("T80d", case(S.QUEUED), E.DAILY_REFRESH, CLK, S.QUEUED, effects=(K.RECATEGORISE,),
        rules={"recategorise": "daily"}),
    Way("T80c", case(S.STOP_LIST), E.ANNUAL_REFRESH, CLK, S.STOP_LIST, effects=(K.RECATEGORISE,), terms=(T.RESTORE,)),
    Way("T82", case(S.STOP_LIST), E.REINSTATE, OFF, S.QUEUED, PROOF,
        check=lambda s: s.case.rank_date == at("2024-01-10 09:00:00") and s.case.stop is None),
    Way("T83", case(S.QUEUED), E.ARCHIVE, OFF, S.ARCHIVED, PROOF,
        check=lambda s: s.case.archive is ArchiveReason.OFFICER),
    Way("T83b", case(S.STOP_LIST), E.ARCHIVE, OFF, S.ARCHIVED, {**PROOF, "reason_code": "duplicate"},
        check=lambda s: s.case.archive is ArchiveReason.DUPLICATE),
    Way("T83c", case(S.QUEUED), E.ARCHIVE, OFF, S.ARCHIVED, {**PROOF, "reason_code": "moved"},
        check=lambda s: s.case.archive is ArchiveReason.MOVED),
    Way("T83d", case(S.DOCS_REVIEW, SPE), E.ARCHIVE, OFF, S.ARCHIVED, {**PROOF, "reason_code": "withdrawn"},
        check=lambda s: s.case.archive is ArchiveReason.WITHDRAWN),
]  # fmt: skip
