"""Rounds of vouchers: the history, the plan with its lines, its printed protocol, and the second officer's issue."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.contract.admission_records import Iteration
from translations import _, formats, n_
from ui.context import Context, Made
from ui.department import plan_card, words
from ui.department.page import DeskPage
from ui.department.rounds.protocol import protocol_paper
from ui.department.rounds.table_model import line_columns, rounds_model, scope_words
from ui.department.rounds.view_model import RoundsModel, Scope, scope_of
from ui.family import words as family
from ui.family.parts import Facts
from ui.kit import Banner, Button, Card, Field, Form, Heading, TableModel, Text, button_row


class RoundsPage(DeskPage):
    """Built over :class:`RoundsModel`."""

    def __init__(self, model: RoundsModel) -> None:
        super().__init__(model, _("Rounds of vouchers"))
        self._question = plan_card.Question()
        self.plan_button = self.primary(_("Plan a round"), model.begin_plan, "plus")
        self.begin()

    def first_field(self) -> QWidget | None:
        """Override: the question before issuing."""
        return self._question.takes(self, self.view_model.issuing)

    def empty(self) -> tuple[str, str] | None:
        """Override."""
        model = self.view_model
        if model.rounds or model.planning or model.on_its_way() or model.refusals():
            return None
        return _("There has been no round yet."), _("Plan one: a second officer issues its vouchers.")

    def fill(self) -> None:
        """Override."""
        model = self.view_model
        self.plan_button.setVisible(model.chosen is None and not model.planning)
        for banner in self.waiting_banners(model.on_its_way(), model.refusals()):
            self.holder.addWidget(banner)
        if model.planning:
            self.holder.addWidget(self._plan())
        if model.chosen is not None:
            self._card()
            return
        self.show_context(self.as_of())
        if not model.rounds:
            return
        self.holder.addWidget(Heading(_("History of rounds")))
        self.holder.addWidget(
            self.table(
                rounds_model(model), "rounds", _("History of rounds"), lambda row: model.open(row.id), first=True
            )
        )

    def _plan(self) -> QWidget:
        model = self.view_model
        card = Card(
            _("Plan a round"),
            note=_("Nothing is issued by a plan: it shows who would get a voucher. Another officer issues it."),
        )
        form = Form(columns=2)
        plan_card.ask_queue(form, model)
        this = model.desk.today.year
        years = [("", _("Every birth year")), *((str(year), str(year)) for year in range(this, this - 8, -1))]
        plan_card.ask(form, model, "year", _("&Birth year"), years)
        plan_card.ask_language(form, model)
        if model.draft["programme"] == "special":
            offered = [("", _("Every correction")), *((k, _(v)) for k, v in family.CORRECTIONS.items())]
            plan_card.ask(form, model, "correction", _("&Correction"), offered)
        free = formats.number(model.free)
        vouchers = Field(model.draft["vouchers"], hint=free)
        vouchers.textEdited.connect(self._typed)
        form.add("vouchers", _("&Number of vouchers"), vouchers, note=places_words(model, model.drafted))
        card.add(form)
        self.warning = Banner()
        card.add(self.warning)
        self._warn(model.draft["vouchers"])
        rest = form.show_problems(model.problems)
        if rest:
            card.add(Banner(rest, "danger"))
        card.add(
            button_row(Button(_("Make the plan"), model.plan, kind="primary"), Button(_("Cancel"), model.close_card))
        )
        return card

    def _typed(self, text: str) -> None:
        self.view_model.type("vouchers", text)
        self._warn(text)

    def _warn(self, text: str) -> None:
        """Say below the number that is being typed what would come of it."""
        model = self.view_model
        digits = "".join(text.split())
        vouchers = int(digits) if digits.isascii() and digits.isdigit() else 0
        self.warning.show_text(too_many(model, model.drafted, vouchers), "warning")

    def _card(self) -> None:
        model = self.view_model
        back = Button(_("Back to the list"), model.close_card, icon="arrow-left")
        self.holder.addWidget(back, 0, Qt.AlignmentFlag.AlignLeading)
        found = model.round
        if found is None:
            return
        one, zone = found.iteration, model.desk.zone
        self.show_context(_("Round {number}").format(number=one.number))
        card = plan_card.headed(_("Round {number}").format(number=one.number), one.state, words.ROUNDS)
        facts = [
            (_("For whom"), scope_words(model, one)),
            (_("Vouchers asked"), formats.number(one.vouchers)),
            (_("Vouchers given") if one.state == "issued" else _("Vouchers planned"), formats.number(one.planned)),
            *plan_card.officers(_("Planned by"), one, zone),
        ]
        if one.state == "planned":
            facts.append((_("Places for them"), places_words(model, scope_of(one))))
        card.add(Facts(facts))
        warning = too_many(model, scope_of(one), one.planned) if one.state == "planned" else ""
        if warning:
            card.add(Banner(warning, "warning"))
        self._acts(card, one)
        self.holder.addWidget(card)
        lines = TableModel(line_columns(zone), found.lines)
        passed = sum(bool(line.skipped) for line in found.lines)
        title = _("Lines of the plan: {given} get a voucher, {passed} are passed over").format(
            given=formats.number(len(found.lines) - passed), passed=formats.number(passed)
        )
        self.holder.addWidget(Heading(title))
        self.lines = self.table(lines, "round-lines", _("Lines of the plan"), most=24, sortable=False)
        self.holder.addWidget(self.lines)

    def _acts(self, card: Card, one: Iteration) -> None:
        text = n_(
            "{count} voucher is issued at once, and the parent is told. This cannot be taken back in one go.",
            "{count} vouchers are issued at once, and the parents are told. This cannot be taken back in one go.",
            one.planned,
        ).format(count=formats.number(one.planned))
        says = plan_card.Says(_("Issue the vouchers…"), text, _("Issue the vouchers"), _("Throw the plan away"))
        model = self.view_model
        notice: QWidget | None = None
        if one.state == "planned" and model.mine:
            text = _("You planned this round, so another officer has to issue it: two people look at every round.")
            notice = Banner(text, "accent")
        elif one.state == "stale":
            text = _("The queue changed after the plan, so nothing was issued. Plan the round anew.")
            notice = Text(text, wrap=True)
        self.issue = plan_card.add_acts(card, model, one, says, notice, protocol_paper(model))


def places_words(model: RoundsModel, scope: Scope) -> str:
    """Return how many places there are for the children of a round: now, and as estimated."""
    parts = [_("Free now: {count}").format(count=formats.number(model.places(scope)))]
    parts += [
        _("expected by {day}: {count}").format(day=formats.day(day), count=formats.number(count))
        for day, count in model.expected(scope)
    ]
    return _("{places}. What is expected is an estimate.").format(places="; ".join(parts))


def too_many(model: RoundsModel, scope: Scope, vouchers: int) -> str:
    """Return a warning when a round gives more vouchers than there are places; "" when it does not."""
    expected = model.expected(scope)
    day, most = max(expected, key=lambda pair: (pair[1], pair[0]), default=(model.desk.today, 0))
    if expected and vouchers > most:
        return _(
            "More vouchers than places, even with those expected by {day} ({count}): parents who find no place in time "
            "lose the voucher."
        ).format(day=formats.day(day), count=formats.number(most))
    if vouchers > model.places(scope):
        return _("More vouchers than free places: some parents would find no place in time.")
    return ""


def make(context: Context) -> Made:
    """Return the screen."""
    model = RoundsModel(context)
    return model, lambda: RoundsPage(model)
