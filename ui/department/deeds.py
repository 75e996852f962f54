"""What an officer, a doctor or a kindergarten may do with an application now, what each act brings, and what it asks.

The machine itself is asked on the last data heard; the provider decides when it receives the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.sentences import sentence
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.reasons import listed
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, Programme, State, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import YearNotLoaded
from translations import _
from ui.department import words
from ui.family.acts import why_not

E = Event
AGAINST: Final = frozenset({E.DOC_REJECT, E.REJECT, E.EXPEL, E.REVOKE_VOUCHER, E.ARCHIVE})
"""Acts against a child: last in the row and in the colour of danger."""
_MAIN: Final = frozenset({E.DOC_CONFIRM, E.SEND_CONTRACT, E.SIGN_ORG, E.ACTIVATE, E.SIGN_CONTRACT, E.REINSTATE})
_SILENT: Final = frozenset(
    {
        "no-temporary-place",
        "first-day-noted",
        "step-not-possible",
        "not-enrolled",
        "already-on-leave",
        "not-on-leave",
        "graduated",
    }
)
_DOCUMENT: Final = frozenset({E.REVOKE_VOUCHER, E.REINSTATE, E.ARCHIVE})
_UNTIL: Final = frozenset({E.TEMP_SET_UNTIL, E.SANATORIUM_LEAVE})
_LATER: Final = frozenset({"until-too-early", "until-too-late", "notice-too-short", "documents-missing"})
"""What the person will give in the question, so it is no reason against asking."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act: what its button says, what it asks, what it brings or why it may not be done now."""

    event: Event
    verb: str
    kind: str  # primary | "" | danger
    consequence: str
    why_not: str
    reasons: tuple[str, ...] = ()
    document: bool = False
    until: bool = False
    papers: tuple[str, ...] = ()
    fault: bool = False
    signature: str = "click"

    @property
    def possible(self) -> bool:
        """Whether the machine would take the step on what is known here."""
        return not self.why_not


def deeds(view: ApplicationView, department: Department, actor: Actor, now: datetime) -> list[Deed]:
    """Return the acts of somebody with an application: the one that is meant first, those against the child last.

    Raises ``ValueError`` where :func:`unreadable` says why nothing can be offered.
    """
    rules = department.rules(view.case.programme, now)
    found = []
    for event in machine.possible(view.case, actor):
        if event not in words.OFFICE_EVENTS:
            continue
        outcome = _preview(view, department, rules, actor, event, now)
        problem = outcome if isinstance(outcome, Problem) else None
        if problem is not None and problem.code in _SILENT:
            continue
        if problem is not None and problem.code in _LATER:
            problem = None
        step = outcome if isinstance(outcome, Step) else None
        kind = "danger" if event in AGAINST else "primary" if event in _MAIN else ""
        found.append(
            Deed(
                event,
                _(words.VERBS[event]),
                kind,
                consequence(event, step, department, rules, view),
                _why_not(problem) if problem is not None else "",
                listed(event),
                event in _DOCUMENT,
                event in _UNTIL,
                rules.referral_needs if event is E.SIGN_CONTRACT else (),
                event is E.EXPEL,
                rules.signature_contract if event is E.SIGN_ORG else "click",
            )
        )
    order = {"primary": 0, "": 1, "danger": 2}
    return sorted(found, key=lambda deed: order[deed.kind])


def _why_not(problem: Problem) -> str:
    if problem.code == "kindergarten-has-time":
        return _("Possible once the kindergarten's own term has ended.")
    return why_not(problem)


def unreadable(view: ApplicationView, department: Department, now: datetime) -> Problem | None:
    """Return that the rules in force cannot be read, as when a newer program wrote them; None where they can."""
    try:
        department.rules(view.case.programme, now)
    except ValueError:
        return Problem("rules-not-readable")
    return None


def _preview(
    view: ApplicationView, department: Department, rules: Rules, actor: Actor, event: Event, now: datetime
) -> Step | Problem:
    today = department.calendar.local_day(now)
    act = Act(
        event,
        actor,
        until=today + timedelta(days=30),
        documents=frozenset({*rules.referral_needs, *rules.contract_needs, "other", "contract"}),
        signature="eds",
        confirmed=True,
        reason="-",
    )
    world = World(free=1, listed=True, contract_sent=view.application.contract_sent)
    try:
        return machine.step(view.case, act, world, rules, department.calendar, now)
    except YearNotLoaded as error:
        return Problem("calendar-missing", values={"year": error.year})


def consequence(event: Event, step: Step | None, department: Department, rules: Rules, view: ApplicationView) -> str:
    """Return what an act brings, named before it is done."""
    zone = department.provider.zone

    def until(kind: TimerKind) -> str:
        return words.due(step.case.timers.get(kind) if step is not None else None, zone) or "–"

    match event:
        case E.DOC_CONFIRM:
            return _("The child takes its place in the queue by the date of the application. The parent is told.")
        case E.DOC_REJECT:
            return _("The application goes to the archive. The parent reads the reason and your name.")
        case E.SEND_CONTRACT:
            return _("The parent signs it until {due}.").format(due=until(TimerKind.CONTRACT))
        case E.REJECT if step is not None and step.case.state is State.ENROLLED:
            return _("The transfer ends; the child stays where it is. The parent reads the reason.")
        case E.REJECT if step is not None and step.case.state is State.QUEUED:
            return _("The child stays in the queue with its date. The parent reads the reason.")
        case E.REJECT:
            return _("The parent keeps the voucher, reads the reason and chooses again until {due}.").format(
                due=until(TimerKind.CONTRACT)
            )
        case E.SIGN_ORG | E.SIGN_CONTRACT:
            return _("The place becomes taken, and the child is enrolled in the group.")
        case E.RETURN_FOR_FIX:
            return _("The parent mends it and signs again until {due}.").format(due=until(TimerKind.CONTRACT))
        case E.ACTIVATE:
            return _("The parent gets a referral that works until {due}.").format(due=until(TimerKind.REFERRAL))
        case E.RETURN_DOCUMENTS:
            return _("The parent brings them again; the term of the referral runs on.")
        case E.TEMP_ATTEND:
            return _("From today the child attends the temporary place.")
        case E.TEMP_SET_UNTIL:
            return _(
                "To a later day at most until the owner of the place returns; to an earlier one with at least {days} "
                "working days' notice. The parent is told."
            ).format(days=rules.notice_days)
        case E.SANATORIUM_LEAVE:
            return _("The place stays the child's; until its return it is offered as a temporary one.")
        case E.RETURN_FROM_LEAVE:
            return _("The temporary place on this child's place ends.")
        case E.EXPEL if view.case.programme is Programme.BULLETIN:
            return _(
                "Where the parent is at fault, the application goes to the archive. Otherwise it returns to its place "
                "in the queue, by its first date. The parent reads the reason."
            )
        case E.EXPEL:
            return _(
                "Where the parent is at fault, the application goes to the archive. Otherwise the voucher returns to "
                "the parent, who chooses another kindergarten."
            )
        case E.REVOKE_VOUCHER:
            return _("The voucher becomes void, a held place is given back, and the parent reads the reason.")
        case E.REINSTATE:
            return _("The application returns into the queue by its first date. A reason and a document are kept.")
        case E.ARCHIVE:
            return _("The application ends. The parent reads the reason; a document is kept with it.")
    return sentence(Problem("step-not-possible")) if step is None else ""
