"""Claiming and settling commands: the two round trips around their effects.

``claim`` writes commands before anything else happens and says what to do with each; ``settle`` stores what became of
them, for ever, and as rows that the device pulls. Both run in the transaction of the effects (docs/sync.md, I2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, text

from models.contract.outcomes import CommandOutcome, Status
from models.contract.records import NUMBER
from models.domain.problems import Problem
from provider.store.changes import device_scope
from provider.store.database import Unit


@dataclass(frozen=True, slots=True)
class Incoming:
    """A well-signed command with its bytes."""

    id: str
    n: int
    sha256: str
    previous: str
    signature: str
    body: bytes
    kind: str
    actor: int
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """What to do with a command: ``run``, ``known`` (see ``outcome``), ``reissued`` (as well, and shown to a new
    device), ``id-reused``, ``held``, ``refused``, ``forked`` (``held`` and ``refused`` name the problem in ``reason``).
    """

    verdict: str
    reason: str = ""
    outcome: CommandOutcome | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one command, in the tenant where its outcome is shown."""

    command_id: str
    n: int
    tenant: int
    status: Status
    problems: tuple[Problem, ...] = ()
    result: dict[str, Any] | None = None


CLAIM_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION command_claim(
    the_device bigint, now timestamptz, ids text[], ns bigint[], hashes text[], chain text[], signatures text[],
    bodies bytea[], kinds text[], actors bigint[], needs text[]
) RETURNS TABLE (verdict text, reason text, status text, problems jsonb, result jsonb, decided_at timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    d device%ROWTYPE;
    c command%ROWTYPE;
    needed text;
    needed_status text;
    following command%ROWTYPE;
BEGIN
    SELECT * INTO d FROM device WHERE id = the_device FOR UPDATE;
    FOR i IN 1 .. cardinality(ids) LOOP
        verdict := 'run'; reason := ''; status := NULL; problems := NULL; result := NULL; decided_at := NULL;
        SELECT * INTO c FROM command WHERE id = ids[i];
        IF NOT FOUND AND d.quarantined_at IS NULL THEN
            IF ns[i] <= d.last_n OR EXISTS (SELECT FROM command WHERE device_id = the_device AND n = ns[i]) THEN
                verdict := 'forked'; reason := 'another command has this number';
            ELSIF ns[i] = d.last_n + 1 AND chain[i] <> d.last_hash THEN
                verdict := 'forked'; reason := 'the chain of commands is broken';
            END IF;
            IF verdict = 'forked' THEN
                UPDATE device SET quarantined_at = now, quarantine_reason = reason WHERE id = the_device;
                INSERT INTO alarm (at, kind, device_id, command_id, detail)
                VALUES (now, 'device-forked', the_device, ids[i],
                    jsonb_build_object('n', ns[i], 'last_n', d.last_n, 'reason', reason));
                RETURN NEXT;
                RETURN;
            END IF;
            INSERT INTO command (id, device_id, n, sha256, previous, signature, body, kind, actor, depends_on,
                tenant, status, problems, result, received_at)
            VALUES (ids[i], the_device, ns[i], hashes[i], chain[i], signatures[i], bodies[i], kinds[i], actors[i],
                string_to_array(needs[i], ' '), 0, 'held', '[]', '{}', now)
            ON CONFLICT (id) DO NOTHING;
            IF FOUND THEN
                IF ns[i] = d.last_n + 1 THEN
                    d.last_n := ns[i]; d.last_hash := hashes[i];
                    LOOP  -- what arrived before its predecessor joins the chain now
                        SELECT * INTO following FROM command WHERE device_id = the_device AND n = d.last_n + 1;
                        EXIT WHEN NOT FOUND OR following.previous <> d.last_hash;
                        d.last_n := following.n; d.last_hash := following.sha256;
                    END LOOP;
                    UPDATE device SET last_n = d.last_n, last_hash = d.last_hash WHERE id = the_device;
                ELSE
                    verdict := 'held'; reason := 'order-broken';
                END IF;
                FOREACH needed IN ARRAY string_to_array(needs[i], ' ') LOOP
                    SELECT n.status INTO needed_status FROM command n WHERE n.id = needed;
                    IF NOT FOUND OR needed_status = 'held' AND NOT needed = ANY (ids[1:i]) THEN
                        verdict := 'held'; reason := 'waits-for-another';
                    ELSIF needed_status IN ('refused', 'conflict') THEN
                        verdict := 'refused'; reason := 'depends-on-refused';
                    END IF;
                END LOOP;
                RETURN NEXT;
                CONTINUE;
            END IF;
            SELECT * INTO c FROM command WHERE id = ids[i];  -- another device was faster with the same id
        END IF;
        IF c.id IS NULL THEN
            verdict := 'forked'; reason := d.quarantine_reason;
        ELSIF c.sha256 = hashes[i] AND c.device_id = the_device THEN
            verdict := 'known'; status := c.status; problems := c.problems; result := c.result;
            decided_at := c.decided_at;
        ELSIF c.actor = actors[i] AND d.user_id = c.actor AND d.quarantined_at IS NULL
            AND EXISTS (SELECT FROM device o WHERE o.id = c.device_id AND o.id <> d.id AND o.user_id = d.user_id)
            AND (convert_from(c.body, 'UTF8')::json -> 'payload')::text
                = (convert_from(bodies[i], 'UTF8')::json -> 'payload')::text
            AND convert_from(c.body, 'UTF8')::jsonb - ARRAY['device', 'n', 'previous']
                = convert_from(bodies[i], 'UTF8')::jsonb - ARRAY['device', 'n', 'previous']
            AND (ns[i] = d.last_n + 1 AND chain[i] = d.last_hash OR ns[i] <= d.last_n
                AND NOT EXISTS (SELECT FROM command WHERE device_id = the_device AND n = ns[i]))
        THEN  -- a device enrolled anew sends what its old identity had sent: the same command in another envelope
            verdict := 'reissued'; status := c.status; problems := c.problems; result := c.result;
            decided_at := c.decided_at;
            IF ns[i] = d.last_n + 1 THEN
                d.last_n := ns[i]; d.last_hash := hashes[i];
                UPDATE device SET last_n = d.last_n, last_hash = d.last_hash WHERE id = the_device;
            END IF;
        ELSE
            verdict := 'id-reused';
            INSERT INTO alarm (at, kind, device_id, command_id, detail)
            VALUES (now, 'id-reused', the_device, ids[i],
                jsonb_build_object('known_sha256', c.sha256, 'sha256', hashes[i], 'known_device', c.device_id));
        END IF;
        RETURN NEXT;
    END LOOP;
END $$
"""

SETTLE_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION command_settle(
    the_device bigint, now timestamptz, ids text[], ns bigint[], tenants integer[], statuses text[],
    problem_lists jsonb[], results jsonb[]
) RETURNS TABLE (outcome_id bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    UPDATE command SET status = s.status, tenant = s.tenant, problems = s.problems, result = s.result, decided_at = now
    FROM unnest(ids, tenants, statuses, problem_lists, results) AS s(id, tenant, status, problems, result)
    WHERE command.id = s.id;
    RETURN QUERY
    INSERT INTO outcome AS o (tenant_id, command_id, device_id, n, status, problems, result, at)
    SELECT s.tenant, s.id, the_device, s.n, s.status, s.problems, s.result, now
    FROM unnest(ids, ns, tenants, statuses, problem_lists, results)
        WITH ORDINALITY AS s(id, n, tenant, status, problems, result, position)
    ORDER BY s.position
    ON CONFLICT (command_id) DO UPDATE
    SET status = excluded.status, problems = excluded.problems, result = excluded.result, at = excluded.at
    RETURNING o.id;
END $$
"""

_CLAIM: Final = text(
    "SELECT * FROM command_claim(:device, :now, CAST(:ids AS text[]), CAST(:ns AS bigint[]), CAST(:hashes AS text[]), "
    "CAST(:chain AS text[]), CAST(:signatures AS text[]), CAST(:bodies AS bytea[]), CAST(:kinds AS text[]), "
    "CAST(:actors AS bigint[]), CAST(:needs AS text[]))"
)
_SETTLE: Final = text(
    "SELECT * FROM command_settle(:device, :now, CAST(:ids AS text[]), CAST(:ns AS bigint[]), "
    "CAST(:tenants AS integer[]), CAST(:statuses AS text[]), CAST(:problems AS jsonb[]), CAST(:results AS jsonb[]))"
)


def claim(connection: Connection, device: int, now: datetime, commands: Sequence[Incoming]) -> list[Claim]:
    """Write commands, locking their device, and return what to do with each; the list ends early at a fork."""
    rows = connection.execute(
        _CLAIM,
        {
            "device": device,
            "now": now,
            "ids": [item.id for item in commands],
            "ns": [item.n for item in commands],
            "hashes": [item.sha256 for item in commands],
            "chain": [item.previous for item in commands],
            "signatures": [item.signature for item in commands],
            "bodies": [item.body for item in commands],
            "kinds": [item.kind for item in commands],
            "actors": [item.actor for item in commands],
            "needs": [" ".join(item.depends_on) for item in commands],
        },
    )
    claims = []
    for item, row in zip(commands, rows, strict=False):
        outcome = None
        if row.verdict in ("known", "reissued"):
            outcome = stored(item.id, row.status, row.problems, row.result, row.decided_at)
        claims.append(Claim(row.verdict, row.reason, outcome))
    return claims


def stored(command_id: str, status: str, problems: Any, result: Any, at: datetime | None) -> CommandOutcome:
    """Return an outcome from its columns."""
    return CommandOutcome(command_id, Status(status), msgspec.convert(problems, list[Problem]), result, at)


def settle(unit: Unit, device: int, now: datetime, settled: Sequence[Settled]) -> None:
    """Store outcomes, and index their rows in the device's scope of each command's tenant."""
    if not settled:
        return
    rows = unit.connection.execute(
        _SETTLE,
        {
            "device": device,
            "now": now,
            "ids": [item.command_id for item in settled],
            "ns": [item.n for item in settled],
            "tenants": [item.tenant for item in settled],
            "statuses": [item.status.value for item in settled],
            "problems": [msgspec.json.encode(item.problems).decode() for item in settled],
            "results": [msgspec.json.encode(item.result or {}).decode() for item in settled],
        },
    )
    scope = device_scope(device)
    before = unit.changes.changed_by
    for item, row in zip(settled, rows, strict=True):
        unit.changes.changed_by = item.command_id
        unit.changes.live(item.tenant, scope, "outcome", row.outcome_id)
    unit.changes.changed_by = before


def show(unit: Unit, device: int, commands: Sequence[str]) -> None:
    """Index the outcomes of commands in the scope of a device that has sent them again under a new identity."""
    if not commands:
        return
    rows = unit.connection.execute(_OUTCOMES, {"ids": list(commands)})
    for row in rows:
        unit.changes.live(row.tenant_id, device_scope(device), "outcome", row.id)


def show_to_others(unit: Unit, device: int, command_id: str) -> None:
    """Index an outcome that has changed in the scopes of the user's other devices that were shown it before."""
    values = {"device": device, "id": command_id, "number": NUMBER["outcome"]}
    for row in unit.connection.execute(_ALSO_SHOWN, values).all():
        unit.changes.live(row.tenant_id, device_scope(row.device), "outcome", row.id)


_OUTCOMES: Final = text("SELECT id, tenant_id FROM outcome WHERE command_id = ANY(:ids)")
_ALSO_SHOWN: Final = text(
    "SELECT DISTINCT o.id, o.tenant_id, other.id AS device FROM outcome o "
    "JOIN device own ON own.id = :device JOIN device other ON other.user_id = own.user_id AND other.id <> own.id "
    "JOIN sync_index i ON i.tenant IN (0, o.tenant_id) AND i.scope = 'device:' || other.id "
    "AND i.table_number = :number AND i.row_id = o.id AND i.live WHERE o.command_id = :id"
)
_RELEASABLE: Final = text(
    "SELECT c.id, c.n, c.device_id, d.user_id, c.body FROM command c JOIN device d ON d.id = c.device_id "
    "WHERE c.status = 'held' AND c.n <= d.last_n AND (c.device_id = :device OR c.depends_on && CAST(:after AS text[])) "
    "AND NOT EXISTS (SELECT FROM unnest(c.depends_on) AS need LEFT JOIN command n ON n.id = need "
    "WHERE n.id IS NULL OR n.status = 'held') ORDER BY c.device_id, c.n LIMIT 200"
)
_REFUSED_NEED: Final = text(
    "SELECT EXISTS (SELECT FROM command n WHERE n.id = ANY (c.depends_on) AND n.status IN ('refused', 'conflict')) "
    "FROM command c WHERE c.id = :id AND c.status = 'held' FOR UPDATE OF c"
)


def releasable(connection: Connection, device: int, after: Sequence[str]) -> list[Any]:
    """Return held commands that need wait no longer: of ``device``, and of others that waited for ``after``."""
    return list(connection.execute(_RELEASABLE, {"device": device, "after": list(after)}).all())


def take_held(connection: Connection, device: int, command_id: str) -> str:
    """Lock a held command; return ``run``, ``refused`` when what it needs was refused, "" when somebody settled it."""
    connection.execute(text("SELECT 1 FROM device WHERE id = :device FOR UPDATE"), {"device": device})
    refused = connection.execute(_REFUSED_NEED, {"id": command_id}).scalar()
    return "" if refused is None else "refused" if refused else "run"


def note(connection: Connection, now: datetime, kind: str, device: int | None, command_id: str, **detail: Any) -> None:
    """Write an alarm for a person at the provider."""
    connection.execute(
        text(
            "INSERT INTO alarm (at, kind, device_id, command_id, detail) "
            "VALUES (:at, :kind, :device, :command, CAST(:detail AS jsonb))"
        ),
        {
            "at": now,
            "kind": kind,
            "device": device,
            "command": command_id,
            "detail": msgspec.json.encode(detail).decode(),
        },
    )
