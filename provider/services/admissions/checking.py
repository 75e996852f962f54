"""What an officer, a doctor or a kindergarten decides about a family's papers: documents and claimed benefits.

Nobody decides about a child of their own family.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Select, select, text, update

from models.contract.admission_commands import CheckDocument, VerifyBenefit
from models.contract.admission_records import Application, Attachment
from models.domain.admissions import reasons as domain
from models.domain.admissions.case import Act, Notice
from models.domain.admissions.states import Actor, Event, Flag, State
from provider.services import audit
from provider.services.admissions import applications, audience, notices, positions, reasons, waiting
from provider.services.admissions.applications import Held
from provider.services.admissions.attachments import KINDS
from provider.services.admissions.authority import must_be_officer
from provider.services.admissions.department import Department
from provider.services.admissions.journal import Line, write_history
from provider.services.admissions.outside import category_columns
from provider.services.admissions.rights import Rights
from provider.services.refusals import refuse
from provider.store.changes import child_scope
from provider.store.database import Unit
from provider.store.rows import fetch
from provider.store.tables_admissions import application, attachment

BENEFIT_EVENT: Final = "benefit-decided"
DOCUMENT_EVENT: Final = "document-checked"
_PMPK: Final = frozenset({"pmpk"})
_SIGNED_OVER: Final = frozenset(KINDS) - {"benefit"}
_DECIDED: Final[Mapping[Event, tuple[bool, frozenset[str]]]] = {
    Event.DOC_CONFIRM: (True, _PMPK),
    Event.DOC_REJECT: (False, _PMPK),
    Event.SIGN_ORG: (True, _SIGNED_OVER),
    Event.SIGN_CONTRACT: (True, _SIGNED_OVER),
}
"""Events of a whole application that accept or refuse its papers, and of which kinds."""
_LISTS: Final = text("SELECT group_id FROM waiting_entry WHERE application_id = :id AND state = 'waiting'")
NO_DOUBT: Final[Mapping[str, Any]] = {
    "benefit_doubt_by": "",
    "benefit_doubt_by_id": None,
    "benefit_doubt": "",
    "benefit_doubt_code": "",
}
"""Columns of an application whose proved benefit no officer wants to take away."""
_CHECKED_BY: Final = text("SELECT checked_by_id FROM attachment WHERE id = :id")
_LOCK: Final = text("SELECT 1 FROM attachment WHERE id = :id AND tenant_id = :tenant FOR UPDATE")


def verify_benefit(
    unit: Unit, department: Department, payload: VerifyBenefit, own: Rights, now: datetime, command_id: str = ""
) -> Application:
    """Return an application whose claimed benefit was decided: it counts from now on, or the general category does.

    Two officers have to find it proved before it counts, since it moves a child ahead of others, and two that it is
    not before a proved one counts no more; one may refuse a claim. The date stays. Raises ``Refusal``: ``not-allowed``,
    ``not-found``, ``own-child``, ``no-benefit`` for one that claims none, ``reason-missing`` for a refusal without one,
    ``needs-another-officer`` for who was the first, ``nothing-to-change`` for one that is proved already.
    Source: D-06, R-ADM-39.
    """
    must_be_officer(own)
    held = _application(unit, department, payload.application_id, own)
    row = held.row
    if not row.benefit or row.state in (State.DRAFT, State.ARCHIVED):
        raise refuse("no-benefit")
    reason = reasons.given(payload, domain.BENEFIT, needed=not payload.accepted)
    first = _first_of_two(row, own, reason, accepted=payload.accepted)
    if first is not None:
        return _noted(unit, department, row, own, now, *first)
    decided = "verified" if payload.accepted else "refused"
    by: dict[str, Any] = {
        "benefit_state": decided,
        "benefit_by": row.benefit_by if payload.accepted else "",
        "benefit_by_id": None,
        **NO_DOUBT,
    }
    flags = sorted(set(row.flags) - {Flag.BENEFIT_OPEN.value})
    changed = msgspec.structs.replace(row, flags=flags, version=row.version + 1, **by)
    columns = category_columns(department, Held(changed, held.born), now)
    changed = msgspec.structs.replace(changed, **columns)
    unit.connection.execute(
        update(application)
        .where(application.c.id == row.id)
        .values(flags=flags, version=changed.version, **by, **columns)
    )
    audience.note_application(unit, department.tenant, changed)
    detail = {
        "benefit": [row.benefit, row.benefit],
        "benefit_state": [row.benefit_state, decided],
        "category_rank": [row.category_rank, changed.category_rank],
    }
    line = Line(changed, BENEFIT_EVENT, Actor.OFFICER.value, reason, detail)
    write_history(unit, department.tenant, [line], own, now, command_id)
    after = Held(changed, held.born)
    code = "benefit-verified" if payload.accepted else "benefit-refused"
    notice = Notice(code, reasons.plain(reason), sms=True)
    notices.tell(unit, department, [notices.Told(changed, after.case, held.case, notice, now, own.name)])
    if changed.category_rank != row.category_rank:
        waiting.renumber(unit, department.tenant, unit.connection.execute(_LISTS, {"id": row.id}).scalars().all())
    if changed.state == State.QUEUED:
        found = positions.position(unit.connection, row.id, department, now)
        if found is not None:
            positions.keep(unit, department.tenant, row.id, row.child_id, found)
    audit.note(unit.connection, now, "benefit-decided", actor_id=own.user_id, subject=f"application:{row.number}")
    return changed


def claim_again(
    unit: Unit, department: Department, held: Held, own: Rights, actor: Actor, now: datetime, command_id: str = ""
) -> None:
    """Let officers decide a refused benefit again, as another proof of it has come; until then nothing changes.

    Does nothing for a benefit that was not refused. Source: R-ADM-39.
    """
    row = held.row
    if not row.benefit or row.benefit_state != "refused":
        return
    flags = sorted({*row.flags, Flag.BENEFIT_OPEN.value})
    by: dict[str, Any] = {"benefit_state": "claimed", "benefit_by": "", "benefit_by_id": None, **NO_DOUBT}
    changed = msgspec.structs.replace(row, flags=flags, version=row.version + 1, **by)
    unit.connection.execute(
        update(application).where(application.c.id == row.id).values(flags=flags, version=changed.version, **by)
    )
    audience.note_application(unit, department.tenant, changed)
    detail = {"benefit": [row.benefit, row.benefit], "benefit_state": ["refused", "claimed"]}
    line = Line(changed, Event.EDIT.value, actor.value, domain.Reason(), detail)
    write_history(unit, department.tenant, [line], own, now, command_id)
    audit.note(unit.connection, now, "benefit-claimed-again", actor_id=own.user_id, subject=f"application:{row.number}")


def _first_of_two(
    row: Application, own: Rights, reason: domain.Reason, *, accepted: bool
) -> tuple[str, dict[str, Any]] | None:
    """Return what is noted where another officer has to say the same before it counts, None where it is decided."""
    proved = row.benefit_state == "verified"
    if accepted and proved:
        if row.benefit_doubt_by_id is None:
            raise refuse("nothing-to-change")
        return "benefit-stays", dict(NO_DOUBT)
    if not (accepted or proved):
        return None
    first = row.benefit_by_id if accepted else row.benefit_doubt_by_id
    if first == own.user_id:
        raise refuse("needs-another-officer")
    if first is not None:
        return None
    if accepted:
        return "benefit-proposed", {"benefit_by": own.name, "benefit_by_id": own.user_id}
    return "benefit-doubted", {
        "benefit_doubt_by": own.name,
        "benefit_doubt_by_id": own.user_id,
        "benefit_doubt": reason.words,
        "benefit_doubt_code": reason.code,
    }


def _noted(
    unit: Unit, department: Department, row: Application, own: Rights, now: datetime, action: str, by: dict[str, Any]
) -> Application:
    """Return the application with what one officer found of its benefit; nothing else changes by that."""
    changed = msgspec.structs.replace(row, version=row.version + 1, **by)
    unit.connection.execute(update(application).where(application.c.id == row.id).values(version=changed.version, **by))
    audience.note_application(unit, department.tenant, changed)
    audit.note(unit.connection, now, action, actor_id=own.user_id, subject=f"application:{row.number}")
    return changed


def check_document(
    unit: Unit, department: Department, payload: CheckDocument, own: Rights, now: datetime, command_id: str = ""
) -> str:
    """Return the state of a document that was accepted or refused; a refusal is told to the family.

    Officers may, a doctor while the application is before them, and the kindergarten where the child has or gets a
    place. Whoever decided may correct it. Raises ``Refusal``: ``not-found``, ``own-child``, ``reason-missing``,
    ``document-decided`` (value ``by``) for what somebody else decided meanwhile, ``day-passed`` for a document that is
    accepted although it is not valid any more. Source: R-ADM-41.
    """
    unit.connection.execute(_LOCK, {"id": payload.attachment_id, "tenant": department.tenant})
    found = fetch(
        unit.connection, Attachment, attachment.c.id == payload.attachment_id,
        attachment.c.tenant_id == department.tenant,
    )  # fmt: skip
    if not found:
        raise refuse("not-found", "attachment_id", status=404)
    document = found[0]
    held = None
    if document.application_id is not None:
        held = applications.lock(unit.connection, department.tenant, [document.application_id])[document.application_id]
    actor = _checker(unit, own, document, held)
    by = unit.connection.execute(_CHECKED_BY, {"id": document.id}).scalar()
    if document.state != "received" and by != own.user_id:
        raise refuse("document-decided", by=document.checked_by)
    reason = reasons.given(payload, domain.DOCUMENT, needed=not payload.accepted)
    today = department.calendar.local_day(now)
    if payload.accepted and payload.valid_until is not None and payload.valid_until < today:
        raise refuse("day-passed", "valid_until", day=today.isoformat())
    state = "accepted" if payload.accepted else "refused"
    values: dict[str, Any] = {
        "state": state,
        "checked_by": own.name,
        "checked_by_id": own.user_id,
        "reason": reason.words,
        "reason_code": reason.code,
    }
    if payload.accepted:
        values["valid_until"] = payload.valid_until
    unit.connection.execute(update(attachment).where(attachment.c.id == document.id).values(**values))
    if held is None:
        unit.changes.live(department.tenant, child_scope(document.child_id), "attachment", document.id)
        return state
    audience.note_belonging(unit, department.tenant, held.row, "attachment", document.id)
    detail = {"document": document.id, "kind": document.kind, "state": [document.state, state]}
    line = Line(held.row, DOCUMENT_EVENT, actor.value, reason, detail)
    write_history(unit, department.tenant, [line], own, now, command_id)
    if not payload.accepted:
        notice = Notice("document-refused", {**reasons.plain(reason), "document": document.name}, sms=True)
        notices.tell(unit, department, [notices.Told(held.row, held.case, held.case, notice, now, own.name)])
    return state


def unseen(connection: Connection, application_id: int, event: Event, seen: Collection[int]) -> bool:
    """Return whether a step would decide a paper that came after whoever decides had looked. Source: R-ADM-38."""
    _accepted, kinds = _DECIDED.get(event, (False, frozenset()))
    return bool(set(connection.execute(_open_papers(application_id, kinds)).scalars()) - set(seen))


def _open_papers(application_id: int, kinds: Collection[str]) -> Select[Any]:
    """Return the papers of these kinds that nobody has decided."""
    return select(attachment.c.id).where(
        attachment.c.application_id == application_id,
        attachment.c.state == "received",
        attachment.c.kind.in_(kinds),
    )


def decide_with(unit: Unit, department: Department, application_id: int, act: Act, own: Rights) -> None:
    """Decide the papers of an application that a step has decided, so that nobody is asked about them once more.

    A doctor who confirms or rejects does so with the conclusion of the commission; a kindergarten that signs has
    accepted what the family attached. A claimed benefit is decided apart. Source: T03, T04, T28, T55.
    """
    accepted, kinds = _DECIDED.get(act.event, (False, frozenset()))
    documents = unit.connection.execute(_open_papers(application_id, kinds)).scalars().all()
    if not documents:
        return
    reason = domain.Reason() if accepted else domain.Reason(act.reason_code, act.reason)
    values = {
        "state": "accepted" if accepted else "refused",
        "checked_by": own.name,
        "checked_by_id": own.user_id,
        "reason": reason.words,
        "reason_code": reason.code,
    }
    held = applications.lock(unit.connection, department.tenant, [application_id])[application_id]
    unit.connection.execute(update(attachment).where(attachment.c.id.in_(documents)).values(**values))
    for document in documents:
        audience.note_belonging(unit, department.tenant, held.row, "attachment", document)


def _application(unit: Unit, department: Department, application_id: int, own: Rights) -> Held:
    held = applications.lock(unit.connection, department.tenant, [application_id]).get(application_id)
    if held is None:
        raise refuse("not-found", "application_id", status=404)
    if held.row.child_id in own.children:
        raise refuse("own-child", status=403)
    return held


def _checker(unit: Unit, own: Rights, document: Attachment, held: Held | None) -> Actor:
    if document.child_id in own.children:
        raise refuse("own-child", status=403)
    if own.officer:
        return Actor.OFFICER
    if held is not None:
        if own.doctor and held.row.state == State.DOCS_REVIEW:
            return Actor.DOCTOR
        groups = [group for group in (held.row.group_id, held.row.placement_group_id) if group is not None]
        owners = applications.organisations(unit.connection, groups)
        if own.organisations & set(owners.values()):
            return Actor.KINDERGARTEN
    raise refuse("not-found", "attachment_id", status=404)
