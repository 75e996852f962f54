"""A family before an education department, as rows of the cache: children and applications in every state.

Everybody is invented; check digits are valid. Terms are those that the machine gives for what happened before ``NOW``.
The department itself is in ``kokshetau``, and is had from here too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from models.contract.admission_records import (
    Application,
    Attachment,
    Child,
    Guardian,
    HistoryEntry,
    Placement,
    QueuePosition,
    Referral,
    WaitingEntry,
)
from models.contract.record import Record
from models.contract.records import Message, Person
from models.domain.admissions.states import State
from tests.samples.kokshetau import (
    CITY,
    DEPARTMENT,
    DISTRICT,
    NOW,
    REGION,
    TEMPORARY,
    VILLAGE,
    at,
    bulletin,
    department,
    iin,
    kindergartens,
    localities,
    midnight_after,
    opinions,
    rules,
    statistics,
)
from tests.samples.letters import own_letters
from tests.samples.rows import words

__all__ = [
    "CITY",
    "CONTRACT_DUE",
    "DAUGHTER",
    "DEPARTMENT",
    "DISTRICT",
    "FIRST",
    "FOURTH",
    "NIECE",
    "NOW",
    "OLD",
    "PARENT",
    "REGION",
    "SECOND",
    "SON",
    "STANDS",
    "TEMPORARY",
    "THIRD",
    "VILLAGE",
    "application",
    "applications",
    "at",
    "bulletin",
    "children",
    "department",
    "family_rows",
    "iin",
    "kindergartens",
    "letters",
    "localities",
    "midnight_after",
    "opinions",
    "person",
    "rules",
    "statistics",
]

PARENT: Final = 7
SON, DAUGHTER, NIECE = 301, 302, 303
FIRST, SECOND, THIRD, OLD, FOURTH = 4001, 4002, 4003, 4004, 4005
"""Applications: the son's with a voucher (its state may be chosen), the daughter's in the bulletin, the niece's in the
special queue, the son's archived one, the daughter's in waiting lists."""


def person() -> Person:
    """Return the parent of the samples."""
    return Person(
        PARENT,
        "aigul",
        "Сейтқали Айгүл Маратқызы",
        "aigul@example.kz",
        "",
        "+7 (701) 555-01-07",
        "kk",
        ["parent"],
        code="940225401806",
        born=date(1994, 2, 25),
        sex="female",
        extra_phone="",
        address="Көкшетау қ., Абай к-сі, 112–34",
    )


def children() -> list[Record]:
    """Return two own children and an entrusted one, with their guardians."""

    def child(number: int, surname: str, given: str, patronymic: str, born: date, female: bool, serial: int) -> Child:
        sex = "female" if female else "male"
        return Child(number, DEPARTMENT, iin(born, female, serial), surname, given, patronymic, born, sex, "Қазақ")

    mother, since = "Сейтқали Айгүл Маратқызы", at(12, 10, month=1)
    return [
        child(SON, "Алыбай", "Алдияр", "Қуандықұлы", date(2022, 9, 17), False, 81),
        child(DAUGHTER, "Алыбай", "Аружан", "Қуандыққызы", date(2022, 11, 3), True, 82),
        child(NIECE, "Каменова", "Дания", "Ермекқызы", date(2021, 7, 20), True, 83),
        Guardian(601, SON, PARENT, mother, "parent", True, since),
        Guardian(602, DAUGHTER, PARENT, mother, "parent", True, since),
        Guardian(603, NIECE, PARENT, mother, "entrusted", True, at(2, 12, month=3), until=at(31, 0, month=12)),
        Guardian(604, NIECE, 9, "Каменов Ермек Серікұлы", "parent", True, since, phone="+7 (702) 555-90-12"),
        Guardian(605, SON, 8, "Алыбай Қуандық Серікұлы", "entrusted", False, at(15, 12, month=2)),
    ]


def _terms(kind: str, when: str, *, day: bool = True) -> dict[str, Any]:
    return {"terms": {kind: when}, "day_terms": [kind] if day else []}


CONTRACT_DUE: Final = at(15, 15, 37, second=26)
"""Five working days from 08.04.2026 15:37:26."""
STANDS: Final[dict[State, dict[str, Any]]] = {
    State.DOCS_REVIEW: {"programme": "special", "correction": "speech", "organisation_id": 105},
    State.QUEUED: {},
    State.VOUCHER_ISSUED: {"voucher": "issued", **_terms("interest", midnight_after(10))},
    State.VOUCHER_ACTIVE: {"voucher": "active", **_terms("contract", CONTRACT_DUE.isoformat(), day=False)},
    State.VOUCHER_WAITLISTED: {"voucher": "active", "contract_left": 4},
    State.PLACE_OFFERED: {
        "voucher": "active",
        "group_id": 1012,
        "contract_left": 4,
        **_terms("offer", midnight_after(13)),
    },
    State.CONTRACT_ORG: {
        "voucher": "active",
        "group_id": 1012,
        "terms": {"contract": CONTRACT_DUE.isoformat(), "organisation": midnight_after(13)},
        "day_terms": ["organisation"],
    },
    State.CONTRACT_PARENT: {
        "voucher": "active",
        "group_id": 1012,
        "contract_sent": True,
        **_terms("contract", CONTRACT_DUE.isoformat(), day=False),
    },
    State.CONTRACT_ORG_SIGN: {
        "voucher": "active",
        "group_id": 1012,
        "contract_sent": True,
        "contract_left": 4,
        **_terms("organisation", midnight_after(13)),
    },
    State.BUL_APPLIED: {
        "programme": "bulletin",
        "group_id": 1011,
        "item_id": 801,
        **_terms("activation", midnight_after(13)),
    },
    State.REFERRAL_ISSUED: {
        "programme": "bulletin",
        "group_id": 1011,
        "item_id": 801,
        **_terms("referral", midnight_after(9)),
    },
    State.STOP_LIST: {
        "stop": "interest",
        "step_before_stop": "voucher-issued",
        **_terms("restore", midnight_after(4, month=5)),
    },
    State.ENROLLED: {"voucher": "in-use", "group_id": 1012, "placement_group_id": 1012},
    State.ARCHIVED: {"archive": "voucher-refused", "step_before_stop": "voucher-issued"},
}
"""How the son's application stands in each state."""


def application(number: int, child: int, state: State, **columns: Any) -> Application:
    """Return an application of a child in a state with what belongs to it."""
    values: dict[str, Any] = {
        "department_id": DEPARTMENT,
        "number": f"ОДО-2026-{number - 3753}",
        "programme": "general",
        "child_id": child,
        "applicant_id": PARENT,
        "applicant": "Сейтқали Айгүл Маратқызы",
        "phone": "+7 (701) 555-01-07",
        "state": state.value,
        "state_since": at(8, 15, 37, second=26),
        "submitted_at": at(12, 11, 21, month=1, second=8),
        "rank_date": at(12, 11, 21, month=1, second=8),
        "category_id": 21,
        "category_rank": 33,
        "benefit": "",
        "benefit_state": "",
        "languages": ["kk", "ru"],
        "locality_id": CITY,
        "correction": "",
        "organisation_id": None,
        "stop": "",
        "archive": "",
        "terms": {},
        "day_terms": [],
        "restore_used": 0,
        "extended": False,
        "referral_extended": False,
        "declines": 0,
        "voucher": "",
        "voucher_number": "",
        "group_id": None,
        "item_id": None,
        "placement_group_id": None,
        "contract_left": None,
        "temp": "none",
        "temp_end": "",
        "temp_group_id": None,
        "temp_until": None,
        "temp_voucher": "",
        "flags": [],
    }
    values |= STANDS.get(state, {}) | columns
    if values["voucher"]:
        values["voucher_number"] = values["voucher_number"] or f"В-2026-{number}"
    return Application(id=number, **values)


def applications(first: State = State.VOUCHER_ISSUED) -> list[Record]:
    """Return the family's applications with everything that hangs on them; ``first`` is the state of the son's."""
    son = application(FIRST, SON, first)
    rows: list[Record] = [
        son,
        application(SECOND, DAUGHTER, State.QUEUED, programme="bulletin", languages=["kk", "ru"],
                    submitted_at=at(20, 16, 20, month=2, second=1), rank_date=at(20, 16, 20, month=2, second=1)),
        application(THIRD, NIECE, State.DOCS_REVIEW, languages=["kk"], submitted_at=at(6, 10, 4, second=15),
                    rank_date=at(6, 10, 4, second=15)),
        application(OLD, SON, State.ARCHIVED, archive="voucher-expired", step_before_stop="voucher-active",
                    submitted_at=at(5, 9, 15, month=1, second=40), state_since=at(9, 12, 0, month=1)),
        application(FOURTH, DAUGHTER, State.VOUCHER_WAITLISTED, category_id=22, category_rank=23, benefit="large",
                    benefit_state="verified"),
        QueuePosition(SECOND, SECOND, 391, 1204, NOW - timedelta(minutes=12)),
        WaitingEntry(5001, FOURTH, 1021, "waiting", at(8, 16), 3),
        WaitingEntry(5002, FOURTH, 1022, "waiting", at(8, 16, 5), 1),
        Attachment(5501, THIRD, NIECE, "pmpk", "ПМПК қорытындысы.pdf", "application/pdf", 184_320, "ab" * 32,
                   at(6, 10, 3), "received"),
        Attachment(5502, FIRST, SON, "birth-certificate", "Туу туралы куәлік.pdf", "application/pdf", 98_304,
                   "cd" * 32, at(12, 11, month=1), "accepted", checked_by="Бекова С."),
        Attachment(5503, FIRST, SON, "027", "027у.jpg", "image/jpeg", 412_000, "ef" * 32, at(12, 11, 2, month=1),
                   "refused", checked_by="Бекова С.", reason="Мөр көрінбейді"),
        *_history(first),
    ]  # fmt: skip
    if first is State.QUEUED:
        rows.append(QueuePosition(FIRST, FIRST, 27, 311, NOW - timedelta(minutes=12)))
    if first is State.PLACE_OFFERED:
        rows.append(WaitingEntry(5003, FIRST, 1012, "offered", at(8, 17), 1))
    if first is State.VOUCHER_WAITLISTED:
        rows.append(WaitingEntry(5003, FIRST, 1021, "waiting", at(8, 17), 2))
    if first is State.REFERRAL_ISSUED:
        rows.append(Referral(5601, FIRST, "Ж-2026-118", "permanent", 1011, at(2, 12), date(2026, 4, 9), "valid"))
    if first is State.ENROLLED:
        rows.append(Placement(5701, FIRST, SON, 1012, "permanent", date(2026, 4, 8)))
    return rows


def _history(first: State) -> list[Record]:
    mother, clerk = "Сейтқали Айгүл Маратқызы", "Бекова Сәуле"
    before = State.VOUCHER_ISSUED if first is State.VOUCHER_ACTIVE else State.QUEUED
    steps = [
        (1, FIRST, at(12, 11, 21, month=1, second=8), "T01", "submit", "parent", mother, "draft", "queued", ""),
        (2, FIRST, at(8, 9, 30), "T06", "issue-voucher", "officer", clerk, "queued", "voucher-issued", ""),
        (3, SECOND, at(20, 16, 20, month=2, second=1), "T01", "submit", "parent", mother, "draft", "queued", ""),
        (4, THIRD, at(6, 10, 4, second=15), "T02", "submit", "parent", mother, "draft", "docs-review", ""),
        (5, OLD, at(5, 9, 15, month=1, second=40), "T01", "submit", "parent", mother, "draft", "queued", ""),
        (6, OLD, at(9, 12, month=1), "T22", "contract-expires", "clock", "", "voucher-active", "archived", ""),
        (7, FOURTH, at(8, 16), "T16", "join-waitlist", "parent", mother, "voucher-active", "voucher-waitlisted", ""),
    ]
    if first not in (State.VOUCHER_ISSUED, State.QUEUED, State.DOCS_REVIEW):
        steps.append((8, FIRST, at(8, 15, 37, second=26), "T07", "confirm-interest", "parent", mother, before.value,
                      first.value, ""))  # fmt: skip
    return [HistoryEntry(6000 + number, *rest) for number, *rest in steps]  # type: ignore[arg-type]


def letters() -> list[Record]:
    """Return messages about children: a voucher, a place in the queue."""
    voucher = words("Ваучер берілді", "Выдан ваучер", "Видано ваучер", "A voucher has been issued")
    return [
        Message(7001, DEPARTMENT, None, "notification", voucher, words(
            "Балаға ваучер берілді. Қызығушылықты 10.04.2026 күнінің соңына дейін растаңыз.",
            "Ребёнку выдан ваучер. Подтвердите заинтересованность до конца 10.04.2026.",
            "Дитині видано ваучер. Підтвердьте зацікавленість до кінця 10.04.2026.",
            "A voucher has been issued for the child. Confirm your interest by the end of 10.04.2026."),
            at(8, 9, 30), "application", SON, FIRST),
        Message(7002, DEPARTMENT, None, "notification", words(
            "Өтініш қабылданды", "Заявление принято", "Заяву прийнято", "Application accepted"), words(
            "Сіздің өтінішіңіз қабылданды. Кезектегі орныңыз 391.", "Ваше заявление принято. Номер в очереди 391.",
            "Вашу заяву прийнято. Номер у черзі 391.", "Your application is accepted. Your place in the queue is 391."),
            at(20, 16, 20, month=2), "application", DAUGHTER, SECOND),
    ]  # fmt: skip


def family_rows(first: State = State.VOUCHER_ISSUED) -> list[Record]:
    """Return every row that the cache of the parent of the samples holds."""
    return [
        department(), person(), *localities(), *kindergartens(), *rules(), *children(), *applications(first),
        *bulletin(), *opinions(), *statistics(), *letters(), *own_letters(),
    ]  # fmt: skip
