"""What a parent has to know first: what to do now in one sentence, until when, and whether the line may be too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from models.cache.queries.admissions import ApplicationView, Department, Family
from models.contract.reasons import reason_of
from models.domain.admissions.states import TEMP_LIVE, Event, Flag, State, StopKind, TimerKind
from models.domain.working_days import Deadline
from translations import N_, _, formats, n_
from ui.family import words
from ui.family.acts import deadline_words

OWN: Final = {
    State.VOUCHER_ISSUED: TimerKind.INTEREST,
    State.VOUCHER_ACTIVE: TimerKind.CONTRACT,
    State.PLACE_OFFERED: TimerKind.OFFER,
    State.CONTRACT_ORG: TimerKind.ORG_SLA,
    State.CONTRACT_PARENT: TimerKind.CONTRACT,
    State.CONTRACT_ORG_SIGN: TimerKind.ORG_SLA,
    State.BUL_APPLIED: TimerKind.ACTIVATE_SLA,
    State.REFERRAL_ISSUED: TimerKind.REFERRAL,
}
OTHERS: Final = frozenset({TimerKind.ORG_SLA, TimerKind.ACTIVATE_SLA, TimerKind.UNBLOCK, TimerKind.TEMP_END})
"""Terms that another has to keep: no hurry for the parent."""
SOON: Final = timedelta(hours=24)


_SENT_BACK: Final = {
    Event.RETURN_FOR_FIX: N_("The contract was sent back to be put right. {why}"),
    Event.RETURN_DOCUMENTS: N_("The documents were sent back to be put right. {why}"),
    Event.REJECT: N_("The kindergarten did not admit the child. {why}"),
    Event.EXPEL: N_("The kindergarten expelled the child. {why}"),
    Event.WITHDRAW_ITEM: N_("The place that was held for your child was withdrawn. {why}"),
    Event.GROUP_CLOSE: N_("The group was closed, so the place is lost. {why}"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """The term that matters now. ``mine`` when the parent has to keep it."""

    kind: TimerKind
    deadline: Deadline
    mine: bool

    def left(self, now: datetime) -> timedelta:
        """Return how much time is left; negative when it is over."""
        return self.deadline.at - now

    def tone(self, now: datetime) -> str:
        """Return how urgent it is."""
        if not self.mine:
            return "muted"
        return "danger" if self.left(now) < SOON else "warning"


def term_of(view: ApplicationView) -> Term | None:
    """Return the term that matters in the application's state, None when nothing runs."""
    case = view.case
    kind = OWN.get(case.state)
    if case.state is State.STOP_LIST:
        kind = TimerKind.RESTORE if case.stop is StopKind.INTEREST else TimerKind.UNBLOCK
    term = case.timers.get(kind) if kind is not None else None
    return Term(kind, term, kind not in OTHERS) if kind is not None and term is not None else None


def sent_back(view: ApplicationView) -> str:
    """Return why the last step was against the parent, who has to act on it; "" where it was not."""
    last = next((one for one in view.history if one.event in _SENT_BACK or one.from_state != one.to_state), None)
    if last is None or last.event not in _SENT_BACK:
        return ""
    if last.event == Event.GROUP_CLOSE and last.from_state == last.to_state:
        return ""  # the child has another group of the kindergarten
    if last.event == Event.REJECT and last.to_state == State.ENROLLED:
        return _("The transfer was refused: the child stays where it is. {why}").format(why=reason_of(last)).strip()
    return _(_SENT_BACK[Event(last.event)]).format(why=reason_of(last)).strip()


def what_now(view: ApplicationView, department: Department, family: Family) -> str:
    """Return what to do now, in one sentence."""
    case, zone = view.case, department.provider.zone
    term = term_of(view)
    due = deadline_words(term.deadline, zone) if term is not None else ""
    offer = family.offers.get(case.group_id) if case.group_id is not None else None
    place = words.offer_name(offer)
    kindergarten = offer.organisation.name if offer is not None else ""
    match case.state:
        case State.DOCS_REVIEW:
            return _("A doctor checks the documents. You need do nothing now; a message will come.")
        case State.QUEUED if case.programme == "bulletin":
            return _("Look at the free places that suit your child and apply to one.")
        case State.QUEUED:
            return _("Wait for your turn. When a voucher is issued, a message will come.")
        case State.VOUCHER_ISSUED if case.restore_used:
            return _("Confirm by {due} that you take the voucher. Otherwise the application is archived.").format(
                due=due
            )
        case State.VOUCHER_ISSUED:
            return _(
                "Confirm by {due} that you take the voucher. Otherwise the application goes to the stop list."
            ).format(due=due)
        case State.VOUCHER_ACTIVE:
            return _("Choose a kindergarten and sign the contract with it by {due}.").format(due=due)
        case State.VOUCHER_WAITLISTED:
            return _waits(case.contract_left or 0)
        case State.PLACE_OFFERED:
            return _("A place is offered to you: {place}. Take it or decline by {due}.").format(place=place, due=due)
        case State.CONTRACT_ORG | State.CONTRACT_ORG_SIGN if case.flags & {Flag.ORG_LATE, Flag.ESCALATED}:
            return _("{kindergarten} is late. You lose nothing by it; the education department has been told.").format(
                kindergarten=kindergarten
            )
        case State.CONTRACT_ORG:
            return _("Wait for the contract from {kindergarten}. The place is held for you.").format(
                kindergarten=kindergarten
            )
        case State.CONTRACT_PARENT:
            return _("Read the contract, attach the documents and sign it by {due}.").format(due=due)
        case State.CONTRACT_ORG_SIGN:
            return _("Wait until {kindergarten} signs. Then your child is enrolled.").format(kindergarten=kindergarten)
        case State.BUL_APPLIED:
            return _("Wait until {kindergarten} activates your application. The place is held for you.").format(
                kindergarten=kindergarten
            )
        case State.REFERRAL_ISSUED:
            return _("Download the referral and bring it with the documents to {place} by {due}.").format(
                place=place, due=due
            )
        case State.STOP_LIST if case.stop is StopKind.INTEREST:
            return _("Restore your place in the queue by {due}. Otherwise the application is archived.").format(due=due)
        case State.STOP_LIST:
            return _("The application returns to the queue by itself after {due}.").format(due=due)
        case State.ENROLLED:
            enrolled, until = _("Your child is enrolled: {place}.").format(place=place), away_until(view, zone)
            if until is None:
                return enrolled
            away = _("It is away until {day}; the place stays its own.").format(day=formats.day(until))
            return f"{enrolled} {away}"
        case State.ARCHIVED:
            reason = words.word(words.ARCHIVE, view.application.archive)
            return _("The application is archived. {reason}").format(reason=reason)
    return words.state_words(view)


def _waits(left: int) -> str:
    if not left:
        return _("Wait until a place becomes free in your waiting lists. Your term stands still meanwhile.")
    return n_(
        "Wait until a place becomes free in your waiting lists. Your term stands still; {count} working day remains.",
        "Wait until a place becomes free in your waiting lists. Your term stands still; {count} working days remain.",
        left,
    ).format(count=left)


def term_words(term: Term) -> str:
    """Return what a term is for, above its time."""
    return {
        TimerKind.INTEREST: _("To confirm your interest"),
        TimerKind.CONTRACT: _("To choose and sign the contract"),
        TimerKind.RESTORE: _("To restore the place in the queue"),
        TimerKind.OFFER: _("To answer the offer"),
        TimerKind.ORG_SLA: _("For the kindergarten to act"),
        TimerKind.ACTIVATE_SLA: _("For the kindergarten to act"),
        TimerKind.REFERRAL: _("The referral is valid"),
        TimerKind.UNBLOCK: _("In the stop list"),
        TimerKind.TEMP_END: _("Temporary place"),
    }[term.kind]


def away_until(view: ApplicationView, zone: str) -> date | None:
    """Return the last day on which an enrolled child is away, None while it is not."""
    term = view.case.timers.get(TimerKind.LEAVE)
    return term.last_day(ZoneInfo(zone)) if term is not None and Flag.ON_LEAVE in view.case.flags else None


def temporary_words(view: ApplicationView, family: Family) -> str:
    """Return what holds of a temporary place beside the application's state, "" when there is none."""
    case = view.case
    if case.temp not in TEMP_LIVE or case.temp_until is None:
        return ""
    offer = family.offers.get(case.temp_group_id) if case.temp_group_id is not None else None
    if case.state is State.ARCHIVED:  # whoever left the queue has no place in it
        return _("Temporary place until {day}: {place}. Afterwards the child leaves by itself.").format(
            day=formats.day(case.temp_until), place=words.offer_name(offer)
        )
    return _(
        "Temporary place until {day}: {place}. Afterwards the child leaves by itself and the temporary voucher ends; "
        "the place in the queue stays."
    ).format(day=formats.day(case.temp_until), place=words.offer_name(offer))


def queue_words(view: ApplicationView, zone: str) -> str:
    """Return from when the number in the queue is, and that it is an estimate."""
    if view.position is None:
        return ""
    return _("of {total} · estimate of {moment}").format(
        total=formats.number(view.position.total), moment=formats.moment(view.position.at, zone)
    )
