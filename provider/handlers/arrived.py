"""What a device sent, before anything is done: is the signature right, is it understood, when did it happen?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from models.contract.codec import sha256
from models.contract.commands import KINDS, Command, Payload, Signed
from models.contract.outcomes import CommandOutcome, Status
from models.contract.signatures import verify
from models.domain.problems import Problem
from provider.store.commands import Incoming

_CLOCK_AHEAD: Final = timedelta(minutes=5)
_MAX_TEXT: Final = 64
_LONG_NUMBER: Final = re.compile(rb"[0-9]{19}")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A command whose signature is right; ``payload`` is ``None`` for a kind or content that is not understood."""

    command: Command
    incoming: Incoming
    payload: Payload | None

    @property
    def account(self) -> int:
        """The id of the account it is about, 0 when it is about none."""
        return int(getattr(self.payload, "account_id", 0))

    @property
    def department(self) -> int:
        """The tenant of the education department it is for, 0 when it is for none."""
        return int(getattr(self.payload, "department_id", 0))

    def happened(self, now: datetime) -> tuple[datetime, bool]:
        """Return when the command happened and whether its own claim was not believed."""
        claimed = self.command.server_time or self.command.occurred_at
        if claimed.tzinfo is None or claimed > now + _CLOCK_AHEAD:
            return now, True
        return min(claimed, now), False


def read_signed(signed: Signed, device: int, public_key: str) -> Arrived | CommandOutcome:
    """Return a command of ``device``, or why it is refused unread."""
    body = bytes(signed.body)
    try:
        command = msgspec.json.decode(body, type=Command)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return CommandOutcome("", Status.REFUSED, [Problem("bad-request")])
    texts = (command.id, command.kind, command.previous, command.supersedes, *command.depends_on)
    sound = all(len(text) <= _MAX_TEXT and text.isascii() and " " not in text for text in texts)
    if not sound or not command.id or command.n < 1 or len(command.depends_on) > _MAX_TEXT:
        return CommandOutcome("", Status.REFUSED, [Problem("bad-request")])
    if command.device != device or not verify(public_key, body, signed.signature):
        return CommandOutcome(command.id, Status.REFUSED, [Problem("bad-signature")])
    return understand(command, body, signed.signature)


def _stored(value: Any) -> bool:
    """Return whether every number in a value is one that PostgreSQL keeps."""
    if isinstance(value, int):
        return -(1 << 63) <= value < 1 << 63
    if isinstance(value, msgspec.Struct):
        return all(_stored(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, Mapping):
        return all(_stored(inner) for inner in value.values())
    return not isinstance(value, list | tuple) or all(map(_stored, value))


def understand(command: Command, body: bytes, signature: str) -> Arrived:
    """Return a command with its content, as far as this version understands it."""
    payload: Payload | None = None
    if command.kind in KINDS and command.version <= KINDS[command.kind].VERSION:
        try:
            payload = command.content()
        except (msgspec.DecodeError, UnicodeDecodeError):
            payload = None
        if payload is not None and _LONG_NUMBER.search(bytes(command.payload)) and not _stored(payload):
            payload = None
    incoming = Incoming(
        id=command.id,
        n=command.n,
        sha256=sha256(body),
        previous=command.previous,
        signature=signature,
        body=body,
        kind=command.kind,
        actor=command.actor,
        depends_on=tuple(command.depends_on),
    )
    return Arrived(command, incoming, payload)
