"""Temporary places: what a moved last day changes beside the application."""

from __future__ import annotations

from datetime import date

import pytest

from models.domain.admissions.states import Event
from tests.provider.admissions_world import Admissions

pytestmark = pytest.mark.usefixtures("whole_sentences")


def test_a_moved_last_day_of_a_temporary_place_is_that_of_its_referral(edu: Admissions) -> None:
    kindergarten = edu.kindergarten("Amina")
    owner = edu.enrolled(edu.family(), "sun", kindergarten)
    edu.step(kindergarten, owner.application, Event.SANATORIUM_LEAVE, until=date(2026, 10, 30))
    guest = edu.with_voucher(edu.family())
    edu.act(guest, Event.CHOOSE_TEMPORARY, group_id=edu.groups["sun"], until=date(2026, 10, 15))
    for day in (date(2026, 10, 30), date(2026, 10, 20)):
        assert edu.step(kindergarten, guest.application, Event.TEMP_SET_UNTIL, until=day).status == "applied"
        referral = edu.all("SELECT state, valid_until FROM referral")[0]
        assert (tuple(referral), edu.row(guest.application).temp_until) == (("valid", day), day)
    assert edu.row(guest.application).voucher_number
    edu.act(guest, Event.TEMP_LEAVE)
    assert edu.row(guest.application).voucher_number == ""  # it is void and is not shown as if it counted
    guest.device.pull_all()
    ((_sequence, shown),) = [row for key, row in guest.device.rows.items() if key[2] == "referral"]
    assert "2026-10-20" in shown
