"""The catalogue: a table beside the card of the kindergarten that is looked at."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from models.cache.queries.admissions import Department
from models.contract.admission_records import Review
from translations import _, formats, n_
from ui import theme
from ui.context import Context, Made
from ui.family import words
from ui.family.catalogue import Catalogue
from ui.family.parts import Facts
from ui.flow import flowing
from ui.kindergartens.view_model import Kindergarten, Kindergartens
from ui.kit import Button, Column, Form, Heading, Muted, Radio, Rule, Text, button_row
from ui.kit.outside import show_trouble
from ui.kit.texts import TextArea


class KindergartensView(Catalogue[Kindergartens]):
    """The card holds groups and reviews, or what is being written."""

    def __init__(self, model: Kindergartens) -> None:
        super().__init__(model, _("Catalogue of kindergartens"), "kindergartens", _columns())
        self.letter = self.secondary(_("Write to the department"), model.write_letter, "mail")
        self.narrow_words(_("Name or address"))
        for key, name, anything, named in (
            ("kind", _("Kind"), _("Any kind"), words.KINDS),
            ("ownership", _("Ownership"), _("Any ownership"), words.OWNERSHIP),
            ("language", _("Language of education"), _("Any language"), words.LANGUAGES),
        ):
            self.narrow(key, name, [("", anything), *((code, _(text)) for code, text in named.items())])
        self.narrow_locality()
        self.form: Form | None = None
        self.begin()

    def nothing(self) -> tuple[str, str] | None:
        """Override."""
        if self._model.home.family.organisations:
            return None
        return _("The department has entered no kindergartens yet."), ""

    def summary(self, department: Department) -> str:
        """Override."""
        found = len(self._model.rows)
        count = n_("{count} kindergarten", "{count} kindergartens", found).format(count=found)
        return f"{department.provider.name} · {count}"

    def writing(self) -> bool:
        """Override."""
        model = self._model
        typing = self.form is not None and any(field.hasFocus() for field in self.form.fields.values())
        return typing and bool(model.writing) and not model.problems and model.failure is None and not model.busy

    def fill(self) -> None:
        """Override."""
        model = self._model
        self.form = None
        row = model.row
        if row is None:
            self.lead(_("Choose a kindergarten in the table."))
        elif model.writing == "review":
            self._write_review(row)
        else:
            self._about(row)

    def question(self) -> Any:
        """Override."""
        return self._model.writing or None

    def leave(self) -> bool:
        """Override: what is written stays as a draft."""
        writing = bool(self._model.writing)
        if writing:
            self._model.write("")
        return writing

    def say(self) -> None:
        """Override."""
        show_trouble(self._model, self.form, self.banner)

    def _about(self, row: Kindergarten) -> None:
        one, department = row.organisation, self._model.department
        self.card.add(Heading(one.name))
        self.card.add(Muted(_stars(one.rating_tenths, one.reviews)))
        corrections = ", ".join(words.word(words.CORRECTIONS, code) for code in one.corrections)
        self.card.add(
            Facts(
                [
                    (_("Kind"), words.word(words.KINDS, one.kind)),
                    (_("Ownership"), words.word(words.OWNERSHIP, one.ownership)),
                    (_("Locality"), words.place_name(department, one.locality_id)),
                    (_("Address"), words.address(one.address)),
                    (_("Telephone"), words.telephone(one.phone)),
                    (_("E-mail"), one.email),
                    (_("Head"), one.director),
                    (_("Language of education"), words.languages(row.languages)),
                    (_("Type of correction"), corrections),
                    (_("Free places"), formats.number(row.free)),
                ]
            )
        )
        if row.offers:
            self.card.add(Heading(_("Groups")))
        for offer in row.offers:
            group = offer.group
            line = QHBoxLayout()
            line.setSpacing(theme.grid(2))
            about = (words.ages(group.age_from, group.age_to), words.word(words.LANGUAGES, group.language))
            texts = QVBoxLayout()
            texts.setSpacing(0)
            texts.addWidget(Text(group.name, bold=True, wrap=True))
            texts.addWidget(Muted(" · ".join(about)))
            line.addLayout(texts, 1)
            free = n_("{count} free place", "{count} free places", offer.free()).format(count=offer.free())
            line.addWidget(Text(free, tone="positive" if offer.free() else "muted"), 0, Qt.AlignmentFlag.AlignTop)
            self.card.add(line)
        self._reviews()

    def _reviews(self) -> None:
        model = self._model
        self.card.add(Heading(_("Reviews")))
        if not model.reviews and not model.unpublished:
            self.card.add(Muted(_("No reviews yet.")))
        for number, review in enumerate(model.reviews):
            if number:
                self.card.add(Rule())
            self.card.add(_review(review, model.home.zone))
        for review in model.unpublished:
            self.card.add(Rule())
            self.card.add(_review(review, model.home.zone))
        if model.waiting_review:
            self.card.add(Text(_("Your review is on its way."), tone="pending"))
        elif model.may_review:
            verb = _("Write the review anew") if model.unpublished else _("Write a review")
            write = Button(verb, lambda: model.write("review"), icon="pencil")
            self.card.body.addWidget(write, 0, Qt.AlignmentFlag.AlignLeading)
        else:
            self.card.add(Muted(_("Parents whose child attends or attended this kindergarten can write a review.")))

    def _write_review(self, row: Kindergarten) -> None:
        model = self._model
        self.card.add(Heading(_("Review: {kindergarten}").format(kindergarten=row.organisation.name)))
        self.form = Form()
        stars, line = flowing(3)
        group = QButtonGroup(stars)
        for number in range(1, 6):
            radio = Radio("★" * number)
            radio.setAccessibleName(n_("{count} star", "{count} stars", number).format(count=number))
            radio.setChecked(model.stars == number)
            radio.clicked.connect(partial(_rate, model, number))
            group.addButton(radio)
            line.addWidget(radio)
        self.form.add("stars", _("How good is it"), stars)
        self.form.add(
            "review",
            _("What you &think"),
            self._text("review"),
            note=_(
                "It appears without your surname once the department has read it, in place of the one you wrote before."
            ),
        )
        self.card.add(self.form)
        self._foot(_("Send the review"))

    def _text(self, key: str) -> TextArea:
        field = TextArea(self._model.draft.get(key, ""))
        field.edited.connect(partial(self._model.type, key))
        return field

    def _foot(self, verb: str) -> None:
        model = self._model
        self.send = Button(verb, model.send, kind="primary", icon="send")
        self.send.setEnabled(not model.busy)
        fields = self.form.fields.values() if self.form is not None else ()
        self._answers = tuple(field for field in fields if field.focusPolicy() != Qt.FocusPolicy.NoFocus)
        self.card.add(button_row(self.send, Button(_("Cancel"), lambda: model.write(""))))


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
    if review.state == "submitted":
        column.addWidget(Text(_("Only your family sees it: the department reads it first."), tone="pending", wrap=True))
    elif review.state == "refused":
        why = _("The department did not publish it and writes: {text}").format(text=review.answer)
        column.addWidget(Text(why, tone="danger", wrap=True, selectable=True))
    elif review.answer:
        answer = Muted(_("Answer: {text}").format(text=review.answer))
        answer.setContentsMargins(theme.grid(4), 0, 0, 0)
        column.addWidget(answer)
    return holder


def _columns() -> list[Column[Kindergarten]]:
    return [
        Column("name", lambda: _("Kindergarten"), lambda row: row.organisation.name, stretch=True, least=70),
        Column(
            "language",
            lambda: _("Language"),
            lambda row: words.languages(row.languages),
            stretch=True,
            least=40,
            spare=2,
        ),
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
            lambda: _("Rating"),
            lambda row: (
                _stars(row.organisation.rating_tenths, row.organisation.reviews).partition(" · ")[0]
                if row.organisation.reviews
                else "–"
            ),
            figures=True,
            sort=lambda row: row.organisation.rating_tenths,
            spare=1,
        ),
        Column("kind", lambda: _("Kind"), lambda row: words.word(words.KINDS, row.organisation.kind), spare=3),
        Column(
            "ownership",
            lambda: _("Ownership"),
            lambda row: words.word(words.OWNERSHIP, row.organisation.ownership),
            spare=4,
        ),
    ]


def make(context: Context) -> Made:
    """Return the screen."""
    model = Kindergartens(context)
    return model, lambda: KindergartensView(model)
