"""HTTP of getting and keeping a login. Answers never tell whether somebody exists."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.responses import Response

from provider.api.documented import described
from provider.api.http import answer, database_of, in_thread, now_of, principal, received, settings_of, source_of
from provider.services import identity, recovery, registration
from provider.services.registration import INDIVIDUAL, Form

router: Final = APIRouter(prefix="/people", tags=["people"])

SMALL: Final = 10_000
"""Bytes of a body here: every field has its own limit far below."""


class Register(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked for a login. A person gives the account's number, a firm the contract's."""

    kind: str
    provider_code: str
    code: str
    email: str
    password: str
    account_number: str = ""
    contract: str = ""
    surname: str = ""
    language: str = "kk"


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """The secret of a letter's link, or the short code under it."""

    token: str


class Recover(Struct, frozen=True, forbid_unknown_fields=True):
    """Who cannot sign in."""

    login_or_email: str


class FinishRecovery(Struct, frozen=True, forbid_unknown_fields=True):
    """Proof that it is the owner, and the new password."""

    token: str
    code: str
    account: str
    new_password: str


class NewEmail(Struct, frozen=True, forbid_unknown_fields=True):
    """A new address, and the password once more."""

    new_email: str
    password: str


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the next one."""

    current: str
    new: str


class Accepted(Struct, frozen=True):
    """The request was taken in; what comes of it is told by letter."""

    accepted: bool = True


class Confirmed(Struct, frozen=True):
    """The login that now works."""

    login: str


class Done(Struct, frozen=True):
    """It is done; there is nothing to tell."""

    done: bool = True


@router.post(
    "/register", status_code=202, openapi_extra=described(Register, Accepted, 202, signed_in=False, errors=(429, 503))
)
async def register(request: Request) -> Response:
    """Take a registration in: the same answer whatever the registry says."""
    body = await received(request, Register, SMALL)
    form = Form(
        kind=body.kind,
        provider_code=body.provider_code,
        number=body.account_number if body.kind == INDIVIDUAL else body.contract,
        code=body.code,
        email=body.email,
        password=body.password,
        language=body.language,
        surname=body.surname,
    )
    await in_thread(registration.register, database_of(request), form, source_of(request), now_of(request))
    return answer(request, Accepted(), 202)


@router.post("/confirm", openapi_extra=described(Token, Confirmed, signed_in=False, errors=(429,)))
async def confirm(request: Request) -> Response:
    """Confirm a registration and tell the login."""
    body = await received(request, Token, SMALL)
    login = await in_thread(registration.confirm, database_of(request), body.token, source_of(request), now_of(request))
    return answer(request, Confirmed(login))


@router.post(
    "/recover", status_code=202, openapi_extra=described(Recover, Accepted, 202, signed_in=False, errors=(429,))
)
async def recover(request: Request) -> Response:
    """Take in who forgot the password: the same answer for everybody."""
    body = await received(request, Recover, SMALL)
    await in_thread(recovery.ask, database_of(request), body.login_or_email, source_of(request), now_of(request))
    return answer(request, Accepted(), 202)


@router.post("/recover/finish", openapi_extra=described(FinishRecovery, Done, signed_in=False, errors=(429, 503)))
async def finish_recovery(request: Request) -> Response:
    """Set a new password with the letter's secret, the identity code and the account's number."""
    body = await received(request, FinishRecovery, SMALL)
    await in_thread(
        recovery.finish,
        database_of(request),
        body.token,
        body.code,
        body.account,
        body.new_password,
        source_of(request),
        now_of(request),
    )
    return answer(request, Done())


@router.post("/email", status_code=202, openapi_extra=described(NewEmail, Accepted, 202, errors=(429, 503)))
async def change_email(request: Request) -> Response:
    """Send a link to a new address; nothing changes before it is opened."""
    me = await principal(request)
    body = await received(request, NewEmail, SMALL)
    await in_thread(
        identity.change_email,
        database_of(request),
        settings_of(request),
        me.user_id,
        body.new_email,
        body.password,
        now_of(request),
    )
    return answer(request, Accepted(), 202)


@router.post("/email/confirm", openapi_extra=described(Token, Done, signed_in=False, errors=(429,)))
async def confirm_email(request: Request) -> Response:
    """Make the new address the person's."""
    body = await received(request, Token, SMALL)
    await in_thread(identity.confirm_email, database_of(request), body.token, source_of(request), now_of(request))
    return answer(request, Done())


@router.post("/password", openapi_extra=described(NewPassword, Done, errors=(429, 503)))
async def change_password(request: Request) -> Response:
    """Replace the password; other devices are signed out."""
    me = await principal(request)
    body = await received(request, NewPassword, SMALL)
    await in_thread(
        identity.change_password,
        database_of(request),
        me.user_id,
        me.session_id,
        body.current,
        body.new,
        now_of(request),
    )
    return answer(request, Done())
