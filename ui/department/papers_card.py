"""The documents of an application: what they are, whether somebody checked them, and their content."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from models.contract.admission_records import Attachment
from models.contract.reasons import reason_of
from models.domain.admissions.reasons import DOCUMENT
from models.domain.admissions.states import Actor
from translations import _, formats
from ui import icons, theme
from ui.department import reasons, words
from ui.department.case_model import CaseScreen
from ui.family import words as family
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Chip, Form, Muted, PdfView, Rule, Text, button_row


class PapersCard(Card):
    """Drawn over a :class:`CaseScreen`; one document at a time is open below the list."""

    def __init__(self, model: CaseScreen) -> None:
        super().__init__(_("Documents"))
        self.view_model: Any = model
        self.form: Form | None = None
        self.opening: dict[int, Button] = {}
        view = model.view
        assert view is not None
        card = self
        if not view.attachments and not view.referrals:
            card.add(Muted(_("No documents yet.")))
        for referral in view.referrals:
            text = _("Referral {number}, valid until {day}").format(
                number=referral.number, day=formats.day(referral.valid_until)
            )
            card.add(Text(text, wrap=True, selectable=True))
            look = Button(_("Open the referral"), partial(model.print, referral.id), kind="link")
            look.setAccessibleName(f"{look.text()}: {referral.number}")
            card.body.addWidget(look, 0, Qt.AlignmentFlag.AlignLeading)
        for paper in view.attachments:
            self._paper(card, paper)
        if model.paper is not None:
            card.add(Rule())
            self._preview(card)

    def _paper(self, card: Card, paper: Attachment) -> None:
        model = self.view_model
        row = QHBoxLayout()
        row.setSpacing(theme.grid(3))
        row.addWidget(icons.Glyph("file-text", "muted", 5), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title = family.word(words.PAPERS, paper.kind)
        texts.addWidget(Text(title, bold=True, wrap=True))
        note = [
            family.file_name(paper.name),
            formats.moment(paper.at, model.desk.zone),
            paper.checked_by,
            reason_of(paper),
        ]
        texts.addWidget(Muted(" · ".join(part for part in note if part)))
        row.addLayout(texts, 1)
        text, tone = family.CHECKED.get(paper.state, (paper.state, "muted"))
        row.addWidget(Chip(_(text), tone), 0, Qt.AlignmentFlag.AlignTop)
        card.add(row)
        acts, flow = flowing(2)
        opened = model.paper is not None and model.paper.id == paper.id
        show = (
            Button(_("Close the document"), model.close_paper)
            if opened
            else Button(_("Open the document"), partial(model.open_paper, paper), icon="eye")
        )
        show.setAccessibleName(f"{show.text()}: {title}")
        flow.addWidget(show)
        self.opening[paper.id] = show
        if model.actor is not Actor.DOCTOR and paper.state == "received" and not model.paper_pending(paper):
            accept = Button(_("Accept"), partial(model.check_paper, paper, True))
            accept.setAccessibleName(f"{accept.text()}: {title}")
            refuse = Button(_("Refuse…"), partial(model.refuse_paper, paper))
            refuse.setAccessibleName(f"{refuse.text()}: {title}")
            flow.addWidget(accept)
            flow.addWidget(refuse)
        if model.paper_pending(paper):
            flow.addWidget(Chip(_("Not sent yet"), "pending"))
        card.add(acts)
        if model.checking is not None and model.checking.id == paper.id:
            form = self.form = Form()
            reasons.ask(form, model, "paper-reason", DOCUMENT, note=_("The parent reads it."))
            form.show_problems(model.problems)
            card.add(form)
            card.add(
                button_row(
                    Button(_("Refuse the document"), partial(model.check_paper, paper, False), kind="danger"),
                    Button(_("Leave everything as it is"), model.stop_checking),
                )
            )

    def _preview(self, card: Card) -> None:
        model = self.view_model
        paper, data = model.paper, model.paper_data
        if model.paper_failure:
            card.add(Banner(model.paper_failure, "warning"))
        elif not data:
            card.add(Muted(_("The document is being fetched…")))
        elif paper.media_type == "application/pdf":
            view = PdfView(model.context)
            view.setMinimumHeight(theme.grid(140))
            view.show_pdf(data, paper.name)
            card.add(view)
        else:
            picture = QPixmap()
            if picture.loadFromData(data):
                label = QLabel()
                label.setAccessibleName(family.word(words.PAPERS, paper.kind))
                wide = min(picture.width(), theme.grid(220))
                label.setPixmap(picture.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation))
                card.add(label)
            else:
                card.add(Banner(_("The document cannot be shown: its content is broken."), "danger"))
