"""Do what an event names with an application, as whoever the user is to it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from msgspec import structs

from models.contract.admission_commands import TakeStep
from models.contract.admission_records import Application
from models.contract.codec import encode
from models.contract.outcomes import Status
from models.domain.admissions import guards as must
from models.domain.admissions.case import Act
from models.domain.admissions.reasons import LONGEST, listed
from models.domain.admissions.states import Actor, ArchiveReason, Event, Programme
from models.domain.admissions.table import TRANSITIONS
from provider.handlers.context import HandlerContext, Result, applied, refused
from provider.handlers.departments import actor_of, department_of, rights_of
from provider.services import one_time
from provider.services.admissions import appeals, attachments, checking, history, steps
from provider.services.admissions.applications import organisations
from provider.services.admissions.department import Department
from provider.services.admissions.rights import Rights, actor_for
from provider.services.refusals import Refusal, refuse
from provider.store.rows import fetch
from provider.store.tables_admissions import application

_ELSEWHERE: Final = frozenset({Event.SUBMIT, Event.EDIT, Event.ISSUE_VOUCHER})
"""Events that have commands of their own, with more to check."""
_TEMPORARY: Final = frozenset({Event.CHOOSE_TEMPORARY, Event.TEMP_LEAVE})
"""Events of the place beside the application, whatever step that is at."""
_LASTING: Final = frozenset(row.event for row in TRANSITIONS if must.sure in row.guards) - _TEMPORARY
"""Events that cannot be undone: they count for what their person saw, and not for what has come since."""
_REVIEW: Final = frozenset({Event.DOC_CONFIRM, Event.DOC_REJECT})
"""A doctor's decisions."""
_TICKED: Final = frozenset({Event.SIGN_CONTRACT})
"""Events at which papers are shown across the counter; anywhere else a document is one that was uploaded."""


def handle(context: HandlerContext, payload: TakeStep) -> Result:
    """Take a step as of the command's receipt.

    A click that was in time on a machine without a line and came late is refused as ``late-offline``; the appeal kept
    beside the refusal is for the officer, who may reinstate the application. Its documents stay.
    """
    department, own = department_of(context), rights_of(context)
    event = _event(payload)
    row = _row(context, department, payload.application_id)
    actor = actor_for(context.unit.connection, own, row, event)
    if actor is None:
        if own.doctor and event in _REVIEW and row.programme == Programme.SPECIAL:
            raise refuse("review-over", number=row.number)  # it has left the doctor's devices, with the child's name
        raise refuse("not-found", "application_id", status=404)
    try:
        _check_signature(context, payload)
    except Refusal as refusal:
        return refused(refusal.problem)  # not raised: the command would run once more alone, and count a second try
    uploads = attachments.parse(payload.blobs)
    documents = frozenset(upload.kind for upload in uploads)
    if event in _TICKED and actor is not Actor.PARENT:
        documents |= frozenset(payload.ticked)
    act = Act(
        event=event,
        actor=actor,
        group_id=payload.group_id,
        item_id=payload.item_id,
        until=payload.until,
        days=payload.days,
        documents=documents,
        signature=payload.signature,
        confirmed=payload.confirmed,
        reason=payload.reason.strip(),
        fault_of_parent=payload.fault_of_parent,
        reason_code=_listed(payload),
        occurred_at=None if context.clock_suspect else context.occurred_at,
        digest=payload.digest,
    )

    moved = False

    def permit(locked: Application) -> None:
        nonlocal moved
        moved = event in _LASTING and not _as_seen(context, locked)
        _permit(context, own, locked, event, actor, payload.group_id)
        own_paper = "" if actor is Actor.PARENT else who.name
        attachments.attach(
            context.unit, department.tenant, locked, uploads, context.user, context.received_at, own_paper
        )

    who = actor_of(context, own, actor.value)
    try:
        step = steps.take_step(
            context.unit, department, row.id, act, who, context.received_at, context.command.id, permit=permit
        )
    except Refusal as refusal:
        if refusal.problem.code == "late-offline":
            return _late(context, row, payload, refusal)
        if refusal.problem.code == "not-allowed" and actor is Actor.PARENT and (own.officer or own.organisations):
            raise refuse("own-child", status=403) from None  # the role would do: it is the child that forbids it
        if refusal.problem.code == "step-not-possible":
            history.refuse_if_done(context.unit.connection, department, row.id, event, payload.group_id)
        raise
    if moved:
        raise refuse("moved-meanwhile")
    seen = context.command.base.get("papers")
    if isinstance(seen, list) and checking.unseen(context.unit.connection, row.id, event, seen):
        raise refuse("papers-came")
    checking.decide_with(context.unit, department, row.id, act, own)
    return applied(
        application_id=row.id,
        number=row.number,
        transition=step.transition,
        state=step.case.state.value,
        terms={kind.value: term.at.isoformat() for kind, term in step.case.timers.items()},
    )


def _as_seen(context: HandlerContext, row: Application) -> bool:
    """Whether an application still stands as whoever sends the command had it before them; R-ADM-40."""
    seen = context.command.base
    try:
        since = datetime.fromisoformat(str(seen["state_since"])) if "state_since" in seen else row.state_since
    except ValueError:
        raise refuse("field-invalid", "base") from None
    return seen.get("state", row.state) == row.state and since == row.state_since


def _late(context: HandlerContext, row: Application, payload: TakeStep, refusal: Refusal) -> Result:
    due = datetime.fromisoformat(str(refusal.problem.values["due"]))
    appeal_id = appeals.keep(
        context.unit,
        row,
        payload.event,
        occurred_at=context.occurred_at,
        received_at=context.received_at,
        due=due,
        command_id=context.command.id,
        payload=encode(structs.replace(payload, code="")).decode(),
    )
    return Result(Status.REFUSED, (refusal.problem,), {"appeal_id": appeal_id})


def _event(payload: TakeStep) -> Event:
    try:
        event = Event(payload.event)
    except ValueError:
        raise refuse("field-invalid", "event") from None
    if event in _ELSEWHERE:
        raise refuse("field-invalid", "event")
    if _listed(payload) not in ("", *listed(event)):
        raise refuse("reason-does-not-fit", "reason")
    if len(payload.reason) > LONGEST:
        raise refuse("text-too-long", "reason", maximum=LONGEST)
    return event


def _listed(payload: TakeStep) -> str:
    """Return the code of a list; that an officer closes an application for a reason of their own is none."""
    return "" if payload.reason_code == ArchiveReason.OFFICER else payload.reason_code


def _row(context: HandlerContext, department: Department, application_id: int) -> Application:
    found = fetch(
        context.unit.connection,
        Application,
        application.c.id == application_id,
        application.c.tenant_id == department.tenant,
    )
    if not found:
        raise refuse("not-found", "application_id", status=404)
    return found[0]


def _permit(
    context: HandlerContext, own: Rights, row: Application, event: Event, actor: Actor, group_id: int | None
) -> None:
    """Check once more what was read before the lock."""
    if actor_for(context.unit.connection, own, row, event) is not actor:
        raise refuse("not-found", "application_id", status=404)
    if event is Event.GROUP_CLOSE and actor is Actor.KINDERGARTEN and group_id is not None:
        owner = organisations(context.unit.connection, [group_id]).get(group_id)
        if owner not in own.organisations:
            raise refuse("not-found", "group_id", status=404)


def _check_signature(context: HandlerContext, payload: TakeStep) -> None:
    if payload.signature == "code":
        about = f"application:{payload.application_id}"
        one_time.verify_signing(context.unit.connection, context.user, about, payload.code, context.received_at)
    elif payload.signature == "eds":
        raise refuse("signature-not-offered", "signature")
    elif payload.signature not in ("", "click"):
        raise refuse("field-invalid", "signature")
