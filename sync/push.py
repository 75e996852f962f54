"""Sending what waits: batches, oldest first, sealed into the journal before they leave, answered one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from models.cache import outbox as table
from models.cache.outbox import Item, Tail
from models.contract.codec import encode, sha256
from models.contract.commands import Signed
from models.contract.messages import MAX_COMMANDS, MAX_PUSH_BYTES, PushAnswer, PushRequest
from models.contract.outcomes import Status
from models.contract.signatures import sign
from models.domain.problems import Problem
from sync.failpoints import reach
from sync.frames import Sealed, SealedCommand
from sync.link import Link, ServerRestored
from sync.retry import next_attempt
from sync.transport import Refused, TransportError, Unexpected

_HEADROOM = 50_000


@dataclass(slots=True)
class Pushed:
    """What a run of sending did."""

    sent: int = 0
    refused: int = 0


def push(
    link: Link,
    done: Pushed,
    sending: Callable[[frozenset[str]], None],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    """Send everything that waits, record the answers and count them in ``done``.

    Raises TransportError and what :class:`Link` raises; whatever was answered before stays recorded, and the failed
    batch carries why and when it is tried again.
    """
    most = MAX_COMMANDS
    while not cancelled():
        waiting = link.profile.store.peek(table.unsent)
        if not waiting:
            break
        if any(not item.signed for item in waiting):
            # What was sealed counts as sent: while there is no line at all, work stays free to be taken back.
            link.transport.knock()
        batch = seal(link, most)
        if not batch:
            break
        reach("P1")
        ids = [item.entry.id for item in batch]
        rest = waiting[len(batch) :]
        request = PushRequest(
            epoch=link.identity.epoch,
            device=link.identity.device_id,
            commands=[msgspec.json.decode(item.signed, type=Signed) for item in batch],
            waiting=len(rest),
            waiting_minor=money(rest),
        )
        sending(frozenset(ids))
        try:
            answer = link.post("/sync/commands", request, PushAnswer)
            check_epoch(link, answer.epoch)
            _check(ids, answer)
        except Refused as refusal:
            if refusal.status == 413 and most > 1:
                most = max(1, most // 4)
                continue
            _note(link, batch, refusal)
            raise
        except TransportError as error:
            _note(link, batch, error)
            raise
        finally:
            sending(frozenset())
        reach("P3")
        link.profile.outbox.answered(answer.outcomes)
        reach("P4")
        done.sent += len(ids)
        done.refused += sum(one.status in (Status.REFUSED, Status.CONFLICT) for one in answer.outcomes)
        progress(done.sent, done.sent + len(rest))


def seal(link: Link, most: int = MAX_COMMANDS) -> list[Item]:
    """Return the next batch, giving ordinal, chain and signature to whatever has none.

    From then on a command counts as possibly sent: its bytes never change and it can no longer be withdrawn.
    """
    profile = link.profile
    identity = profile.identity
    with profile.outbox.exclusive():
        waiting, tail = profile.store.peek(lambda connection: (table.unsent(connection), table.tail(connection)))
        batch: list[Item] = []
        fresh: list[SealedCommand] = []
        size = _HEADROOM
        if tail.device != identity.device_id:
            tail = Tail(identity.device_id)
        key = identity.private_key()
        for item in waiting[:most]:
            if not item.signed:
                command = item.entry.command(device=tail.device, n=tail.n + 1, previous=tail.hash)
                body = encode(command)
                signed = Signed(msgspec.Raw(body), sign(key, body))
                if batch and size + len(body) + 200 > MAX_PUSH_BYTES:
                    break
                tail = Tail(tail.device, command.n, sha256(body))
                fresh.append(SealedCommand(command.id, tail.device, command.n, signed))
                item = msgspec.structs.replace(
                    item, device=tail.device, n=command.n, signed=msgspec.json.encode(signed).decode()
                )
            if batch and size + len(item.signed) > MAX_PUSH_BYTES:
                break
            size += len(item.signed)
            batch.append(item)
        if fresh:
            profile.outbox.write(Sealed(fresh))
        return batch


def money(items: Sequence[Item]) -> dict[str, int]:
    """Return the money in commands, minor units by currency."""
    total: dict[str, int] = {}
    for item in items:
        entry = item.entry
        if entry.money and entry.amount_minor is not None:
            total[entry.currency] = total.get(entry.currency, 0) + entry.amount_minor
    return total


def check_epoch(link: Link, epoch: str) -> None:
    """Keep the provider's epoch; raises :class:`ServerRestored` when it is another one than we knew."""
    if epoch == link.identity.epoch:
        return
    if link.identity.epoch:
        raise ServerRestored
    link.profile.save_identity(epoch=epoch)


def _check(ids: Sequence[str], answer: PushAnswer) -> None:
    if [outcome.command_id for outcome in answer.outcomes] != list(ids):
        raise Unexpected(Problem("unexpected-answer"))


def _note(link: Link, batch: Sequence[Item], error: TransportError) -> None:
    """Keep with each command why it did not leave and when the next attempt is due."""
    failures = max(item.attempts for item in batch) + 1
    again = next_attempt(failures, link.clock(), error.retry_after, str(link.identity.device_id))
    with link.profile.store.write() as connection:
        table.note_failure(connection, [item.entry.id for item in batch], error.problem, again)
