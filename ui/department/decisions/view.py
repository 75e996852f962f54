"""To decide: a table or a row of cards for each kind, oldest first, with how many."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.cache.queries.department import Line
from models.contract.admission_records import Appeal, Attachment, Category, Iteration, ProgrammeRules, Review
from models.domain.admissions.reasons import GRANTED, NOT_GRANTED
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department import reasons, words
from ui.department.decisions.view_model import Change, DecisionsModel
from ui.department.page import DeskPage
from ui.family import words as family
from ui.flow import flowing
from ui.kit import Button, Card, Chip, Column, Field, Form, Heading, Muted, TableModel, Text


class DecisionsPage(DeskPage):
    """Built over :class:`DecisionsModel`."""

    def __init__(self, model: DecisionsModel) -> None:
        super().__init__(model, _("To decide"))
        self.begin()

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.found.count or model.refusals:
            return None
        return _("Nothing waits for a decision."), _("What needs an officer appears here by itself.")

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        found = model.found
        count = n_("{count} thing waits", "{count} things wait", found.count).format(count=formats.number(found.count))
        self.show_context(" · ".join(part for part in (count, self.as_of()) if part))
        for banner in self.waiting_banners((), model.refusals):
            self.holder.addWidget(banner)
        if found.changes:
            self._head(_("Prepared by a colleague: you confirm"), len(found.changes))
            self.holder.addWidget(
                self.table(change_model(found.changes), "decide-changes", _("Prepared by a colleague: you confirm"),
                           model.look_at_change, most=8)
            )  # fmt: skip
        if found.late:
            self._head(_("Kindergartens that are late or silent"), len(found.late))
            self.holder.addWidget(
                self.table(late_model(model, found.late), "decide-late", _("Kindergartens that are late or silent"),
                           lambda line: model.look(line.application.id), most=8)
            )  # fmt: skip
        if found.appeals:
            self._head(_("Acts that came late because the line was down"), len(found.appeals))
            for appeal, line in found.appeals:
                self.holder.addWidget(self._appeal(appeal, line))
        if found.benefits:
            self._head(_("Benefits to check"), len(found.benefits))
            self.holder.addWidget(
                self.table(benefit_model(model, found.benefits), "decide-benefits", _("Benefits to check"),
                           lambda line: model.look(line.application.id, "information"), most=8)
            )  # fmt: skip
        if found.documents:
            self._head(_("Documents to check"), len(found.documents))
            self.holder.addWidget(
                self.table(document_model(model, found.documents), "decide-documents", _("Documents to check"),
                           lambda pair: model.look(pair[1].application.id, "documents"), most=8)
            )  # fmt: skip
        if found.reviews:
            self._head(_("Reviews to publish"), len(found.reviews))
            for review in found.reviews:
                self.holder.addWidget(self._review(review))

    def _head(self, title: str, count: int) -> None:
        self.holder.addWidget(Heading(f"{title}  ·  {formats.number(count)}"))

    def _appeal(self, appeal: Appeal, line: Line) -> QWidget:
        model = self.view_model
        zone = model.desk.zone
        card = Card()
        what = family.word(family.EVENTS, appeal.event)
        card.add(Text(f"{line.child.name} · {what}", bold=True, wrap=True))
        card.add(
            Muted(
                _("Done {done}, the term ended {due}, received {received}.").format(
                    done=family.exact(appeal.occurred_at, zone),
                    due=family.exact(appeal.due, zone),
                    received=family.exact(appeal.received_at, zone),
                )
            )
        )
        if model.answered("appeal", appeal.id):
            card.add(Chip(_("Not sent yet"), "pending"))
            return card
        self._refused(card, "appeal", appeal.id)
        acts, flow = flowing(2)
        if model.open_appeal == appeal.id:
            form = Form()
            reasons.ask(form, model, "reason", (*GRANTED, *NOT_GRANTED), note=_("The parent reads it."))
            form.show_problems(model.problems)
            card.add(form)
            brings = _(
                "If it counts, it is done as of then where that is still possible; otherwise the application returns "
                "to the queue with its first date."
            )
            card.add(Muted(brings))
            flow.addWidget(Button(_("Let it count"), partial(model.decide_appeal, appeal, True), kind="primary"))
            flow.addWidget(Button(_("It does not count"), partial(model.decide_appeal, appeal, False), kind="danger"))
            flow.addWidget(Button(_("Leave everything as it is"), partial(model.begin_appeal, None)))
        else:
            flow.addWidget(_named(Button(_("Decide…"), partial(model.begin_appeal, appeal)), line.child.name))
            look = Button(_("Open the application"), partial(model.look, appeal.application_id, "history"), kind="link")
            flow.addWidget(_named(look, line.child.name))
        card.add(acts)
        return card

    def _review(self, review: Review) -> QWidget:
        model = self.view_model
        organisation = model.desk.desk.organisations.get(review.organisation_id)
        card = Card()
        head = QHBoxLayout()
        head.setSpacing(theme.grid(2))
        name = organisation.name if organisation is not None else ""
        head.addWidget(Text(name, bold=True, wrap=True), 1)
        stars = n_("{count} star of 5", "{count} stars of 5", review.stars).format(count=review.stars)
        head.addWidget(Chip(stars, "warning" if review.stars < 3 else "positive"))
        card.add(head)
        card.add(Text(review.text, wrap=True, selectable=True))
        card.add(Muted(f"{review.author} · {formats.moment(review.at, model.desk.zone)}"))
        if model.answered("review", review.id):
            card.add(Chip(_("Not sent yet"), "pending"))
            return card
        self._refused(card, "review", review.id)
        acts, flow = flowing(2)
        if model.open_review == review.id:
            note = _("It is published below the review. If you refuse the review, write why: its author reads it.")
            self._reason(card, "answer", _("&Answer of the department"), note)
            flow.addWidget(Button(_("Publish"), partial(model.decide_review, review, True), kind="primary"))
            flow.addWidget(Button(_("Do not publish"), partial(model.decide_review, review, False), kind="danger"))
            flow.addWidget(Button(_("Leave everything as it is"), partial(model.begin_review, None)))
        else:
            flow.addWidget(_named(Button(_("Decide…"), partial(model.begin_review, review)), name))
        card.add(acts)
        return card

    def _refused(self, card: Card, kind: str, row_id: int) -> None:
        """Say what the provider answered to a decision that it refused: it is to be taken again."""
        item = self.view_model.refused(kind, row_id)
        if item is not None:
            for banner in self.waiting_banners((), [item]):
                card.add(banner)

    def _reason(self, card: Card, key: str, label: str, note: str) -> None:
        model = self.view_model
        form = Form()
        field = Field(model.draft.get(key, ""))
        field.textEdited.connect(lambda text: model.type(key, text))
        form.add(key, label, field, note=note)
        form.show_problems(model.problems)
        card.add(form)


def _named(button: Button, about: str) -> Button:
    button.setAccessibleName(f"{button.text()}: {about}")
    return button


def change_model(changes: Sequence[Change]) -> TableModel[Change]:
    """Return the model of what awaits a second officer."""

    def what(change: Change) -> str:
        match change:
            case ProgrammeRules(programme=programme):
                return f"{_('Rules of programmes')}: {family.word(family.PROGRAMMES, programme)}"
            case Category(name=name):
                return f"{_('Categories and benefits')}: {family.said(name)}"
        return f"{_('Rounds of vouchers')}: {change.number}"

    def day(change: Change) -> str:
        return "" if isinstance(change, Iteration) else _("from {day}").format(day=formats.day(change.valid_from))

    def by(change: Change) -> str:
        return words.short_person(change.planned_by if isinstance(change, Iteration) else change.prepared_by)

    return TableModel(
        (
            Column("what", lambda: _("What"), what, stretch=True, wraps=True),
            Column("day", lambda: _("Counts"), day),
            Column("by", lambda: _("Prepared by"), by),
        ),
        changes,
    )


def late_model(model: DecisionsModel, lines: tuple[Line, ...]) -> TableModel[Line]:
    """Return the model of applications whose kindergarten is late."""

    def kindergarten(line: Line) -> str:
        return family.offer_name(model.desk.desk.offers.get(line.application.group_id or 0))

    def since(line: Line) -> str:
        return family.left(model.desk.server_now() - line.application.state_since)

    return TableModel(
        (
            Column("child", lambda: _("Child"), lambda line: line.child.name, stretch=True),
            Column("kindergarten", lambda: _("Kindergarten"), kindergarten, stretch=True),
            Column("state", lambda: _("State"), lambda line: words.state(line.application)),
            Column("flags", lambda: _("Mark"), lambda line: words.flags(line.application), tone=lambda _line: "danger"),
            Column("since", lambda: _("Waits"), since, sort=lambda line: line.application.state_since),
        ),
        lines,
    )


def benefit_model(model: DecisionsModel, lines: tuple[Line, ...]) -> TableModel[Line]:
    """Return the model of claimed benefits."""
    department = model.department
    names = {one.code: family.said(one.name) for one in department.benefits} if department is not None else {}

    def stands(line: Line) -> str:
        if model.answered("benefit", line.application.id):
            return _("Not sent yet")
        if refused(line):
            return _("Refused: decide again")
        doubted = line.application.benefit_doubt_by
        if doubted:
            return _("Doubted by {officer}").format(officer=words.short_person(doubted))
        by = line.application.benefit_by
        return _("Proved for {officer}").format(officer=words.short_person(by)) if by else _("To be checked")

    def refused(line: Line) -> str:
        return "danger" if model.refused("benefit", line.application.id) is not None else ""

    return TableModel(
        (
            Column("child", lambda: _("Child"), lambda line: line.child.name, stretch=True),
            Column("benefit", lambda: _("Benefit"), lambda line: names.get(line.application.benefit, ""), stretch=True),
            Column("state", lambda: _("State"), lambda line: words.state(line.application)),
            Column("stands", lambda: _("Decision"), stands, tone=refused),
            Column("number", lambda: _("Number"), lambda line: line.application.number, spare=1),
        ),
        lines,
    )


def document_model(
    model: DecisionsModel, pairs: tuple[tuple[Attachment, Line], ...]
) -> TableModel[tuple[Attachment, Line]]:
    """Return the model of documents that nobody has checked."""

    def stands(pair: Any) -> str:
        if model.answered("document", pair[0].id):
            return _("Not sent yet")
        return _("Refused: decide again") if refused(pair) else _("To be checked")

    def refused(pair: Any) -> str:
        return "danger" if model.refused("document", pair[0].id) is not None else ""

    return TableModel(
        (
            Column("child", lambda: _("Child"), lambda pair: pair[1].child.name, stretch=True),
            Column(
                "document", lambda: _("Document"), lambda pair: family.word(words.PAPERS, pair[0].kind), stretch=True
            ),
            Column(
                "at",
                lambda: _("Received"),
                lambda pair: formats.moment(pair[0].at, model.desk.zone),
                sort=lambda pair: pair[0].at,
            ),
            Column("stands", lambda: _("Decision"), stands, tone=refused),
            Column("number", lambda: _("Number"), lambda pair: pair[1].application.number, spare=1),
        ),
        pairs,
    )


def make(context: Context) -> Made:
    """Return the screen."""
    model = DecisionsModel(context)
    return model, lambda: DecisionsPage(model)
