"""Signing in and out, and what follows when one of the two sides was restored from a backup."""

from __future__ import annotations

import logging

import msgspec

from models.cache import outbox as table
from models.cache.apply import wipe_scope
from models.cache.driver import Connection
from models.cache.store import set_local
from models.contract.messages import Session, SignInRequest
from models.contract.version import SCHEMA
from models.domain.problems import Problem
from sync import wishes
from sync.frames import Reopened, Unsealed
from sync.identity import new_device_key
from sync.link import DeviceForked, Link, ServerRestored, SignedOut
from sync.pull import keep, pull
from sync.push import check_epoch
from sync.transport import Refused, TransportError

log = logging.getLogger(__name__)

_NEW_KEY_NEEDED = frozenset({"device-forked", "device-of-another", "device-revoked"})


class Password(msgspec.Struct, frozen=True):
    """Proof by a password; ``login`` may be an IIN, a telephone or an e-mail address too."""

    login: str
    password: str

    def ask(self, link: Link, device_name: str) -> Session:
        """Ask for a session on this device."""
        identity = link.identity
        request = SignInRequest(
            login=self.login,
            password=self.password,
            device_key=identity.public_key(),
            device_name=device_name,
            device_id=identity.device_id or None,
            schema=SCHEMA,
        )
        return link.transport.post("/devices/sign-in", request, Session, refresh=True)


class OneTimeCode(msgspec.Struct, frozen=True):
    """Proof by a code that the person's telephone got. It gives one session; a lost answer may be asked for again."""

    login: str  # the telephone
    code: str  # IIN or document number
    one_time: str

    def ask(self, link: Link, device_name: str) -> Session:
        """Ask for a session on this device."""
        identity = link.identity
        body = {
            "phone": self.login,
            "code": self.code,
            "one_time": self.one_time,
            "device_key": identity.public_key(),
            "device_name": device_name,
            "device_id": identity.device_id or None,
            "schema": SCHEMA,
            "request": wishes.key("/families/sign-in", msgspec.structs.asdict(self)),
        }
        return link.transport.post("/families/sign-in", body, Session, refresh=True)


Proof = Password | OneTimeCode


def sign_in(link: Link, proof: Proof, device_name: str) -> Session:
    """Prove who the person is and enrol this device, or return to it; raises TransportError.

    When the provider knows more of this device than we do, the profile is an older copy: outcomes that it holds are
    fetched first, then the device is enrolled anew and everything without an answer travels under its new identity.
    """
    session = _ask(link, proof, device_name)
    if session.last_n > link.profile.store.peek(table.tail).n and session.device_id == link.identity.device_id:
        log.error("the provider has seen more commands of this device than this profile: it is an older copy")
        _take(link, session, proof.login, device_name)
        renew_device(link)
        session = _ask(link, proof, device_name)
    _take(link, session, proof.login, device_name)
    return session


def renew_device(link: Link) -> None:
    """Give up the device's identity, after fetching whatever outcomes the provider still shows to it."""
    if link.identity.signed_in:
        try:
            pull(link, lambda _topics: None, lambda _step, _done, _total: None, lambda: False)
        except (TransportError, ServerRestored, DeviceForked) as error:
            log.info("outcomes of the old device could not be fetched: %s", error)
    link.profile.findings.append(Problem("device-forked"))
    link.profile.save_identity(
        device_key=new_device_key(), device_id=0, access_token="", access_until=None, refresh_token=""
    )
    link.transport.token = ""


def reissue(link: Link) -> int:
    """Take number and signature off what another device's identity sealed and nobody answered; returns how many."""
    device = link.identity.device_id
    with link.profile.outbox.exclusive():
        waiting = link.profile.store.peek(table.unsent)
        ids = [item.entry.id for item in waiting if item.signed and item.device != device]
        if ids:
            link.profile.outbox.write(Unsealed(ids))
    return len(ids)


def start_after_restore(link: Link) -> None:
    """The provider lost its newest past: drop its rows, and send again every command that we still have.

    Same ids and same bytes, so whatever it does remember is answered from its store.
    """
    profile = link.profile
    log.error("the provider was restored from a backup; finished commands are sent again")
    with profile.outbox.exclusive():
        items = profile.store.peek(table.everything)
        ids = [item.entry.id for item in items if item.signed and item.outcome is not None]
        if ids:
            profile.outbox.write(Reopened(ids))
    with profile.store.write() as connection:
        forget_rows(connection)
    profile.findings.append(Problem("server-restored"))
    profile.save_identity(epoch="")


def forget_rows(connection: Connection) -> None:
    """Delete every row of the provider and every cursor; the outbox and local values stay."""
    for (scope,) in connection.execute("SELECT id FROM scope").fetchall():
        granted = connection.execute("SELECT tenant, key, lease_until FROM scope WHERE id = ?", (scope,)).fetchone()
        wipe_scope(connection, scope)
        connection.execute("INSERT INTO scope (tenant, key, lease_until) VALUES (?, ?, ?)", tuple(granted))
    connection.execute("DELETE FROM local WHERE key LIKE 'document:%'")  # it may have lost documents too
    set_local(connection, "catching-up", "1")


def sign_out(link: Link) -> None:
    """End the session at the provider if it can be reached, and here in any case."""
    if link.identity.access_token:
        try:
            link.transport.post_bytes("/sessions/sign-out", {})
        except TransportError as error:
            log.info("the provider was not told of the sign-out: %s", error.problem.code)
    link.forget_tokens()


def _ask(link: Link, proof: Proof, device_name: str) -> Session:
    for attempt in (1, 2):
        try:
            return proof.ask(link, device_name)
        except Refused as refusal:
            if refusal.problem.code not in _NEW_KEY_NEEDED or attempt == 2:
                raise
            log.warning("the device has to be enrolled anew: %s", refusal.problem.code)
            link.profile.save_identity(
                device_key=new_device_key(), device_id=0, access_token="", access_until=None, refresh_token=""
            )
    raise SignedOut(Problem("signed-out"))


def _take(link: Link, session: Session, login: str, device_name: str) -> None:
    """Become the signed-in person; another person's rows leave first, what they have not sent stops the change."""
    profile = link.profile
    if profile.identity.user_id not in (0, session.user_id):
        if profile.store.peek(table.unsent):
            raise Refusal(Problem("another-person"))
        with profile.store.write() as connection:
            for (scope,) in connection.execute("SELECT id FROM scope").fetchall():
                wipe_scope(connection, scope)
            connection.execute(
                "DELETE FROM local WHERE key LIKE 'draft:%' OR key LIKE 'read:%' OR key LIKE 'document:%'"
            )
    link.take(session)
    profile.save_identity(login=login, device_name=device_name)
    if session.epoch != profile.identity.epoch and profile.identity.epoch:
        start_after_restore(link)
    check_epoch(link, session.epoch)
    keep(link, session.scopes)
    reissue(link)


class Refusal(TransportError):
    """This profile cannot take what the provider would allow."""
