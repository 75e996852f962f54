"""Screens of a parent in the middle of an act: every page of a wizard, every open question, every refusal.

Each scene opens a screen in a state of the son's application and does what a person does, a step at a time; the window
then speaks each language over the same view-models, as it does when somebody switches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from models.cache.store import CacheStore
from models.contract.admission_commands import AddChild, AttachDocument, TakeStep, UpdateProfile
from models.contract.admission_records import Appeal, Placement
from models.contract.record import Record
from models.domain.admissions.states import Event
from models.domain.admissions.states import State as Stand
from models.domain.problems import Problem
from sync.status import State, SyncStatus, WaitingItem
from tests.fixtures import family
from tests.fixtures.ports import Failed, MemorySettings
from tests.fixtures.window import make_store
from tests.samples import balabaqsha as sample
from ui.context import Context

Step = Callable[[Any, Context], object]
"""What a person does next, with the screen's model and its context."""


@dataclass(frozen=True)
class Scene:
    """A screen and what is done in it first."""

    screen: str
    steps: tuple[Step, ...] = ()
    first: Stand = Stand.VOUCHER_ISSUED
    arguments: dict[str, Any] = field(default_factory=dict)
    outside: bool = False
    offline: bool = False
    roles: tuple[str, ...] = ("parent",)
    items: tuple[WaitingItem, ...] = ()
    columns: dict[str, Any] = field(default_factory=dict)
    """Columns of the son's application that differ from those of its state."""
    rows: tuple[Record, ...] = ()
    hurry: bool = False
    """Draw at the last day of the term."""
    below: int = 0
    """Pixels to scroll down before the picture."""


def typed(**fields: str) -> Step:
    """Type into fields."""

    def step(model: Any, _context: Context) -> None:
        for key, text in fields.items():
            model.type(key, text)
        model.changed.emit()

    return step


def call(name: str, *values: Any, **fields: Any) -> Step:
    """Do what a button does."""
    return lambda model, _context: getattr(model, name)(*values, **fields)


def fails(code: str, at: str = "", **values: Any) -> Step:
    """Let the department answer with a refusal from now on."""

    def step(_model: Any, context: Context) -> None:
        context.families.fail = Failed(code, at, **values)

    return step


def refused_file(code: str, **values: Any) -> Step:
    """Let the next document be refused."""

    def step(_model: Any, context: Context) -> None:
        def keep(_path: Path) -> Any:
            raise Failed(code, **values)

        context.client.keep_document = keep  # type: ignore[attr-defined]
        _chosen(context)

    return step


def _chosen(context: Context) -> None:
    object.__setattr__(context, "open_dialog", lambda *_texts: Path("ПМПК қорытындысы.pdf"))


def ask(event: Event) -> Step:
    """Open the question of an act."""
    return lambda model, _context: model.ask(event)


def group(group_id: int) -> Step:
    """Open the question about a group."""

    def step(model: Any, _context: Context) -> None:
        row = next(row for row in model.rows if any(one.group.id == group_id for one in row.offers))
        model.open(row)
        model.ask(next(one for one in model.choices() if one.offer.group.id == group_id))

    return step


def temporary(group_id: int) -> Step:
    """Open the question about a temporary place."""

    def step(model: Any, _context: Context) -> None:
        row = next(
            row
            for row in model.rows
            if row.mode.value == "temporary" and any(one.group.id == group_id for one in row.offers)
        )
        model.open(row)
        model.ask(model.choices()[0])

    return step


def opened_item(item_id: int) -> Step:
    """Look at an item of the bulletin."""
    return lambda model, _context: model.open(next(one for one in model.rows if one.item.id == item_id))


def _consent(model: Any, _context: Context) -> None:
    model.agree(True)


def _form(programme: str, *, correction: str = "", page: str = "child", consent: bool = False) -> Step:
    def step(model: Any, _context: Context) -> None:
        form = model.form
        form.choose("child", str(sample.NIECE if programme == "general" else sample.SON))
        form.choose("programme", programme)
        if correction:
            form.choose("correction", correction)
            form.choose("organisation", "105")
        if page != "child":
            form.choose("locality", str(sample.CITY))
            form.toggle_language("kk", True)
            form.toggle_language("ru", True)
            if programme == "general":
                form.choose("benefit", "large")
            form.page = page
        form.consent = consent
        form.page_changed.emit()

    return step


def _paper(model: Any, context: Context) -> None:
    _chosen(context)
    model.form.papers.choose("pmpk")


def _new(model: Any, _context: Context) -> None:
    model.show(new=True)


def _next(model: Any, _context: Context) -> None:
    model.form.next()


def _file(model: Any, _context: Context) -> None:
    model.form.file()


def _entrust(model: Any, _context: Context) -> None:
    model.begin_entrusting(model.rows[0])


def _remove(model: Any, _context: Context) -> None:
    model.home.family = replace(model.home.family, applications=())
    model.ask_removing(model.rows[0])


def _leave_list(model: Any, _context: Context) -> None:
    model.ask(model.lines[0])


def _item(payload: Any, state: str, *problems: Problem, number: int = 1) -> WaitingItem:
    return WaitingItem(f"018e-{number}", payload.KIND, payload, sample.at(9, 14, 20), state, problems=problems)  # type: ignore[arg-type]


def step_item(event: str, state: str, *problems: Problem, number: int = 1) -> WaitingItem:
    """Return a step of the son's application that waits or was refused."""
    return _item(TakeStep(sample.DEPARTMENT, sample.FIRST, event, confirmed=True), state, *problems, number=number)


_CHILD: Final = AddChild(
    sample.DEPARTMENT, "210220550811", "Алыбай", "Смайл", "Қуандықұлы", sample.date(2021, 2, 20), "male", "Қазақ"
)
_PHONE = "+7 701 555 01 07"
_CODE: Final[tuple[Step, ...]] = (typed(phone=_PHONE), _consent, call("send_code"))
_PROVED: Final[tuple[Step, ...]] = (*_CODE, typed(one_time="481516"), call("prove"))
_SHOWN: Final[tuple[Step, ...]] = (*_PROVED, typed(code="940225401806"), call("look_up"))
_RECOVERS: Final[Step] = call("show", purpose="recover")
_IIN = "940225401806"
entry = partial(Scene, "family_entry", outside=True)
sign_in = partial(Scene, "sign_in", outside=True)
application = partial(Scene, "application", arguments={"application_id": sample.FIRST})
form = partial(Scene, "applications")
choose = partial(Scene, "choose_place", arguments={"application_id": sample.FIRST}, first=Stand.VOUCHER_ACTIVE)
bulletin = partial(Scene, "bulletin")

SCENES: Final[dict[str, Scene]] = {
    # Registration by telephone, recovery, ways of signing in
    "family_entry-phone": entry((typed(phone="+7 701 555"), call("send_code"))),
    "family_entry-code": entry(_CODE),
    "family_entry-code-wrong": entry(
        (*_CODE, typed(one_time="111111"), fails("code-wrong", "one_time", left=4), call("prove"))
    ),
    "family_entry-code-spent": entry(
        (*_CODE, typed(one_time="111111"), fails("code-spent", "one_time"), call("prove"))
    ),
    "family_entry-person": entry((*_PROVED, typed(code="940225401807"), call("look_up"))),
    "family_entry-person-century": entry((*_PROVED, typed(code="940225901806"), call("look_up"))),
    "family_entry-person-shown": entry(_SHOWN),
    "family_entry-person-differs": entry(
        (*_PROVED, typed(code=_IIN), fails("person-not-matched", "code"), call("look_up"))
    ),
    "family_entry-person-registered": entry(
        (*_PROVED, typed(code=_IIN), fails("already-registered", "code"), call("look_up"))
    ),
    "family_entry-password": entry((*_SHOWN, call("accept_person"), typed(password="kabinet"), call("finish"))),
    "family_entry-recover": entry((_RECOVERS, typed(phone=_PHONE, code="940225"), call("send_code"))),
    "family_entry-recover-password": entry(
        (
            _RECOVERS,
            typed(code=_IIN),
            *_PROVED,
            typed(password="kabinet-demo", again="kabinet-dem"),
            call("finish"),
        )
    ),
    "family_entry-offline": entry((typed(phone=_PHONE), _consent, fails("offline"), call("send_code"))),
    "sign_in-iin": sign_in((call("choose", "iin"), typed(login="940225401807", password="x"), call("sign_in"))),
    "sign_in-phone": sign_in((call("choose", "phone"), typed(login=_PHONE))),
    "sign_in-email": sign_in((call("choose", "email"),)),
    "sign_in-code": sign_in((call("choose", "code"), typed(phone=_PHONE, code=_IIN), call("send_code"))),
    # Children
    "children-add": Scene("children", (call("begin_adding"), typed(iin="210220550812"), call("check"))),
    "children-checked": Scene("children", (call("begin_adding"), typed(iin="210220550811"), call("check"))),
    "children-of-another": Scene(
        "children",
        (call("begin_adding"), typed(iin="210220550811"), fails("child-of-another", "iin"), call("check")),
    ),
    "children-entrust": Scene("children", (_entrust, typed(code="880101300123", until="31.12"), call("entrust"))),
    "children-entrusted": Scene("children", (call("choose", "entrusted"),)),
    "children-remove": Scene("children", (_remove,)),
    "children-coming": Scene(
        "children",
        items=(_item(_CHILD, "waiting"), _item(_CHILD, "refused", Problem("child-of-another", "iin"), number=2)),
        offline=True,
    ),
    # A new application, page by page, in each kind of queue
    "form-general": form((_new, _form("general"))),
    "form-general-place": form((_new, _form("general", page="place"))),
    "form-general-terms": form((_new, _form("general", page="terms"), _file)),
    "form-special": form((_new, _form("special", correction="speech"), _next)),
    "form-special-place": form((_new, _form("special", correction="speech", page="place"), _paper)),
    "form-special-missing": form((_new, _form("special", page="child"), _next)),
    "form-special-large": form(
        (
            _new,
            _form("special", correction="speech", page="place"),
            refused_file("file-too-large", maximum=10),
            lambda model, _context: model.form.papers.choose("pmpk"),
        )
    ),
    "form-special-hostile": form(
        (
            _new,
            _form("special", correction="speech", page="place"),
            refused_file("file-active"),
            lambda model, _context: model.form.papers.choose("pmpk"),
        )
    ),
    "form-special-terms": form((_new, _form("special", correction="speech", page="terms", consent=True))),
    "form-bulletin": form((_new, _form("bulletin"), _next)),
    "form-bulletin-place": form((_new, _form("bulletin", page="place"))),
    "form-bulletin-terms": form((_new, _form("bulletin", page="terms", consent=True)), offline=True),
    "form-nobody": form((lambda model, _context: _childless(model), _new)),
    # One application in each state with its questions
    "application-interest": application((ask(Event.CONFIRM_INTEREST),)),
    "application-refuse": application((ask(Event.REFUSE_VOUCHER),)),
    "application-leave": application((ask(Event.LEAVE_QUEUE),), first=Stand.QUEUED),
    "application-queued": application(first=Stand.QUEUED),
    "application-review": application(first=Stand.DOCS_REVIEW),
    "application-edit": application((ask(Event.EDIT),), first=Stand.QUEUED),
    "application-active": application(first=Stand.VOUCHER_ACTIVE),
    "application-extend": application(
        (ask(Event.EXTEND),), first=Stand.VOUCHER_ACTIVE, columns={"terms": {"contract": sample.at(9, 15, 37, second=26).isoformat()}}
    ),
    "application-waitlisted": application(first=Stand.VOUCHER_WAITLISTED),
    "application-offered": application((ask(Event.ACCEPT_OFFER),), first=Stand.PLACE_OFFERED),
    "application-decline": application((ask(Event.DECLINE_OFFER),), first=Stand.PLACE_OFFERED),
    "application-contract": application(first=Stand.CONTRACT_ORG),
    "application-sign": application((ask(Event.SIGN_PARENT),), first=Stand.CONTRACT_PARENT, rows=()),
    "application-change": application((ask(Event.CHANGE_CHOICE),), first=Stand.CONTRACT_PARENT),
    "application-signed": application(first=Stand.CONTRACT_ORG_SIGN),
    "application-applied": application((ask(Event.CANCEL_BULLETIN),), first=Stand.BUL_APPLIED),
    "application-referral": application(first=Stand.REFERRAL_ISSUED),
    "application-extend-referral": application(
        (ask(Event.EXTEND_REFERRAL), typed(days="45"), call("confirm")), first=Stand.REFERRAL_ISSUED
    ),
    "application-decline-referral": application((ask(Event.DECLINE_REFERRAL),), first=Stand.REFERRAL_ISSUED),
    "application-stop": application(first=Stand.STOP_LIST),
    "application-restore": application((ask(Event.RESTORE),), first=Stand.STOP_LIST),
    "application-enrolled": application(first=Stand.ENROLLED),
    "application-leave-kindergarten": application((ask(Event.LEAVE),), first=Stand.ENROLLED),
    "application-archived": application(first=Stand.ARCHIVED),
    "application-temporary": application(
        (ask(Event.TEMP_LEAVE),),
        first=Stand.QUEUED,
        columns={
            "temp": "attending",
            "temp_group_id": 1032,
            "temp_until": sample.TEMPORARY,
            "temp_voucher": "bound",
        },
        rows=(Placement(5702, sample.FIRST, sample.SON, 1032, "temporary", sample.date(2026, 4, 2), sample.TEMPORARY),),
    ),
    "application-twins": application(
        (call("ask_apart"),), first=Stand.QUEUED, columns={"bundle_id": 9}, below=400,
        rows=(sample.application(sample.FOURTH, sample.DAUGHTER, Stand.QUEUED, bundle_id=9),),
    ),
    "application-offline": application(
        (), items=(step_item("confirm-interest", "waiting"),), offline=True,
        columns={"terms": {"interest": sample.at(9, 18).isoformat()}},
    ),
    "application-refused": application(
        items=(step_item("confirm-interest", "refused", Problem("late-offline")),),
        rows=(
            Appeal(
                5801, sample.FIRST, "confirm-interest", sample.at(9, 14), sample.at(9, 14, 30), sample.at(9, 14, 10),
                "open",
            ),
        ),
    ),
    "application-history": application((), arguments={"application_id": sample.FIRST, "tab": "history"}, below=600),
    "application-documents": application(
        (), arguments={"application_id": sample.FIRST, "tab": "documents"}, below=600,
        items=(
            _item(
                AttachDocument(sample.DEPARTMENT, sample.FIRST, "052-2", "aa" * 32, "Денсаулық паспорты.pdf", 812_000),
                "sending",
            ),
        ),
    ),
    # Choosing a kindergarten
    "choose_place-question": choose((group(1012),)),
    "choose_place-waitlist": choose((call("filter", language="ru", suiting=False), group(1021))),
    "choose_place-temporary": choose((temporary(1032),)),
    "choose_place-transfer": choose((group(1041),), first=Stand.ENROLLED),
    "choose_place-offline": choose((group(1012),), offline=True),
    "choose_place-none": choose((call("filter", words="Мұндай балабақша жоқ"),)),
    # The bulletin
    "bulletin-countdown": bulletin((opened_item(802),)),
    "bulletin-unfit": bulletin((opened_item(803),)),
    "bulletin-question": bulletin((opened_item(801), call("ask")), rows=(sample.QueuePosition(sample.SECOND, sample.SECOND, 1, 1204, sample.NOW),)),
    # Waiting lists, kindergartens, profile, region, messages
    "waiting_lists-leave": Scene("waiting_lists", (_leave_list,)),
    "waiting_lists-offered": Scene("waiting_lists", first=Stand.PLACE_OFFERED),
    "kindergartens-review": Scene(
        "kindergartens", (call("show", organisation_id=101, write="review"), call("send")), first=Stand.ENROLLED
    ),
    "kindergartens-feedback": Scene("kindergartens", (call("show", organisation_id=103, write="feedback"), call("send"))),
    "kindergartens-reviews": Scene("kindergartens", (call("show", organisation_id=103),)),
    "queue-forecast": Scene("queue", (call("choose", "forecast"),)),
    "profile-phone": Scene("profile", (lambda model, _context: model.phone.start(),)),
    "profile-phone-code": Scene(
        "profile",
        (
            lambda model, _context: model.phone.start(),
            lambda model, _context: (model.phone.type("phone", "+7 702 555 90 12"), model.phone.agree(True), model.phone.send_code()),
        ),
    ),
    "profile-phone-password": Scene(
        "profile",
        (
            lambda model, _context: model.phone.start(),
            lambda model, _context: (model.phone.type("phone", "+7 702 555 90 12"), model.phone.agree(True), model.phone.send_code()),
            lambda model, _context: (model.phone.type("one_time", "481516"), model.phone.prove()),
        ),
    ),
    "profile-contacts": Scene(
        "profile", (typed(extra_phone="12"), call("save")), items=(_item(UpdateProfile(user_id=7), "waiting"),)
    ),
    "profile-photo": Scene("profile", (refused_file("image-too-large"), call("change_photo"))),
    "region-others": Scene(
        "region", (lambda model, _context: _regions(model),)
    ),
    "messages-open": Scene("messages", (call("open", 7001),)),
    "messages-journal": Scene("messages", (call("choose_part", "journal"),)),
    "waiting-family": Scene(
        "waiting", offline=True,
        items=(
            step_item("choose-place", "refused", Problem("no-free-place"), number=3),
            step_item("confirm-interest", "refused", Problem("late-offline"), number=4),
            *family.intentions(),
            _item(_CHILD, "held", number=5),
        ),
    ),
    "settings-join": Scene("settings", roles=("resident",), arguments={"part": "join"}),
}  # fmt: skip


def _childless(model: Any) -> None:
    model.home.family = replace(model.home.family, children=(), applications=())


def _regions(model: Any) -> None:
    other = "Астана қаласының білім басқармасы"
    model.offered = (SimpleNamespace(id=501, code="astana-edu", name=other, settlement="Астана қ."),)
    model.changed.emit()


def store(folder: Path, scene: Scene) -> CacheStore:
    """Return a cache in which the son's application stands as the scene wants."""
    rows = {(type(row), row.id): row for row in sample.family_rows(scene.first)}
    if scene.columns:
        key = (sample.Application, sample.FIRST)
        rows[key] = sample.application(sample.FIRST, sample.SON, scene.first, **scene.columns)
    rows |= {(type(row), row.id): row for row in scene.rows}
    folder.mkdir()
    return make_store(folder, [], list(rows.values()))


def context(kept: CacheStore, scene: Scene, theme: str, size: int, language: str) -> Context:
    """Return the context of a scene."""
    client = family.FamilyClient(list(scene.items))
    if scene.offline:
        client.base = SyncStatus(State.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline"))
    settings = MemorySettings(language=language, theme=theme, text_size=size)
    return family.family_context(kept, client=client, settings=settings, roles=scene.roles, signed_in=not scene.outside)


def scrolled(page: QWidget, below: int) -> None:
    """Scroll a page down."""
    from PySide6.QtWidgets import QScrollArea

    for area in page.findChildren(QScrollArea):
        if area.isVisible():
            area.verticalScrollBar().setValue(below)
