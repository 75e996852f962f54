"""What two officers decide: changes of categories, and a proved benefit that is taken away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from models.contract.admission_commands import ConfirmCategory, VerifyBenefit
from tests.samples.department import ME, OFFICER, OTHER
from tests.ui.resident import english
from tests.ui.test_department_cases import opened_case, sent, texts
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.kit import Button, DataTable, Radio

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]
SERVED = "Children of servicemen (3 years): from 04.05.2026"
LARGE = "Children of large families (3 years): from 01.05.2026"


def verb(view: QWidget, name: str) -> Button:
    """Return the button that is drawn now under a name."""
    return next(one for one in reversed(view.findChildren(Button)) if name in (one.accessibleName(), one.text()))


def verbs(view: Any) -> set[str]:
    return {one.text() for one in view.findChildren(Button) if one.isVisible()}


def change(context: Context, statement: str, *values: Any) -> None:
    with context.store.write() as connection:
        connection.execute(statement, values)


# Categories


def test_a_waiting_change_shows_what_it_changes_and_a_second_officer_confirms(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    _model, view = opened(qtbot, context, "office_categories", settle)
    found = {table.accessibleName(): table.source for table in view.findChildren(DataTable)}
    rows = found[f"What the change does: {LARGE}"].rows
    assert [tuple(row) for row in rows] == [("Rank", "12", "23")]
    table = next(source for name, source in found.items() if name == "Priority categories")
    assert [row.rank for row in table.rows if row.code == "large-3"] == [23]
    verb(view, f"Confirm the change: {LARGE}").click()
    settle(context)
    assert sent(context) == [ConfirmCategory(500, 51, True)]


def test_who_prepared_a_change_takes_it_back_but_does_not_confirm_it(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    _model, view = opened(qtbot, context, "office_categories", settle)
    assert any("another officer has to confirm it" in text for text in texts(view))
    assert any(text == "A new category." for text in texts(view))
    assert not verb(view, f"Confirm the change: {SERVED}").isEnabled()
    verb(view, f"Take the change back: {SERVED}").click()
    settle(context)
    assert sent(context) == [ConfirmCategory(500, 52, False)]


def test_a_namesake_is_somebody_else(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    change(context, "UPDATE category SET prepared_by = ? WHERE id = 51", OFFICER)
    change(context, "UPDATE programme SET prepared_by = ? WHERE id = 41", OFFICER)
    change(context, "UPDATE iteration SET planned_by = ? WHERE id = 9002", OFFICER)
    _model, view = opened(qtbot, context, "office_categories", settle)
    assert verb(view, f"Confirm the change: {LARGE}").isEnabled()
    rules, _view = opened(qtbot, context, "office_programmes", settle)
    edition = next(one for one in rules.editions() if one.state == "prepared")
    assert not rules.mine(edition)
    rounds, _view = opened(qtbot, context, "office_rounds", settle)
    rounds.open(9002)
    settle(context)
    assert rounds.may_issue


def test_who_ended_an_edition_is_not_said_to_have_confirmed_it(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    change(context, "UPDATE programme SET state = 'refused', prepared_by = 'A', confirmed_by = 'B' WHERE id = 41")
    model, view = opened(qtbot, context, "office_programmes", settle)
    assert "Prepared by A, refused or replaced by B." in texts(view)
    change(context, "UPDATE programme SET confirmed_by = 'A' WHERE id = 41")
    model.desk.refresh()
    settle(context)
    assert "Prepared and taken back by A." in texts(view)


def test_a_change_that_was_not_confirmed_is_said_until_its_day(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_categories", settle)
    assert any("not confirmed by Жақсылықов" in text for text in texts(view))
    change(context, "UPDATE category SET confirmed_by_id = ? WHERE id = 53", ME)
    model.desk.refresh()
    settle(context)
    assert any("taken back by Бекова" in text for text in texts(view))
    change(context, "UPDATE category SET state = 'prepared', code = 'general-2' WHERE id = 52")
    change(context, "UPDATE category SET id = 54 WHERE id = 52")
    model.desk.refresh()
    settle(context)
    assert not any("taken back" in text for text in texts(view)), "a later change of the category followed"
    change(context, "UPDATE category SET code = 'military-3' WHERE id = 54")
    model.desk.refresh()
    settle(context)
    assert any("taken back" in text for text in texts(view))
    change(context, "UPDATE category SET valid_from = '2026-04-09' WHERE id = 53")
    model.desk.refresh()
    settle(context)
    assert not any("taken back" in text for text in texts(view))


def test_a_change_whose_day_has_come_is_prepared_anew(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    change(context, "UPDATE category SET valid_from = '2026-04-09' WHERE id = 51")
    _model, view = opened(qtbot, context, "office_categories", settle)
    assert any("nobody confirmed it" in text for text in texts(view))
    name = "Confirm the change: Children of large families (3 years): from 09.04.2026"
    assert not verb(view, name).isEnabled()


def test_the_form_says_whose_waiting_change_it_replaces(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_categories", settle)
    model.open(next(one for one in model.categories() if one.code == "large-3"))
    assert not any("takes its place" in text for text in texts(view))
    view.form.fields["valid_from"].changed.emit(date(2026, 5, 1))
    assert any("Жақсылықов" in text and "takes its place" in text for text in texts(view))
    assert "Hand over to a second officer" in verbs(view)


def test_what_colleagues_prepared_stands_among_what_is_to_be_decided(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, view = opened(qtbot, context, "office_decisions", settle)
    heading = "Prepared by a colleague: you confirm"
    table = next(one for one in view.findChildren(DataTable) if one.accessibleName() == heading)
    assert [one.id for one in table.source.rows] == [41, 51, 9002]
    went: list[Any] = []
    context.bridge.go.connect(lambda screen, arguments: went.append((screen, arguments)))
    for change_ in model.found.changes:
        model.look_at_change(change_)
    assert went == [
        ("office_programmes", {"programme": "general"}),
        ("office_categories", {}),
        ("office_rounds", {"iteration_id": 9002}),
    ]


# A proved benefit


def proved(context: Context, **columns: Any) -> None:
    columns = {"benefit_state": "verified", **columns}
    names = ", ".join(f"{name} = ?" for name in columns)
    change(context, f"UPDATE application SET {names} WHERE id = 31010", *columns.values())


def test_a_proved_benefit_is_handed_to_a_second_officer(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    proved(context)
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    assert "Take away: the general category counts" not in verbs(view)
    opening = verb(view, "The benefit is not right…")
    opening.setFocus()
    qtbot.keyClick(opening, Qt.Key.Key_Space)
    settle(context)
    qtbot.waitUntil(lambda: isinstance(view.focusWidget(), Radio))
    assert any("The second officer reads it." in text for text in texts(view))
    assert any("until two have found that it is not right" in text for text in texts(view))
    model.decide_benefit(False)
    assert [problem.field for problem in model.problems] == ["benefit-reason"]
    model.type("benefit-reason", "The certificate is of another family.")
    verb(view, "Hand over to a second officer").click()
    settle(context)
    assert sent(context) == [VerifyBenefit(500, 31_010, False, "The certificate is of another family.")]


def test_the_second_officer_reads_the_reason_and_takes_it_away_or_lets_it_stay(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    doubted = {"benefit_doubt_by": OFFICER, "benefit_doubt_by_id": OTHER, "benefit_doubt_code": "benefit-ended"}
    proved(context, **doubted)
    _model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    assert any("found that the proved benefit is not right" in text for text in texts(view))
    assert any("The right to the benefit has ended." in text for text in texts(view))
    assert "Take away: the general category counts" in verbs(view)
    decisions, _view = opened(qtbot, context, "office_decisions", settle)
    assert [line.application.id for line in decisions.found.benefits] == [31_010]
    verb(view, "The benefit stays").click()
    settle(context)
    assert sent(context) == [VerifyBenefit(500, 31_010, True)]


def test_who_doubted_a_benefit_only_takes_the_doubt_back(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    proved(context, benefit_doubt_by=OFFICER, benefit_doubt_by_id=ME, benefit_doubt="Of another child.")
    _model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    assert any("It counts until another officer has too." in text for text in texts(view))
    assert "The benefit stays" in verbs(view)
    assert "Take away: the general category counts" not in verbs(view)


def test_a_proved_benefit_is_not_exchanged_in_the_form(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    proved(context)
    model, view = opened_case(qtbot, context, "office_queue", settle, 31_010)
    model.edit()
    settle(context)
    assert any("It was proved: two officers can take it away" in text for text in texts(view))
