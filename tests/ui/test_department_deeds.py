"""What an act is said to bring is what it brings in the programme of the child."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import Event, Programme
from tests.ui.resident import english
from ui.department.deeds import consequence

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def said(programme: Programme) -> str:
    view: Any = SimpleNamespace(case=SimpleNamespace(programme=programme))
    department = cast(Any, SimpleNamespace(provider=SimpleNamespace(zone="Asia/Almaty")))
    return consequence(Event.EXPEL, None, department, DEFAULTS[programme], view)


def test_a_voucher_returns_to_a_family_that_is_not_at_fault() -> None:
    assert "the voucher returns to the parent" in said(Programme.GENERAL)


def test_a_child_of_the_bulletin_has_no_voucher_and_returns_into_the_queue() -> None:
    assert "voucher" not in said(Programme.BULLETIN)
    assert "returns to its place in the queue, by its first date" in said(Programme.BULLETIN)
