"""HTTP of what may be learnt without signing in."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.responses import Response

from models.contract.records import AccountView
from provider.api.documented import described
from provider.api.http import answer, database_of, in_thread, now_of, received, source_of
from provider.services import limits, lookup
from provider.services.refusals import refuse

router: Final = APIRouter(prefix="/lookup", tags=["lookup"])

_SMALL: Final = 4_000


class WhereAndWho(Struct, frozen=True, forbid_unknown_fields=True):
    """An address and its owner's surname; ``prefix`` and ``flat`` are empty where there is none."""

    provider: str
    street: str
    house: str
    surname: str
    prefix: str = ""
    flat: str = ""


class WhereWhoAndWhen(WhereAndWho, frozen=True, forbid_unknown_fields=True):
    """The same, and the month (``yyyymm``) that is asked about; last month when absent."""

    period: int | None = None


class Providers(Struct, frozen=True):
    """The providers of this installation."""

    providers: list[lookup.ListedProvider]


class Streets(Struct, frozen=True):
    """The streets of a provider, sorted."""

    streets: list[str]


class Found(Struct, frozen=True):
    """The number of the account at a place."""

    account: str


@router.get("/providers", openapi_extra=described(None, Providers, signed_in=False, errors=(429,)))
async def providers(request: Request) -> Response:
    """Tell the providers of this installation."""
    await _list_limit(request)
    return answer(request, Providers(await in_thread(lookup.providers, database_of(request))))


@router.get("/streets", openapi_extra=described(None, Streets, signed_in=False, errors=(404, 429)))
async def streets(request: Request) -> Response:
    """Tell the streets of the provider with the code ``provider``, to choose from."""
    await _list_limit(request)
    code = request.query_params.get("provider", "")
    if not code or len(code) > 60 or not code.isprintable():
        raise refuse("not-found", "provider", status=404)
    return answer(request, Streets(await in_thread(lookup.streets, database_of(request), code)))


@router.post("/account", openapi_extra=described(WhereAndWho, Found, signed_in=False, errors=(404, 429)))
async def find_account(request: Request) -> Response:
    """Tell the account's number of a place, if every part is right."""
    body = await received(request, WhereAndWho, _SMALL)
    number = await in_thread(
        lookup.find_account, database_of(request), _place(body), source_of(request), now_of(request)
    )
    return answer(request, Found(number))


@router.post("/breakdown", openapi_extra=described(WhereWhoAndWhen, AccountView, signed_in=False, errors=(404, 429)))
async def breakdown(request: Request) -> Response:
    """Give one month of an account, without the name."""
    body = await received(request, WhereWhoAndWhen, _SMALL)
    view = await in_thread(
        lookup.breakdown_of,
        database_of(request),
        _place(body),
        body.period,
        source_of(request),
        now_of(request),
    )
    return answer(request, view)


async def _list_limit(request: Request) -> None:
    await in_thread(limits.take, database_of(request), now_of(request), (limits.LISTS_SOURCE, source_of(request)))


def _place(body: WhereAndWho) -> lookup.Place:
    return lookup.Place(body.provider, body.street, body.house, body.prefix, body.flat, body.surname)
