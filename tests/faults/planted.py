"""Bugs planted on purpose: the simulation is only worth its time while it finds each of them.

Each is a context in which the real code has one classic mistake of programs that synchronise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any, Final

import msgspec
import pytest
from sqlalchemy import Connection, Engine

import models.cache.apply
import provider.services.feed
import provider.store.feed
import sync.link
import sync.pull
import sync.transport
from models.cache.apply import set_cursor
from models.contract.codec import encode, row_hash, sha256, uuid7
from models.contract.commands import Command, Signed
from models.contract.messages import PushAnswer, PushRequest, ScopePage
from models.contract.outcomes import CommandOutcome, Status
from models.contract.signatures import sign
from provider.handlers import push
from provider.store import changes, commands
from provider.store.database import Database, Unit
from provider.store.failpoints import reach
from sync.link import Link
from sync.transport import TransportError


class _Bare(changes.ChangeSet):
    """Takes a number when a row is written, as from a bare sequence, and not when it is committed."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._numbers: dict[int, dict[tuple[str, int, int], int]] = {}

    def live(self, tenant: int, scope_key: str, table: str, row_id: int) -> None:
        super().live(tenant, scope_key, table, row_id)
        self._take(tenant)

    def live_many(self, tenant: int, table: str, rows: Any) -> None:
        super().live_many(tenant, table, rows)
        self._take(tenant)

    def gone(self, tenant: int, scope_key: str, table: str, row_id: int) -> None:
        super().gone(tenant, scope_key, table, row_id)
        self._take(tenant)

    def _take(self, tenant: int) -> None:
        taken = self._numbers.setdefault(tenant, {})
        fresh = [key for key in self._tenants[tenant] if key not in taken]
        if not fresh:
            return
        with self._engine.begin() as connection:  # at once visible to everybody, like nextval
            last = connection.execute(changes._TAKE, {"tenant": tenant, "count": len(fresh)}).scalar_one()
        taken.update(zip(fresh, range(last - len(fresh) + 1, last + 1), strict=True))

    def flush(self, connection: Connection) -> None:
        for tenant, changed in self._tenants.items():
            numbers = self._numbers.get(tenant, {})
            keys = list(changed)
            sequences = [numbers[key] for key in keys]
            connection.execute(
                changes._WRITE,
                {
                    "tenant": tenant,
                    "sequence": max(sequences),
                    "tag": "bare",
                    "causes": [changed[key][1] for key in keys],
                    "scopes": [key[0] for key in keys],
                    "numbers": [key[1] for key in keys],
                    "ids": [key[2] for key in keys],
                    "sequences": sequences,
                    "lives": [changed[key][0] for key in keys],
                    "hashes": [
                        changes.signed(row_hash(key[1], key[2], number))
                        for key, number in zip(keys, sequences, strict=True)
                    ],
                },
            )
        self._tenants.clear()


@contextmanager
def bare_sequence() -> Iterator[None]:
    """The cursor is a number that a row gets when it is written: a transaction that commits late is passed over."""

    @contextmanager
    def change(self: Database, changed_by: str = "") -> Iterator[Unit]:
        with self.engine.connect() as connection, connection.begin():
            unit = Unit(connection, _Bare(self.engine))
            unit.changes.changed_by = changed_by
            yield unit
            reach("before_flush")
            unit.changes.flush(connection)
            reach("before_commit")
        reach("after_commit")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "change", change)
        patch.setattr(provider.services.feed, "_check_cursor", lambda *_: None)  # its tags would notice
        yield


@contextmanager
def acknowledge_before_commit() -> Iterator[None]:
    """The provider answers first and commits then; when that fails, nobody learns it."""
    honest = push._Run._together

    def together(self: Any, items: Sequence[Any]) -> list[CommandOutcome]:
        with self._database.engine.connect() as connection:
            outcomes: list[CommandOutcome] = self._carry_out(Unit(connection), items)
            connection.rollback()
        with suppress(Exception):
            return honest(self, items)
        return outcomes

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(push._Run, "_together", together)
        yield


def _with_post(post: Callable[[Callable[..., Any], Link, PushRequest], PushAnswer]) -> AbstractContextManager[None]:
    """Replace how commands are posted."""

    @contextmanager
    def context() -> Iterator[None]:
        honest = Link.post

        def planted(self: Link, path: str, body: Any, kind: Any) -> Any:
            if path != "/sync/commands":
                return honest(self, path, body, kind)
            return post(honest, self, body)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sync.link.Link, "post", planted)
            yield

    return context()


def new_id_on_retry() -> AbstractContextManager[None]:
    """The client makes an id for each attempt instead of once for the command."""
    attempted: set[str] = set()

    def post(honest: Callable[..., Any], link: Link, request: PushRequest) -> PushAnswer:
        mine = [msgspec.json.decode(one.body, type=Command) for one in request.commands]
        sent: list[Signed] = []
        names: dict[str, str] = {}
        previous = mine[0].previous
        for command in mine:
            fresh = uuid7() if command.id in attempted else command.id
            body = encode(msgspec.structs.replace(command, id=fresh, previous=previous))
            previous = sha256(body)
            names[fresh] = command.id
            sent.append(Signed(msgspec.Raw(body), sign(link.identity.private_key(), body)))
        attempted.update(names.values())
        answer = honest(link, "/sync/commands", msgspec.structs.replace(request, commands=sent), PushAnswer)
        outcomes = [
            msgspec.structs.replace(one, command_id=names.get(one.command_id, one.command_id))
            for one in answer.outcomes
        ]
        return PushAnswer(outcomes, answer.epoch, answer.server_time)

    return _with_post(post)


def sent_is_done() -> AbstractContextManager[None]:
    """The client takes a command for done when it has been sent, whatever the answer."""

    def post(honest: Callable[..., Any], link: Link, request: PushRequest) -> PushAnswer:
        try:
            answer: PushAnswer = honest(link, "/sync/commands", request, PushAnswer)
        except TransportError:
            done = [
                CommandOutcome(msgspec.json.decode(one.body, type=Command).id, Status.APPLIED)
                for one in request.commands
            ]
            return PushAnswer(done, link.identity.epoch, link.clock())
        return answer

    return _with_post(post)


@contextmanager
def no_memory_of_commands() -> Iterator[None]:
    """The provider carries a command out again when it comes again."""
    honest = commands.claim

    def claim(*arguments: Any) -> list[commands.Claim]:
        return [
            commands.Claim("run") if one.verdict == "known" and one.outcome.status is Status.APPLIED else one  # type: ignore[union-attr]
            for one in honest(*arguments)
        ]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "claim", claim)
        yield


@contextmanager
def cursor_before_page() -> Iterator[None]:
    """The client stores the cursor in one transaction and the page in the next."""
    honest = models.cache.apply.apply_page

    def apply_page(connection: Any, scope: int, page: ScopePage, *rest: Any) -> set[str]:
        set_cursor(connection, scope, page.sequence, page.tag)
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        return honest(connection, scope, page, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sync.pull, "apply_page", apply_page)
        yield


@contextmanager
def tombstones_forgotten() -> Iterator[None]:
    """The provider does not tell which rows are gone."""
    honest = provider.store.feed.page

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(provider.store.feed, "page", lambda *arguments: (honest(*arguments)[0], []))
        yield


@contextmanager
def cursor_goes_back() -> Iterator[None]:
    """The client applies whatever page arrives, also an old one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models.cache.apply, "cursor", lambda *_: (0, ""))
        patch.setattr(sync.pull, "_answers", lambda *_: True)
        patch.setattr(sync.transport, "_ours", lambda *_: True)
        yield


@contextmanager
def revoked_rows_stay() -> Iterator[None]:
    """The client forgets a scope that was revoked, and keeps its rows."""

    def wipe_scope(connection: Any, scope: int) -> set[str]:
        connection.execute("DELETE FROM scope WHERE id = ?", (scope,))
        return set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sync.pull, "wipe_scope", wipe_scope)
        yield


PLANTED: Final[dict[str, Callable[[], AbstractContextManager[None]]]] = {
    one.__name__: one
    for one in (
        bare_sequence,
        acknowledge_before_commit,
        new_id_on_retry,
        sent_is_done,
        no_memory_of_commands,
        cursor_before_page,
        tombstones_forgotten,
        cursor_goes_back,
        revoked_rows_stay,
    )
}
