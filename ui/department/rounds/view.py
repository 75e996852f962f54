"""Rounds of vouchers: the history, the plan with its lines, its printed protocol, and the second officer's issue."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.contract.admission_records import Iteration, IterationLine
from models.contract.sentences import sentence
from models.domain.problems import Problem
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.department import words
from ui.department.case_view import locality_choice
from ui.department.page import DeskPage
from ui.department.rounds.protocol import protocol_paper
from ui.department.rounds.view_model import RoundsModel, Scope, scope_of
from ui.family import words as family
from ui.family.parts import Facts
from ui.kit import Banner, Button, Card, Chip, Choice, Column, Field, Form, Heading, TableModel, Text, button_row


class RoundsPage(DeskPage):
    """Built over :class:`RoundsModel`."""

    def __init__(self, model: RoundsModel) -> None:
        super().__init__(model, _("Rounds of vouchers"))
        self.plan_button = self.primary(_("Plan a round"), model.begin_plan, "plus")
        self.begin()

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
        kinds = [(key, family.word(family.PROGRAMMES, key)) for key in ("general", "special")]
        programme = Choice(kinds, model.draft["programme"])
        programme.chosen.connect(lambda value: model.set("programme", value))
        form.add("programme", _("&Kind of queue"), programme)
        place = locality_choice(model, "place", _("Every locality"))
        place.chosen.connect(lambda value: model.set("place", value))
        form.add("place", _("&Locality"), place)
        this = model.desk.today.year
        years = [("", _("Every birth year")), *((str(year), str(year)) for year in range(this, this - 8, -1))]
        year = Choice(years, model.draft["year"])
        year.chosen.connect(lambda value: model.set("year", value))
        form.add("year", _("&Birth year"), year)
        languages = [("", _("Every language")), *((k, family.word(family.LANGUAGES, k)) for k in family.LANGUAGES)]
        language = Choice(languages, model.draft["language"])
        language.chosen.connect(lambda value: model.set("language", value))
        form.add("language", _("Language of &education"), language)
        if model.draft["programme"] == "special":
            offered = [("", _("Every correction")), *((k, _(v)) for k, v in family.CORRECTIONS.items())]
            correction = Choice(offered, model.draft["correction"])
            correction.chosen.connect(lambda value: model.set("correction", value))
            form.add("correction", _("&Correction"), correction)
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
        card = Card(_("Round {number}").format(number=one.number))
        text, tone = words.ROUNDS.get(one.state, (one.state, "muted"))
        card.header.addWidget(Chip(_(text), tone))
        planned = f"{one.planned_by} · {family.exact(one.planned_at, zone)}"
        issued = f"{one.issued_by} · {family.exact(one.issued_at, zone)}" if one.issued_at else ""
        facts = [
            (_("For whom"), scope_words(model, one)),
            (_("Vouchers asked"), formats.number(one.vouchers)),
            (_("Vouchers given") if one.state == "issued" else _("Vouchers planned"), formats.number(one.planned)),
            (_("Planned by"), planned),
            (_("Issued by") if one.state == "issued" else _("Decided by"), issued),
            (_("Reason"), one.reason),
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
        model = self.view_model
        busy = any(getattr(item.payload, "iteration_id", None) == one.id for item in model.on_its_way())
        if one.state == "planned" and model.issuing:
            text = n_(
                "{count} voucher is issued at once, and the parent is told. This cannot be taken back in one go.",
                "{count} vouchers are issued at once, and the parents are told. This cannot be taken back in one go.",
                one.planned,
            ).format(count=formats.number(one.planned))
            card.add(Banner(text, "warning"))
            card.add(
                button_row(
                    Button(_("Issue the vouchers"), model.issue, kind="primary"),
                    Button(_("Leave everything as it is"), model.stop_issue),
                )
            )
            return
        if one.state == "planned" and model.mine:
            text = _("You planned this round, so another officer has to issue it: two people look at every round.")
            card.add(Banner(text, "accent"))
        elif one.state == "stale":
            card.add(
                Text(_("The queue changed after the plan, so nothing was issued. Plan the round anew."), wrap=True)
            )
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        if one.state == "planned":
            self.issue = Button(_("Issue the vouchers…"), model.begin_issue, kind="primary")
            self.issue.setEnabled(not model.mine and not busy)
            if model.mine:
                self.issue.setAccessibleDescription(_("Another officer has to issue it."))
            row.addWidget(self.issue)
        paper = protocol_paper(model)
        if paper is not None:
            row.addWidget(Button(_("Print the protocol"), lambda: model.document.make(paper, model.document.print),
                                 icon="printer"))  # fmt: skip
            row.addWidget(Button(_("Save the protocol"), lambda: model.document.make(paper, model.document.save),
                                 icon="save"))  # fmt: skip
        if one.state == "planned":
            throw = Button(_("Throw the plan away"), model.throw_away, kind="danger")
            throw.setEnabled(not busy)
            row.addWidget(throw)
        row.addStretch(1)
        card.add(row)
        if model.document.problem is not None:
            card.add(Banner(sentence(model.document.problem), "danger"))


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


def scope_words(model: RoundsModel, one: Iteration) -> str:
    """Return whom a round is for."""
    parts = [family.word(family.PROGRAMMES, one.programme)]
    if one.locality_id is not None:
        parts.append(family.place_name(model.department, one.locality_id))
    if one.birth_year is not None:
        parts.append(_("born in {year}").format(year=one.birth_year))
    if one.correction:
        parts.append(family.word(family.CORRECTIONS, one.correction))
    if one.language:
        parts.append(family.word(family.LANGUAGES, one.language))
    return " · ".join(parts)


def rounds_model(model: RoundsModel) -> TableModel[Iteration]:
    """Return the model of the history."""
    zone = model.desk.zone

    def state(row: Iteration) -> str:
        return _(words.ROUNDS[row.state][0]) if row.state in words.ROUNDS else row.state

    return TableModel(
        (
            Column("number", lambda: _("Number"), lambda row: row.number),
            Column(
                "state",
                lambda: _("State"),
                state,
                tone=lambda row: words.ROUNDS.get(row.state, ("", "muted"))[1],
            ),
            Column("scope", lambda: _("For whom"), lambda row: scope_words(model, row), stretch=True, least=60),
            Column(
                "vouchers",
                lambda: _("Vouchers"),
                lambda row: formats.number(row.planned),
                figures=True,
                sort=lambda row: row.planned,
            ),
            Column(
                "planned",
                lambda: _("Planned"),
                lambda row: formats.moment(row.planned_at, zone),
                sort=lambda row: row.planned_at,
            ),
            Column("by", lambda: _("Planned by"), lambda row: words.short_person(row.planned_by), spare=1),
            Column(
                "issued",
                lambda: _("Issued by"),
                lambda row: words.short_person(row.issued_by) if row.state == "issued" else "",
                spare=2,
            ),
        ),
        model.rounds,
    )


def line_columns(zone: str) -> tuple[Column[IterationLine], ...]:
    """Return the columns of a plan."""
    return (
        Column("position", lambda: _("No."), lambda row: formats.number(row.position), figures=True),
        Column("child", lambda: _("Child"), lambda row: row.child, stretch=True),
        Column("number", lambda: _("Number"), lambda row: row.number),
        Column("rank", lambda: _("Category"), lambda row: formats.number(row.category_rank), figures=True),
        Column("date", lambda: _("Date of the turn"), lambda row: family.exact(row.rank_date, zone)),
        Column(
            "result",
            lambda: _("Result"),
            lambda row: skipped_words(row.skipped) if row.skipped else _("Voucher"),
            tone=lambda row: "warning" if row.skipped else "positive",
            icon=lambda row: "minus" if row.skipped else "check",
        ),
    )


def skipped_words(code: str) -> str:
    """Return why somebody was passed over."""
    known = {
        "child-too-young": _("Passed over: too young"),
        "voucher-already": _("Passed over: has a voucher already"),
        "twins-need-more": _("Passed over: twins need more vouchers"),
    }
    return known.get(code) or sentence(Problem(code))


def make(context: Context) -> Made:
    """Return the screen."""
    model = RoundsModel(context)
    return model, lambda: RoundsPage(model)
