"""What a parent may do is offered on what is known, and not refused for what is not known yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from models.domain.admissions.states import Event, State
from tests.samples import balabaqsha as sample
from tests.ui.resident import english
from ui.application.view_model import ApplicationModel
from ui.family.acts import offered

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


def test_a_temporary_place_is_offered_though_the_working_days_of_next_year_are_not_entered(
    parent: Callable[..., Any], settle: Callable[..., None]
) -> None:
    context = parent(State.VOUCHER_ACTIVE)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    assert model.view is not None
    assert model.department is not None
    this_year = replace(model.department.calendar, years=frozenset({sample.NOW.year}))
    acts = offered(model.view, replace(model.department, calendar=this_year), sample.NOW)
    (temporary,) = [one for one in acts if one.event is Event.CHOOSE_TEMPORARY]
    assert (temporary.possible, temporary.why_not) == (True, "")
