"""Who signs contracts at an office proves in the settings where the codes go; a doctor signs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.resident import english
from tests.ui.test_department_screens import Settle
from ui.context import Context
from ui.kit import Button
from ui.settings.view import SettingsView
from ui.settings.view_model import SettingsModel

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize("role", ["kindergarten", "officer"])
def test_a_first_telephone_is_proved_in_the_settings(
    qtbot: QtBot, staff: Callable[..., Context], settle: Settle, role: str
) -> None:
    context = staff(role)
    model = SettingsModel(context)
    view = SettingsView(model)
    qtbot.addWidget(view)
    view.show()
    settle(context)
    assert not view.phone.isVisibleTo(view), "a number that is only written down signs nothing"
    telephone: Any = model.telephone
    card = view.phone_card
    assert card is not None
    assert card.change is not None
    card.change.click()
    telephone.type("phone", "+7 701 555 10 07")
    telephone.agree(True)
    telephone.send_code()
    settle(context)
    telephone.type("one_time", "123456")
    telephone.prove()
    settle(context)
    card = view.phone_card
    assert card is not None
    assert "is proved" in " ".join(label.text() for label in card.findChildren(QLabel))
    telephone.type("password", "kabinet-demo")
    next(one for one in card.findChildren(Button) if one.text() == "Change the telephone").click()
    settle(context)
    calls: Any = context.families
    name, (given,) = calls.calls[-1]
    assert (name, given["phone"], given["password"]) == ("change_phone", "+77015551007", "kabinet-demo")
    assert not telephone.open


def test_a_doctor_is_asked_for_none(staff: Callable[..., Context]) -> None:
    assert SettingsModel(staff("doctor")).telephone is None
