"""Loading into a table that is not empty keeps what the provider has and sweeps out what it has not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from models.contract.messages import SnapshotAnswer
from sync.client import SyncClient
from sync.link import Link
from tests.sync.world import PASSWORD, World


def test_an_office_loaded_again_has_what_the_provider_has(make_client: Callable[..., SyncClient], world: World) -> None:
    world.add_accounts(range(500_001, 500_031))
    desk = make_client()
    desk.sign_in(world.clerk, PASSWORD, "desk")
    assert desk.sync().problem is None
    assert _accounts(desk) == 31
    world.remove("account", 500_030, 500_030)
    with desk.store.write() as connection:
        connection.execute("UPDATE scope SET state = 'new', sequence = 0, tag = '', loading = '' WHERE key = 'office'")
    report = desk.sync()
    assert report.problem is None, report
    assert report.complete
    assert _accounts(desk) == 30


def test_tables_that_this_version_does_not_know_are_passed_over(
    make_client: Callable[..., SyncClient], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer provider counts tables we have no place for; their names must not get into a statement."""
    post = Link.post

    def of_tomorrow(link: Link, path: str, body: Any, kind: type[Any]) -> Any:
        answer = post(link, path, body, kind)
        if kind is SnapshotAnswer:
            return msgspec.structs.replace(answer, counts={"greenhouse": 100_000, 'a" --': 100_000, **answer.counts})
        return answer

    monkeypatch.setattr(Link, "post", of_tomorrow)
    desk = make_client()
    desk.sign_in(world.clerk, PASSWORD, "desk")
    report = desk.sync()
    assert report.problem is None, report
    assert report.complete


def _accounts(desk: SyncClient) -> int:
    return int(desk.store.peek(lambda c: c.execute("SELECT count(*) FROM account").fetchone()[0]))
