"""Which rules are in force, and applications as rows and as the machine sees them."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import msgspec
import pytest

from models.contract.admission_records import Application, ProgrammeRules
from models.contract.admissions import calendar_of, case_of, columns_of, rules_of
from models.domain.admissions.case import Case
from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import Programme
from tests.domain.admissions.scene import CALENDAR, at, rules, take
from tests.domain.admissions.ways import NOW, WAYS, Way


def edition(number: int, programme: Programme, first: date, last: date | None, **settings: Any) -> ProgrammeRules:
    return ProgrammeRules(number, 1, programme.value, first, last, settings)


def test_the_latest_confirmed_edition_of_the_day_is_in_force() -> None:
    early = edition(1, Programme.GENERAL, date(2024, 1, 1), None, contract_days=6)
    late = edition(2, Programme.GENERAL, date(2024, 10, 2), None, contract_days=7)
    prepared = msgspec.structs.replace(
        edition(3, Programme.GENERAL, date(2024, 1, 1), None, contract_days=9), state="prepared"
    )
    over = edition(4, Programme.GENERAL, date(2024, 9, 1), date(2024, 10, 1), contract_days=8)
    editions = [late, early, prepared, over]

    def days(instant: str) -> int:
        return rules_of(Programme.GENERAL, editions, at(instant), CALENDAR).contract_days

    assert days("2023-12-31 23:59:59") == DEFAULTS[Programme.GENERAL].contract_days
    assert days("2024-01-01 00:00:00") == 6
    assert days("2024-09-30 23:59:59") == 8
    assert days("2024-10-01 12:00:00") == 6
    assert days("2024-10-02 00:00:00") == 7


def test_temporary_places_follow_their_own_programme_in_both_queues() -> None:
    own = edition(1, Programme.TEMPORARY, date(2024, 1, 1), None, signature_temporary="eds", contract_days=9)
    now = at("2024-10-02 12:00:00")
    for programme in (Programme.GENERAL, Programme.SPECIAL):
        found = rules_of(programme, [own], now, CALENDAR)
        assert (found.signature_temporary, found.contract_days) == ("eds", 5)
    assert rules_of(Programme.BULLETIN, [own], now, CALENDAR) == DEFAULTS[Programme.BULLETIN]


def test_an_edition_that_does_not_hold_is_never_used_silently() -> None:
    broken = edition(1, Programme.GENERAL, date(2024, 1, 1), None, contract_days="five")
    with pytest.raises(ValueError, match="edition 1"):
        rules_of(Programme.GENERAL, [broken], at("2024-10-02 12:00:00"), CALENDAR)


def blank(**columns: Any) -> Application:
    values: dict[str, Any] = {}
    for name in Application.__struct_fields__:
        values[name] = columns.get(name)
    values |= {"id": 1, "number": "100"}
    return Application(**values)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.row)
def test_an_application_is_the_same_after_its_row_is_read_again(way: Way) -> None:
    step = take(
        way.case,
        way.event,
        way.actor,
        way.now or NOW,
        way.world,
        given=rules(way.case.programme, **way.rules),
        **way.act,
    )
    for case in (step.before, step.case):
        row = blank(programme=case.programme.value, **columns_of(case))
        again = case_of(row)
        for field in fields(Case):
            assert getattr(again, field.name) == getattr(case, field.name), field.name


def test_an_empty_calendar_has_no_year() -> None:
    assert calendar_of("Asia/Almaty", [], []).years == frozenset()
