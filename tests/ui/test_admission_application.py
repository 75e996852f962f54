"""The decisive screen: what to do now, until when, what each act brings, and what is not sent yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

import translations
from models.contract.admission_commands import TakeStep
from models.domain.admissions.states import Event, State
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus, WaitingItem
from tests.fixtures.family import FamilyClient, intentions
from tests.samples import balabaqsha as sample
from tests.ui.looking import said, without_line
from tests.ui.resident import unnamed
from ui import theme
from ui.application.view import ApplicationPage
from ui.family.model import Cut
from ui.kit import Banner, Button
from ui.kit import State as Shown

pytestmark = pytest.mark.usefixtures("speaks_english")


def events(model) -> list[Event]:
    return [one.event for one in model.acts()]


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_every_state_says_in_one_sentence_what_to_do_now(open_son, state):
    model, view, _context = open_son(state)
    assert model.advice.endswith((".", "!"))
    assert "{" not in said(view)
    assert view.state is Shown.CONTENT
    assert unnamed(view) == []


def test_the_two_answers_to_a_voucher_name_what_follows(open_son):
    model, view, _context = open_son()
    offered = {one.event: one for one in model.acts()}
    assert offered[Event.CONFIRM_INTEREST].verb == "Yes, I take the voucher"
    assert offered[Event.REFUSE_VOUCHER].verb == "No, I refuse: the application goes to the archive"
    assert offered[Event.CONFIRM_INTEREST].kind == "primary"
    assert "16.04.2026 14:40:00" in offered[Event.CONFIRM_INTEREST].consequence
    assert "1 d 9 h" in said(view)
    assert "until 10.04.2026 23:59:59" in said(view)


def test_time_left_is_counted_by_the_server_s_clock(open_son):
    ahead = FamilyClient(now=sample.NOW + timedelta(hours=30))
    model, view, _context = open_son(client=ahead)
    assert model.context.clock() == sample.NOW
    assert "3 h 20 min" in said(view)
    assert "Reference server time: 10.04.2026 20:40:00" in said(view)


def test_before_the_first_contact_the_clock_is_honestly_this_computer_s(open_son):
    client = FamilyClient()
    client.now = None
    _model, view, _context = open_son(client=client)
    assert "Time of this computer" in said(view)


def test_confirming_asks_first_and_is_then_an_intention(open_son, settle):
    client = FamilyClient()
    model, view, context = open_son(client=client)
    view.decision.buttons[Event.CONFIRM_INTEREST].click()
    assert model.asking is Event.CONFIRM_INTEREST
    view.decision.yes.click()
    settle(context)
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert payload == TakeStep(sample.DEPARTMENT, sample.FIRST, "confirm-interest", confirmed=True)
    assert "Not sent yet" in said(view)
    assert model.acts() == []


def test_the_application_acted_on_stays_in_sight_whichever_is_more_urgent_then(open_son):
    model, _view, _context = open_son()
    model.chosen = None  # opened from the menu: the most urgent one
    shown = model.view.id
    model.ask(Event.CONFIRM_INTEREST)
    assert model.chosen == shown


def test_refusing_a_voucher_asks_twice_and_can_be_left(open_son):
    client = FamilyClient()
    model, view, _context = open_son(client=client)
    view.decision.buttons[Event.REFUSE_VOUCHER].click()
    assert model.is_final
    assert "becomes void" in said(view)
    view.decision.no.click()
    assert model.asking is None
    assert not any(call[0] == "submit" for call in client.calls)


def test_what_is_not_sent_can_be_taken_back(open_son, settle):
    client = without_line(items=intentions())
    model, view, context = open_son(client=client)
    assert model.advice.startswith("Wait until the department has received what you did.")  # and not to do it
    banner = next(one for one in view.findChildren(Banner) if "not sent yet" in one.label.text())
    assert banner.property("tone") == "pending"
    banner.findChild(Button).click()
    settle(context)
    assert ("withdraw", "018e-1") in client.calls
    assert model.intention is None


def test_a_term_that_may_end_before_the_line_returns_is_red(open_son):
    client = without_line(items=intentions(), now=sample.NOW + timedelta(hours=20))
    model, view, _context = open_son(client=client)
    assert model.in_danger
    banner = next(one for one in view.findChildren(Banner) if "find a connection now" in one.label.text())
    assert banner.property("tone") == "danger"


def test_a_term_that_ended_without_a_line_is_not_said_to_be_still_running(open_son):
    over = sample.at(11, 0) + timedelta(minutes=5)
    model, view, _context = open_son(client=without_line(items=intentions(), now=over))
    assert not model.in_danger
    assert "so when it arrives an officer decides whether it counts" in said(view)
    assert "find a connection now" not in said(view)
    _model, view, _context = open_son(client=without_line(now=over))
    assert "There is no connection, and the term has ended." in said(view)


def test_prolonging_is_offered_with_the_day_on_which_it_is_possible(open_son):
    model, _view, _context = open_son(State.VOUCHER_ACTIVE)
    extend = next(one for one in model.acts() if one.event is Event.EXTEND)
    assert not extend.possible
    assert extend.why_not == "This is possible on the last day of the term only: 15.04.2026."
    last = FamilyClient(now=sample.CONTRACT_DUE - timedelta(hours=1))
    model, _view, _context = open_son(State.VOUCHER_ACTIVE, client=last)
    extend = next(one for one in model.acts() if one.event is Event.EXTEND)
    assert extend.possible
    assert "17.04.2026 15:37:26" in extend.consequence


def test_choosing_a_kindergarten_opens_its_screen(open_son, qtbot):
    model, _view, context = open_son(State.VOUCHER_ACTIVE)
    with qtbot.waitSignal(context.bridge.go) as went:
        model.ask(Event.CHOOSE_PLACE)
    assert went.args == ["choose_place", {"application_id": sample.FIRST, "event": "choose-place"}]


def test_signing_says_which_documents_are_missing(open_son):
    model, _view, _context = open_son(State.CONTRACT_PARENT)
    sign = next(one for one in model.acts() if one.event is Event.SIGN_PARENT)
    assert not sign.possible
    assert sign.why_not.startswith("First attach: ")
    assert "the certificate 027/u" in sign.why_not  # a refused one does not count
    assert "the birth certificate" not in sign.why_not


def test_a_one_time_code_signs_the_contract(open_son, settle):
    client = FamilyClient()
    kinds = ("027", "parent-id", "052-2", "065")
    papers = [_attachment(5600 + number, kind) for number, kind in enumerate(kinds)]
    rows = [*sample.family_rows(State.CONTRACT_PARENT), *papers]
    model, view, context = open_son(State.CONTRACT_PARENT, client=client, rows=rows)
    model.ask(Event.SIGN_PARENT)
    view.decision.yes.click()
    assert [problem.field for problem in model.problems] == ["code"]
    view.decision.signing.send.click()
    settle(context)
    assert ("ask_signing_code", (f"application:{sample.FIRST}",)) in context.families.calls
    assert model.signing.wait.left == 80
    model.signing.type("12 34 56")
    view.decision.yes.click()
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert (payload.event, payload.signature, payload.code) == ("sign-parent", "code", "123456")


def _attachment(number: int, kind: str):
    from models.contract.admission_records import Attachment

    return Attachment(
        number, sample.FIRST, sample.SON, kind, f"{kind}.pdf", "application/pdf", 10, "00" * 32, sample.NOW, "received"
    )


def test_a_referral_is_prolonged_on_its_last_day_with_a_document(open_son, settle, qtbot, tmp_path):
    client = FamilyClient()
    model, view, context = open_son(State.REFERRAL_ISSUED, client=client)
    object.__setattr__(context, "open_dialog", lambda _title, _kind: tmp_path / "анықтама.pdf")
    model.ask(Event.EXTEND_REFERRAL)
    model.type("days", "45")
    view.decision.yes.click()
    assert {problem.field for problem in model.problems} == {"days", "documents"}
    qtbot.waitUntil(lambda: view.decision.form.fields["days"].hasFocus())  # what is wrong comes first
    model.type("days", "20")
    attach = next(one for one in view.decision.findChildren(Button) if one.text() == "Attach a document")
    attach.setFocus()
    attach.click()
    settle(context)
    assert model.problems == ()
    assert "Documents are missing" not in said(view)
    view.decision.yes.click()
    settle(context)
    payload = next(call for call in client.calls if call[0] == "submit")[1]
    assert (payload.event, payload.days) == ("extend-referral", 20)
    assert payload.blobs == [f"extension:{'aa' * 32}:анықтама.pdf"]


def test_the_referral_is_made_as_a_paper(open_son, settle, qtbot):
    model, view, _context = open_son(State.REFERRAL_ISSUED)
    assert view.decision.download.isVisible()
    with qtbot.waitSignal(model.paper_made) as made:
        view.decision.download.click()
    data, name = made.args
    assert bytes(data).startswith(b"%PDF")
    assert name == "Referral Ж-2026-118"
    assert view.paper.isVisible()
    view.paper.close()


def test_an_entrusted_person_without_the_right_to_act_only_sees(open_son):
    rows = [_seeing(row) for row in sample.family_rows()]
    model, view, _context = open_son(rows=rows)
    assert model.acts() == []
    assert "entrusted to you to see" in said(view)


def _seeing(row):
    import msgspec

    from models.contract.admission_records import Guardian

    mine = isinstance(row, Guardian) and row.child_id == sample.SON and row.user_id == sample.PARENT
    return msgspec.structs.replace(row, may_act=False, kind="entrusted") if mine else row


def test_a_refused_act_says_why_and_can_be_put_away(open_son, settle):
    item = WaitingItem(
        "018e-9",
        "take-step",
        TakeStep(sample.DEPARTMENT, sample.FIRST, "choose-place", group_id=1011),
        sample.at(9, 14),
        "refused",
        (Problem("no-free-place"),),
    )
    client = FamilyClient([item])
    model, view, context = open_son(State.VOUCHER_ACTIVE, client=client)
    banner = next(one for one in view.findChildren(Banner) if "was refused" in one.label.text())
    assert "Kindergarten chosen" in banner.label.text()
    assert model.acts()  # the voucher and its term stand
    banner.findChild(Button).click()
    settle(context)
    assert ("acknowledge", "018e-9") in client.calls


def test_history_and_documents_are_parts_of_the_same_screen(open_son):
    _model, view, _context = open_son()
    view.tabs.buttons["history"].click()
    assert "Voucher issued" in said(view)
    assert "08.04.2026 09:30:00" in said(view)
    view.tabs.buttons["documents"].click()
    assert "Birth certificate" in said(view)
    assert "Мөр көрінбейді" in said(view)


def test_the_tracker_reads_as_a_sentence(open_son):
    from ui.family.tracker import Tracker

    _model, view, _context = open_son(State.CONTRACT_ORG)
    spoken = view.findChild(Tracker).accessibleName()
    assert "Step 3, Choice of kindergarten: Done" in spoken
    assert "Step 5, Admission: Now" in spoken


def test_an_archived_application_stops_the_tracker_and_offers_nothing(open_son):
    model, view, _context = open_son(State.ARCHIVED)
    assert events(model) == []
    assert "You refused the voucher." in said(view)


def test_news_do_not_take_a_code_away_that_is_being_typed(open_son, qtbot):
    client = FamilyClient()
    kinds = ("027", "parent-id", "052-2", "065")
    papers = [_attachment(5600 + number, kind) for number, kind in enumerate(kinds)]
    rows = [*sample.family_rows(State.CONTRACT_PARENT), *papers]
    model, view, _context = open_son(State.CONTRACT_PARENT, client=client, rows=rows)
    view.activateWindow()
    model.ask(Event.SIGN_PARENT)
    field = view.decision.signing.form.fields["code"]
    QApplication.processEvents()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "123")
    model.home.changed.emit()
    assert view.decision.signing.form.fields["code"] is field
    assert field.text() == "123"
    assert field.hasFocus()


def test_a_line_that_comes_back_lets_a_code_be_asked_for_by_somebody_who_writes(open_son, monkeypatch):
    kinds = ("027", "parent-id", "052-2", "065")
    papers = [_attachment(5600 + number, kind) for number, kind in enumerate(kinds)]
    rows = [*sample.family_rows(State.CONTRACT_PARENT), *papers]
    model, view, _context = open_son(State.CONTRACT_PARENT, client=FamilyClient(), rows=rows)
    home = model.home
    cut = SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline"))
    home.take(Cut(home.family, home.waiting, cut))
    model.ask(Event.SIGN_PARENT)
    assert not view.decision.signing.send.isEnabled()
    monkeypatch.setattr(ApplicationPage, "_writing", lambda _view: True)  # the cursor stands in the field of the code
    home.take(Cut(home.family, home.waiting, SyncStatus(Line.ONLINE, sample.NOW, sample.NOW, complete=True)))
    assert view.decision.signing.send.isEnabled()


def test_when_the_term_ends_before_one_s_eyes_the_acts_are_looked_at_anew(open_son):
    client = FamilyClient(now=sample.CONTRACT_DUE)
    model, view, _context = open_son(State.VOUCHER_ACTIVE, client=client)
    assert Event.EXTEND in [one.event for one in model.acts() if one.possible]
    client.now = sample.CONTRACT_DUE + timedelta(seconds=1)
    view.decision.deadline.tick()
    assert "The term is over" in said(view)
    assert not view.decision.buttons[Event.CHOOSE_PLACE].isEnabled()


def test_when_the_last_day_begins_before_one_s_eyes_prolonging_is_offered(open_son):
    client = FamilyClient(now=sample.CONTRACT_DUE - timedelta(days=1))
    _model, view, _context = open_son(State.VOUCHER_ACTIVE, client=client)
    assert not view.decision.buttons[Event.EXTEND].isEnabled()
    client.now = sample.CONTRACT_DUE - timedelta(hours=15)
    view.decision.deadline.tick()
    assert view.decision.buttons[Event.EXTEND].isEnabled()


@pytest.mark.parametrize("language", ["kk", "ru", "uk", "en"])
def test_at_large_text_an_act_that_waits_fits_the_page(open_son, settle, qapp, language):
    theme.apply(qapp, theme.Scheme.LIGHT, 150)
    translations.use(language)
    try:
        _model, view, context = open_son(client=without_line(items=intentions()))
        view.resize(1140, 720)
        settle(context)
        QApplication.processEvents()
        assert [area.horizontalScrollBar().maximum() for area in view.findChildren(QScrollArea)] == [0]
    finally:
        translations.use("en")
        theme.apply(qapp, theme.Scheme.LIGHT, 100)
