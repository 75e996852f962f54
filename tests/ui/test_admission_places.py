"""Choosing a kindergarten, the bulletin, waiting lists, the catalogue, the queue with its forecast."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from models.contract.admission_commands import TakeStep, WriteReview
from models.contract.admission_records import Place
from models.domain.admissions.states import Event, State
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus, WaitingItem
from tests.fixtures.family import FamilyClient
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha as sample
from tests.ui.looking import said, submitted
from tests.ui.resident import unnamed
from ui.bulletin.view import BulletinView
from ui.bulletin.view_model import MINE, Bulletin
from ui.choose_place.view import ChoosePlaceView
from ui.choose_place.view_model import ChoosePlace
from ui.family.model import Cut
from ui.kindergartens.view import KindergartensView
from ui.kindergartens.view_model import Kindergartens
from ui.kit import Button
from ui.queue.view import QueueView
from ui.queue.view_model import Queue
from ui.waiting_lists.view import WaitingListsView
from ui.waiting_lists.view_model import WaitingLists

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def screen(parent, settle, qtbot):
    """Return a function that opens a screen with the son's application in a state."""

    def make(model_class, view_class, first=State.VOUCHER_ACTIVE, show=None, **rest):
        context = parent(first, **rest)
        model = model_class(context)
        settle(context)
        settle(context)
        if show is not None:
            model.show(**show)
        if hasattr(model, "visited"):
            model.visited()
        settle(context)
        settle(context)
        view = view_class(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, context

    return make


SON = {"application_id": sample.FIRST}


def by_group(model, group: int):
    for row in model.rows:
        for offer in row.offers:
            if offer.group.id == group:
                yield row, model.choice(offer, row.mode)


def test_only_groups_that_suit_the_child_are_shown_until_all_are_wanted(screen):
    model, view, _context = screen(ChoosePlace, ChoosePlaceView, show=SON)
    groups = {offer.group.id for row in model.rows for offer in row.offers}
    assert 1042 not in groups  # English is not among the languages
    assert 1051 not in groups  # a group for correction
    model.filter(suiting=False)
    assert 1042 in {offer.group.id for row in model.rows for offer in row.offers}
    assert unnamed(view) == []


def test_a_group_with_a_free_place_is_chosen_after_its_consequence_was_said(screen, settle):
    client = FamilyClient()
    model, view, context = screen(ChoosePlace, ChoosePlaceView, show=SON, client=client)
    row, choice = next(by_group(model, 1012))
    assert choice.event is Event.CHOOSE_PLACE
    model.open(row)
    model.ask(choice)
    assert "A place in Амина, group “Жұлдыз” is held for you" in said(view)
    assert "15.04.2026 15:37:26" in said(view)
    view.yes.click()
    settle(context)
    assert submitted(client) == [
        TakeStep(sample.DEPARTMENT, sample.FIRST, "choose-place", group_id=1012, confirmed=True)
    ]


def test_a_full_group_can_be_waited_for(screen, settle):
    client = FamilyClient()
    model, _view, context = screen(ChoosePlace, ChoosePlaceView, show=SON, client=client)
    row, choice = next(by_group(model, 1021))
    assert choice.event is Event.JOIN_WAITLIST
    assert choice.problem is None
    model.open(row)
    model.ask(choice)
    model.confirm()
    settle(context)
    assert submitted(client)[0].event == "join-waitlist"


def test_a_full_group_is_no_more_than_full_for_a_child_that_is_enrolled(screen):
    model, view, _context = screen(ChoosePlace, ChoosePlaceView, State.ENROLLED, show=SON)
    row, choice = next(by_group(model, 1021))
    assert choice.problem == Problem("no-free-place")
    model.open(row)
    assert "Full" in said(view)
    assert "taken by somebody else" not in said(view)
    assert not [
        one for one in view.findChildren(Button) if one.accessibleName() == f"Transfer here: {choice.offer.group.name}"
    ]


def test_a_temporary_place_names_its_end_and_is_signed_by_a_code(screen, settle):
    client = FamilyClient()
    model, view, context = screen(ChoosePlace, ChoosePlaceView, show=SON, client=client)
    row, choice = next((row, one) for row, one in by_group(model, 1032) if row.mode == "temporary")
    assert choice.until == date(2026, 4, 30)
    model.open(row)
    model.ask(choice)
    assert "this is a temporary place. The child may attend it until 30.04.2026" in said(view)
    assert "Your place in the queue stays." in said(view)
    model.confirm()
    assert [problem.field for problem in model.problems] == ["code"]
    view.signing.send.click()
    settle(context)
    model.signing.type("654321")
    model.confirm()
    settle(context)
    payload = submitted(client)[0]
    assert (payload.event, payload.until, payload.signature, payload.code) == (
        "choose-temporary",
        date(2026, 4, 30),
        "code",
        "654321",
    )


def test_several_lent_places_of_a_group_are_one_row_until_the_last_day_of_a_free_one(screen):
    rows = sample.family_rows(State.VOUCHER_ACTIVE)
    places = [row for row in rows if isinstance(row, Place) and (row.group_id, row.mode) == (1032, "temporary")]
    over, later = (msgspec.structs.replace(places[0], id=9001 + at, valid_to=day) for at, day in enumerate((
        date(2026, 3, 31), date(2026, 5, 31),
    )))  # fmt: skip
    model, _view, _context = screen(ChoosePlace, ChoosePlaceView, show=SON, rows=[*rows, over, later])
    found = [(row, one) for row, one in by_group(model, 1032) if row.mode == "temporary"]
    assert [(row.free, one.until) for row, one in found] == [(2, date(2026, 5, 31))]


def test_who_looks_for_a_list_to_wait_in_begins_with_what_is_full(screen, settle):
    model, view, context = screen(ChoosePlace, ChoosePlaceView, show=SON)
    assert model.rows[0].free > 0
    model.show(**SON, event=Event.JOIN_WAITLIST.value)
    settle(context)
    free = [row.free for row in model.rows]
    assert free[0] == 0
    assert free[-1] > 0
    assert view.table.current_row == model.rows[0]
    assert model.row == model.rows[0]
    model.show(**SON, event=Event.CHOOSE_PLACE.value)
    settle(context)
    assert model.row == model.rows[0]
    assert model.row.free > 0


def test_a_line_that_comes_back_lets_a_waiting_question_be_signed(screen, monkeypatch):
    model, view, _context = screen(ChoosePlace, ChoosePlaceView, show=SON, client=FamilyClient())
    home = model.home
    offline = SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline"))
    home.take(Cut(home.family, home.waiting, offline))
    row, choice = next((row, one) for row, one in by_group(model, 1032) if row.mode == "temporary")
    model.open(row)
    model.ask(choice)
    assert not view.signing.send.isEnabled()
    monkeypatch.setattr(ChoosePlaceView, "writing", lambda _view: True)  # the cursor stands in the field of the code
    home.take(Cut(home.family, home.waiting, SyncStatus(Line.ONLINE, sample.NOW, sample.NOW, complete=True)))
    assert view.signing.send.isEnabled()


def test_without_a_voucher_kindergartens_can_only_be_looked_at(screen):
    model, view, _context = screen(ChoosePlace, ChoosePlaceView, State.QUEUED, show=SON)
    assert "One is chosen with a voucher" in view.banner.label.text()
    assert not [one for one in view.findChildren(Button) if one.text() == "Choose this group"]
    assert model.rows


def test_filters_narrow_the_table(screen):
    model, _view, _context = screen(ChoosePlace, ChoosePlaceView, show=SON)
    model.filter(language="kk", ownership="private", locality=sample.CITY)
    assert [row.organisation.name for row in model.rows] == ["Амина"]
    model.filter(language="", ownership="", locality=0, words="айгөлек абай")
    assert {row.organisation.id for row in model.rows} == {103}


@pytest.fixture
def bulletin(screen):
    return lambda **rest: screen(Bulletin, BulletinView, **rest)


def item(model, number: int):
    return next(one for one in model.everything if one.item.id == number)


def test_the_bulletin_says_why_a_place_is_not_for_this_child(bulletin):
    model, view, _context = bulletin()
    assert model.view.id == sample.SECOND
    assert model.why_not(item(model, 802)) == [
        "Applications are taken from 09.04.2026 18:00:00, by the server's clock."
    ]
    codes = {number: {problem.code for problem in model.reasons(item(model, number))} for number in (803, 804, 805)}
    assert codes == {
        803: {"language-does-not-fit"},
        804: {"locality-does-not-fit"},
        805: {"no-free-place"},
    }
    assert all(model.why_not(item(model, number)) for number in codes)
    assert unnamed(view) == []


def test_the_opening_counts_down_and_then_offers_to_apply(bulletin, settle):
    client = FamilyClient()
    model, view, context = bulletin(client=client)
    model.open(item(model, 802))
    assert model.status(item(model, 802))[0] == "Opens in 3 h 20 min"
    assert not model.may_apply(item(model, 802))
    client.now = sample.NOW + timedelta(hours=3, minutes=20)
    view.tick()
    assert model.may_apply(item(model, 802))
    view.apply.click()
    view.yes.click()
    settle(context)
    assert submitted(client) == [
        TakeStep(sample.DEPARTMENT, sample.SECOND, "apply-bulletin", group_id=1012, item_id=802, confirmed=True)
    ]


def test_to_me_shows_what_may_ever_suit(bulletin):
    model, _view, _context = bulletin()
    assert {one.item.id for one in model.rows} == {801, 802, 803, 804, 805}
    model.filter(shown=MINE)
    assert {one.item.id for one in model.rows} == {801, 802, 805}
    model.filter(words="амина")
    assert {one.item.id for one in model.rows} == {801, 802}


def test_to_me_says_that_it_needs_an_application_to_the_bulletin(bulletin, monkeypatch):
    model, view, _context = bulletin()
    monkeypatch.setattr(Bulletin, "view", None)
    model.filter(shown=MINE)
    assert model.rows == []
    assert "once you have an application to the bulletin" in said(view)


def test_the_server_s_clock_stands_over_the_bulletin(bulletin):
    _model, view, _context = bulletin()
    assert view.clock.label.text() == "Reference server time: 09.04.2026 14:40:00"


def test_waiting_lists_show_places_and_what_leaving_brings(screen, settle):
    client = FamilyClient()
    model, view, context = screen(WaitingLists, WaitingListsView, client=client)
    assert [line.entry.position for line in model.lines] == [1, 3]
    model.ask(model.lines[0])
    assert "You stay in your other waiting lists." in said(view)
    model.leave(model.lines[0])
    settle(context)
    payload = submitted(client)[0]
    assert (payload.event, payload.group_id, payload.application_id) == ("leave-waitlist", 1022, sample.FOURTH)
    assert unnamed(view) == []


def test_leaving_the_last_list_says_that_the_term_runs_again(screen):
    model, view, _context = screen(WaitingLists, WaitingListsView, State.VOUCHER_WAITLISTED)
    line = next(one for one in model.lines if one.view.id == sample.FIRST)
    model.ask(line)
    assert "your term runs again, until 15.04.2026" in said(view)


def _step(number: str, application: int, event: str, group: int) -> WaitingItem:
    payload = TakeStep(sample.DEPARTMENT, application, event, group_id=group, confirmed=True)
    return WaitingItem(number, payload.KIND, payload, sample.at(9, 14), "waiting")


def test_only_the_list_that_is_left_says_so_and_what_is_joined_is_told(screen):
    items = [_step("018e-1", sample.FOURTH, "leave-waitlist", 1022)]
    model, view, _context = screen(WaitingLists, WaitingListsView, client=FamilyClient(items))
    assert len(model.lines) == 2
    assert said(view).count("Leaving: not sent yet") == 1
    assert "is not sent yet: it counts" not in said(view)
    items = [_step("018e-2", sample.FIRST, "join-waitlist", 1021)]
    _model, view, _context = screen(WaitingLists, WaitingListsView, client=FamilyClient(items))
    assert "is not sent yet: it counts only when the department receives it." in said(view)
    assert "Leaving: not sent yet" not in said(view)


def test_an_offer_stands_first_and_leads_to_its_answer(screen, qtbot):
    model, view, context = screen(WaitingLists, WaitingListsView, State.PLACE_OFFERED)
    assert model.lines[0].offered
    button = next(one for one in view.findChildren(Button) if one.text() == "Answer the offer")
    with qtbot.waitSignal(context.bridge.go) as went:
        button.click()
    assert went.args == ["application", {"application_id": sample.FIRST}]


def test_the_catalogue_has_cards_groups_and_reviews(screen):
    model, view, _context = screen(Kindergartens, KindergartensView, show={"organisation_id": 103})
    text = said(view)
    assert "№1 «Айгөлек» бөбекжайы" in text
    assert "★ 4.8 · 57 reviews" in text
    assert "Қарлығаш" in text
    assert "Answer: Рақмет!" in text
    assert unnamed(view) == []
    assert not model.may_review


def test_who_has_a_child_there_writes_a_review(screen, settle):
    client = FamilyClient()
    model, view, context = screen(
        Kindergartens, KindergartensView, State.ENROLLED, show={"organisation_id": 101}, client=client
    )
    assert model.may_review
    model.write("review")
    model.send()
    assert {problem.field for problem in model.problems} == {"review", "stars"}
    model.type("review", "Жақсы балабақша")
    model.rate(5)
    model.send()
    settle(context)
    assert submitted(client) == [WriteReview(sample.DEPARTMENT, 101, 5, "Жақсы балабақша")]
    assert "on its way" in said(view)


def test_writing_to_the_department_is_done_among_the_letters(screen, settle):
    _model, view, context = screen(Kindergartens, KindergartensView)
    gone = []
    context.bridge.go.connect(lambda key, arguments: gone.append((key, arguments)))
    view.letter.click()
    assert gone == [("letters", {"write": True})]


def test_the_public_queue_is_fetched_by_pages(screen, settle):
    model, view, context = screen(Queue, QueueView)
    assert context.families.calls[0][0] == "queue"
    assert "1–10 of 1,204" in said(view)
    model.turn(1)
    settle(context)
    assert context.families.calls[-1][1][1]["offset"] == 100
    model.filter(language="kk")
    settle(context)
    filters = context.families.calls[-1][1][1]
    assert (filters["offset"], filters["language"]) == (0, "kk")


def test_without_a_line_the_queue_says_so_and_statistics_stay(screen, settle):
    model, view, context = screen(Queue, QueueView)
    context.families.fail = Failed("offline", direct=1)
    model.fetch()
    settle(context)
    assert model.offline
    model.choose("statistics")
    assert sum(row.queued for row in view.table.source.rows) == 2_241


def test_the_forecast_is_called_an_estimate_and_explained(screen):
    model, view, _context = screen(Queue, QueueView, show={"application_id": sample.SECOND})
    text = said(view)
    assert "An estimate, not a promise." in text
    assert "391" in text
    assert [one.places for one in model.outlook()] == [9, 17, 131, 149]
    assert not any(one.enough for one in model.outlook())
    assert "Counted are permanent places for children born in 2022" in text
    assert "Temporary places are not counted" in text


def test_a_near_number_learns_by_when_there_are_places(screen):
    rows = [
        msgspec.structs.replace(row, number=15) if type(row).__name__ == "QueuePosition" else row
        for row in sample.family_rows()
    ]
    model, view, _context = screen(Queue, QueueView, show={"application_id": sample.SECOND}, rows=rows)
    assert [one.enough for one in model.outlook()] == [False, True, True, True]
    assert "By 01.06.2026" in said(view)


def test_who_stands_in_no_list_is_offered_a_kindergarten_and_not_another_one(screen):
    rows = [row for row in sample.family_rows(State.VOUCHER_ACTIVE) if type(row).TABLE != "waiting_entry"]
    _model, view, _context = screen(WaitingLists, WaitingListsView, rows=rows)
    assert view.more.text() == "Find a kindergarten"
    _model, view, _context = screen(WaitingLists, WaitingListsView, State.VOUCHER_WAITLISTED)
    assert view.more.text() == "Find another kindergarten"
