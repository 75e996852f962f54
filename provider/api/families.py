"""HTTP for parents: codes on the telephone, registration, recovery, signing in by a code, children before they are
entered. Nothing here tells who exists to whoever has not proved a telephone.

``request`` is a key that the client makes up for a wish that happens once and nobody else can know: 22 to 100 letters,
digits, ``-`` and ``_``. Asked again with the same key and the same words, because the answer was lost, the wish is
answered as the first time. Without it a code or ticket that was used is spent."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from msgspec import Struct
from starlette.responses import Response

from models.contract.messages import Session, SignInRequest
from provider.api.documented import described
from provider.api.http import answer, database_of, in_thread, now_of, principal, received, settings_of, source_of
from provider.services import children, families, one_time, regions, telephones
from provider.services.children import ShownChild
from provider.services.families import CodeWish, ShownPerson
from provider.services.regions import ListedDepartment
from provider.services.register import open_register

router: Final = APIRouter(tags=["families"])

_SMALL: Final = 10_000


class AskCode(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for a code. ``purpose``: register, recover, sign-in; ``code`` is the IIN or document number."""

    purpose: str
    phone: str
    code: str = ""
    language: str = "kk"
    consent: bool = False


class CodeSent(Struct, frozen=True):
    """If there is somebody to send it to, a code is on its way: it works, and no other is sent, for ``seconds``."""

    seconds: int


class VerifyCode(Struct, frozen=True, forbid_unknown_fields=True):
    """The code that the telephone got."""

    purpose: str
    phone: str
    one_time: str
    code: str = ""
    request: str = ""


class Ticket(Struct, frozen=True):
    """What the next pages of the wizard bring along, for 20 minutes.

    ``shared``: somebody's cabinet has the telephone that was proved (R-PHONE-1).
    """

    ticket: str
    shared: bool = False


class WhoAmI(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom the register shall show."""

    ticket: str
    phone: str
    code: str


class RegisterParent(Struct, frozen=True, forbid_unknown_fields=True):
    """The last page of a registration; ``department`` is the code of the region's education department, or ""."""

    ticket: str
    phone: str
    code: str
    password: str
    language: str = "kk"
    department: str = ""
    request: str = ""


class Registered(Struct, frozen=True):
    """The login that now works, beside IIN and telephone."""

    login: str


class RecoverParent(Struct, frozen=True, forbid_unknown_fields=True):
    """The last page of a recovery."""

    ticket: str
    phone: str
    code: str
    password: str
    request: str = ""


class SignInByCode(Struct, frozen=True, forbid_unknown_fields=True):
    """A code instead of a password; the rest as in ``SignInRequest``."""

    phone: str
    code: str
    one_time: str
    device_key: str
    device_name: str
    device_id: int | None = None
    schema: int = 0
    request: str = ""


class Join(Struct, frozen=True, forbid_unknown_fields=True):
    """A signed-in person becomes a parent too."""

    ticket: str
    phone: str
    code: str
    department: str = ""
    request: str = ""


class NewPhone(Struct, frozen=True, forbid_unknown_fields=True):
    """A telephone that was proved with a registration's ticket, and the password once more."""

    ticket: str
    phone: str
    password: str
    request: str = ""


class AskSigning(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for a code that signs one thing, such as ``application:17``."""

    about: str


class Departments(Struct, frozen=True):
    """The education departments of this installation."""

    departments: list[ListedDepartment]


class OpenDepartment(Struct, frozen=True, forbid_unknown_fields=True):
    """The department whose kindergartens one wants to see."""

    department_id: int


class CheckChild(Struct, frozen=True, forbid_unknown_fields=True):
    """A child whom one wants to enter in a department's cabinet."""

    iin: str
    department_id: int


class Done(Struct, frozen=True):
    """It is done; there is nothing to tell."""

    done: bool = True


_SECONDS: Final = int(one_time.LIFETIME.total_seconds())


@router.post(
    "/families/codes", status_code=202, openapi_extra=described(AskCode, CodeSent, 202, signed_in=False, errors=(429,))
)
async def ask_code(request: Request) -> Response:
    """Take in a wish for a code: the same answer for everybody."""
    body = await received(request, AskCode, _SMALL)
    wish = CodeWish(body.purpose, body.phone, body.code, body.language, body.consent)
    await in_thread(families.ask_code, database_of(request), wish, source_of(request), now_of(request))
    return answer(request, CodeSent(_SECONDS), 202)


@router.post("/families/codes/verify", openapi_extra=described(VerifyCode, Ticket, signed_in=False, errors=(429,)))
async def verify_code(request: Request) -> Response:
    """Exchange a code for a ticket."""
    body = await received(request, VerifyCode, _SMALL)
    proved = await in_thread(
        families.verify,
        database_of(request),
        body.purpose,
        body.phone,
        body.code,
        body.one_time,
        source_of(request),
        now_of(request),
        body.request,
    )
    return answer(request, Ticket(proved.ticket, proved.shared))


@router.post("/families/person", openapi_extra=described(WhoAmI, ShownPerson, signed_in=False, errors=(429, 503)))
async def show_person(request: Request) -> Response:
    """Show what the register of persons says about who registers."""
    body = await received(request, WhoAmI, _SMALL)
    shown = await in_thread(
        families.show_person,
        database_of(request),
        open_register(settings_of(request)),
        body.ticket,
        body.phone,
        body.code,
        source_of(request),
        now_of(request),
    )
    return answer(request, shown)


@router.post(
    "/families/register", openapi_extra=described(RegisterParent, Registered, signed_in=False, errors=(429, 503))
)
async def register(request: Request) -> Response:
    """Make the parent's login."""
    body = await received(request, RegisterParent, _SMALL)
    login = await in_thread(
        families.register,
        database_of(request),
        open_register(settings_of(request)),
        ticket=body.ticket,
        phone_number=body.phone,
        code=body.code,
        password=body.password,
        language=body.language,
        department=body.department,
        now=now_of(request),
        request=body.request,
    )
    return answer(request, Registered(login))


@router.post("/families/recover", openapi_extra=described(RecoverParent, Done, signed_in=False, errors=(429, 503)))
async def recover(request: Request) -> Response:
    """Set a new password."""
    body = await received(request, RecoverParent, _SMALL)
    await in_thread(
        telephones.recover,
        database_of(request),
        ticket=body.ticket,
        phone_number=body.phone,
        code=body.code,
        new_password=body.password,
        now=now_of(request),
        request=body.request,
    )
    return answer(request, Done())


@router.post("/families/sign-in", openapi_extra=described(SignInByCode, Session, signed_in=False, errors=(409, 429)))
async def sign_in(request: Request) -> Response:
    """Sign in with a code instead of a password."""
    body = await received(request, SignInByCode, _SMALL)
    device = SignInRequest(
        login="",
        password="",
        device_key=body.device_key,
        device_name=body.device_name,
        device_id=body.device_id,
        schema=body.schema,
    )
    session = await in_thread(
        telephones.sign_in_by_code,
        database_of(request),
        body.phone,
        body.code,
        body.one_time,
        device,
        source_of(request),
        now_of(request),
        body.request,
    )
    return answer(request, session)


@router.post("/families/join", openapi_extra=described(Join, Done, errors=(429, 503)))
async def join(request: Request) -> Response:
    """Give a signed-in person the role of a parent."""
    who = await principal(request)
    body = await received(request, Join, _SMALL)
    await in_thread(
        families.join,
        database_of(request),
        open_register(settings_of(request)),
        who.user_id,
        ticket=body.ticket,
        phone_number=body.phone,
        code=body.code,
        department=body.department,
        now=now_of(request),
        request=body.request,
    )
    return answer(request, Done())


@router.post("/families/phone", openapi_extra=described(NewPhone, Done, errors=(429, 503)))
async def change_phone(request: Request) -> Response:
    """Change the telephone that codes go to."""
    who = await principal(request)
    body = await received(request, NewPhone, _SMALL)
    await in_thread(
        telephones.change_phone,
        database_of(request),
        who.user_id,
        ticket=body.ticket,
        phone_number=body.phone,
        password=body.password,
        now=now_of(request),
        request=body.request,
    )
    return answer(request, Done())


@router.post(
    "/families/codes/signing", status_code=202, openapi_extra=described(AskSigning, CodeSent, 202, errors=(429,))
)
async def ask_signing(request: Request) -> Response:
    """Send the signed-in person a code that signs one thing."""
    who = await principal(request)
    body = await received(request, AskSigning, _SMALL)
    await in_thread(
        one_time.issue_signing, database_of(request), who.user_id, body.about, source_of(request), now_of(request)
    )
    return answer(request, CodeSent(_SECONDS), 202)


@router.get("/families/departments", openapi_extra=described(None, Departments, signed_in=False, errors=(429,)))
async def departments(request: Request) -> Response:
    """Tell the education departments: the regions to choose from, with their support service."""
    found = await in_thread(regions.departments, database_of(request), source_of(request), now_of(request))
    return answer(request, Departments(found))


@router.post("/families/departments", openapi_extra=described(OpenDepartment, Done, errors=(404,)))
async def open_department(request: Request) -> Response:
    """Let the signed-in person read what a department shows to everybody."""
    who = await principal(request)
    body = await received(request, OpenDepartment, _SMALL)
    await in_thread(regions.choose_department, database_of(request), who.user_id, body.department_id)
    return answer(request, Done())


@router.post("/children/check", openapi_extra=described(CheckChild, ShownChild, errors=(404, 429, 503)))
async def check_child(request: Request) -> Response:
    """Show what the register says about a child of the signed-in parent, before they enter it."""
    who = await principal(request)
    body = await received(request, CheckChild, _SMALL)
    shown = await in_thread(
        children.check,
        database_of(request),
        open_register(settings_of(request)),
        who.user_id,
        body.iin,
        body.department_id,
        now_of(request),
    )
    return answer(request, shown)
