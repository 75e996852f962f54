"""HTTP of admissions: the anonymous queue and its statistics for everybody, one's own number, the forming of groups."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, overload

import msgspec
from fastapi import APIRouter, Request
from msgspec import Struct, field
from sqlalchemy import Connection, select
from starlette.responses import Response

from models.contract.admission_records import Application, QueueStatistic
from provider.api.admissions_print import protocol
from provider.api.documented import described
from provider.api.http import answer, body_of, database_of, decoded, in_thread, now_of, packed, principal, source_of
from provider.imports.tables import TableRefused
from provider.imports.wishes import read_wishes
from provider.services import limits
from provider.services.admissions import forming, positions, public_queue
from provider.services.admissions.department import department as load
from provider.services.admissions.interest import Interest, interest
from provider.services.admissions.public_queue import Asked, QueuePage
from provider.services.admissions.rights import rights
from provider.services.refusals import Refusal, refuse
from provider.store.database import Database
from provider.store.rows import fetch
from provider.store.tables_admissions import application, queue_statistic
from provider.store.tables_utility import provider
from translations import LANGUAGES, using

router: Final = APIRouter(prefix="/admissions", tags=["admissions"])

MAX_WISHES: Final = 4 * 1024 * 1024
_TABLES: Final = {
    "text/csv": ".csv",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
_LONGEST: Final = 60


class Statistics(Struct, frozen=True):
    """How many wait and how many places are expected. An estimate: rows overlap and must not be summed.

    ``kindergartens``: how many children wait for each, the most wanted first; fewer than five are not told.
    """

    rows: list[QueueStatistic]
    estimate: bool = True
    kindergartens: list[Interest] = []


class PositionAnswer(Struct, frozen=True):
    """A number in the queue as it was counted at ``at``; 0 when the application is not in the queue."""

    application_id: int
    number: int
    total: int
    at: datetime


class BatchWish(Struct, frozen=True, forbid_unknown_fields=True):
    """The groups that a family wants, best first: ids, or "kindergarten / group"."""

    application: str
    groups: list[str]


class BatchRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Wishes to be matched at once; ages count on ``starts_on``, today when absent."""

    department: int
    wishes: list[BatchWish]
    programme: str = "general"
    starts_on: date | None = None
    printed: bool = field(default=False)


def _query(*names: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """Return the description of parameters in the address."""
    return {
        "parameters": [
            {"name": name, "in": "query", "required": name == "department", "description": words, "schema": schema}
            for name, words, schema in names
        ]
    }


_DEPARTMENT: Final = ("department", "id or code of the education department", {"type": "string"})
_INTEGER: Final = {"type": "integer"}
_OF_QUEUE: Final = _query(
    _DEPARTMENT,
    ("programme", "general, special or bulletin", {"type": "string", "default": "general"}),
    ("locality", "id of a locality, with all that lies in it", _INTEGER),
    ("birth_year", "year of birth; leaves rows out, numbers stay", _INTEGER),
    ("language", "language of education: numbers are those among who want it", {"type": "string"}),
    ("correction", "of the special queue", {"type": "string"}),
    ("page", "from 1", {"type": "integer", "default": 1, "minimum": 1}),
    ("size", "rows a page", {"type": "integer", "default": 20, "enum": list(public_queue.SIZES)}),
)


@router.get(
    "/queue", openapi_extra={**described(None, QueuePage, signed_in=False, errors=(404, 422, 429)), **_OF_QUEUE}
)
async def queue(request: Request) -> Response:
    """Show a page of the queue without names: number, masked application number, category, date and time, languages."""
    database, now = database_of(request), now_of(request)
    # By address only: a limit for everybody together would let one of them keep all others out.
    source = source_of(request)
    wanted = [(limits.QUEUE_SOURCE, source)]
    if _text(request, "birth_year"):
        wanted.append((limits.QUEUE_YEAR_SOURCE, source))
    await in_thread(limits.take, database, now, *wanted)
    asked = Asked(
        programme=_text(request, "programme") or "general",
        locality=_number(request, "locality"),
        birth_year=_number(request, "birth_year"),
        language=_text(request, "language"),
        correction=_text(request, "correction"),
        page=_number(request, "page", 1),
        size=_number(request, "size", 20),
    )
    code = _text(request, "department")

    def read() -> QueuePage:
        with database.read() as connection:
            return public_queue.page(connection, load(connection, _tenant(connection, code)), asked, now)

    return answer(request, await in_thread(read))


@router.get(
    "/statistics",
    openapi_extra={**described(None, Statistics, signed_in=False, errors=(404, 429)), **_query(_DEPARTMENT)},
)
async def statistics(request: Request) -> Response:
    """Show how many wait and how many places are expected, by locality, birth year and language."""
    database, now = database_of(request), now_of(request)
    await in_thread(limits.take, database, now, (limits.STATISTICS_SOURCE, source_of(request)))
    code = _text(request, "department")

    def read() -> Statistics:
        with database.read() as connection:
            tenant = load(connection, _tenant(connection, code)).tenant
            rows = fetch(connection, QueueStatistic, queue_statistic.c.tenant_id == tenant)
            return Statistics(rows, kindergartens=interest(connection, tenant))

    return answer(request, await in_thread(read))


@router.get("/position/{application_id}", openapi_extra=described(None, PositionAnswer, errors=(404, 429)))
async def position(request: Request, application_id: int) -> Response:
    """Tell the number of an application in the queue, counted now: one's own, or any for an officer."""
    who = await principal(request)
    database, now = database_of(request), now_of(request)
    await in_thread(limits.take, database, now, (limits.POSITION_USER, str(who.user_id)))

    def read() -> PositionAnswer:
        with database.read() as connection:
            found = fetch(connection, Application, application.c.id == application_id)
            if not found:
                raise refuse("not-found", status=404)
            own = rights(connection, who.user_id, found[0].department_id)
            if not own.officer and found[0].child_id not in own.children:
                raise refuse("not-found", status=404)
            known = load(connection, found[0].department_id)
            counted = positions.position(connection, application_id, known, now)
            if counted is None:
                return PositionAnswer(application_id, 0, 0, now)
            return PositionAnswer(application_id, counted.number, counted.total, counted.at)

    if not 0 < application_id < 1 << 62:
        raise refuse("not-found", status=404)
    return answer(request, await in_thread(read))


@router.post("/batch", openapi_extra=described(BatchRequest, forming.Formed, errors=(403, 404, 429)))
async def batch(request: Request) -> Response:
    """Match ranked wishes with the free places of groups, for officers; nothing is written.

    The body is JSON, or a table (csv, xls, xlsx) with ``department`` and ``programme`` in the address. With
    ``printed`` the answer is a page to print.
    """
    who = await principal(request)
    database, now = database_of(request), now_of(request)
    await in_thread(limits.take, database, now, (limits.BATCH_USER, str(who.user_id)))
    body = await body_of(request, MAX_WISHES)
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind in _TABLES:
        wishes = [BatchWish(one.application, list(one.groups)) for one in await in_thread(_read_table, body, kind)]
        wanted = BatchRequest(
            department=_number(request, "department", 0),
            wishes=wishes,
            programme=_text(request, "programme") or "general",
            starts_on=_day(request, "starts_on"),
            printed=_text(request, "printed") in ("1", "true"),
        )
    else:
        wanted = decoded(body, BatchRequest)
    made = await in_thread(_form, database, who.user_id, wanted, now)
    if not wanted.printed:
        return answer(request, made)
    with using(_language(request)):
        return packed(request, protocol(made).encode(), media_type="text/html; charset=utf-8")


def _form(database: Database, user_id: int, wanted: BatchRequest, now: datetime) -> forming.Formed:
    with database.read() as connection:
        known = load(connection, wanted.department)
        if not rights(connection, user_id, known.tenant).officer:
            raise refuse("no-access", status=403)
        wishes = [forming.Wish(one.application, tuple(one.groups)) for one in wanted.wishes]
        return forming.form(connection, known, wanted.programme, wishes, now, wanted.starts_on)


def _read_table(body: bytes, kind: str) -> list[forming.Wish]:
    with tempfile.TemporaryDirectory(prefix="kabinet-wishes-") as folder:
        path = Path(folder) / f"wishes{_TABLES[kind]}"
        path.write_bytes(body)
        try:
            return read_wishes(path)
        except TableRefused as refused:
            raise Refusal(refused.problem) from refused


def _tenant(connection: Connection, code: str) -> int:
    """Return the department of an id or a code; raises ``Refusal`` ``not-found``."""
    if code.isascii() and code.isdecimal() and len(code) < 10:
        return int(code)
    found = connection.execute(select(provider.c.id).where(provider.c.code == code)).scalar()
    if found is None:
        raise refuse("not-found", "department", status=404)
    return int(found)


def _text(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if len(value) > _LONGEST or not value.isprintable():
        raise refuse("field-invalid", name)
    return value


@overload
def _number(request: Request, name: str) -> int | None: ...


@overload
def _number(request: Request, name: str, default: int) -> int: ...


def _number(request: Request, name: str, default: int | None = None) -> int | None:
    value = _text(request, name)
    if not value:
        return default
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise refuse("field-invalid", name)
    return int(value)


def _day(request: Request, name: str) -> date | None:
    value = _text(request, name)
    if not value:
        return None
    try:
        return msgspec.convert(value, date)
    except msgspec.ValidationError:
        raise refuse("field-invalid", name) from None


def _language(request: Request) -> str:
    asked = [request.query_params.get("language", "")]
    asked += [part.split(";")[0].strip()[:2] for part in request.headers.get("Accept-Language", "").split(",")]
    return next((language for language in asked if language in LANGUAGES), "kk")
