"""An officer reads a collection of wishes: how it stands by the department's clock, and whose groups are in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from msgspec import structs
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import translations
from tests.ui.test_department_cases import Staff
from tests.ui.test_department_screens import Settle, opened
from ui.department.collections.table_model import STATES, standing
from ui.department.collections.view import _several


def said(view: QWidget) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def test_a_collection_has_ended_at_its_end_and_not_when_the_provider_next_looks(
    qtbot: QtBot, staff: Staff, settle: Settle
) -> None:
    translations.use("en")
    context = staff()
    model, view = opened(qtbot, context, "office_collections", settle)
    model.open(9202)
    settle(context)
    assert model.collected is not None
    now = model.desk.server_now()
    going = structs.replace(model.collected.collection, state="collecting", closes_at=now + timedelta(minutes=1))
    over = structs.replace(going, closes_at=now - timedelta(seconds=1))
    assert [standing(model, one) for one in (going, over)] == ["collecting", "closed"]
    model.collected = replace(model.collected, collection=over)
    model.data_changed.emit()
    qtbot.waitUntil(lambda: STATES["closed"][0] in said(view))
    assert STATES["collecting"][0] not in said(view)


def test_of_many_kindergartens_the_rest_is_counted() -> None:
    translations.use("en")
    names = {f"No. {number}" for number in range(1, 40)}
    assert _several({"No. 10", "No. 9", "No. 100"}) == "No. 9, No. 10, No. 100"
    assert _several(names).endswith("No. 12 and 27 more")
