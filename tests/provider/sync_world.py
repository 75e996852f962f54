"""People, devices and accounts for tests of the protocol, made with as few rows as will do."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_origin, get_type_hints

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, text

from models.contract.codec import encode, sha256, uuid7
from models.contract.commands import Command, Payload, SetMailing, Signed
from models.contract.messages import (
    Cursor,
    PullAnswer,
    PullRequest,
    PushAnswer,
    PushRequest,
    ScopePage,
    ScopeRef,
    SnapshotRequest,
)
from models.contract.records import BY_TABLE
from models.contract.signatures import sign
from provider.handlers.push import push
from provider.services import feed
from provider.services.links import token_hash
from provider.store.base import SYNCED
from provider.store.changes import account_scope, user_scope
from provider.store.database import Database
from provider.store.grants import grant
from provider.store.tables_people import access_token, credential, user_session
from provider.store.tables_sync import device

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


_PLAIN: dict[Any, Any] = {str: "", int: 0, bool: False, dict: {}, list: [], datetime: NOW, date: NOW.date()}
_numbers = itertools.count(1)


def clock() -> datetime:
    return NOW


def add_row(database: Database, tenant: int, scope: str, table: str, **values: Any) -> int:
    """Insert a record with plausible values for whatever is not named, and index it."""
    plain: dict[str, Any] = {"tenant_id": tenant}
    for name, hint in get_type_hints(BY_TABLE[table]).items():
        if name in SYNCED[table].columns and name not in ("id", "TABLE"):
            plain[name] = _PLAIN.get(get_origin(hint) or hint)
    with database.change() as unit:
        row_id = unit.connection.execute(
            insert(SYNCED[table]).values(**plain | values).returning(SYNCED[table].c.id)
        ).scalar_one()
        unit.changes.live(tenant, scope.replace("{id}", str(row_id)), table, row_id)
    return int(row_id)


@dataclass
class Device:
    """A client as small as can be: it signs commands and keeps what it pulls."""

    database: Database
    user: int
    id: int
    key: Ed25519PrivateKey
    token: str
    epoch: str
    n: int = 0
    previous: str = ""
    cursors: dict[tuple[int, str], Cursor] = field(default_factory=dict)
    rows: dict[tuple[int, str, str, int], tuple[int, list[Any]]] = field(default_factory=dict)

    def command(self, payload: Payload, **changes: Any) -> Signed:
        """Return the next command of this device."""
        self.n = changes.pop("n", self.n + 1)
        values: dict[str, Any] = {
            "id": uuid7(),
            "device": self.id,
            "n": self.n,
            "kind": payload.KIND,
            "version": payload.VERSION,
            "actor": self.user,
            "payload": msgspec.Raw(encode(payload)),
            "occurred_at": NOW - timedelta(minutes=1),
            "previous": self.previous,
        } | changes
        body = encode(Command(**values))
        self.previous = sha256(body)
        return Signed(msgspec.Raw(body), sign(self.key, body))

    def request(self, *commands: Signed) -> PushRequest:
        return PushRequest(self.epoch, self.id, list(commands))

    def push(self, *commands: Signed) -> PushAnswer:
        return push(self.database, self.user, self.id, self.request(*commands), clock)

    def pull(self, limit: int = 1000) -> PullAnswer:
        """Pull one page and keep it, as a client does."""
        answer = feed.pull(
            self.database,
            self.user,
            self.id,
            PullRequest(self.epoch, 1, self.id, list(self.cursors.values()), limit),
            clock,
        )
        for page in answer.pages:
            self.keep(page)
        for scope in answer.revoked:
            self.cursors.pop((scope.tenant, scope.key))
            self.rows = {k: v for k, v in self.rows.items() if k[:2] != (scope.tenant, scope.key)}
        for granted in answer.granted:
            key = (granted.scope.tenant, granted.scope.key)
            self.cursors.setdefault(key, Cursor(granted.scope))
        return answer

    def pull_all(self, limit: int = 1000) -> PullAnswer:
        """Pull until every page is complete."""
        self.pull(limit)
        while True:
            answer = self.pull(limit)
            if all(page.complete for page in answer.pages):
                return answer

    def keep(self, page: ScopePage) -> None:
        scope = (page.scope.tenant, page.scope.key)
        for part in page.rows:
            rows = msgspec.json.decode(part.rows)
            for sequence, row in zip(part.sequences, rows, strict=True):
                self.rows[(*scope, part.table, row[0])] = (sequence, row)
        for gone in page.deletions:
            for row_id in gone.ids:
                self.rows.pop((*scope, gone.table, row_id), None)
        if page.sequence >= self.cursors.get(scope, Cursor(page.scope)).sequence:
            self.cursors[scope] = Cursor(page.scope, page.sequence, page.tag)

    def bootstrap(self, scope: ScopeRef) -> None:
        """Load a whole scope by chunks."""
        begun = feed.begin_snapshot(
            self.database, self.user, self.id, SnapshotRequest(self.epoch, 1, self.id, scope), clock
        )
        for table in begun.tables:
            after, last = 0, False
            while not last:
                body = feed.snapshot_chunk(self.database, self.user, self.id, table, begun.token, after, clock)
                header, rows, sequences = (msgspec.json.decode(line) for line in body.split(b"\n"))
                for sequence, row in zip(sequences, rows, strict=True):
                    self.rows[scope.tenant, scope.key, table, row[0]] = (sequence, row)
                after, last = header["last_id"], header["last"]
        self.cursors[scope.tenant, scope.key] = Cursor(scope, begun.sequence, begun.tag)


def unique() -> str:
    """Return a number that no other row of this session has."""
    return str(next(_numbers))


@dataclass
class World:
    """A provider with some accounts and people."""

    database: Database
    tenant: int
    accounts: list[int]

    def person(self, login: str, *grants: str) -> int:
        """Add a person with grants such as ``account:1`` or ``office``."""
        user = add_row(
            self.database,
            0,
            "user:{id}",
            "person",
            login=login,
            name=login,
            email=f"{login}@example.org",
            roles=["resident"],
        )
        with self.database.change() as unit:
            unit.connection.execute(
                insert(credential).values(user_id=user, login_key=login, password_hash="x", password_changed_at=NOW)
            )
            for key in grants:
                grant(unit, user, self.tenant, key)
        return user

    def device(self, user: int) -> Device:
        """Enrol a device of a person, signed in."""
        key = Ed25519PrivateKey.generate()
        token = hashlib.sha256(key.private_bytes_raw()).hexdigest()
        with self.database.engine.begin() as connection:
            device_id = connection.execute(
                insert(device)
                .values(
                    user_id=user,
                    public_key=key.public_key().public_bytes_raw().hex(),
                    name="test",
                    enrolled_at=NOW,
                    last_seen=NOW,
                )
                .returning(device.c.id)
            ).scalar_one()
            later = datetime(2100, 1, 1, tzinfo=UTC)
            session = connection.execute(
                insert(user_session)
                .values(user_id=user, device_id=device_id, created_at=NOW, seen_at=NOW, expires_at=later)
                .returning(user_session.c.id)
            ).scalar_one()
            connection.execute(
                insert(access_token).values(token_hash=token_hash(token), session_id=session, expires_at=later)
            )
            epoch = connection.execute(text("SELECT value FROM installation WHERE name = 'epoch'")).scalar_one()
        return Device(self.database, user, device_id, key, token, epoch)

    def resident(self, login: str = "resident", account: int = 0) -> Device:
        """Return a device of a new person with a grant for one account."""
        return self.device(self.person(login, account_scope(self.accounts[account])))

    def clerk(self, login: str = "clerk") -> Device:
        """Return a device of a new person with the office's grant."""
        return self.device(self.person(login, "office"))

    def mailing(self, account: int = 0, *, active: bool = True, language: str = "kk") -> SetMailing:
        """Return a payload that any resident of the account may send."""
        return SetMailing(self.accounts[account], active, language)

    def scalar(self, query: str, **values: Any) -> Any:
        with self.database.read() as connection:
            return connection.execute(text(query), values).scalar()


def make_world(database: Database, accounts: int = 3) -> World:
    """Return a world with one provider and some accounts."""
    tenant = add_row(database, 1, "public", "provider", code="vodokanal", name="Vodokanal", zone="Asia/Almaty")
    assert tenant == 1
    numbers = [
        add_row(database, tenant, "account:{id}", "account", provider_id=tenant, number=str(100 + n), status="open")
        for n in range(accounts)
    ]
    return World(database, tenant, numbers)


def typed(table: str, row: list[Any]) -> Any:
    """Return a pulled row as its record, checked strictly."""
    return msgspec.convert(row, BY_TABLE[table], strict=True)


__all__ = ["NOW", "Device", "World", "account_scope", "add_row", "clock", "make_world", "typed", "unique", "user_scope"]
