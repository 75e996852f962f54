"""The catalogue: a table beside the card of the kindergarten that is looked at."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QScrollArea, QSplitter, QVBoxLayout, QWidget

from models.contract.admission_records import Review
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.family import words
from ui.family.parts import Facts, show_why_empty
from ui.flow import flowing
from ui.kindergartens.view_model import Kindergarten, Kindergartens
from ui.kit import (
    Button,
    Card,
    Choice,
    Column,
    DataTable,
    Field,
    Form,
    Heading,
    Muted,
    Page,
    Radio,
    Rule,
    State,
    TableModel,
    Text,
    clear_layout,
)
from ui.kit.outside import bind, show_trouble


class KindergartensView(Page):
    """Filters, table, card with groups and reviews."""

    def __init__(self, model: Kindergartens) -> None:
        super().__init__(_("Catalogue of kindergartens"), scroll=False)
        self._model = model
        self.secondary(_("Write to the department"), lambda: model.write("feedback"), "mail")
        self._filters()
        self.model_ = TableModel(_columns(model), [])
        self.table = DataTable(
            self.model_, "kindergartens", label=_("Catalogue of kindergartens"), settings=model.context.settings
        )
        self.table.chosen_row.connect(model.open)
        self.table.measure(60)
        self._card = Card()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self._card)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMinimumWidth(theme.grid(95))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.grid(2))
        split.addWidget(self.table)
        split.addWidget(area)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 4)
        self.add(split, 1)
        self.form: Form | None = None
        model.rows_changed.connect(self._show)
        model.changed.connect(self._update)
        self._show()

    def _filters(self) -> None:
        model = self._model
        holder, flow = flowing(2)
        self.search = Field(model.words, hint=_("Name or address"))
        self.search.setAccessibleName(_("Name or address"))
        self.search.setMinimumWidth(theme.grid(50))
        self.search.textEdited.connect(lambda text: model.filter(words=text))
        flow.addWidget(self.search)
        self.kind = Choice(
            [("", _("Any kind")), *((key, _(text)) for key, text in words.KINDS.items())], model.kind, name=_("Kind")
        )
        self.kind.chosen.connect(lambda value: model.filter(kind=value))
        flow.addWidget(self.kind)
        self.ownership = Choice(
            [("", _("Any ownership")), *((key, _(text)) for key, text in words.OWNERSHIP.items())],
            model.ownership,
            name=_("Ownership"),
        )
        self.ownership.chosen.connect(lambda value: model.filter(ownership=value))
        flow.addWidget(self.ownership)
        self.language = Choice(
            [("", _("Any language")), *((key, _(text)) for key, text in words.LANGUAGES.items())],
            model.language,
            name=_("Language of education"),
        )
        self.language.chosen.connect(lambda value: model.filter(language=value))
        flow.addWidget(self.language)
        self.locality = Choice(name=_("Locality"))
        self.locality.chosen.connect(lambda value: model.filter(locality=value))
        flow.addWidget(self.locality)
        self.add(holder)

    def _show(self) -> None:
        model, department = self._model, self._model.department
        if not model.home.ready or department is None:
            show_why_empty(self, model.home)
            return
        self.offer_acts(True)
        if not model.ready:
            if model.failure is not None:
                self.show_state(State.ERROR, model.failure_text, verb=_("Try again"), act=model.refresh)
            else:
                self.show_state(State.LOADING)
            return
        if not model.home.family.organisations:
            self.show_state(State.EMPTY, _("The department has entered no kindergartens yet."), icon="building")
            return
        names = sorted(department.localities.values(), key=lambda one: words.said(one.name))
        self.locality.offer([(0, _("Everywhere")), *((one.id, words.said(one.name)) for one in names)], model.locality)
        self.search.setText(model.words)
        for choice, value in ((self.kind, model.kind), (self.ownership, model.ownership)):
            choice.choose(value)
        rows, before = model.rows, model.opened
        self.model_.show_rows(rows)
        count = n_("{count} kindergarten", "{count} kindergartens", len(rows)).format(count=len(rows))
        self.show_context(f"{department.provider.name} · {count}")
        model.opened = before
        at = next((n for n, row in enumerate(rows) if row.organisation.id == before), 0)
        if rows:
            self.table.choose(at)
        self._update()
        self.show_state(State.CONTENT)

    def _update(self) -> None:
        model = self._model
        writing = self.form is not None and any(field.hasFocus() for field in self.form.fields.values())
        if writing and model.writing and not model.problems and model.failure is None and not model.busy:
            return  # news must not take the pen away
        clear_layout(self._card.body)
        self.form = None
        row = model.row
        if model.writing == "feedback":
            self._write_feedback()
        elif row is None:
            self._card.add(
                Muted(_("Nothing suits these filters.") if not model.rows else _("Choose a kindergarten in the table."))
            )
        elif model.writing == "review":
            self._write_review(row)
        else:
            self._about(row)
        show_trouble(model, self.form, self.banner)
        self._card.body.addStretch(1)

    def _about(self, row: Kindergarten) -> None:
        one, department = row.organisation, self._model.department
        self._card.add(Heading(one.name))
        self._card.add(Muted(_stars(one.rating_tenths, one.reviews)))
        corrections = ", ".join(words.word(words.CORRECTIONS, code) for code in one.corrections)
        self._card.add(
            Facts(
                [
                    (_("Kind"), words.word(words.KINDS, one.kind)),
                    (_("Ownership"), words.word(words.OWNERSHIP, one.ownership)),
                    (_("Locality"), words.place_name(department, one.locality_id)),
                    (_("Address"), one.address),
                    (_("Telephone"), words.unbroken(one.phone)),
                    (_("E-mail"), one.email),
                    (_("Head"), one.director),
                    (_("Language of education"), words.languages(row.languages)),
                    (_("Correction"), corrections),
                    (_("Free places"), formats.number(row.free)),
                ]
            )
        )
        if row.offers:
            self._card.add(Heading(_("Groups")))
        for offer in row.offers:
            group = offer.group
            line = QHBoxLayout()
            line.setSpacing(theme.grid(2))
            about = (words.ages(group.age_from, group.age_to), words.word(words.LANGUAGES, group.language))
            line.addWidget(Text(group.name, bold=True))
            line.addWidget(Muted(" · ".join(about)), 1)
            free = n_("{count} free place", "{count} free places", offer.free()).format(count=offer.free())
            line.addWidget(Text(free, tone="positive" if offer.free() else "muted"))
            self._card.add(line)
        self._reviews()

    def _reviews(self) -> None:
        model = self._model
        self._card.add(Heading(_("Reviews")))
        if not model.reviews:
            self._card.add(Muted(_("No reviews yet.")))
        for number, review in enumerate(model.reviews):
            if number:
                self._card.add(Rule())
            self._card.add(_review(review, model.home.zone))
        if model.waiting_review:
            self._card.add(Text(_("Your review is on its way."), tone="pending"))
        elif model.may_review:
            write = Button(_("Write a review"), lambda: model.write("review"), icon="pencil")
            self._card.body.addWidget(write, 0, Qt.AlignmentFlag.AlignLeading)
        else:
            self._card.add(Muted(_("Parents whose child attends or attended this kindergarten can write a review.")))

    def _write_review(self, row: Kindergarten) -> None:
        model = self._model
        self._card.add(Heading(_("Review: {kindergarten}").format(kindergarten=row.organisation.name)))
        self.form = Form()
        stars = QWidget()
        line = QHBoxLayout(stars)
        line.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(stars)
        for number in range(1, 6):
            radio = Radio("★" * number)
            radio.setAccessibleName(n_("{count} star", "{count} stars", number).format(count=number))
            radio.setChecked(model.stars == number)
            radio.clicked.connect(partial(_rate, model, number))
            group.addButton(radio)
            line.addWidget(radio)
        line.addStretch(1)
        self.form.add("stars", _("How good is it"), stars)
        self.form.add("review", _("What you &think"), self._text("review"), note=_("It appears without your surname."))
        self._card.add(self.form)
        self._foot(_("Send the review"))

    def _write_feedback(self) -> None:
        model = self._model
        self._card.add(Heading(_("Write to the department")))
        self.form = Form()
        bind(self.form, "subject", _("&Subject"), Field(), model)
        self.form.add("text", _("&Text"), self._text("text"))
        self._card.add(self.form)
        self._foot(_("Send"))

    def _text(self, key: str) -> QPlainTextEdit:
        model = self._model
        field = QPlainTextEdit(model.draft.get(key, ""))
        field.setTabChangesFocus(True)
        field.setMinimumHeight(theme.grid(30))
        field.textChanged.connect(lambda: model.type(key, field.toPlainText()))
        return field

    def _foot(self, verb: str) -> None:
        model = self._model
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        self.send = Button(verb, model.send, kind="primary", icon="send")
        self.send.setEnabled(not model.busy)
        row.addWidget(self.send)
        row.addWidget(Button(_("Cancel"), lambda: model.write("")))
        row.addStretch(1)
        self._card.add(row)

    def start_here(self) -> None:
        """Put the cursor into the table."""
        self.table.setFocus()


def _rate(model: Kindergartens, stars: int, _on: bool = False) -> None:
    model.rate(stars)


def _stars(tenths: int, count: int) -> str:
    if not count:
        return _("No reviews yet.")
    mean = f"{formats.number(tenths // 10)}{formats.plain('0.' + str(tenths % 10))[1:]}"
    reviews = n_("{count} review", "{count} reviews", count).format(count=count)
    return f"★ {mean} · {reviews}"


def _review(review: Review, zone: str) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.grid(0.5))
    stars = Text("★" * review.stars + "☆" * (5 - review.stars), tone="warning")
    stars.setAccessibleName(n_("{count} star", "{count} stars", review.stars).format(count=review.stars))
    column.addWidget(stars)
    column.addWidget(Text(review.text, wrap=True, selectable=True))
    column.addWidget(Muted(f"{review.author} · {formats.moment(review.at, zone)[:10]}"))
    if review.answer:
        answer = Muted(_("Answer: {text}").format(text=review.answer))
        answer.setContentsMargins(theme.grid(4), 0, 0, 0)
        column.addWidget(answer)
    return holder


def _columns(model: Kindergartens) -> list[Column[Kindergarten]]:
    return [
        Column("name", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True),
        Column("language", lambda: _("Language"), lambda row: words.languages(row.languages)),
        Column(
            "free",
            lambda: _("Free places"),
            lambda row: formats.number(row.free),
            figures=True,
            sort=lambda row: row.free,
            tone=lambda row: "positive" if row.free else "muted",
        ),
        Column(
            "rating",
            lambda: _("Reviews"),
            lambda row: (
                _stars(row.organisation.rating_tenths, row.organisation.reviews).partition(" · ")[0]
                if row.organisation.reviews
                else "–"
            ),
            figures=True,
            sort=lambda row: row.organisation.rating_tenths,
        ),
        Column("kind", lambda: _("Kind"), lambda row: words.word(words.KINDS, row.organisation.kind)),
        Column(
            "ownership", lambda: _("Ownership"), lambda row: words.word(words.OWNERSHIP, row.organisation.ownership)
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = Kindergartens(context)
    return model, lambda: KindergartensView(model)
