"""Papers of the family in tests.samples.balabaqsha, and a round of vouchers, ready to be made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeVar

import msgspec

from documents.admission_views import (
    ApplicationPrintView,
    ContractView,
    DataState,
    ProtocolView,
    QueueLine,
    QueueView,
    ReferralView,
    Where,
)
from models.contract.admission_records import (
    Application,
    Attachment,
    Benefit,
    Category,
    Child,
    Group,
    HistoryEntry,
    Iteration,
    IterationLine,
    Locality,
    Organisation,
    Placement,
    QueuePosition,
    Referral,
    WaitingEntry,
)
from models.contract.contracts import Facts, Signature, digest, facts_of, group_of, plain
from models.contract.record import Record
from models.domain.admissions.rules import DEFAULTS, Rules
from models.domain.admissions.states import Programme, State
from tests.samples import balabaqsha as family

R = TypeVar("R", bound=Record)
DATA: Final = DataState(family.at(9, 14, 28), 2041, "6f1d7c1e00aa")
MADE: Final = family.NOW
replace = msgspec.structs.replace


def _rows(first: State) -> list[Record]:
    return family.family_rows(first)


def _of(rows: Sequence[Record], kind: type[R], **values: Any) -> list[R]:
    found = [row for row in rows if isinstance(row, kind)]
    return [row for row in found if all(getattr(row, name) == value for name, value in values.items())]


def where(group_id: int) -> Where:
    """Return a group of the samples with its kindergarten."""
    rows = family.family_rows()
    (group,) = _of(rows, Group, id=group_id)
    (organisation,) = _of(rows, Organisation, id=group.organisation_id)
    return Where(organisation, group)


def referral_view(**values: Any) -> ReferralView:
    """Return the son's referral from the bulletin; ``values`` change the referral."""
    rows = _rows(State.REFERRAL_ISSUED)
    (application,) = _of(rows, Application, id=family.FIRST)
    (referral,) = _of(rows, Referral, application_id=family.FIRST)
    (child,) = _of(rows, Child, id=family.SON)
    place = where(referral.group_id)
    (locality,) = _of(rows, Locality, id=place.organisation.locality_id)
    rules = DEFAULTS[Programme.BULLETIN]
    return ReferralView(
        family.department(), replace(referral, **values), application, child, place, locality.name, rules, DATA
    )


def temporary_view() -> ReferralView:
    """Return the daughter's referral to a temporary place until 30.04.2026."""
    rows = _rows(State.QUEUED)
    (child,) = _of(rows, Child, id=family.DAUGHTER)
    until = date(2026, 4, 30)
    application = family.application(
        family.FOURTH, family.DAUGHTER, State.QUEUED, temp="booked", temp_group_id=1012, temp_until=until
    )
    referral = Referral(5602, family.FOURTH, "Ж-2026-119", "temporary", 1012, family.at(8, 12), until, "valid")
    place = where(1012)
    (locality,) = _of(rows, Locality, id=place.organisation.locality_id)
    return ReferralView(
        family.department(), referral, application, child, place, locality.name, DEFAULTS[Programme.GENERAL], DATA
    )


def contract_facts(state: State = State.CONTRACT_PARENT) -> Facts:
    """Return what the contract of the son's place says."""
    rows = _rows(state)
    (application,) = _of(rows, Application, id=family.FIRST)
    (child,) = _of(rows, Child, id=family.SON)
    place = where(group_of(application) or 0)
    (locality,) = _of(rows, Locality, id=place.organisation.locality_id)
    referrals = _of(rows, Referral, application_id=family.FIRST)
    return facts_of(application, child, place.organisation, place.group, locality.name, referrals)


MOTHER_SIGNED: Final = Signature(family.at(9, 14, 31, second=5), "Сейтқали Айгүл Маратқызы", "code")
HOUSE_SIGNED: Final = Signature(family.at(9, 16, 2, second=40), "Дүйсенова Мөлдір Умарқызы", "code")


def contract_view(state: State = State.CONTRACT_PARENT, **values: Any) -> ContractView:
    """Return the contract of the son's place in a state of its signing; ``values`` change the view."""
    facts = contract_facts(state)
    made: dict[str, Any] = {
        "digest": digest(plain(facts)),
        "draft": state is State.CONTRACT_ORG,
        "phone": "+7 (7162) 25-11-01",
        "parent_phone": "+7 (701) 555-01-07",
        "parent_code": "940225401806",
    }
    if state in (State.CONTRACT_ORG_SIGN, State.ENROLLED):
        made["parent"] = MOTHER_SIGNED
    if state is State.ENROLLED:
        made |= {"organisation": HOUSE_SIGNED, "starts": date(2026, 4, 9)}
    return ContractView(family.department(), facts, DATA, **(made | values))


def application_view(application_id: int = family.FIRST, first: State = State.VOUCHER_ISSUED) -> ApplicationPrintView:
    """Return an application of the samples with everything that hangs on it."""
    rows = _rows(first)
    (application,) = _of(rows, Application, id=application_id)
    (child,) = _of(rows, Child, id=application.child_id)
    (locality,) = _of(rows, Locality, id=application.locality_id)
    own = {"application_id": application_id}
    entries = _of(rows, WaitingEntry, **own)
    groups = {entry.group_id for entry in entries} | {row.group_id for row in _of(rows, Placement, **own)}
    groups |= {row.group_id for row in _of(rows, Referral, **own)}
    groups |= {one for one in (application.group_id, application.temp_group_id) if one is not None}
    return ApplicationPrintView(
        family.department(),
        application,
        child,
        locality.name,
        DATA,
        category=next((row.name for row in _of(rows, Category, id=application.category_id)), {}),
        benefit=next((row.name for row in _of(rows, Benefit, code=application.benefit)), {}),
        wanted=next(iter(_of(rows, Organisation, id=application.organisation_id)), None),
        position=next(iter(_of(rows, QueuePosition, **own)), None),
        places={group_id: where(group_id) for group_id in sorted(groups)},
        entries=entries,
        referrals=_of(rows, Referral, **own),
        placements=_of(rows, Placement, **own),
        attachments=_of(rows, Attachment, **own),
        history=_of(rows, HistoryEntry, **own),
    )


def protocol_view(lines: int = 90, state: str = "issued", rules: Rules | None = None) -> ProtocolView:
    """Return a round of vouchers of the city for children of 2022, planned by one officer and issued by another."""
    rows = _rows(State.QUEUED)
    skips = {4: "child-too-young", 11: "voucher-already", 17: "twins-need-more"}
    names = ("Алыбай Алдияр", "Каменова Дания", "Сағынтай Әмина", "Ли Артём", "Нұрғали Төре-Әлі Бекзатұлы")
    listed = [
        IterationLine(
            9000 + number,
            8001,
            number,
            4100 + number,
            f"ОДО-2026-{200 + number}",
            names[number % len(names)],
            23 if number < 12 else 33,
            family.at(12, 9, month=1) + timedelta(minutes=7 * number, microseconds=441900 + number),
            skips.get(number, ""),
        )
        for number in range(1, lines + 1)
    ]
    given = sum(not line.skipped for line in listed)
    issued = state == "issued"
    iteration = Iteration(
        8001, family.DEPARTMENT, "И-2026-7", "general", family.CITY, 2022, "kk", 100, given, state, "Бекова Сәуле",
        family.at(8, 9, 10), "Омаров Дәулет" if issued else "", family.at(8, 9, 30) if issued else None,
        "5b1f0c77d2a94e3388aa00ff1122334455667788990011223344556677889900",
    )  # fmt: skip
    (locality,) = _of(rows, Locality, id=family.CITY)
    return ProtocolView(
        family.department(), iteration, listed, _of(rows, Category), rules or DEFAULTS[Programme.GENERAL], DATA,
        locality.name,
    )  # fmt: skip


def queue_view(lines: int = 120, **values: Any) -> QueueView:
    """Return the queue of the city's children of 2022 without names; ``values`` change it."""
    rows = _rows(State.QUEUED)
    (locality,) = _of(rows, Locality, id=family.CITY)
    three, large = _of(rows, Category)[:2]
    listed = [
        QueueLine(
            number,
            f"ОДО-2026-{200 + number}",
            2022,
            large.name if number < 12 else three.name,
            family.at(12, 9, month=1) + timedelta(minutes=7 * number, microseconds=441900 + number),
            ("kk", "ru") if number % 3 else ("kk",),
        )
        for number in range(1, lines + 1)
    ]
    made: dict[str, Any] = {
        "department": family.department(),
        "programme": "general",
        "at": family.at(9, 14, 20),
        "lines": listed,
        "total": 612,
        "data": DATA,
        "locality": locality.name,
        "birth_year": 2022,
        "own": frozenset({"ОДО-2026-248"}),
    }
    return QueueView(**(made | values))
