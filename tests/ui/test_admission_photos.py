"""Photos are JPEG and PNG; what was wrong with one is said until something else is done."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from models.domain.problems import Problem
from tests.fixtures.family import FamilyClient
from tests.fixtures.ports import Failed
from ui.children.view import ChildrenView
from ui.children.view_model import Children
from ui.profile.view import ProfileView
from ui.profile.view_model import Profile

pytestmark = pytest.mark.usefixtures("speaks_english")

WRONG = (
    "Only JPEG and PNG pictures are taken as photos; the photo stays as it was. Choose a picture of one of these kinds."
)


class Pdf(FamilyClient):
    """A client to which a PDF is brought: a paper, and no picture."""

    def keep_document(self, path):
        return SimpleNamespace(sha256="bb" * 32, name="scan.pdf", size=9, media_type="application/pdf")


class Text(FamilyClient):
    """A client to which something is brought that is nothing it keeps."""

    def keep_document(self, path):
        raise Failed("file-kind")


@pytest.fixture
def tried(parent, settle, qtbot, tmp_path):
    """Return a function that tries to change the photo in a screen."""

    def make(kind, shown, client, change):
        context = parent(client=client)
        asked = []
        path = tmp_path / "scan.pdf"
        path.write_bytes(b"%PDF-1.7")
        object.__setattr__(context, "open_dialog", lambda title, kinds: asked.append((title, kinds)) or path)
        model = kind(context)
        settle(context)
        view = shown(model)
        qtbot.addWidget(view)
        view.show()
        change(model)
        settle(context)
        assert asked == [("Choose a photo", "JPEG, PNG (*.jpg *.jpeg *.png)")]
        assert not any(call[0] == "submit" for call in client.calls)
        return model, view, context

    return make


@pytest.mark.parametrize("client", [Pdf, Text])
def test_a_photo_of_another_kind_is_refused_until_something_else_is_done(tried, client):
    model, view, _context = tried(Profile, ProfileView, client(), lambda model: model.change_photo())
    assert view.banner.isVisible()
    assert view.banner.label.text() == WRONG
    model.type("address", "Abai 5")
    assert not view.banner.isVisible()


def test_a_photo_of_a_child_likewise(tried):
    model, view, _context = tried(Children, ChildrenView, Pdf(), lambda model: model.change_photo(model.rows[0]))
    assert view.banner.label.text() == WRONG
    model.home.changed.emit()
    assert view.banner.isVisible(), "news are no act"
    model.choose("entrusted")
    assert not view.banner.isVisible()


def test_sentences_about_papers_still_name_every_kind():
    from models.contract.sentences import sentence

    assert "PDF" in sentence(Problem("file-kind"))
