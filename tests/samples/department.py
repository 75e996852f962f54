"""A department's office as rows of the cache: the family of ``balabaqsha`` among others, in every state.

Everybody is invented. ``OFFICER`` planned one round, ``COLLEAGUE`` another; so the first can issue only the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from models.contract.admission_records import (
    Appeal,
    Application,
    Attachment,
    BulletinItem,
    CalendarDay,
    Category,
    Child,
    Group,
    Guardian,
    HistoryEntry,
    Iteration,
    IterationLine,
    ProgrammeRules,
    QueuePosition,
    Review,
)
from models.contract.collection_records import Collection, Forming, FormingLine, WishList
from models.contract.record import Record
from models.contract.records import Message, Person
from models.domain.admissions.states import State
from tests.samples import balabaqsha
from tests.samples.balabaqsha import CITY, DEPARTMENT, DISTRICT, NOW, VILLAGE, application, at, iin, midnight_after
from tests.samples.letters import letters_of_others
from tests.samples.rows import words

OFFICER: Final = "Бекова Сәуле Тимурқызы"
COLLEAGUE: Final = "Жақсылықов Нұрлан Әлібекұлы"
DOCTOR: Final = "Ермекова Гүлнар Бауыржанқызы"
DIRECTOR: Final = "Дүйсенова Мөлдір Умарқызы"
KINDERGARTEN: Final = 101
ME, OTHER = 77, 78
"""Ids of the one who looks and of a colleague."""
MINE, THEIRS = 9001, 9002
"""Rounds that are planned: by the officer, and by a colleague."""
SURNAMES: Final = ("Ахметов", "Бейсенов", "Сейтқали", "Оспанов", "Жұмабаев", "Иванов", "Ким", "Төлеуов", "Қайратов")
GIVEN: Final = ("Алихан", "Айлин", "Мирас", "Раяна", "Сұлтан", "София", "Ерасыл", "Томирис", "Артём", "Медина")
FIRST_CHILD, FIRST_APPLICATION = 10_000, 20_000


def person(name: str, roles: Sequence[str]) -> Person:
    """Return somebody who works with the department."""
    return Person(ME, "staff", name, "staff@example.kz", "", "+7 (701) 555-00-77", "kk", list(roles))


def _children(count: int, start: int = 0) -> Iterator[Child]:
    serial = 1000
    for number in range(start, start + count):
        born = date(2020 + number % 4, 1 + number % 12, 1 + number % 28)
        female = number % 2 == 1
        surname = SURNAMES[number % len(SURNAMES)]
        if female and surname.endswith(("ов", "ев")):
            surname += "а"
        code = ""
        while not code:
            serial = serial % 9000 + 7
            try:
                code = iin(born, female, serial)
            except ValueError:
                continue
        yield Child(
            FIRST_CHILD + number, DEPARTMENT, code, surname, GIVEN[number % len(GIVEN)], "", born,
            "female" if female else "male", "",
        )  # fmt: skip


def crowd(count: int, start: int = 0) -> list[Record]:
    """Return children who wait in the general queue, with their numbers."""
    rows: list[Record] = []
    for number, child in enumerate(_children(count, start), start):
        filed = datetime(2025, 9, 1, 4, tzinfo=UTC) + timedelta(minutes=37 * number)
        rank = 33 if number % 7 else 23
        rows += [
            child,
            application(
                FIRST_APPLICATION + number, child.id, State.QUEUED, applicant=f"{child.surname} А.", applicant_id=500,
                category_id=21 if rank == 33 else 22, category_rank=rank, submitted_at=filed, rank_date=filed,
                state_since=filed, languages=[["kk"], ["ru"], ["kk", "ru"]][number % 3],
                locality_id=[CITY, CITY, DISTRICT, VILLAGE][number % 4],
            ),
            QueuePosition(
                FIRST_APPLICATION + number, FIRST_APPLICATION + number, number + 1, count, NOW - timedelta(minutes=12)
            ),
        ]  # fmt: skip
    return rows


def at_work() -> list[Record]:
    """Return applications that somebody has to act on, with what hangs on them."""
    people = list(_children(14, 500))
    rows: list[Record] = [*people]

    def add(number: int, state: State, **columns: Any) -> Application:
        child = people[number]
        row = application(31_000 + number, child.id, state, applicant=f"{child.surname} Г.", **columns)
        rows.append(row)
        return row

    add(
        0,
        State.DOCS_REVIEW,
        submitted_at=at(1, 9, 12),
        rank_date=at(1, 9, 12),
        correction="vision",
        organisation_id=105,
    )
    add(1, State.DOCS_REVIEW, submitted_at=at(8, 16, 45), rank_date=at(8, 16, 45))
    add(2, State.CONTRACT_ORG, group_id=1011, state_since=at(8, 10))
    add(
        3,
        State.CONTRACT_ORG,
        group_id=1012,
        flags=["escalated"],
        state_since=at(3, 10),
        terms={"contract": at(10, 12, 30).isoformat()},
        day_terms=[],
    )
    add(4, State.CONTRACT_ORG_SIGN, group_id=1011, terms={"organisation": midnight_after(9)})
    add(5, State.CONTRACT_PARENT, group_id=1012)
    add(6, State.BUL_APPLIED, group_id=1011, item_id=801, terms={"activation": midnight_after(10)})
    add(7, State.REFERRAL_ISSUED, group_id=1011, item_id=801)
    add(
        8,
        State.QUEUED,
        temp="booked",
        temp_group_id=1012,
        temp_until=date(2026, 4, 30),
        temp_voucher="bound",
        terms={"temporary-end": midnight_after(30)},
        day_terms=["temporary-end"],
    )
    add(9, State.ENROLLED, group_id=1012, placement_group_id=1012)
    add(10, State.QUEUED, benefit="large", benefit_state="claimed", flags=["benefit-unverified"])
    add(11, State.STOP_LIST)
    add(12, State.ARCHIVED, archive="voucher-expired")
    add(13, State.VOUCHER_ACTIVE)
    rows += [
        Attachment(8001, 31_000, people[0].id, "pmpk", "ПМПК қорытындысы.pdf", "application/pdf", 184_320, "a1" * 32,
                   at(1, 9, 10), "received"),
        Attachment(8002, 31_000, people[0].id, "birth-certificate", "Туу туралы куәлік.jpg", "image/jpeg", 90_000,
                   "a2" * 32, at(1, 9, 11), "received"),
        Attachment(8003, 31_001, people[1].id, "pmpk", "заключение.pdf", "application/pdf", 150_000, "a3" * 32,
                   at(8, 16, 44), "received"),
        Attachment(8004, 31_010, people[10].id, "benefit", "көп балалы отбасы.pdf", "application/pdf", 70_000,
                   "a4" * 32, at(7, 11), "received"),
        Appeal(8101, 31_011, "confirm-interest", at(6, 23, 50), at(7, 8, 15), at(6, 23, 59, second=59), "open"),
        HistoryEntry(8201, 31_003, at(3, 10), "T14", "choose-place", "parent", f"{people[3].surname} Г.",
                     "voucher-active", "contract-org", ""),
        HistoryEntry(8202, 31_003, at(8, 0), "T31", "organisation-expires", "clock", "", "contract-org",
                     "contract-org", ""),
        *(Guardian(8300 + number, child.id, 600 + number, f"{child.surname} Г.", "parent", True, at(2, 9))
          for number, child in enumerate(people)),
    ]  # fmt: skip
    return rows


def rounds() -> list[Record]:
    """Return a round of one's own, one of a colleague's, and one that was issued."""
    rows: list[Record] = [
        Iteration(MINE, DEPARTMENT, "И-2026-8", "general", CITY, 2022, "kk", 5, 4, "planned", OFFICER, at(9, 11, 20),
                  fingerprint="f1", planner_id=ME),
        Iteration(THEIRS, DEPARTMENT, "И-2026-7", "general", None, None, "", 6, 5, "planned", COLLEAGUE, at(9, 10),
                  fingerprint="f2", planner_id=OTHER),
        Iteration(9003, DEPARTMENT, "И-2026-6", "general", None, 2021, "", 40, 40, "issued", OFFICER, at(1, 10),
                  COLLEAGUE, at(1, 15, 30), "f3"),
        Iteration(9004, DEPARTMENT, "И-2026-5", "special", CITY, None, "ru", 3, 2, "stale", COLLEAGUE,
                  at(20, 9, month=3), OFFICER, at(20, 12, month=3), "f4"),
    ]  # fmt: skip
    skipped = {2: "child-too-young", 4: "voucher-already"}
    for iteration, count in ((MINE, 6), (THEIRS, 7), (9003, 42), (9004, 3)):
        for number, child in enumerate(_children(count)):
            rows.append(
                IterationLine(iteration * 100 + number, iteration, number + 1, FIRST_APPLICATION + number,
                              f"ОДО-2026-{16_247 + number}", child.name, 23 if number % 7 == 0 else 33,
                              at(1 + number % 28, 9, 15, month=2 + number // 28, second=number),
                              skipped.get(number, ""))
            )  # fmt: skip
    return rows


def collected() -> list[Record]:
    """Return a collection that goes on, one that ended with a colleague's result, and one whose places were given."""
    groups = [one.id for one in balabaqsha.family_rows() if isinstance(one, Group) and not one.correction]
    rows: list[Record] = [
        Collection(9201, DEPARTMENT, "W2026-000003", "general", groups, date(2026, 9, 1), at(8, 9), at(24, 18),
                   "collecting"),
        Collection(9202, DEPARTMENT, "W2026-000002", "general", groups[:3], date(2026, 6, 1), at(1, 9, month=3),
                   at(5, 18), "closed"),
        Collection(9203, DEPARTMENT, "W2026-000001", "special", groups[:1], date(2026, 3, 2), at(1, 9, month=2),
                   at(20, 18, month=2), "issued", at(21, 11, month=2)),
        Forming(9301, 9202, "F2026-000002", 6, 4, True, [[groups[0], 3, 3], [groups[1], 2, 1]], "planned", COLLEAGUE,
                at(6, 10), fingerprint="f9", planner_id=OTHER),
    ]  # fmt: skip
    for number, child in enumerate(_children(6)):
        wishes = groups[:2] if number % 2 else groups[1:3]
        got = groups[0] if number in (0, 1, 3) else groups[1] if number == 2 else None
        rows.append(WishList(9400 + number, 9202, FIRST_APPLICATION + number, wishes, at(4, 9 + number), "filed"))
        rows.append(
            FormingLine(9500 + number, 9301, number + 1, FIRST_APPLICATION + number, f"ОДО-2026-{16_247 + number}",
                        child.name, 23 if number == 0 else 33, at(1 + number, 9, 15, month=2, second=number), got,
                        (wishes.index(got) + 1 if got in wishes else 1) if got is not None else 0, wishes,
                        sibling=number == 1,
                        refused=[{"code": "language-does-not-fit", "field": str(groups[0]), "values": {}}]
                        if number == 5 else [])
        )  # fmt: skip
    return rows


def changes() -> list[Record]:
    """Return a prepared edition of a colleague, one of one's own, a moved day, a review to read, a withdrawn item."""
    return [
        ProgrammeRules(41, DEPARTMENT, "general", date(2026, 5, 1), None,
                       {"signature_contract": "code", "interest_days": 3, "waitlist_entries": 5}, "prepared",
                       COLLEAGUE, prepared_by_id=OTHER),
        ProgrammeRules(42, DEPARTMENT, "bulletin", date(2026, 5, 4), None,
                       {"interest_days": 0, "contract_days": 0, "extension_days": 0, "order": "interleave",
                        "bulletin_opens": "17:00"}, "prepared", OFFICER, prepared_by_id=ME),
        Category(51, DEPARTMENT, "large-3", words(
            "Көп балалы отбасынан шыққан балалар (3 жас)", "Дети из многодетных семей (3 года)",
            "Діти з багатодітних сімей (3 роки)", "Children of large families (3 years)"),
            "large", 36, 48, 12, "first", date(2026, 5, 1), None, "prepared", COLLEAGUE, prepared_by_id=OTHER),
        Category(52, DEPARTMENT, "military-3", words(
            "Әскери қызметшілердің балалары (3 жас)", "Дети военнослужащих (3 года)",
            "Діти військовослужбовців (3 роки)", "Children of servicemen (3 years)"),
            "military", 36, 48, 1, "extraordinary", date(2026, 5, 4), None, "prepared", OFFICER, prepared_by_id=ME),
        Category(53, DEPARTMENT, "general-2", words(
            "2 жастағы балалар", "Дети двух лет", "Діти двох років", "Children of two years"),
            "", 24, 36, 30, "ordinary", date(2026, 6, 1), None, "refused", OFFICER, COLLEAGUE, ME, OTHER),
        CalendarDay(7900, DEPARTMENT, date(2026, 5, 16), True, words("Ауыстырылған жұмыс күні", "Перенесённый рабочий "
                    "день", "Перенесений робочий день", "Moved working day")),
        Review(904, 104, 2, "Ұзақ кезек, телефонға жауап бермейді.", "Жанар Б.", at(8, 19), "submitted"),
        Message(7701, DEPARTMENT, None, "notification",
                words("Шарт жіберу мерзімі өтті", "Срок отправки договора истёк", "Строк надсилання договору минув",
                      "The term to send the contract is over"),
                words("Қайратов Раяна «Жұлдыз» тобын таңдады. Шартты жіберіңіз: мерзімі 07.04.2026 23:59:59 өтті.",
                      "Қайратов Раяна: выбрана группа «Жұлдыз». Отправьте договор: срок истёк 07.04.2026 23:59:59.",
                      "Қайратов Раяна: обрано групу «Жұлдыз». Надішліть договір: строк минув 07.04.2026 23:59:59.",
                      "Қайратов Раяна chose “Жұлдыз”. Send the contract: the term ended 07.04.2026 23:59:59."),
                at(8, 0), "applications", None, 31_003, KINDERGARTEN),
        BulletinItem(807, 1012, "Б-2026-36", 1, 0, [2022], "kk", CITY, "permanent", DIRECTOR, date(2026, 4, 10), None,
                     None, None, "expired"),
    ]  # fmt: skip


def office_rows(roles: Sequence[str] = ("officer",), name: str = OFFICER, many: int = 130) -> list[Record]:
    """Return every row of an office's cache."""
    family = [row for row in balabaqsha.family_rows() if not isinstance(row, Person)]
    return [
        *family,
        person(name, roles),
        *crowd(many),
        *at_work(),
        *rounds(),
        *collected(),
        *changes(),
        *letters_of_others(),
    ]
