"""The texts of letters, in the reader's language. Plain text only: nothing in a name or an address can act in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec

from models.domain.period import Month
from provider.services.links import Link
from provider.services.mail import Letter
from translations import N_, _, formats, n_, using

P = ParamSpec("P")


def _letter(write: Callable[P, tuple[str, list[str]]]) -> Callable[Concatenate[str, P], Letter]:
    """Make a letter of a function that returns subject and paragraphs; the language comes first."""

    def written(language: str, /, *args: P.args, **kwargs: P.kwargs) -> Letter:
        with using(language):
            subject, paragraphs = write(*args, **kwargs)
            paragraphs = [
                _("Good day!"),
                *paragraphs,
                _("This letter was written by a program; nobody reads answers to it."),
            ]
            return Letter(subject, "\n\n".join(paragraphs) + "\n", language)

    return written


@_letter
def confirm_registration(address: str, link: Link, login: str, provider: str, days: int) -> tuple[str, list[str]]:
    """The letter after registering; its first link confirms."""
    return _("Confirm your registration"), [
        _("Somebody, probably you, registered for the personal cabinet of {provider}.").format(provider=provider),
        _("To confirm, open this link and press the button:"),
        f"{address}/confirm/{link.token}",
        _("Or type this code into the program: {code}").format(code=link.code),
        _("Your login: {login}").format(login=login),
        n_(
            "The link works for {count} day and only once.", "The link works for {count} days and only once.", days
        ).format(count=days),
        _("If it was not you, do nothing: without the confirmation the registration disappears."),
        _("About the cabinet: {address}").format(address=f"{address}/"),
    ]


@_letter
def registration_mismatch(provider: str) -> tuple[str, list[str]]:
    """The letter when what was typed does not match the registry; it does not tell which part is wrong."""
    return _("Your registration was not completed"), [
        _("Somebody, probably you, registered for the personal cabinet of {provider}.").format(provider=provider),
        _(
            "The account or contract number and the identity code do not match the provider's records, so no login was "
            "made. Check both and register again, or ask the provider to correct its records."
        ),
    ]


@_letter
def already_registered(login: str, provider: str) -> tuple[str, list[str]]:
    """The letter to the owner of a login that somebody tried to register again."""
    return _("You already have a login"), [
        _("Somebody, probably you, registered for the personal cabinet of {provider} once more.").format(
            provider=provider
        ),
        _("You already have the login {login}; nothing was changed.").format(login=login),
        _("If you forgot the password, choose “Forgot your password?” in the program."),
    ]


@_letter
def recover(address: str, link: Link, login: str, minutes: int) -> tuple[str, list[str]]:
    """The letter with the link to a new password."""
    return _("Change your password"), [
        _("Somebody, probably you, asked to change the forgotten password of the login {login}.").format(login=login),
        _("Open this link; it asks for your identity code and your account or contract number:"),
        f"{address}/recover/{link.token}",
        _("Or type this code into the program: {code}").format(code=link.code),
        n_(
            "The link works for {count} minute and only once.",
            "The link works for {count} minutes and only once.",
            minutes,
        ).format(count=minutes),
        _("If it was not you, do nothing: your password stays as it is."),
    ]


@_letter
def phone_changed(login: str) -> tuple[str, list[str]]:
    """The notice that codes go to another telephone from now on."""
    return _("Your telephone was changed"), [
        _("Codes for the cabinet {login} are sent to another telephone from now on.").format(login=login),
        _("If it was not you, call the support service at once."),
    ]


@_letter
def password_changed(login: str) -> tuple[str, list[str]]:
    """The notice after a new password."""
    return _("Your password was changed"), [
        _("The password of the login {login} was changed, and other devices were signed out.").format(login=login),
        _("If it was not you, recover the password at once and tell the provider."),
    ]


@_letter
def confirm_email(address: str, link: Link, login: str) -> tuple[str, list[str]]:
    """The letter to a new address."""
    return _("Confirm your new e-mail address"), [
        _("Somebody, probably you, wants letters for the login {login} to come to this address.").format(login=login),
        _("To confirm, open this link and press the button:"),
        f"{address}/email/{link.token}",
        _("Or type this code into the program: {code}").format(code=link.code),
        _("If it was not you, do nothing: the address stays as it is."),
    ]


@_letter
def email_asked(login: str, new_email: str) -> tuple[str, list[str]]:
    """The notice to the present address when another one was asked for."""
    return _("Another e-mail address was asked for"), [
        _("For the login {login} somebody asked to send letters to {email} from now on.").format(
            login=login, email=masked(new_email)
        ),
        _("The change happens only when the new address confirms it."),
        _("If it was not you, change your password at once and tell the provider."),
    ]


@_letter
def email_changed(login: str, new_email: str) -> tuple[str, list[str]]:
    """The notice to the address that was replaced."""
    return _("Your e-mail address was changed"), [
        _("Letters for the login {login} now go to {email}.").format(login=login, email=masked(new_email)),
        _("If it was not you, tell the provider at once."),
    ]


_DOCUMENTS: Final = {
    "invoice": N_("Payment invoice"),
    "breakdown": N_("Breakdown of charges"),
    "reconciliation": N_("Reconciliation of mutual settlements"),
}


@_letter
def document(kind: str, account: str, provider: str, period: str) -> tuple[str, list[str]]:
    """The letter that carries a paper."""
    title = _(_DOCUMENTS[kind])
    return _("{document}, account {account}").format(document=title, account=account), [
        _("The document that you asked for is attached: {document}, {period}.").format(document=title, period=period),
        _("Account {account}, {provider}.").format(account=account, provider=provider),
    ]


@_letter
def monthly(account: str, provider: str, month: Month) -> tuple[str, list[str]]:
    """The letter of the monthly mailing."""
    shown = formats.month(month.first)
    return _("Breakdown of charges for {month}, account {account}").format(month=shown, account=account), [
        _("The breakdown of charges for {month} is attached.").format(month=shown),
        _("Account {account}, {provider}.").format(account=account, provider=provider),
        _("You get this letter every month because you subscribed. To stop, choose “Stop mailing” in the program."),
    ]


def masked(email: str) -> str:
    """Return an address of which only its owner recognises the hidden part: ``a•••@example.org``."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••@{domain}"
