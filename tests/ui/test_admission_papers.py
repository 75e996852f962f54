"""Papers and news: what is printed says from which data, and news take nothing from whoever works meanwhile."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtWidgets import QApplication

from models.contract.admission_commands import AttachDocument
from models.contract.admission_records import Attachment
from models.domain.admissions.states import State
from models.domain.problems import Problem
from sync.status import State as Line
from sync.status import SyncStatus, WaitingItem
from tests.documents.reader import text
from tests.fixtures.family import FamilyClient
from tests.fixtures.ports import Failed
from tests.samples import balabaqsha as sample
from tests.ui.looking import said
from ui.application.view import ApplicationPage
from ui.application.view_model import ApplicationModel
from ui.applications.form_model import ApplicationForm
from ui.applications.view import ApplicationsView
from ui.applications.view_model import Applications
from ui.family.papers import Paper
from ui.family.telephone import REGISTER
from ui.family_entry.view_model import FamilyEntry
from ui.kit import Button
from ui.kit.choice import Choice
from ui.queue.view_model import Queue

pytestmark = pytest.mark.usefixtures("speaks_english")

ATTACHED = WaitingItem(
    "018e-7",
    "attach-document",
    AttachDocument(sample.DEPARTMENT, sample.FIRST, "065", "ab" * 32, "egu.pdf", 4000),
    sample.at(9, 14, 20),
    "waiting",
)


def offline(*items: WaitingItem) -> FamilyClient:
    return FamilyClient(items, SyncStatus(Line.OFFLINE, sample.NOW, sample.NOW))


def test_a_paper_made_without_a_line_is_marked_with_the_time_of_its_data(parent, settle, qtbot):
    context = parent(State.REFERRAL_ISSUED, client=offline())
    model = ApplicationModel(context)
    settle(context)
    with qtbot.waitSignal(model.paper_made) as made:
        model.print(model.newest_referral)
    paper = text(bytes(made.args[0]))
    assert "DATA AS OF 09.04.2026 14:40" in paper
    assert "Made from the last copy of the data on this computer" in paper


def test_the_page_of_the_queue_that_is_shown_is_printed_without_names(parent, settle, qtbot):
    context = parent(State.QUEUED)
    model = Queue(context)
    settle(context)
    model.fetch()
    settle(context)
    with qtbot.waitSignal(model.paper_made) as made:
        model.print()
    paper = text(bytes(made.args[0]))
    assert "Shown: numbers 1 to 10 of 1,204." in paper
    assert "Children in the queue who have turned 3" in paper
    assert "Алыбай" not in paper


def test_the_family_s_own_number_stands_out_on_the_printed_queue(parent, settle, qtbot):
    context = parent(State.QUEUED)
    model = Queue(context)
    settle(context)
    model.fetch()
    settle(context)
    own = model.home.family.application(sample.FIRST).application
    rows = [SimpleNamespace(**vars(row) | {"number": f"•••{700 + row.position}"}) for row in model.page.rows]
    rows[3] = SimpleNamespace(**vars(rows[3]) | {"number": f"•••{own.number[-4:]}", "submitted_at": own.rank_date})
    model.page = SimpleNamespace(rows=rows, total=model.page.total, at=model.page.at)
    with qtbot.waitSignal(model.paper_made) as made:
        model.print()
    paper = text(bytes(made.args[0]))
    assert f"→ 4 •••{own.number[-4:]}" in paper
    assert paper.count("→") == 1


def test_a_document_that_waits_for_the_line_stands_among_the_documents(parent, settle, qtbot):
    context = parent(State.CONTRACT_PARENT, client=offline(ATTACHED))
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert "egu.pdf" in said(view)
    assert "Not sent yet" in said(view)


def test_in_the_archive_a_document_is_not_said_to_be_looked_at_any_more(parent, settle, qtbot):
    rows = sample.family_rows(State.ARCHIVED)
    left = [msgspec.structs.replace(row, state="received") if isinstance(row, Attachment) else row for row in rows]
    context = parent(State.ARCHIVED, rows=left)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert "Being checked" not in said(view)
    assert "Not checked" in said(view)


def test_the_very_same_document_is_not_attached_a_second_time(parent, settle, monkeypatch):
    client = offline(ATTACHED)
    context = parent(State.CONTRACT_PARENT, client=client)
    object.__setattr__(context, "open_dialog", lambda _title, _kind: Path("egu.pdf"))
    monkeypatch.setattr(client, "keep_document", lambda _path: Paper("ab" * 32, "egu.pdf", 4000), raising=False)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    model.attach("065")
    settle(context)
    assert "with the application already" in model.papers.failure_text
    assert not any(call[0] == "submit" for call in client.calls)
    model.attach("other")
    settle(context)
    assert model.papers.failure_text == ""
    assert any(call[0] == "submit" for call in client.calls)


def test_of_a_long_name_of_a_file_the_beginning_and_the_ending_are_shown(parent, settle, qtbot):
    payload = AttachDocument(sample.DEPARTMENT, sample.FIRST, "065", "ab" * 32, "д" * 116 + ".pdf", 4000)
    refused = WaitingItem("018e-8", payload.KIND, payload, sample.NOW, "refused", (Problem("file-damaged", "file"),))
    context = parent(State.CONTRACT_PARENT, client=offline(refused))
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST)
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()
    assert "д" * 47 + "…" + "д" * 8 + ".pdf" in said(view)
    assert "д" * 60 not in said(view)


def test_news_leave_the_chosen_kind_of_document_as_it_is(parent, settle, qtbot):
    context = parent(State.CONTRACT_PARENT)
    model = ApplicationModel(context)
    settle(context)
    model.show(application_id=sample.FIRST, tab="documents")
    view = ApplicationPage(model)
    qtbot.addWidget(view)
    view.show()

    def kind() -> Choice:
        QApplication.processEvents()
        return next(c for c in view.findChildren(Choice) if c.accessibleName() == "Kind of document" and c.isVisible())

    kind().choose("052-2")
    kind().chosen.emit("052-2")
    model.data_changed.emit()
    assert kind().value == "052-2"


def test_news_leave_the_cursor_of_the_list_with_its_application(parent, settle, qtbot):
    context = parent()
    model = Applications(context)
    settle(context)
    view = ApplicationsView(model)
    qtbot.addWidget(view)
    view.show()
    view.table.choose(2)
    chosen = view.table.current_row.id
    model.changed.emit()
    assert view.table.current_row.id == chosen
    assert len(model.rows) > 2


def test_a_form_that_was_opened_before_the_family_was_read_gets_its_telephone(parent, settle):
    context = parent(State.QUEUED)
    form = ApplicationForm(context)
    form.show()
    assert not form.typed("phone")
    settle(context)
    assert form.typed("phone") == sample.person().phone


def test_a_code_whose_answer_was_lost_is_awaited_and_not_asked_for_again(parent, settle):
    context = parent(signed_in=False)
    model = FamilyEntry(context)
    model.show(purpose=REGISTER)
    context.families.fail = Failed("code-wait", seconds=55)
    model.type("phone", "+7 701 234 56 78")
    model.agree(True)
    model.send_code()
    settle(context)
    assert model.step == "code"
    assert 50 <= model.wait.left <= 55
    assert model.failure is None


def test_the_referral_that_has_a_term_is_offered_before_the_contract(parent, settle, qtbot):
    context = parent(State.REFERRAL_ISSUED)
    view = ApplicationPage(ApplicationModel(context))
    qtbot.addWidget(view)
    view.resize(900, 900)
    view.show()
    settle(context)
    offers = [button.text() for button in view.findChildren(Button)]
    assert offers.index("Download the referral") < offers.index("Read the contract")


def test_news_that_come_twice_at_once_leave_the_cursor_in_the_list(parent, settle, qtbot):
    context = parent()
    model = Applications(context)
    settle(context)
    view = ApplicationsView(model)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.table.setFocus()
    model.changed.emit()
    model.changed.emit()
    qtbot.waitUntil(lambda: view.table.hasFocus())
