"""Children by the register, and entrusting them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from models.contract.admission_commands import AddChild, EndEntrusting, EntrustChild, RemoveChild
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus
from tests.fixtures.family import FamilyClient
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha as sample
from tests.ui.looking import said, submitted
from tests.ui.resident import unnamed
from ui.children.view import ChildCard, ChildrenView
from ui.children.view_model import Children
from ui.kit import Button
from ui.kit import State as Shown

pytestmark = pytest.mark.usefixtures("speaks_english")


@pytest.fixture
def children(parent, settle, qtbot):
    def make(**rest):
        context = parent(**rest)
        model = Children(context)
        settle(context)
        view = ChildrenView(model)
        qtbot.addWidget(view)
        view.show()
        return model, view, context

    return make


def test_own_and_entrusted_children_have_their_parts(children):
    model, view, _context = children()
    assert "Алыбай Алдияр Қуандықұлы" in said(view)
    assert "Каменова" not in said(view)
    assert "1 d 9 h left" in said(view)
    model.choose("entrusted")
    assert "Каменова Дания Ермекқызы" in said(view)
    assert "You may act" in said(view)
    assert unnamed(view) == []


def test_the_register_is_asked_before_a_child_can_be_saved(children, settle):
    client = FamilyClient()
    model, view, context = children(client=client)
    model.begin_adding()
    model.type_iin("210220550812")
    model.check()
    assert [problem.field for problem in model.problems] == ["iin"]
    assert context.families.calls == []
    model.type_iin("210220 550811")
    model.check()
    settle(context)
    assert "Смайл" in said(view)
    model.add()
    settle(context)
    assert submitted(client) == [
        AddChild(sample.DEPARTMENT, "210220550811", "Алыбай", "Смайл", "Қуандықұлы", date(2021, 2, 20), "male", "Қазақ")
    ]


def test_another_iin_forgets_what_the_register_said(children, settle):
    model, _view, context = children()
    model.begin_adding()
    model.type_iin("210220550811")
    model.check()
    settle(context)
    assert model.checked is not None
    model.type_iin("061211600012")
    assert model.checked is None


def test_while_the_very_first_exchange_goes_on_the_page_loads(children):
    _model, view, _context = children(rows=[], client=FamilyClient(status=SyncStatus(Line.SYNCING)))
    assert view.state is Shown.LOADING


def test_without_a_line_the_check_says_so(children, settle):
    status = SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW, problem=Problem("offline"))
    model, view, context = children(client=FamilyClient(status=status))
    context.families.fail = Failed("offline", direct=1)
    model.begin_adding()
    assert "The check needs a connection" in said(view)
    model.type_iin("210220550811")
    model.check()
    settle(context)
    assert model.offline
    assert view.banner.property("tone") == "warning"


def test_a_known_child_is_not_asked_about_again(children):
    model, _view, context = children()
    model.begin_adding()
    model.type_iin(sample.iin(date(2022, 9, 17), False, 81))
    model.check()
    assert [problem.code for problem in model.problems] == ["child-known"]
    assert context.families.calls == []


def test_a_form_that_opens_over_the_cards_is_seen_whole_and_enter_sends_it(children, settle, qtbot):
    model, view, context = children(client=FamilyClient())
    view.resize(900, 420)
    last = next(one for one in model.rows if one.child.id == sample.SON)
    view.reveal(view.findChildren(ChildCard)[-1])
    QApplication.processEvents()
    model.begin_entrusting(last)
    heading = next(label for label in view.findChildren(QLabel) if label.text() == f"Entrust {last.child.name}")

    def seen() -> bool:
        return bool(heading.visibleRegion().boundingRect().height() == heading.height())

    qtbot.waitUntil(seen)
    code, _until = view.form.fields.values()
    model.type("code", "061211600012")
    QTest.keyClick(code, Qt.Key.Key_Return)
    settle(context)
    assert isinstance(submitted(context.client)[-1], EntrustChild)


def test_a_child_is_entrusted_until_a_day_and_taken_back(children, settle):
    client = FamilyClient()
    model, _view, context = children(client=client)
    son = next(view for view in model.rows if view.child.id == sample.SON)
    model.begin_entrusting(son)
    model.type("code", "061211600012")
    model.type("until", "31.12.2026")
    model.let_act(True)
    model.entrust()
    settle(context)
    model.end_entrusting(son, model.others(son)[0])
    settle(context)
    assert submitted(client) == [
        EntrustChild(sample.DEPARTMENT, sample.SON, "061211600012", True, date(2026, 12, 31)),
        EndEntrusting(sample.DEPARTMENT, 605),
    ]


def test_to_whom_a_child_is_no_longer_entrusted_is_not_shown(children):
    model, _view, context = children()
    son = next(view for view in model.rows if view.child.id == sample.SON)
    (other,) = model.others(son)
    ended = msgspec.structs.replace(other, until=context.clock() - timedelta(seconds=1))
    assert model.others(replace(son, guardians=(son.own, ended))) == []


def test_a_child_is_entrusted_neither_to_oneself_nor_until_a_day_that_is_over(children, settle):
    client = FamilyClient()
    model, _view, context = children(client=client)
    own = model.home.family.person
    assert own is not None
    model.begin_entrusting(next(view for view in model.rows if view.child.id == sample.SON))
    model.type("code", own.code)
    model.type("until", (context.today - timedelta(days=1)).strftime("%d.%m.%Y"))
    model.entrust()
    settle(context)
    assert [(problem.code, problem.field) for problem in model.problems] == [
        ("entrusted-to-self", "code"),
        ("until-passed", "until"),
    ]
    assert submitted(client) == [], "it is said at the field, not after the line"


def test_a_child_without_a_live_application_is_removed_after_a_question(children, settle):
    client = FamilyClient()
    model, view, context = children(client=client)
    with_one = next(one for one in model.rows if model.applications_of(one))
    assert not model.may_remove(with_one)
    free = replace(with_one, child=msgspec.structs.replace(with_one.child, id=999))
    assert model.may_remove(free)
    model.ask_removing(free)
    assert submitted(client) == []
    card = ChildCard(model, free)
    card.findChildren(Button)[-1].click()
    assert model.removing is None
    model.ask_removing(free)
    model.remove(free)
    settle(context)
    assert submitted(client) == [RemoveChild(sample.DEPARTMENT, 999)]
    assert unnamed(view) == []
