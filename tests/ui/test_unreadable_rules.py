"""Rules that a newer program wrote: a parent reads why nothing can be offered, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import translations
from models.contract.admission_records import ProgrammeRules
from models.domain.admissions.states import State
from tests.samples import balabaqsha as sample
from tests.ui.test_department_screens import Settle
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.context import Context
from ui.kit import State as Shown


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    translations.use("en")


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "cannot read the rules of the queue"), ("kk", "қағидаларын оқи алмайды"), ("ru", "Обновите программу")],
)
def test_a_parent_is_told_that_the_program_is_too_old_for_the_rules(
    parent: Callable[..., Context], settle: Settle, qtbot: QtBot, language: str, said: str
) -> None:
    rows = [
        replace(row, settings={"rule_of_a_newer_program": 1}) if isinstance(row, ProgrammeRules) else row
        for row in sample.family_rows()
    ]
    context = parent(State.VOUCHER_ISSUED, rows=rows)
    translations.use(language)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    QApplication.processEvents()
    assert view.state is Shown.ERROR
    assert said in " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))
