"""What commands print: lines for people, or one JSON document."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from models.cache.queries.accounts import AccountSummary
from models.contract.records import AccountView
from models.contract.sentences import sentence
from models.domain import statements
from sync.status import SyncReport, WaitingItem
from translations import _, current, formats


def answer(value: Any, lines: Iterable[str], *, as_json: bool) -> None:
    """Print ``value`` as JSON, or the lines."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    else:
        sys.stdout.writelines(line + "\n" for line in lines)


def text_of(texts: dict[str, str]) -> str:
    """Return a text in the language in force, or in whichever there is."""
    return texts.get(current()) or texts.get("en") or next(iter(texts.values()), "")


def columns(rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Return rows as aligned columns; those in ``right`` are aligned at the end."""
    if not rows:
        return []
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if index in right else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def sync_report(report: SyncReport) -> tuple[dict[str, Any], list[str]]:
    """Return what a sync did, as plain values and as lines."""
    value = {
        "pushed": report.pushed,
        "refused": report.refused,
        "pulled": report.pulled,
        "complete": report.complete,
        "cursor": report.sequence,
        "problem": report.problem.code if report.problem else None,
    }
    line = _("Sent {pushed}, refused {refused}, received {pulled} changes; the data stand at {cursor}.")
    return value, [
        line.format(pushed=report.pushed, refused=report.refused, pulled=report.pulled, cursor=report.sequence)
    ]


def account_lines(found: Sequence[AccountSummary]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return accounts with what they owe."""
    value = [
        {
            "number": one.account.number,
            "provider": one.provider.code,
            "holder": one.account.holder,
            "currency": one.provider.currency,
            "balance_minor": one.total_minor,
            "services": {debt.service.code: debt.balance_minor for debt in one.balances},
        }
        for one in found
    ]
    rows = [
        (one.account.number, one.provider.name, one.account.holder, _owed(one.total_minor, one.provider.currency))
        for one in found
    ]
    return value, columns(rows)


def _owed(minor: int, currency: str) -> str:
    if minor > 0:
        return _("debt {amount}").format(amount=formats.money(minor, currency))
    if minor < 0:
        return _("overpaid {amount}").format(amount=formats.money(-minor, currency))
    return _("nothing owed")


def account_answer(view: AccountView) -> tuple[dict[str, Any], list[str]]:
    """Return an account: what it owes for each service, its meters and its last movements."""
    currency = view.provider.currency
    owed = {link.service_id: link.balance_minor for link in view.account_services if link.active}
    names = {service.id: text_of(service.name) for service in view.services}
    last = sorted(view.entries, key=lambda entry: (entry.posted_on, entry.id))[-12:]
    value = {
        "number": view.account.number,
        "provider": view.provider.code,
        "currency": currency,
        "as_of": view.as_of,
        "sequence": view.sequence,
        "balance_minor": sum(owed.values()),
        "services": [
            {"service": service.code, "balance_minor": owed[service.id]}
            for service in view.services
            if service.id in owed
        ],
        "meters": [
            {"number": meter.number, "readings": [r.value for r in view.readings if r.meter_id == meter.id][-3:]}
            for meter in view.meters
            if meter.removed_on is None
        ],
        "closing_minor": {str(service_id): statements.balance(view.entries, service_id) for service_id in sorted(owed)},
        "waiting": len(view.waiting),
    }
    lines = [
        f"{view.provider.name} · {view.account.number} · {view.account.holder}",
        _("Data as of {moment}").format(moment=formats.moment(view.as_of, view.provider.zone)),
        *columns([(names[key], _owed(minor, currency)) for key, minor in owed.items()]),
        "",
        *columns(
            [
                (formats.day(e.business_date), names.get(e.service_id, ""), e.kind, formats.amount(e.amount_minor))
                for e in last
            ],
            frozenset({3}),
        ),
    ]
    return value, lines


def waiting_answer(items: Sequence[WaitingItem], zone: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what waits or needs attention, with the reason in words."""
    value = [
        {
            "id": item.command_id,
            "kind": item.kind,
            "state": str(item.state),
            "at": item.occurred_at,
            "amount_minor": item.amount_minor,
            "currency": item.currency,
            "problems": [problem.code for problem in item.problems],
            "reason": " ".join(sentence(problem) for problem in item.problems),
        }
        for item in items
    ]
    lines = [_("Nothing waits.")] if not items else []
    for item in items:
        lines.append(f"{item.command_id}  {formats.moment(item.occurred_at, zone)}  {item.kind}  {item.state}")
        lines += [f"    {sentence(problem)}" for problem in item.problems]
    return value, lines
