"""Whoever chooses a kindergarten for a twin reads what becomes of the other."""

from __future__ import annotations

import msgspec
import pytest

from models.domain.admissions.states import State
from tests.samples import balabaqsha as sample
from tests.ui.looking import said
from ui.choose_place.view import ChoosePlaceView
from ui.choose_place.view_model import ChoosePlace

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (State.VOUCHER_ACTIVE, "a place in the same kindergarten is taken as well"),
        (State.VOUCHER_ISSUED, "the voucher is not confirmed yet, so this takes a place for Алыбай Алдияр alone"),
        (State.QUEUED, ""),
    ],
)
def test_who_chooses_for_a_twin_reads_what_becomes_of_the_other(parent, settle, qtbot, other, told):
    rows = [row for row in sample.family_rows(State.VOUCHER_ACTIVE) if getattr(row, "id", 0) != sample.SECOND]
    rows = [msgspec.structs.replace(row, bundle_id=7) if row.id == sample.FIRST else row for row in rows]
    twin = msgspec.structs.replace(sample.application(sample.SECOND, sample.DAUGHTER, other), bundle_id=7)
    context = parent(State.VOUCHER_ACTIVE, rows=[*rows, twin])
    model = ChoosePlace(context)
    settle(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    settle(context)
    view = ChoosePlaceView(model)
    qtbot.addWidget(view)
    view.show()
    row, offer = next((row, one) for row in model.rows for one in row.offers if one.group.id == 1012)
    model.open(row)
    model.ask(model.choice(offer, row.mode))
    assert told in said(view)
    assert ("kindergarten is taken as well" in said(view)) is (other is State.VOUCHER_ACTIVE)
    assert ("is not confirmed yet" in said(view)) is (other is State.VOUCHER_ISSUED)
