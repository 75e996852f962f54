"""Commands about money: ``import``, ``bill``, ``statement``, ``demo``, ``verify-ledger``, ``close-period``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from models.contract.entry_reasons import entry_reason
from provider import imports
from provider.commands_begin import month, opened
from provider.imports.report import ImportReport
from provider.imports.sentences import sentence
from provider.imports.values import parse_day
from provider.services.billing import BillReport, PeriodClosed, bill
from provider.services.catalogue import provider_codes
from provider.services.periods import close_period
from provider.services.statements import Statement, find_accounts, statement, verify_ledger
from provider.settings import Settings
from provider.store.database import Database
from translations import _, formats, n_

_SHOWN_PROBLEMS: Final = 100


def register(subparsers: Any) -> None:
    """Add the commands."""
    take = subparsers.add_parser("import", help="read a registry: xls, xlsx, csv or dbf; report row by row")
    take.add_argument("kind", choices=tuple(_IMPORTS))
    take.add_argument("file", type=Path)
    take.add_argument("--provider", metavar="CODE", help="whose registry it is; needed when there are several")
    take.add_argument("--dry-run", action="store_true", help="report what would be done and change nothing")
    take.add_argument("--json", action="store_true", help="one JSON document on standard output")
    take.add_argument("--encoding", default="", help="cp866, cp1125, cp1251, kz1048, utf-8 …; guessed when not given")
    take.add_argument("--delimiter", default="", help="of a text file; guessed when not given")
    take.add_argument("--sheet", default="", help="of a workbook; the first when not given")
    take.add_argument("--as-of", type=_day, help="day at whose start the balances of the file stood")
    take.add_argument("--debt-sign", default="", choices=("", "debt_positive", "debt_negative"))
    take.add_argument("--minor-units", action="store_true", help="amounts are whole kopiyky or tiyn")
    take.add_argument("--account", default="", help="whom a file without an account column is about")
    take.add_argument("--service", default="", help="which service a file without a service column is about")
    take.add_argument("--column", action="append", default=[], metavar="FIELD=HEADER", help="which column is a field")
    take.set_defaults(run=run_import)

    charge = subparsers.add_parser("bill", help="charge a month; running it again changes nothing")
    charge.add_argument("--period", required=True, type=month, metavar="YYYY-MM")
    charge.add_argument("--provider", metavar="CODE", help="only this provider")
    charge.add_argument("--json", action="store_true")
    charge.set_defaults(run=run_bill)

    close = subparsers.add_parser("close-period", help="close a month: nothing is posted in it any more")
    close.add_argument("--period", required=True, type=month, metavar="YYYY-MM")
    close.add_argument("--provider", metavar="CODE")
    close.set_defaults(run=run_close)

    lines = subparsers.add_parser("statement", help="ledger lines of an account with opening and closing balance")
    lines.add_argument("account")
    lines.add_argument("--from", dest="date_from", required=True, type=_day)
    lines.add_argument("--to", dest="date_to", required=True, type=_day)
    lines.add_argument("--provider", metavar="CODE", help="needed when two providers have that number")
    lines.add_argument("--json", action="store_true", help="amounts in minor units")
    lines.set_defaults(run=run_statement)

    sample = subparsers.add_parser("demo", help="sample providers, people and data")
    sample.add_argument("--accounts", type=int, metavar="N", help="N invented accounts in place of the sample registry")
    sample.add_argument("--json", action="store_true")
    sample.set_defaults(run=run_demo)

    verify = subparsers.add_parser("verify-ledger", help="check every invariant of the ledger")
    verify.add_argument("--json", action="store_true")
    verify.set_defaults(run=run_verify)


def _day(text: str) -> date:
    try:
        return parse_day(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a date: {text} (write 2024-01-31)") from error


def _tenant(database: Database, code: str | None) -> int:
    """Return the provider that a command is about. Raises LookupError with a sentence for a person."""
    with database.read() as connection:
        codes = provider_codes(connection)
    if code is not None:
        if code not in codes:
            raise LookupError(_("There is no provider {code}. Nothing was changed.").format(code=code))
        return codes[code]
    if len(codes) != 1:
        names = ", ".join(sorted(codes)) or "—"
        raise LookupError(_("Say which provider with --provider: {codes}. Nothing was changed.").format(codes=names))
    return next(iter(codes.values()))


_IMPORTS: Final[dict[str, Callable[..., ImportReport | list[ImportReport]]]] = {
    "subscribers": imports.import_subscribers,
    "tariffs": imports.import_tariffs,
    "readings": imports.import_readings,
    "payments": imports.import_payments,
    "recipients": imports.import_recipients,
    "assertions": imports.import_assertions,
    "kindergartens": imports.import_workbook,
    "groups": imports.import_groups,
    "queue": imports.import_queue,
}


def run_import(arguments: argparse.Namespace, settings: Settings) -> int:
    """Import a registry; 0 even when rows were left out, because the rest was taken and the report says so."""
    columns = {}
    for pair in arguments.column:
        field, mark, header = pair.partition("=")
        if not mark:
            print(f"--column needs FIELD=HEADER: {pair}", file=sys.stderr)
            return 2
        columns[field] = header
    options = imports.ImportOptions(
        encoding=arguments.encoding,
        delimiter=arguments.delimiter,
        sheet=arguments.sheet,
        debt_sign=arguments.debt_sign,
        minor_units=arguments.minor_units,
        as_of=arguments.as_of,
        account=arguments.account,
        service=arguments.service,
        columns=columns,
        today=settings.clock().date(),
    )
    with opened(settings) as database:
        tenant = _tenant(database, arguments.provider)
        try:
            found = _IMPORTS[arguments.kind](
                database, tenant, arguments.file, dry_run=arguments.dry_run, options=options
            )
        except imports.TableRefused as refused:
            print(sentence(refused.problem), file=sys.stderr)
            return 1
        reports = found if isinstance(found, list) else [found]
        if arguments.json:
            plain = [report.plain() for report in reports]
            print(json.dumps(plain if len(plain) > 1 else plain[0], ensure_ascii=False, indent=1))
        else:
            for report in reports:
                _tell_import(report)
    return 0


def _tell_import(report: ImportReport) -> None:
    left_out_first = sorted(report.problems, key=lambda one: not one.rejected)  # many notices must not hide them
    for one in left_out_first[:_SHOWN_PROBLEMS]:
        place = _("Row {row}, “{column}”, “{text}”").format(row=one.row, column=one.column or "—", text=one.text or "—")
        print(f"{place}: {sentence(one.problem)}")
    hidden = max(0, len(report.problems) - _SHOWN_PROBLEMS) + report.more_problems
    if hidden:
        print(n_("… and {count} more", "… and {count} more", hidden).format(count=hidden))
    if report.repeated:
        print(_("The file {file} was imported before; nothing was changed.").format(file=report.file))
    if report.dry_run:
        print(_("This was a trial: nothing was changed."))
    if report.kind == "payments":
        text = _(
            "{file}: {rows} rows; {added} added, {changed} changed, {unchanged} unchanged, {rejected} left out, "
            "{suspense} unidentified payments."
        )
    else:
        text = _("{file}: {rows} rows; {added} added, {changed} changed, {unchanged} unchanged, {rejected} left out.")
    print(text.format(file=report.file, **report.counts()))
    if report.amount_minor:
        print(_("Sum: {amount}.").format(amount=formats.money(report.amount_minor, report.currency)))


def run_bill(arguments: argparse.Namespace, settings: Settings) -> int:
    """Charge a month and tell what was charged."""
    with opened(settings) as database:
        try:
            reports = bill(database, arguments.period, arguments.provider, _progress(arguments.json))
        except LookupError:
            raise LookupError(
                _("There is no provider {code}. Nothing was changed.").format(code=arguments.provider)
            ) from None
        except PeriodClosed:
            print(
                _("The month {month} is closed, so nothing was charged in it.").format(
                    month=formats.month(arguments.period.first)
                ),
                file=sys.stderr,
            )
            return 1
        if arguments.json:
            print(json.dumps([_plain_bill(one) for one in reports], ensure_ascii=False, indent=1))
            return 0
        for one in reports:
            print(
                _(
                    "{provider}, {month}: {accounts} accounts, {entries} charges, {corrections} corrections, {amount}."
                ).format(
                    provider=one.provider,
                    month=formats.month(arguments.period.first),
                    accounts=one.accounts,
                    entries=one.entries,
                    corrections=one.corrections,
                    amount=formats.money(one.amount_minor, one.currency),
                )
            )
            for account_id, problem in one.problems[:_SHOWN_PROBLEMS]:
                print(f"  {account_id}: {sentence(problem)}")
    return 0


def _plain_bill(report: BillReport) -> dict[str, Any]:
    return {
        "provider": report.provider,
        "period": report.period,
        "accounts": report.accounts,
        "entries": report.entries,
        "corrections": report.corrections,
        "penalties": report.penalties,
        "amount_minor": report.amount_minor,
        "currency": report.currency,
        "seconds": round(report.seconds, 3),
        "problems": [
            {"account_id": account_id, "code": problem.code, "sentence": sentence(problem)}
            for account_id, problem in report.problems
        ],
    }


def _progress(quiet: bool) -> Any:
    if quiet or not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        print(f"\r{done}/{total}", end="" if done < total else "\n", file=sys.stderr, flush=True)

    return show


def run_close(arguments: argparse.Namespace, settings: Settings) -> int:
    """Close a month of a provider and print the hash of its balances."""
    with opened(settings) as database:
        tenant = _tenant(database, arguments.provider)
        with database.change() as unit:
            digest = close_period(unit, tenant, arguments.period, settings.clock())
        month = formats.month(arguments.period.first)
        print(_("The month {month} is closed; its balances: {digest}").format(month=month, digest=digest))
    return 0


def run_statement(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print an account's ledger lines."""
    with opened(settings) as database, database.read() as connection:
        tenant = None
        if arguments.provider is not None:
            codes = provider_codes(connection)
            if arguments.provider not in codes:
                raise LookupError(
                    _("There is no provider {code}. Nothing was changed.").format(code=arguments.provider)
                )
            tenant = codes[arguments.provider]
        found = find_accounts(connection, arguments.account, tenant)
        if not found:
            raise LookupError(_("There is no account {number}.").format(number=arguments.account))
        if len(found) > 1:
            raise LookupError(
                _("Several providers have an account {number}; say which one with --provider.").format(
                    number=arguments.account
                )
            )
        lines = statement(connection, found[0], arguments.date_from, arguments.date_to)
        if arguments.json:
            print(json.dumps(lines.plain(), ensure_ascii=False, indent=1))
        else:
            _tell_statement(lines)
    return 0


def _tell_statement(lines: Statement) -> None:
    print(_("Account {number}, {provider}").format(number=lines.number, provider=lines.provider_code))
    opening = formats.money(lines.opening_minor, lines.currency)
    print(_("Opening balance on {day}: {amount}").format(day=formats.day(lines.date_from), amount=opening))
    for one in lines.entries:
        amount = formats.amount(one.amount_minor)
        about = one.purpose or entry_reason(one.reason)
        print(f"{formats.day(one.business_date)}  {one.kind:<17}{one.document:<14}{amount:>16}  {about}")
    closing = formats.money(lines.closing_minor, lines.currency)
    print(_("Closing balance on {day}: {amount}").format(day=formats.day(lines.date_to), amount=closing))


def run_demo(arguments: argparse.Namespace, settings: Settings) -> int:
    """Build the sample providers and tell who may sign in."""
    from provider.demo import build

    if arguments.accounts is not None and arguments.accounts < 1:
        print("--accounts must be at least 1.", file=sys.stderr)
        return 2
    with opened(settings) as database:
        say = None if arguments.json else lambda text: print(f"… {text}", file=sys.stderr, flush=True)
        demo = build(database, settings, arguments.accounts, say)
        if arguments.json:
            people = [{"login": login, "password": password} for login, password in demo.people]
            plain = {
                "accounts": demo.accounts,
                "queue": demo.queue,
                "seconds": round(demo.seconds, 3),
                "people": people,
                "imports": [{"file": one.file, **one.counts()} for one in demo.reports],
            }
            print(json.dumps(plain, ensure_ascii=False, indent=1))
            return 0
        for report in demo.reports:
            _tell_counts(report)
        print(_("{count} accounts are ready.").format(count=demo.accounts))
        print(
            n_(
                "{count} application waits in the department's queue.",
                "{count} applications wait in the department's queue.",
                demo.queue,
            ).format(count=demo.queue)
        )
        for login, password in demo.people:
            print(_("Sign in as {login} with the password {password}.").format(login=login, password=password))
    return 0


def _tell_counts(report: ImportReport) -> None:
    counts = report.counts()
    print(
        _("{file}: {rows} rows, {added} taken, {rejected} left out.").format(
            file=report.file, rows=counts["rows"], added=counts["added"], rejected=counts["rejected"]
        )
    )


def run_verify(arguments: argparse.Namespace, settings: Settings) -> int:
    """Check the ledger; 1 when an invariant is broken."""
    with opened(settings) as database, database.read() as connection:
        faults = verify_ledger(connection)
        if arguments.json:
            plain = [{"check": one.check, "count": one.count, "example": one.example} for one in faults]
            print(json.dumps({"faults": plain}, ensure_ascii=False, indent=1))
        elif faults:
            for one in faults:
                print(f"{one.check}: {one.count} ({one.example})", file=sys.stderr)
        else:
            print(_("The ledger is in order: every transaction balances and every balance follows from its entries."))
    return 1 if faults else 0
