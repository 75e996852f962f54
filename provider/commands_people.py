"""Commands about people: ``user``, ``announce``, ``mailing``, ``requests``, ``send-mail``."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, select, update

from provider.commands_begin import month, opened
from provider.jobs.rounds import letters_round
from provider.services import identity, mailings, messages, passwords, requests, roles, sessions
from provider.services.catalogue import provider_codes
from provider.services.logins import login_key
from provider.services.refusals import Refusal
from provider.services.statements import find_accounts
from provider.settings import Settings
from provider.store.changes import DOCTOR, OFFICE, account_scope, organisation_scope
from provider.store.database import Database
from provider.store.tables_admissions import organisation
from provider.store.tables_people import credential, request
from provider.store.tables_utility import provider
from translations import LANGUAGES, _, n_

_STATUSES: Final = ("accepted", "done", "refused")


def register(subparsers: Any) -> None:
    """Add the commands."""
    user = subparsers.add_parser("user", help="people who may sign in").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    add = user.add_parser("add", help="add a person; prints their number")
    _login(add, password=True)
    add.add_argument("--role", action="append", choices=identity.ROLES, help="resident when not given; may be repeated")
    _scopes(add)
    add.add_argument("--email", default="", help="address for letters, taken as confirmed")
    add.add_argument("--name", default="")
    add.add_argument("--language", default="kk", choices=LANGUAGES)
    add.set_defaults(run=run_user_add)
    for action, function, text in (
        ("grant", run_user_grant, "let a person read and act on accounts or a whole provider, or give a further role"),
        ("revoke", run_user_revoke, "take such a right back; their devices forget the data"),
    ):
        change = user.add_parser(action, help=text)
        _login(change)
        change.add_argument("--role", action="append", default=[], choices=identity.ROLES, help="may be repeated")
        _scopes(change)
        change.set_defaults(run=function)
    fresh = user.add_parser("password", help="set a new password and sign every device out")
    _login(fresh, password=True)
    fresh.set_defaults(run=run_user_password)
    for action, disabled in (("disable", True), ("enable", False)):
        switch = user.add_parser(action, help=f"{action} a login")
        _login(switch)
        switch.set_defaults(run=run_user_switch, disabled=disabled)

    tell = subparsers.add_parser("announce", help="tell all consumers of a provider, or one account, something")
    tell.add_argument("--provider", required=True, metavar="CODE")
    tell.add_argument("--subject", action="append", required=True, metavar="LANGUAGE=TEXT")
    tell.add_argument("--body", action="append", required=True, metavar="LANGUAGE=TEXT")
    tell.add_argument("--account", metavar="NUMBER", help="only this account")
    tell.add_argument("--link", default="", help="screen to open: readings, charges, invoice")
    tell.set_defaults(run=run_announce)

    mailing = subparsers.add_parser("mailing", help="the monthly mailing").add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    run = mailing.add_parser("run", help="write a month's letters; those written before are not written again")
    run.add_argument("--provider", required=True, metavar="CODE")
    run.add_argument("--period", required=True, type=month, metavar="YYYY-MM")
    run.set_defaults(run=run_mailing)

    asked = subparsers.add_parser("requests", help="what consumers asked for: list, or decide one with --number")
    asked.add_argument("--provider", required=True, metavar="CODE")
    asked.add_argument("--number", help="the request to decide")
    asked.add_argument("--status", choices=_STATUSES)
    asked.add_argument("--answer", default="")
    asked.add_argument("--clerk", metavar="LOGIN", help="who decides")
    asked.add_argument("--json", action="store_true")
    asked.set_defaults(run=run_requests)

    post = subparsers.add_parser("send-mail", help="send the letters that are due")
    post.set_defaults(run=run_send_mail)


def run_user_add(arguments: argparse.Namespace, settings: Settings) -> int:
    """Add a person."""
    password = _password(arguments)
    with opened(settings) as database:
        with database.read() as connection:
            accounts = _accounts(connection, arguments.account)
            _admissions(connection, arguments, arguments.role or [])
            offices = [_tenant(connection, code) for code in arguments.office]
            if identity.person_by_login(connection, arguments.login) is not None:
                raise LookupError(_("The login {login} exists. Nothing was changed.").format(login=arguments.login))
        with database.change() as unit:
            number = identity.create_user(
                unit,
                arguments.login,
                password,
                roles=arguments.role or ["resident"],
                accounts=accounts,
                email=arguments.email,
                language=arguments.language,
                name=arguments.name,
                offices=offices,
                now=settings.clock(),
            )
            for tenant, key in _admissions(unit.connection, arguments, arguments.role or []):
                identity.grant_key(unit, number, tenant, key, settings.clock())
        print(_("{login} may sign in now (person {number}).").format(login=arguments.login, number=number))
    return 0


def run_user_grant(arguments: argparse.Namespace, settings: Settings) -> int:
    """Grant roles, accounts and offices."""
    with opened(settings) as database, database.change() as unit:
        _something(arguments)
        user = _user(unit.connection, arguments.login)
        roles.add_roles(unit, user, arguments.role, settings.clock())
        for account_id in _accounts(unit.connection, arguments.account):
            identity.grant_account(unit, user, account_id, settings.clock())
        for code in arguments.office:
            identity.grant_office(unit, user, _tenant(unit.connection, code), settings.clock())
        for tenant, key in _admissions(unit.connection, arguments, identity.roles_of(unit.connection, user)):
            identity.grant_key(unit, user, tenant, key, settings.clock())
        print(_("Granted to {login}.").format(login=arguments.login))
    return 0


def run_user_revoke(arguments: argparse.Namespace, settings: Settings) -> int:
    """Take grants and roles back."""
    with opened(settings) as database, database.change() as unit:
        _something(arguments)
        user = _user(unit.connection, arguments.login)
        now, count = settings.clock(), 0
        for reference, account_id in zip(arguments.account, _accounts(unit.connection, arguments.account), strict=True):
            tenant = _tenant(unit.connection, reference.partition(":")[0])
            count += identity.revoke(unit, user, tenant, account_scope(account_id), now)
        for code in arguments.office:
            count += identity.revoke(unit, user, _tenant(unit.connection, code), OFFICE, now)
        for tenant, key in _admissions(unit.connection, arguments, identity.roles_of(unit.connection, user)):
            count += identity.revoke(unit, user, tenant, key, now)
        try:
            count += len(roles.take_roles(unit, user, arguments.role, now))
        except ValueError:
            raise LookupError(
                _("{login} would have no role left. Nothing was changed; disable the login instead.").format(
                    login=arguments.login
                )
            ) from None
        print(n_("{count} grant was taken back.", "{count} grants were taken back.", count).format(count=count))
    return 0


def run_user_password(arguments: argparse.Namespace, settings: Settings) -> int:
    """Set a new password."""
    password = _password(arguments)
    if (problem := passwords.check(password, login=arguments.login)) is not None:
        raise Refusal(problem)
    with opened(settings) as database, database.change() as unit:
        user = _user(unit.connection, arguments.login)
        identity.set_password(unit, user, passwords.hash_password(password), settings.clock())
        print(_("The password of {login} is changed; every device must sign in again.").format(login=arguments.login))
    return 0


def run_user_switch(arguments: argparse.Namespace, settings: Settings) -> int:
    """Disable or enable a login."""
    with opened(settings) as database, database.change() as unit:
        user, now = _user(unit.connection, arguments.login), settings.clock()
        unit.connection.execute(
            update(credential)
            .where(credential.c.user_id == user)
            .values(disabled_at=now if arguments.disabled else None)
        )
        if arguments.disabled:
            sessions.revoke_user(unit.connection, user, "the login was disabled", now)
            print(_("{login} can no longer sign in.").format(login=arguments.login))
        else:
            print(_("{login} may sign in again.").format(login=arguments.login))
    return 0


def run_announce(arguments: argparse.Namespace, settings: Settings) -> int:
    """Tell consumers something."""
    with opened(settings) as database, database.change() as unit:
        tenant = _tenant(unit.connection, arguments.provider)
        account_id = None
        if arguments.account:
            (account_id,) = _accounts(unit.connection, [f"{arguments.provider}:{arguments.account}"])
        number = messages.announce(
            unit,
            tenant,
            _texts(arguments.subject),
            _texts(arguments.body),
            settings.clock(),
            kind="announcement" if account_id is None else "message",
            account_id=account_id,
            link=arguments.link,
        )
        print(_("Message {number} is on its way to the cabinets.").format(number=number))
    return 0


def run_mailing(arguments: argparse.Namespace, settings: Settings) -> int:
    """Write a month's letters."""
    with opened(settings) as database:
        with database.read() as connection:
            tenant = _tenant(connection, arguments.provider)
        report = mailings.run_mailing(database, tenant, arguments.period, settings.clock())
        print(
            n_("{count} letter was written.", "{count} letters were written.", report.letters).format(
                count=report.letters
            )
        )
        for number, code in report.problems:
            print(_("Account {number} got none: {code}.").format(number=number, code=code), file=sys.stderr)
    return 0


def run_requests(arguments: argparse.Namespace, settings: Settings) -> int:
    """List open requests, or decide one."""
    with opened(settings) as database:
        if arguments.number is None:
            _list_requests(database, arguments)
            return 0
        if not arguments.status or not arguments.clerk:
            print(_("--number needs --status and --clerk."), file=sys.stderr)
            return 2
        with database.change() as unit:
            tenant = _tenant(unit.connection, arguments.provider)
            found = unit.connection.execute(
                select(request.c.id).where(request.c.tenant_id == tenant, request.c.number == arguments.number)
            ).scalar()
            if found is None:
                raise LookupError(_("There is no request {number}.").format(number=arguments.number))
            clerk = _user(unit.connection, arguments.clerk)
            requests.decide(unit, tenant, found, arguments.status, arguments.answer, clerk, settings.clock())
        print(_("Request {number} is answered.").format(number=arguments.number))
    return 0


def run_send_mail(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Send the letters that are due."""
    with opened(settings) as database:
        count = letters_round(database, settings)
        print(n_("{count} letter was sent.", "{count} letters were sent.", count).format(count=count))
    return 0


def _list_requests(database: Database, arguments: argparse.Namespace) -> None:
    with database.read() as connection:
        tenant = _tenant(connection, arguments.provider)
        rows = connection.execute(
            select(request.c.number, request.c.status, request.c.item, request.c.text, request.c.account_id)
            .where(request.c.tenant_id == tenant, request.c.status.in_(("submitted", "accepted")))
            .order_by(request.c.id)
        ).mappings()
        if arguments.json:
            print(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1))
            return
        for row in rows:
            print(row["number"], row["status"], row["item"], " ".join(row["text"].split()), sep="\t")


def _something(arguments: argparse.Namespace) -> None:
    """Raise LookupError when a command says of nothing what is given or taken."""
    if not (arguments.role or arguments.account or arguments.office or arguments.department or arguments.organisation):
        raise LookupError(
            _("Say what: --role, --account, --office, --department or --organisation. Nothing was changed.")
        )


def _login(parser: argparse.ArgumentParser, *, password: bool = False) -> None:
    parser.add_argument("login")
    if password:
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _scopes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", action="append", default=[], metavar="PROVIDER:NUMBER", help="may be repeated")
    parser.add_argument("--office", action="append", default=[], metavar="PROVIDER", help="all accounts of a provider")
    parser.add_argument(
        "--department",
        action="append",
        default=[],
        metavar="CODE",
        help="an education department: its office for an officer, what waits for review for a doctor",
    )
    parser.add_argument(
        "--organisation", action="append", default=[], metavar="DEPARTMENT:CODE", help="a kindergarten, for its staff"
    )


def _password(arguments: argparse.Namespace) -> str:
    if arguments.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return getpass.getpass()


def _user(connection: Connection, login: str) -> int:
    found = connection.execute(select(credential.c.user_id).where(credential.c.login_key == login_key(login))).scalar()
    if found is None:
        raise LookupError(_("There is no login {login}. Nothing was changed.").format(login=login))
    return int(found)


def _tenant(connection: Connection, code: str) -> int:
    codes = provider_codes(connection)
    if code not in codes:
        raise LookupError(_("There is no provider {code}. Nothing was changed.").format(code=code))
    return codes[code]


def _accounts(connection: Connection, references: list[str]) -> list[int]:
    """Return the ids of accounts written ``provider:number``."""
    found = []
    for reference in references:
        code, _colon, number = reference.partition(":")
        ids = find_accounts(connection, number, _tenant(connection, code))
        if not ids:
            raise LookupError(_("There is no account {number}.").format(number=reference))
        found.append(ids[0])
    return found


def _admissions(connection: Connection, arguments: argparse.Namespace, have: Sequence[str]) -> list[tuple[int, str]]:
    """Return what ``--department`` and ``--organisation`` mean for somebody with these roles, as tenants and keys."""
    found: list[tuple[int, str]] = []
    for code in arguments.department:
        keys = [key for role, key in (("officer", OFFICE), ("doctor", DOCTOR)) if role in have]
        if not keys:
            raise LookupError(
                _(
                    "--department is for the roles officer and doctor, and {login} has: {roles}. Nothing was changed; "
                    "give the role with it: --role officer or --role doctor."
                ).format(login=arguments.login, roles=", ".join(have) or "—")
            )
        found += [(_department(connection, code), key) for key in keys]
    for reference in arguments.organisation:
        if "kindergarten" not in have:
            raise LookupError(
                _(
                    "--organisation is for the role kindergarten, and {login} has: {roles}. Nothing was changed; give "
                    "the role with it: --role kindergarten."
                ).format(login=arguments.login, roles=", ".join(have) or "—")
            )
        code, _colon, own = reference.partition(":")
        tenant = _department(connection, code)
        number = connection.execute(
            select(organisation.c.id).where(organisation.c.tenant_id == tenant, organisation.c.code == own)
        ).scalar()
        if number is None:
            raise LookupError(_("There is no kindergarten {code}. Nothing was changed.").format(code=reference))
        found.append((tenant, organisation_scope(number)))
    return found


def _department(connection: Connection, code: str) -> int:
    tenant = _tenant(connection, code)
    kind = connection.execute(select(provider.c.kind).where(provider.c.id == tenant)).scalar_one()
    if kind != "department":
        raise LookupError(_("{code} is no education department. Nothing was changed.").format(code=code))
    return tenant


def _texts(pairs: list[str]) -> dict[str, str]:
    texts = {}
    for pair in pairs:
        language, mark, text = pair.partition("=")
        if not mark:
            raise ValueError(_("Write texts as LANGUAGE=TEXT, such as kk=…; this is not: {text}").format(text=pair))
        texts[language] = text
    return texts
