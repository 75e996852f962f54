"""A date that cannot be read stays as it was typed, whatever else draws the page of the office anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from models.domain.admissions.states import Event
from tests.ui.resident import english
from tests.ui.test_department_screens import Settle, opened
from ui.context import Context
from ui.department.page import DeskPage
from ui.kit import DateField, Form

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")
Staff = Callable[..., Context]
SAID = "This is not a date. Write day, month and year, such as 05.03.2026."


def field_of(page: Any, key: str) -> tuple[Form, DateField]:
    """Return the form that is drawn now with its date field."""
    (found,) = [form for form in page._forms if key in form.fields]
    field = found.fields[key]
    assert isinstance(field, DateField)
    return found, field


def write(field: DateField, text: str) -> None:
    field.field.setFocus()
    field.field.selectAll()
    field.field.insert(text)
    field.field.textEdited.emit(text)


def said(form: Form, key: str) -> str:
    return form._complaints[key].text()


def begin_category(model: Any) -> str:
    model.open(model.categories()[0])
    return "valid_from"


def begin_collection(model: Any) -> str:
    model.begin()
    return "ends"


def begin_publication(model: Any) -> str:
    model.begin()
    return "free_from"


FORMS: list[tuple[str, str, Callable[[Any], str]]] = [
    ("office_categories", "officer", begin_category),
    ("office_collections", "officer", begin_collection),
    ("publications", "kindergarten", begin_publication),
]


@pytest.mark.parametrize(("key", "role", "begin"), FORMS)
@pytest.mark.parametrize("text", ["31.02.2026", "abc"])
def test_what_is_no_date_stays_as_typed_with_the_sentence_beside_it(
    qtbot: QtBot, staff: Staff, settle: Settle, key: str, role: str, begin: Callable[[Any], str], text: str
) -> None:
    context = staff(role)
    model, page = opened(qtbot, context, key, settle)
    name = begin(model)
    settle(context)
    _form, field = field_of(page, name)
    write(field, text)
    field.field.left.emit()
    model.data_changed.emit()  # news
    again, other = field_of(page, name)
    assert other is not field
    assert (other.field.text(), other.value, said(again, name)) == (text, None, SAID)
    write(other, "05.09.2026")
    assert said(again, name) == ""
    other.field.left.emit()
    model.data_changed.emit()
    last, right = field_of(page, name)
    assert (right.field.text(), right.value, said(last, name)) == ("05.09.2026", date(2026, 9, 5), "")


def test_a_date_that_is_being_typed_goes_on_where_news_draw_the_page(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, page = opened(qtbot, context, "office_categories", settle)
    name = begin_category(model)
    settle(context)
    before = field_of(page, name)[1].value
    write(field_of(page, name)[1], "05.0")
    model.data_changed.emit()
    form, field = field_of(page, name)
    assert (field.field.text(), field.value, said(form, name)) == ("05.0", before, "")
    assert model.valid_from == before


def test_what_is_no_date_is_not_called_an_empty_field(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff()
    model, page = opened(qtbot, context, "office_categories", settle)
    name = begin_category(model)
    settle(context)
    write(field_of(page, name)[1], "31.02.2026")
    field_of(page, name)[1].field.left.emit()
    model.save()
    form, field = field_of(page, name)
    assert (field.field.text(), said(form, name)) == ("31.02.2026", SAID)


def test_another_question_begins_with_an_empty_day(qtbot: QtBot, staff: Staff, settle: Settle) -> None:
    context = staff("kindergarten")
    model, page = opened(qtbot, context, "to_act", settle)
    model.open(31_008)
    settle(context)
    model.ask(Event.TEMP_SET_UNTIL)
    write(field_of(page, "until")[1], "abc")
    field_of(page, "until")[1].field.left.emit()
    model.ask_question.end()
    model.ask(Event.TEMP_SET_UNTIL)
    form, field = field_of(page, "until")
    assert (field.field.text(), said(form, "until")) == ("", "")


def test_what_is_no_date_outlives_a_page_that_is_built_in_another_language(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    context = staff()
    model, page = opened(qtbot, context, "office_categories", settle)
    name = begin_category(model)
    settle(context)
    write(field_of(page, name)[1], "31.02.2026")
    field_of(page, name)[1].field.left.emit()
    other: DeskPage = type(page)(model)
    qtbot.addWidget(other)
    form, field = field_of(other, name)
    assert (field.field.text(), said(form, name)) == ("31.02.2026", SAID)
