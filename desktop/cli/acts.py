"""What each command does with an open cabinet."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from desktop.cabinet import Cabinet
from desktop.cli import answers, papers
from desktop.cli.refusal import Refusal
from models.cache.queries import accounts as account_queries
from models.cache.queries import search as search_queries
from models.contract.commands import PaidLine, SubmitReading, TakePayment
from models.contract.records import AccountView, Meter
from models.contract.sentences import sentence
from models.domain.meters import ReadingWindow, Register, UnusualLimits, parse_reading, past_of, review_reading
from models.domain.problems import Problem
from translations import _, formats


def sync(cabinet: Cabinet, arguments: Namespace) -> int:
    """Send what waits, then read what is new."""
    report = cabinet.client.sync()
    value, lines = answers.sync_report(report)
    answers.answer(value, lines, as_json=arguments.json)
    if report.problem is not None:
        raise Refusal(sentence(report.problem))
    return 0


def accounts(cabinet: Cabinet, arguments: Namespace) -> int:
    """List accounts."""
    text = arguments.search
    found = cabinet.store.read(
        lambda c: search_queries.search(c, text) if text else account_queries.accounts(c, limit=1000)
    )
    value, lines = answers.account_lines(found)
    answers.answer(value, lines or [_("No account was found.")], as_json=arguments.json)
    return 0


def account(cabinet: Cabinet, arguments: Namespace) -> int:
    """Show one account."""
    value, lines = answers.account_answer(view_of(cabinet, arguments.number))
    answers.answer(value, lines, as_json=arguments.json)
    return 0


def reading(cabinet: Cabinet, arguments: Namespace) -> int:
    """Give a reading: the same questions and refusals as on the screen."""
    view = view_of(cabinet, arguments.number)
    meter = _meter(view, arguments.meter)
    register = Register(meter.integer_digits, meter.fraction_digits)
    value = parse_reading(arguments.value, register)
    if isinstance(value, Problem):
        raise Refusal(sentence(value))
    today = datetime.now(UTC).astimezone(ZoneInfo(view.provider.zone)).date()
    window = ReadingWindow(view.provider.window_from, view.provider.window_to, view.provider.grace_days)
    past = past_of(
        [one for one in view.readings if one.meter_id == meter.id],
        register,
        window.period_of(today, today),
        (meter.initial, meter.installed_on) if meter.installed_on else None,
    )
    review = review_reading(
        value,
        today,
        register=register,
        last=past.last,
        volumes=past.volumes,
        residents=view.account.residents,
        window=window,
        today=today,
        limits=UnusualLimits(view.provider.unusual_factor, view.provider.unusual_minimum),
    )
    if review.problems:
        raise Refusal(" ".join(sentence(problem) for problem in review.problems))
    if review.questions and not arguments.confirm:
        told = " ".join(sentence(problem) for problem in review.questions)
        raise Refusal(told + " " + _("Nothing was recorded. If the value is right, add --confirm."))
    command_id = cabinet.client.submit(
        SubmitReading(
            account_id=view.account.id,
            meter_id=meter.id,
            value=value,
            read_on=today,
            confirmed=[problem.code for problem in review.questions],
        )
    )
    told = _("The reading {value} of meter {number} is recorded on this computer.")
    return _recorded(cabinet, arguments, command_id, told.format(value=register.format(value), number=meter.number))


def pay(cabinet: Cabinet, arguments: Namespace) -> int:
    """Record a payment: what is owed longest by priority first, the rest in advance for the first service."""
    if arguments.amount <= 0:
        raise Refusal(_("A payment has to be more than zero. Nothing was recorded."))
    view = view_of(cabinet, arguments.number)
    left, lines = arguments.amount, []
    owed = {link.service_id: link.balance_minor for link in view.account_services if link.active}
    for service in view.services:
        part = min(left, max(0, owed.get(service.id, 0)))
        if part:
            lines.append(PaidLine(service.id, part))
            left -= part
    if left:
        first = next((service.id for service in view.services if service.id in owed), None)
        if first is None:
            raise Refusal(_("This account has no service to pay for. Nothing was recorded."))
        lines.append(PaidLine(first, left))
    command_id = cabinet.client.submit(
        TakePayment(
            account_id=view.account.id,
            currency=view.provider.currency,
            lines=lines,
            method=arguments.method,
            desk=arguments.desk,
        )
    )
    told = _("The payment of {amount} for account {number} is recorded on this computer.").format(
        amount=formats.money(arguments.amount, view.provider.currency), number=view.account.number
    )
    return _recorded(cabinet, arguments, command_id, told)


def outbox(cabinet: Cabinet, arguments: Namespace) -> int:
    """List what waits."""
    value, lines = answers.waiting_answer(cabinet.client.waiting(), cabinet.zone())
    answers.answer(value, lines, as_json=arguments.json)
    return 0


def withdraw(cabinet: Cabinet, arguments: Namespace) -> int:
    """Take back a waiting command."""
    if arguments.id not in {item.command_id for item in cabinet.client.waiting()}:
        raise Refusal(_("Nothing with this id waits here. `kabinet outbox` lists what does."))
    cabinet.client.withdraw(arguments.id)
    answers.answer({"withdrawn": arguments.id}, [_("It was taken back and will not be sent.")], as_json=arguments.json)
    return 0


def paper(cabinet: Cabinet, arguments: Namespace) -> int:
    """Make an invoice, a breakdown or a reconciliation act."""
    view = view_of(cabinet, arguments.number)
    data = papers.MAKERS[arguments.command](view, arguments)
    papers.write(data, arguments.output, overwrite=arguments.overwrite)
    told = _("Saved to {path}.").format(path=arguments.output)
    value = {"file": str(arguments.output), "bytes": len(data), "sequence": view.sequence, "as_of": view.as_of}
    answers.answer(value, [told], as_json=arguments.json)
    return 0


def invoices(cabinet: Cabinet, arguments: Namespace) -> int:
    """Make the invoices of many accounts, in the order of a walk along the streets; progress goes to standard error."""
    from documents import batch

    street = (arguments.street or "").casefold()
    found = [
        one.account
        for one in cabinet.store.read(account_queries.accounts)
        if not street or street in one.account.street.casefold()
    ]
    if not found:
        raise Refusal(_("No account was found."))
    found.sort(key=lambda one: (one.street, one.house, one.prefix, one.flat, one.number))
    jobs = (batch.Job(f"{one.number}-{arguments.period}", [_loaded(cabinet, one.id)]) for one in found)

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{done}/{len(found)}")

    output: Path = arguments.output
    as_file = output.suffix.lower() == ".pdf"
    papers.refuse_existing(output, overwrite=arguments.overwrite or not as_file)
    make = batch.one_file if as_file else batch.separate_files
    try:
        if not as_file:
            output.mkdir(parents=True, exist_ok=True)
        make(jobs, arguments.period, papers.language(arguments), papers.made_at(), output, progress=progress)
    except OSError as error:
        raise papers.unwritable(output, error) from error
    told = _("Saved to {path}.").format(path=arguments.output)
    answers.answer({"file": str(arguments.output), "invoices": len(found)}, [told], as_json=arguments.json)
    return 0


def check(cabinet: Cabinet, arguments: Namespace) -> int:
    """Check the files of the profile and say what was found."""
    findings = cabinet.check()
    value = {"ok": not findings, "findings": [problem.code for problem in findings]}
    lines = [sentence(problem) for problem in findings] or [_("Every file of the profile is sound.")]
    answers.answer(value, lines, as_json=arguments.json)
    return 1 if findings else 0


def view_of(cabinet: Cabinet, number: str) -> AccountView:
    """Return the account of this number; spaces in it do not matter. Raises Refusal when there is none or several."""
    wanted = "".join(number.split())
    found = cabinet.store.read(lambda c: account_queries.account_numbers(c, wanted))
    if not found:
        raise Refusal(
            _("Account {number} is not in your cabinet. Check the number, or sync first.").format(number=wanted)
        )
    if len(found) > 1:
        names = ", ".join(one.provider.name for one in found)
        raise Refusal(_("Several providers have an account {number}: {names}.").format(number=wanted, names=names))
    return _loaded(cabinet, found[0].account.id)


def _loaded(cabinet: Cabinet, account_id: int) -> AccountView:
    view = cabinet.store.read(lambda c: account_queries.account_view(c, account_id))
    if view is None:
        raise Refusal(_("The data of this account have not come yet. Sync, then try again."))
    return view


def _meter(view: AccountView, number: str) -> Meter:
    for meter in view.meters:
        if meter.number == number and meter.removed_on is None:
            return meter
    known = ", ".join(meter.number for meter in view.meters if meter.removed_on is None)
    raise Refusal(
        _("Account {account} has no meter {number}. Its meters: {known}.").format(
            account=view.account.number, number=number, known=known or "—"
        )
    )


def _recorded(cabinet: Cabinet, arguments: Namespace, command_id: str, told: str) -> int:
    """Send what was recorded, unless told not to; being offline is no failure, a refusal is."""
    state = "waiting"
    lines = [told]
    if not arguments.offline:
        report = cabinet.client.sync()
        mine = [item for item in cabinet.client.waiting() if item.command_id == command_id]
        state = str(mine[0].state) if mine else "applied"
        if mine and mine[0].problems:
            raise Refusal(" ".join(sentence(problem) for problem in mine[0].problems))
        if state == "applied":
            lines.append(_("The provider has accepted it."))
        elif report.problem is not None:
            lines.append(sentence(report.problem))
    if state == "waiting":
        lines.append(_("It will be sent when there is a connection."))
    answers.answer({"id": command_id, "state": state}, lines, as_json=arguments.json)
    return 0


ACTS: dict[str, Callable[[Cabinet, Namespace], int]] = {
    "sync": sync,
    "accounts": accounts,
    "account": account,
    "reading": reading,
    "pay": pay,
    "outbox": outbox,
    "withdraw": withdraw,
    "invoice": paper,
    "breakdown": paper,
    "reconciliation": paper,
    "invoices": invoices,
    "check": check,
}
