"""What an officer decides about clicks that were in time on a machine without a line and came late.

A granted click is carried out as of then where that still leads somewhere; otherwise the application is put back into
the queue with its first date (T82). Source: R-ADM-26.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import text, update

from models.contract.admission_commands import DecideAppeal, TakeStep
from models.contract.admission_records import Appeal
from models.domain.admissions import machine
from models.domain.admissions import reasons as domain
from models.domain.admissions.case import Act, Notice, Step
from models.domain.admissions.reasons import Reason
from models.domain.admissions.states import Actor, Event, Programme, State
from provider.services import audit
from provider.services.admissions import applications, attachments, notices, reasons, steps, worlds
from provider.services.admissions.applications import Held
from provider.services.admissions.authority import acting, must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.outside import ActorInfo
from provider.services.admissions.rights import Rights
from provider.services.refusals import refuse
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import appeal

_LOCK: Final = text("SELECT payload FROM appeal WHERE id = :id AND tenant_id = :tenant FOR UPDATE")
_BY_KINDERGARTEN: Final = frozenset({Event.SIGN_CONTRACT})
DOCUMENT: Final = "appeal"
"""The document by which an officer reinstates: the kept click itself."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an appeal: its state, and the row of the machine's table by which it was granted."""

    state: str
    transition: str = ""


def decide(
    unit: Unit, department: Department, payload: DecideAppeal, own: Rights, now: datetime, command_id: str = ""
) -> Decided:
    """Grant or refuse an appeal and tell the family.

    Raises ``Refusal``: ``not-allowed``, ``not-found``, ``own-child``, ``appeal-decided``, ``reason-missing``,
    ``reason-does-not-fit``, ``appeal-moot`` when the application has moved on and there is nothing to give back.
    """
    must_be_officer(own)
    locked = unit.connection.execute(_LOCK, {"id": payload.appeal_id, "tenant": department.tenant}).first()
    if locked is None:
        raise refuse("not-found", "appeal_id", status=404)
    (kept,) = fetch(unit.connection, Appeal, appeal.c.id == payload.appeal_id)
    held = applications.lock(unit.connection, department.tenant, [kept.application_id])[kept.application_id]
    if kept.state != "open":
        raise refuse("appeal-decided", by=kept.decided_by, number=held.row.number)
    reason = reasons.given(payload, domain.GRANTED if payload.granted else domain.NOT_GRANTED)
    if held.row.child_id in own.children:
        raise refuse("own-child", status=403)
    done = Decided("refused")
    if payload.granted:
        done = _grant(unit, department, kept, locked.payload, held, reason, own, now, command_id)
    values: dict[str, Any] = {
        "state": done.state,
        "reason": reason.words,
        "reason_code": reason.code,
        "decided_by": own.name,
        "decided_at": now,
    }
    unit.connection.execute(update(appeal).where(appeal.c.id == kept.id).values(**values))
    unit.changes.live(department.tenant, child_scope(held.row.child_id), "appeal", kept.id)
    if done.transition != _REINSTATED:  # that step tells by itself, with the reason
        code = "appeal-granted" if payload.granted else "appeal-refused"
        notice = Notice(code, reasons.plain(reason), sms=True)
        told = notices.Told(held.row, held.case, held.case, notice, now, own.name)
        notices.tell(unit, department, [told])
    audit.note(
        unit.connection, now, "appeal-decided", actor_id=own.user_id, subject=f"application:{held.row.number}",
        state=done.state,
    )  # fmt: skip
    return done


_REINSTATED: Final = "T82"


def _grant(
    unit: Unit,
    department: Department,
    kept: Appeal,
    stored: str,
    held: Held,
    reason: Reason,
    own: Rights,
    now: datetime,
    command_id: str,
) -> Decided:
    act = _act(stored, Event(kept.event))
    if act is not None and _still_leads_somewhere(unit, department, held, act, kept.occurred_at, now):
        family = ActorInfo(held.row.applicant_id, held.row.applicant, act.actor.value, offline=True)
        step = steps.take_step(unit, department, held.row.id, act, family, kept.occurred_at, command_id)
        return Decided("granted", step.transition)
    if held.row.state not in (State.ARCHIVED, State.STOP_LIST):
        raise refuse("appeal-moot", number=held.row.number)
    back = Act(
        Event.REINSTATE, Actor.OFFICER, reason=reason.words, reason_code=reason.code, documents=frozenset({DOCUMENT})
    )
    step = steps.take_step(unit, department, held.row.id, back, acting(own, Actor.OFFICER), now, command_id)
    return Decided("granted", _REINSTATED if step.transition.startswith(_REINSTATED) else step.transition)


def _act(stored: str, event: Event) -> Act | None:
    """Return the click as it was made, None when only its event was kept."""
    if not stored:
        return None
    made = msgspec.json.decode(stored, type=TakeStep)
    documents = frozenset(upload.kind for upload in attachments.parse(made.blobs))
    by_kindergarten = event in _BY_KINDERGARTEN
    return Act(
        event=event,
        actor=Actor.KINDERGARTEN if by_kindergarten else Actor.PARENT,
        group_id=made.group_id,
        item_id=made.item_id,
        until=made.until,
        days=made.days,
        documents=documents | frozenset(made.ticked) if by_kindergarten else documents,
        signature=made.signature,
        confirmed=made.confirmed,
        reason=made.reason.strip(),
        reason_code=made.reason_code,
    )


def _still_leads_somewhere(
    unit: Unit, department: Department, held: Held, act: Act, then: datetime, now: datetime
) -> bool:
    """Return whether the click may be carried out as of then and starts no term that would be over by now."""
    act, world = worlds.gather(unit.connection, department, held, act, then)
    rules = department.rules(Programme(held.row.programme), then)
    step = machine.step(held.case, act, world, rules, department.calendar, then)
    return isinstance(step, Step) and not any(term.passed(now) for term in step.case.timers.values())
