"""Moments are shown in the zone of the provider whose account is chosen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import msgspec

from tests.samples import sample_view_kk, sample_view_uk


@dataclass(frozen=True)
class Summary:
    """An account as the selection offers it."""

    account: Any
    provider: Any


def test_the_zone_follows_the_chosen_account(context: Any) -> None:
    kk, uk = (Summary(view.account, view.provider) for view in (sample_view_kk(), sample_view_uk()))
    uk = replace(uk, account=msgspec.structs.replace(uk.account, id=kk.account.id + 1))
    context.selection.offer([kk, uk])
    context.selection.choose(kk.account.id)
    assert context.zone == "Asia/Almaty"
    context.selection.choose(uk.account.id)
    assert context.zone == "Europe/Kyiv"
