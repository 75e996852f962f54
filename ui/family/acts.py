"""What a parent may do with an application now, what each act would bring, and why one may not be done yet.

The machine itself is asked: each act is previewed with :func:`models.domain.admissions.machine.step` on the last data
heard. The department decides when it receives the act, so a preview promises nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.sentences import sentence
from models.domain.admissions import machine
from models.domain.admissions.case import Act, Step, World
from models.domain.admissions.rules import Rules
from models.domain.admissions.states import Actor, Event, State, TimerKind
from models.domain.problems import Problem
from models.domain.working_days import Deadline, YearNotLoaded
from translations import N_, _, c_, formats
from ui.family import words

E = Event
FINAL: Final = frozenset(
    {E.REFUSE_VOUCHER, E.LEAVE_QUEUE, E.DECLINE_OFFER, E.DECLINE_REFERRAL, E.LEAVE, E.TEMP_LEAVE, E.CHANGE_CHOICE}
)
"""Acts that cannot simply be taken back: a question is asked first."""
ELSEWHERE: Final = {
    E.CHOOSE_PLACE: "choose_place",
    E.JOIN_WAITLIST: "choose_place",
    E.CHOOSE_TEMPORARY: "choose_place",
    E.TRANSFER: "choose_place",
    E.LEAVE_WAITLIST: "waiting_lists",
    E.APPLY_BULLETIN: "bulletin",
}
"""Screens on which an act is done, because a place has to be chosen for it."""
_VERBS: Final = {
    E.CONFIRM_INTEREST: N_("Yes, I take the voucher"),
    E.REFUSE_VOUCHER: N_("Refuse the voucher: the application goes to the archive"),
    E.LEAVE_QUEUE: N_("Leave the queue: the application goes to the archive"),
    E.RESTORE: N_("Restore the place in the queue"),
    E.CHOOSE_PLACE: N_("Choose a kindergarten"),
    E.JOIN_WAITLIST: N_("Join a waiting list"),
    E.ACCEPT_OFFER: N_("Yes, I take the place"),
    E.DECLINE_OFFER: N_("No, the place goes to another child"),
    E.LEAVE_WAITLIST: N_("My waiting lists"),
    E.EXTEND: N_("Prolong the term"),
    E.SIGN_PARENT: N_("Sign the contract"),
    E.CHANGE_CHOICE: N_("Choose another kindergarten: this place is given back"),
    E.CHOOSE_TEMPORARY: N_("Take a temporary place"),
    E.TEMP_LEAVE: N_("Give up the temporary place"),
    E.APPLY_BULLETIN: N_("See the free places that suit"),
    E.CANCEL_BULLETIN: N_("Take the application to the bulletin back"),
    E.EXTEND_REFERRAL: N_("Prolong the referral"),
    E.DECLINE_REFERRAL: N_("No, I do not need this place"),
    E.TRANSFER: N_("Transfer to another kindergarten"),
    E.LEAVE: N_("Leave the kindergarten: the place becomes free"),
    E.EDIT: N_("Change the application"),
}
_MAIN: Final = {
    State.QUEUED: (E.APPLY_BULLETIN,),
    State.VOUCHER_ISSUED: (E.CONFIRM_INTEREST,),
    State.VOUCHER_ACTIVE: (E.CHOOSE_PLACE,),
    State.PLACE_OFFERED: (E.ACCEPT_OFFER,),
    State.CONTRACT_PARENT: (E.SIGN_PARENT,),
    State.STOP_LIST: (E.RESTORE,),
}
_ENDS: Final = frozenset({E.REFUSE_VOUCHER, E.LEAVE_QUEUE, E.LEAVE})
"""Acts after which nothing is left; they stand last."""
_SILENT: Final = frozenset(
    {"no-temporary-place", "step-not-possible", "not-listed", "not-enrolled", "already-extended", "nothing-to-extend",
     "temporary-already"}
)  # fmt: skip
"""Reasons of which a parent need not hear: the act is simply not offered."""
_SIGNED: Final[dict[Event, Callable[[Rules], str]]] = {
    E.CONFIRM_INTEREST: lambda rules: rules.signature_interest,
    E.CHOOSE_TEMPORARY: lambda rules: rules.signature_temporary,
    E.SIGN_PARENT: lambda rules: rules.signature_contract,
}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act: what its button says, how it looks, where it is done, what it would bring or why it may not be done."""

    event: Event
    verb: str
    kind: str  # primary | "" | danger
    screen: str
    signature: str  # click | code | eds
    step: Step | None
    problem: Problem | None
    consequence: str
    why_not: str

    @property
    def possible(self) -> bool:
        """Whether the machine would take the step on what is known here."""
        return self.problem is None


def signature_for(event: Event, rules: Rules) -> str:
    """Return the least signature that the department accepts for an act."""
    return _SIGNED[event](rules) if event in _SIGNED else "click"


def preview(
    view: ApplicationView,
    department: Department,
    act: Act,
    now: datetime,
    *,
    world: World | None = None,
) -> Step | Problem:
    """Return what the machine would make of an act now, on the last data heard."""
    known = world or World(
        free=1,
        listed=True,
        entries=sum(entry.state in ("waiting", "offered") for entry in view.entries),
        documents=valid_documents(view, now, department),
        contract_sent=view.application.contract_sent,
    )
    try:
        rules = department.rules(view.case.programme, now)
        return machine.step(view.case, act, known, rules, department.calendar, now)
    except YearNotLoaded as error:
        return Problem("calendar-missing", values={"year": error.year})


def contacts_only(view: ApplicationView, department: Department, now: datetime) -> bool:
    """Return whether nothing of an application may be changed any more but how its parent is reached."""
    return isinstance(preview(view, department, Act(E.EDIT, Actor.PARENT), now), Problem)


def valid_documents(view: ApplicationView, now: datetime, department: Department) -> frozenset[str]:
    """Return the kinds of documents that are kept and not refused or out of date."""
    today = department.calendar.local_day(now)
    return frozenset(
        paper.kind
        for paper in view.attachments
        if paper.state != "refused" and (paper.valid_until is None or today <= paper.valid_until)
    )


def offered(view: ApplicationView, department: Department, now: datetime) -> list[Offered]:
    """Return the acts of a parent, the one that is meant first, what ends things last."""
    rules = department.rules(view.case.programme, now)
    main = _MAIN.get(view.case.state, ())
    result = []
    # A telephone may be changed in states whose other acts are steps: the preview says where.
    for event in dict.fromkeys((*machine.possible(view.case, Actor.PARENT), E.EDIT)):
        if event in (E.SUBMIT,) or event not in _VERBS:
            continue
        outcome = preview(view, department, _act(event, view, department, now), now)
        problem = outcome if isinstance(outcome, Problem) else None
        step = outcome if isinstance(outcome, Step) else None
        if problem is not None and problem.code in _SILENT:
            continue
        if event is E.JOIN_WAITLIST or (event is E.LEAVE_WAITLIST and not view.entries):
            if event is E.LEAVE_WAITLIST:
                continue
            # whether a group is full is seen where groups are chosen
            problem, step = None, None
        kind = "primary" if event in main else "danger" if event in FINAL else ""
        if event is E.LEAVE_QUEUE and view.case.state is State.VOUCHER_ISSUED:
            kind = "link"  # the same end as refusing the voucher: there, but not a third loud button
        result.append(
            Offered(
                event,
                verb(event, view, contacts=event is E.EDIT and contacts_only(view, department, now)),
                kind,
                ELSEWHERE.get(event, ""),
                signature_for(event, rules),
                step,
                problem,
                consequence(event, step, department, rules, asked=any(one.state == "open" for one in view.appeals)),
                why_not(problem) if problem is not None else "",
            )
        )
    order = {"primary": 0, "": 1, "danger": 2, "link": 3}
    return sorted(result, key=lambda one: (order[one.kind], one.event in _ENDS))


def _act(event: Event, view: ApplicationView, department: Department, now: datetime) -> Act:
    """Return an act with everything given that a person will still be asked for."""
    today = department.calendar.local_day(now)
    return Act(
        event,
        Actor.PARENT,
        group_id=-1,
        item_id=-1,
        until=today + timedelta(days=1) if event is E.CHOOSE_TEMPORARY else None,  # the least: places say until when
        days=1 if event is E.EXTEND_REFERRAL else None,
        documents=frozenset({"extension"}) if event is E.EXTEND_REFERRAL else frozenset(),
        signature="eds",
        confirmed=True,
        reason="-",
        contact_only=event is E.EDIT,  # the least of a change
    )


def verb(event: Event, view: ApplicationView, *, contacts: bool = False) -> str:
    """Return what the button of an act says; for the question about a voucher it answers it.

    ``contacts`` tells that a change may touch nothing else.
    """
    if contacts:
        return _("Change contacts")
    if event is E.REFUSE_VOUCHER and view.case.state is State.VOUCHER_ISSUED:
        return _("No, I refuse: the application goes to the archive")
    if event is E.SIGN_PARENT:
        return c_("act", "Sign the contract")  # the state has the same words in English
    return _(_VERBS[event])


def why_not(problem: Problem) -> str:
    """Return why an act may not be done now, in a sentence that stands beside its button."""
    if problem.code == "extend-on-last-day":
        return _("This is possible on the last day of the term only: {day}.").format(
            day=formats.day(datetime.fromisoformat(str(problem.values["day"])).date())
        )
    if problem.code == "documents-missing":
        kinds = [kind.strip() for kind in str(problem.values.get("kinds", "")).split(",") if kind.strip()]
        return _("First attach: {documents}.").format(documents=words.papers(kinds))
    return sentence(problem)


def consequence(event: Event, step: Step | None, department: Department, rules: Rules, *, asked: bool = False) -> str:
    """Return what an act brings, named before it is done; "" where the next screen says it.

    ``asked``: an officer still decides about an act of the application that came late.
    """
    zone = department.provider.zone
    until = _until(step, TimerKind.CONTRACT, zone)
    match event:
        case E.CONFIRM_INTEREST:
            return _("Then you have until {due} to choose a kindergarten and sign the contract with it.").format(
                due=until
            )
        case E.REFUSE_VOUCHER:
            return _(
                "The voucher becomes void and the application goes to the archive. "
                "For a place you would have to file a new application, with a new date."
            )
        case E.LEAVE_QUEUE:
            return _("The child leaves the queue. A new application would get a new date and stand behind all others.")
        case E.RESTORE if asked:
            return _(
                "An officer still decides about your act that came late. If it is granted, nothing need be restored, "
                "so you may wait for the answer. If you restore now, the application returns to where it stood, the "
                "voucher does not come back, and your only restoration is used up."
            )
        case E.RESTORE:
            return _(
                "The application returns to where it stood, by its first date. The voucher does not come back: "
                "wait for the next one. This can be done once."
            )
        case E.ACCEPT_OFFER:
            return _("The kindergarten prepares the contract. You have until {due} to sign it.").format(due=until)
        case E.DECLINE_OFFER if step is not None and step.case.state is State.VOUCHER_ACTIVE:
            return _("The place goes to the next child, and your term runs again until {due}.").format(due=until)
        case E.DECLINE_OFFER:
            return _("The place goes to the next child. You stay in your other waiting lists.")
        case E.CHOOSE_PLACE:
            return _("The table shows what suits your child and where places are free.")
        case E.JOIN_WAITLIST:
            return _("For a group that is full. Your term stands still while you wait.")
        case E.CHOOSE_TEMPORARY:
            return _("The place of a child that is away, until a named day. Your place in the queue stays.")
        case E.TRANSFER:
            return _("Your child keeps its place until the new contract is signed by both.")
        case E.EXTEND:
            return _("The term becomes longer once, until {due}.").format(due=until)
        case E.SIGN_PARENT:
            return _("The contract goes to the kindergarten for its signature, and your term stops.")
        case E.CHANGE_CHOICE if step is not None and step.case.state is State.ENROLLED:
            return _("The transfer ends; the child stays where it is.")
        case E.CHANGE_CHOICE:
            return _("The held place is given back. You have until {due} to choose another.").format(due=until)
        case E.TEMP_LEAVE if step is not None and step.case.state is State.ARCHIVED:
            return _("The temporary place ends today.")
        case E.TEMP_LEAVE:
            return _("The temporary place ends today. Your place in the queue stays.")
        case E.CANCEL_BULLETIN:
            return _("The held place is given back. You stay in the queue with your date.")
        case E.EXTEND_REFERRAL:
            return _("Once, by at most {days} days, with a document that explains why.").format(
                days=rules.referral_extension_calendar_days
            )
        case E.DECLINE_REFERRAL if step is not None and step.case.state is State.STOP_LIST:
            return _("The referral becomes void and the application goes to the stop list until {due}.").format(
                due=_until(step, TimerKind.UNBLOCK, zone)
            )
        case E.DECLINE_REFERRAL:
            return _("The referral becomes void. You stay in the queue with your date.")
        case E.LEAVE:
            return _("The child leaves today. From tomorrow the place is another's, and the application is archived.")
    return ""


def _until(step: Step | None, kind: TimerKind, zone: str) -> str:
    term = step.case.timers.get(kind) if step is not None else None
    return deadline_words(term, zone) if term is not None else "–"


def deadline_words(term: Deadline, zone: str) -> str:
    """Return the last second of a term: ``10.04.2026 23:59:59``."""
    from zoneinfo import ZoneInfo

    return words.exact(term.shown(ZoneInfo(zone)), zone)
