"""The few web pages behind links of letters: opening one changes nothing, its button does.

Mail scanners open every link, so GET only shows a form. Pages need no script, no cookie and no other address; every
text is escaped. They are in the letter's language, with links to the other three.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from html import escape
from typing import Annotated, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Request, Response

from models.contract.sentences import sentence
from provider.api.http import database_of, now_of, source_of
from provider.services import identity, links, passwords, recovery, registration
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database
from translations import LANGUAGES, N_, _, current, using

router: Final = APIRouter(include_in_schema=False)

_STYLE: Final = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:2em auto;padding:0 "
    "1em;color:#1b1f24;background:#fff}label{display:block;margin:1em 0 "
    ".25em}input{font:inherit;width:100%;box-sizing:border-box;padding:.5em;border:1px solid "
    "#57606a;border-radius:4px}button{font:inherit;margin:1.5em 0;padding:.6em "
    "1.4em;border:0;border-radius:4px;background:#0b5cad;color:#fff}input:focus,button:focus,a:focus{outline:3px "
    "solid #f2a900;outline-offset:2px}.problem{border-left:4px solid #b42318;padding:.2em 1em}.done{border-left:4px "
    "solid #1a7f37;padding:.2em 1em}nav "
    "a{margin-right:1em}@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}a{color:#7cc0ff}}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_MAX_FORM: Final = 10_000
_NAMES: Final = {"kk": "Қазақша", "ru": "Русский", "uk": "Українська", "en": "English"}
_TITLES: Final = {
    "confirm": N_("Confirm your registration"),
    "recover": N_("Change your password"),
    "email": N_("Confirm your new e-mail address"),
}
Fields = Mapping[str, str]


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form, or nothing for a body that is none."""
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > _MAX_FORM:
            raise refuse("too-large", status=413)
    try:
        return dict(parse_qsl(data.decode("utf-8"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        return {}


Form = Annotated[dict[str, str], Depends(_form)]
Db = Annotated[Database, Depends(database_of)]
Now = Annotated[datetime, Depends(now_of)]
Source = Annotated[str, Depends(source_of)]


@router.get("/")
def show_home(request: Request) -> Response:
    """Say what this address is for, to whoever follows the last link of a letter."""
    with using(_asked_language(request) or "kk"):
        text = _(
            "This address belongs to the server of the personal cabinet. Enter it in the program Kabinet to sign in."
        )
        return _html(request, _("Personal cabinet"), f"<p>{escape(text)}</p>")


@router.get("/confirm/{token}")
def show_confirm(token: str, request: Request, database: Db) -> Response:
    """Show the button that confirms a registration."""
    return _page(database, request, "confirm", token, _confirm_form)


@router.post("/confirm/{token}")
def do_confirm(token: str, request: Request, source: Source, database: Db, now: Now) -> Response:
    """Confirm a registration."""

    def act() -> str:
        login = registration.confirm(database, token, source, now)
        return _("Your registration is confirmed. Sign in to the program with the login {login}.").format(login=login)

    return _acted(database, request, "confirm", token, act, None)


@router.get("/email/{token}")
def show_email(token: str, request: Request, database: Db) -> Response:
    """Show the button that confirms a new address."""
    return _page(database, request, "email", token, _email_form)


@router.post("/email/{token}")
def do_email(token: str, request: Request, source: Source, database: Db, now: Now) -> Response:
    """Confirm a new address."""

    def act() -> str:
        identity.confirm_email(database, token, source, now)
        return _("Your new e-mail address is confirmed. Letters come to it from now on.")

    return _acted(database, request, "email", token, act, None)


@router.get("/recover/{token}")
def show_recover(token: str, request: Request, database: Db) -> Response:
    """Show the form for a new password."""
    return _page(database, request, "recover", token, _recover_form)


@router.post("/recover/{token}")
def do_recover(token: str, request: Request, form: Form, source: Source, database: Db, now: Now) -> Response:
    """Set a new password."""

    def act() -> str:
        if form.get("new_password", "") != form.get("again", ""):
            raise refuse("passwords-differ", "again")
        _finish(database, token, form, source, now)
        return _("Your password is changed. Sign in to the program with the new one.")

    return _acted(database, request, "recover", token, act, lambda: _recover_form(form))


def _finish(database: Database, token: str, form: Fields, source: str, now: datetime) -> None:
    recovery.finish(
        database,
        token,
        form.get("code", ""),
        form.get("account", ""),
        form.get("new_password", ""),
        source,
        now,
    )


def _confirm_form() -> str:
    return f"<p>{escape(_('Press the button to confirm that this e-mail address is yours.'))}</p>" + _button(
        _("Confirm")
    )


def _email_form() -> str:
    return _confirm_form()


def _recover_form(typed: Fields | None = None) -> str:
    known = typed or {}
    hint = _("At least {count} characters; several words are best.").format(count=passwords.MINIMUM)
    return (
        _field("code", _("Identity code (IIN, BIN, RNOKPP, EDRPOU)"), known.get("code", ""), 'inputmode="numeric"')
        + _field("account", _("Account or contract number"), known.get("account", ""))
        + _field("new_password", _("New password"), "", 'type="password" autocomplete="new-password"')
        + f'<p id="hint">{escape(hint)}</p>'
        + _field("again", _("New password once more"), "", 'type="password" autocomplete="new-password"')
        + _button(_("Change the password"))
    )


def _field(name: str, label: str, value: str, more: str = "") -> str:
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" required maxlength="254" value="{escape(value[:254])}" {more}>'
    )


def _button(text: str) -> str:
    return f'<button type="submit">{escape(text)}</button>'


def _page(database: Database, request: Request, purpose: str, token: str, body: Callable[[], str]) -> Response:
    with using(_language(database, request, purpose, token)):
        return _html(request, _(_TITLES[purpose]), f'<form method="post">{body()}</form>')


def _acted(
    database: Database,
    request: Request,
    purpose: str,
    token: str,
    act: Callable[[], str],
    again: Callable[[], str] | None,
) -> Response:
    """Do what a form asks and show what came of it; with ``again`` the form is shown once more after a refusal."""
    with using(_language(database, request, purpose, token)):
        title = _(_TITLES[purpose])
        try:
            done = act()
        except Refusal as refusal:
            body = f'<p class="problem" role="alert">{escape(sentence(refusal.problem))}</p>'
            if again is not None and refusal.problem.code != "link-spent":
                body += f'<form method="post">{again()}</form>'
            return _html(request, title, body, refusal.status, refusal.retry_after)
        return _html(request, title, f'<p class="done" role="status">{escape(done)}</p>')


def _language(database: Database, request: Request, purpose: str, token: str) -> str:
    """Return the language asked for in the address, else the letter's, else the browser's, else Kazakh."""
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        return asked
    with database.read() as connection:
        letter = links.language_of(connection, purpose, token)
    return letter or _asked_language(request) or "kk"


def _asked_language(request: Request) -> str | None:
    """Return the first language of the address or the browser that there is here."""
    wanted = [request.query_params.get("lang", ""), *request.headers.get("Accept-Language", "").split(",")]
    codes = (part.split(";")[0].strip().split("-")[0].lower() for part in wanted)
    return next((code for code in codes if code in LANGUAGES), None)


def _html(request: Request, title: str, body: str, status: int = 200, retry_after: int | None = None) -> Response:
    choices = "".join(
        f'<a href="?lang={code}" lang="{code}" hreflang="{code}">{name}</a>' for code, name in _NAMES.items()
    )
    text = (
        f'<!doctype html><html lang="{current()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><nav aria-label="{escape(_("Language"))}">{choices}</nav>'
        f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    headers = dict(_HEADERS)
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    return Response(text, status, headers, "text/html; charset=utf-8")
