"""Screens of a parent in the middle of an act: every page of a wizard, every open question, every refusal.

Each scene opens a screen in a state of the son's application and does what a person does, a step at a time; the window
then speaks each language over the same view-models, as it does when somebody switches.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from msgspec.structs import replace as replace_record
from PySide6.QtWidgets import QScrollArea, QWidget

from models.cache.store import CacheStore
from models.contract.admission_commands import AddChild, AttachDocument, SendFeedback, UpdateProfile
from models.contract.admission_records import Appeal, Application, Attachment, Placement, QueuePosition
from models.contract.collection_records import Collection
from models.domain.admissions.states import Event
from models.domain.admissions.states import State as Stand
from models.domain.problems import Problem
from sync.status import State, SyncStatus
from tests.fixtures import family
from tests.fixtures.ports import MemorySettings
from tests.fixtures.window import make_store
from tests.samples import balabaqsha as sample
from tests.samples import letters as mail
from tests.screens.family_steps import (
    Scene,
    Step,
    agree,
    ahead,
    ask,
    attach_paper,
    begin,
    call,
    conflict,
    entrust,
    entry_of,
    fails,
    file,
    filled,
    group,
    leave_list,
    opened_item,
    rank_groups,
    refused_file,
    remove,
    step_item,
    temporary,
    typed,
)  # fmt: skip
from ui.context import Context


def new_phone(model: Any, _context: Context) -> None:
    """Have a code sent to another telephone."""
    model.phone.type("phone", "+7 702 555 90 12")
    model.phone.agree(True)
    model.phone.send_code()


def prove_phone(model: Any, _context: Context) -> None:
    """Type the code of another telephone."""
    model.phone.type("one_time", "481516")
    model.phone.prove()


def _childless(model: Any) -> None:
    model.home.family = replace(model.home.family, children=(), applications=())


def _regions(model: Any) -> None:
    other = "Астана қаласының білім басқармасы"
    model.offered = (SimpleNamespace(id=501, code="astana-edu", name=other, settlement="Астана қ."),)
    model.changed.emit()


_LATE: Final = Problem("late-offline", values={"due": "2026-04-09T14:10:00+05:00"})
_FIRST_IN_LINE: Final = QueuePosition(sample.SECOND, sample.SECOND, 1, 1204, sample.NOW)
_NEW_PHONE: Final[tuple[Step, ...]] = (lambda model, _context: model.phone.start(), new_phone)
_CHILD: Final = AddChild(
    sample.DEPARTMENT, "210220550811", "Алыбай", "Смайл", "Қуандықұлы", date(2021, 2, 20), "male", "Қазақ"
)
_PHONE = "+7 701 555 01 07"
_CODE: Final[tuple[Step, ...]] = (typed(phone=_PHONE), agree, call("send_code"))
_PROVED: Final[tuple[Step, ...]] = (*_CODE, typed(one_time="481516"), call("prove"))
_SHOWN: Final[tuple[Step, ...]] = (*_PROVED, typed(code="940225401806"), call("look_up"))
_RECOVERS: Final[Step] = call("show", purpose="recover")
_IIN = "940225401806"
_CENTURY = "940225910004"
"""Its check digit is right, its seventh digit is not."""
_PAPERS: Final = tuple(
    Attachment(5600 + number, sample.FIRST, sample.SON, kind, f"{kind}.pdf", "application/pdf", 90_000, "ab" * 32,
               sample.at(9, 10), "received")
    for number, kind in enumerate(("027", "birth-certificate", "parent-id", "052-2", "065"))
)  # fmt: skip
entry = partial(Scene, "family_entry", outside=True)
sign_in = partial(Scene, "sign_in", outside=True)
public_queue = partial(Scene, "public_queue", outside=True)
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
    "family_entry-person-century": entry((*_PROVED, typed(code=_CENTURY), call("look_up"))),
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
    "public_queue": public_queue(),
    "public_queue-offline": public_queue((fails("offline", direct=1), call("turn", 1))),
    "family_entry-offline": entry((typed(phone=_PHONE), agree, fails("offline", direct=1), call("send_code"))),
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
    "children-entrust": Scene("children", (entrust, typed(code="880101300124", until="31.12.2025"), call("entrust"))),
    "children-entrusted": Scene("children", (call("choose", "entrusted"),)),
    "children-remove": Scene("children", (remove,)),
    "children-coming": Scene(
        "children",
        items=(entry_of(_CHILD, "waiting"), entry_of(_CHILD, "refused", Problem("child-of-another", "iin"), number=2)),
        offline=True,
    ),
    # A new application, page by page, in each kind of queue
    "form-general": form((begin, filled("general"))),
    "form-general-place": form((begin, filled("general", page="place"))),
    "form-general-terms": form((begin, filled("general", page="terms"), file)),
    "form-special": form((begin, filled("special", correction="speech"), ahead)),
    "form-special-place": form((begin, filled("special", correction="speech", page="place"), attach_paper)),
    "form-special-missing": form((begin, filled("special", page="child"), ahead)),
    "form-special-large": form(
        (
            begin,
            filled("special", correction="speech", page="place"),
            refused_file("file-too-large", maximum=10),
            lambda model, _context: model.form.papers.choose("pmpk"),
        )
    ),
    "form-special-hostile": form(
        (
            begin,
            filled("special", correction="speech", page="place"),
            refused_file("file-active"),
            lambda model, _context: model.form.papers.choose("pmpk"),
        )
    ),
    "form-special-terms": form((begin, filled("special", correction="speech", page="terms", consent=True))),
    "form-bulletin": form((begin, filled("bulletin"), ahead)),
    "form-bulletin-place": form((begin, filled("bulletin", page="place"))),
    "form-bulletin-terms": form((begin, filled("bulletin", page="terms", consent=True)), offline=True),
    "form-nobody": form((lambda model, _context: _childless(model), begin)),
    # One application in each state with its questions
    "application-interest": application((ask(Event.CONFIRM_INTEREST),)),
    "application-refuse": application((ask(Event.REFUSE_VOUCHER),)),
    "application-leave": application((ask(Event.LEAVE_QUEUE),), first=Stand.QUEUED),
    "application-queued": application(first=Stand.QUEUED),
    "application-review": application(first=Stand.DOCS_REVIEW),
    "application-edit": application((ask(Event.EDIT),), first=Stand.QUEUED),
    "application-active": application(first=Stand.VOUCHER_ACTIVE),
    "application-contacts": application((ask(Event.EDIT),), first=Stand.VOUCHER_ACTIVE),
    "application-conflict": application(first=Stand.QUEUED, items=(conflict(1),)),
    "application-extend": application(
        (ask(Event.EXTEND),), first=Stand.VOUCHER_ACTIVE,
        columns={"terms": {"contract": sample.at(9, 15, 37, second=26).isoformat()}},
    ),
    "application-waitlisted": application(first=Stand.VOUCHER_WAITLISTED),
    "application-offered": application((ask(Event.ACCEPT_OFFER),), first=Stand.PLACE_OFFERED),
    "application-decline": application((ask(Event.DECLINE_OFFER),), first=Stand.PLACE_OFFERED),
    "application-contract": application(first=Stand.CONTRACT_ORG),
    "application-sign": application((ask(Event.SIGN_PARENT),), first=Stand.CONTRACT_PARENT, rows=_PAPERS),
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
        rows=(Placement(5702, sample.FIRST, sample.SON, 1032, "temporary", date(2026, 4, 2), sample.TEMPORARY),),
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
        items=(step_item("confirm-interest", "refused", _LATE),),
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
            entry_of(
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
    "bulletin-question": bulletin((opened_item(801), call("ask")), rows=(_FIRST_IN_LINE,)),
    # Wishes for groups
    "wishes-draft": Scene(
        "wishes", (rank_groups,), first=Stand.QUEUED,
        rows=(Collection(9201, sample.DEPARTMENT, "W2026-000003", "general", [1011, 1012, 1013, 1021, 1022, 1031, 1041],
                         date(2026, 9, 1), sample.at(8, 9), sample.at(24, 18), "collecting"),),
    ),
    # Waiting lists, kindergartens, profile, region, messages
    "waiting_lists-leave": Scene("waiting_lists", (leave_list,)),
    "waiting_lists-offered": Scene("waiting_lists", first=Stand.PLACE_OFFERED),
    "kindergartens-review": Scene(
        "kindergartens", (call("show", organisation_id=101, write="review"), call("send")), first=Stand.ENROLLED
    ),
    "letters-new": Scene("letters", (call("show", write=True), call("send"))),
    "letters-answered": Scene("letters", (call("show", letter_id=mail.ANSWERED),)),
    "letters-closed": Scene("letters", (call("show", letter_id=mail.CLOSED), call("write", "on"))),
    "letters-waiting": Scene(
        "letters",
        (call("show", letter_id=mail.ANSWERED),),
        offline=True,
        items=(
            entry_of(
                SendFeedback(sample.DEPARTMENT, "", "Рақмет! Ал өтінішті қай жерден өзгертемін?", mail.ANSWERED),
                "waiting",
            ),
        ),
    ),
    "kindergartens-reviews": Scene("kindergartens", (call("show", organisation_id=103),)),
    "queue-forecast": Scene(
        "queue", (call("choose", "forecast"), call("look_for", sample.FIRST)), first=Stand.QUEUED
    ),
    "profile-phone": Scene("profile", (lambda model, _context: model.phone.start(),)),
    "profile-phone-code": Scene(
        "profile",
        _NEW_PHONE,
    ),
    "profile-phone-password": Scene(
        "profile",
        (*_NEW_PHONE, prove_phone),
    ),
    "profile-contacts": Scene(
        "profile", (typed(extra_phone="12"), call("save")), items=(entry_of(UpdateProfile(user_id=7), "waiting"),)
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
            step_item("confirm-interest", "refused", _LATE, number=4),
            *family.intentions(),
            entry_of(_CHILD, "held", number=5),
        ),
    ),
    "waiting-conflict": Scene("waiting", items=(conflict(1),)),
    "waiting-conflict-fields": Scene("waiting", items=(conflict(3, stored=["benefit"]),)),
    "settings-sign_out": Scene("settings", (call("ask_sign_out"),), items=tuple(family.intentions()), below=2000),
    "settings-join": Scene(
        "settings", roles=("resident",), arguments={"part": "join"}, below=2000,
        rows=(replace_record(sample.person(), roles=["resident"]),),
    ),
}  # fmt: skip


def store(folder: Path, scene: Scene) -> CacheStore:
    """Return a cache in which the son's application stands as the scene wants."""
    rows = {(type(row), row.id): row for row in sample.family_rows(scene.first)}
    if scene.columns:
        key = (Application, sample.FIRST)
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
    for area in page.findChildren(QScrollArea):
        if area.isVisible():
            area.verticalScrollBar().setValue(below)
