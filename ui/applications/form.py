"""The pages of a new application."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from translations import _, formats, n_
from ui import theme
from ui.applications.form_model import PAGES, ApplicationForm
from ui.family import choices, words
from ui.family.parts import Facts
from ui.keyboard import place_kept, start_in
from ui.kit import Agree, Banner, Button, Card, Choice, Field, Form, Heading, Muted, Radio, Text, clear_layout
from ui.kit.outside import bind


class FormView(QWidget):
    """One page at a time, with what is wrong at its field."""

    def __init__(self, model: ApplicationForm) -> None:
        super().__init__()
        self._model = model
        # In a row, so that the height is asked for at the width that the card really has.
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._card = Card()
        self._card.setMaximumWidth(theme.grid(180))
        row.addWidget(self._card, 1)
        row.addStretch(0)
        self.form = Form()
        self.ahead: Button | None = None
        model.page_changed.connect(self._turned)
        model.changed.connect(self.refresh)
        self._complaints = model.complaints
        self.refresh()

    def _turned(self) -> None:
        """Show another page, its first field with the cursor."""
        self.refresh()
        start_in(self, self._first, lambda: self.ahead)

    # The form is another one whenever it is drawn: it is asked only once the cursor goes there.

    def _first(self) -> QWidget | None:
        return self.form.first()

    def _wrong(self) -> QWidget | None:
        return self.form.wrong()

    def refresh(self) -> None:
        """Draw the page anew; what has the cursor keeps it, unless something was found to be wrong or missing."""
        with place_kept(self):
            self._draw()
        if self._model.complaints != self._complaints:
            start_in(self, self._wrong)
        self._complaints = self._model.complaints

    def _draw(self) -> None:
        model = self._model
        focused = next((key for key, field in self.form.fields.items() if field.hasFocus()), "")
        clear_layout(self._card.body)
        number = PAGES.index(model.page) + 1
        self.form = Form()
        if not model.candidates:
            self._nobody()
            return
        self._card.add(Muted(_("Page {number} of {count}").format(number=number, count=len(PAGES))))
        {"child": self._child, "place": self._place, "terms": self._terms}[model.page]()
        rest = self.form.show_problems(model.problems)
        if rest:
            self._card.add(Banner(rest, "danger"))
        if model.failure is not None:
            self._card.add(Banner(model.failure_text, "danger"))
        self._foot(number)
        if focused in self.form.fields:
            self.form.fields[focused].setFocus()

    def _nobody(self) -> None:
        model = self._model
        self._card.add(Heading(_("Add a child first")))
        self._card.add(
            Text(_("An application is filed for a child of yours, or one entrusted to you to act for."), wrap=True)
        )
        add = Button(_("Add a child"), lambda: model.context.go("children", add=True), kind="primary", icon="plus")
        self._card.body.addWidget(add, 0, Qt.AlignmentFlag.AlignLeading)

    def _child(self) -> None:
        model = self._model
        self._card.add(Heading(_("For whom, and into which queue")))
        choices = [
            (str(view.child.id), f"{view.child.name}, {formats.day(view.child.born)}") for view in model.candidates
        ]
        child = Choice([("", _("Choose a child")), *choices], model.typed("child"))
        child.chosen.connect(lambda value: model.choose("child", value))
        self.form.add("child", _("&Child"), child)
        kinds = QWidget()
        column = QVBoxLayout(kinds)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1))
        for programme in model.programmes:
            radio = Radio(words.word(words.PROGRAMMES, programme))
            radio.setChecked(programme is model.programme)
            note = words.word(words.PROGRAMME_NOTES, programme)
            radio.setAccessibleDescription(note)
            radio.clicked.connect(lambda _on=False, one=programme: model.choose("programme", one.value))
            column.addWidget(radio)
            about = Muted(note)
            about.setContentsMargins(theme.grid(6), 0, 0, 0)
            column.addWidget(about)
        self.form.add("programme", _("Kind of queue"), kinds)
        if model.special:
            kinds_of = [("", _("Choose the type")), *((key, _(text)) for key, text in words.CORRECTIONS.items())]
            correction = Choice(kinds_of, model.typed("correction"))
            correction.chosen.connect(lambda value: model.choose("correction", value))
            self.form.add("correction", _("Type of co&rrection"), correction)
        self._card.add(self.form)

    def _place(self) -> None:
        model, department = self._model, self._model.department
        assert department is not None
        self._card.add(Heading(_("Where, and in which language")))
        locality = Choice(
            [("", _("Choose the locality")), *((str(key), name) for key, name in choices.localities(department))],
            model.typed("locality"),
        )
        locality.chosen.connect(lambda value: model.choose("locality", value))
        self.form.add("locality", _("&Locality"), locality)
        languages = choices.languages(model, model.languages)
        for box in languages.findChildren(QCheckBox):
            box.toggled.connect(lambda _on: self.form.forgive("languages"))
        self.form.add(
            "languages", _("Language of education"), languages, note=_("One or several: any of them will suit.")
        )
        if model.special:
            self._special()
        benefit = Choice(choices.benefits(department), model.typed("benefit"))
        benefit.chosen.connect(lambda value: model.choose("benefit", value))
        self.form.add("benefit", _("&Benefit"), benefit, note=_("It counts once its document has been checked."))
        if model.typed("benefit"):
            self.form.add("proof", _("Proof of the benefit"), self._paper("benefit"))
        bind(self.form, "phone", _("&Telephone"), Field(), model, note=_("SMS about this application come here."))
        self._card.add(self.form)

    def _special(self) -> None:
        model = self._model
        self.form.add(
            "documents",
            _("Conclusion of the commission (PMPK)"),
            self._paper("pmpk"),
            note=_("Download it from the Arkotek system and attach it here."),
        )
        found = model.organisations
        choice = Choice(
            [("", _("Choose a kindergarten")), *((str(one.id), one.name) for one in found)], model.typed("organisation")
        )
        choice.chosen.connect(lambda value: model.choose("organisation", value))
        count = n_("{count} kindergarten offers this correction.", "{count} kindergartens offer this correction.",
                   len(found)).format(count=len(found))  # fmt: skip
        if not found:
            count = _("No kindergarten offers this correction now. Choose another type, or ask the department.")
        self.form.add("organisation", _("&Kindergarten"), choice, note=count)

    def _paper(self, kind: str) -> QWidget:
        model = self._model
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(1))
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        kept = next((paper for one, paper in model.papers.found if one == kind), None)
        text = _("Choose another file") if kept is not None else _("Attach a document")
        choose = Button(text, lambda: model.papers.choose(kind), icon="upload")
        choose.setProperty("keeps", f"paper-{kind}")
        row.addWidget(choose)
        if kept is not None:
            row.addWidget(Text(words.file_name(kept.name)))
            row.addWidget(Button(_("Remove"), lambda: model.papers.drop(kind), kind="link"))
        row.addStretch(1)
        column.addLayout(row)
        if model.papers.failure_text:
            column.addWidget(Text(model.papers.failure_text, tone="danger", wrap=True))
        return holder

    def _terms(self) -> None:
        model, department = self._model, self._model.department
        child = model.child
        assert department is not None
        self._card.add(Heading(_("Check and confirm")))
        correction = words.word(words.CORRECTIONS, model.typed("correction")) if model.special else ""
        organisation = model.organisation if model.special else None
        benefit = next((one for one in department.benefits if one.code == model.typed("benefit")), None)
        self._card.add(
            Facts(
                [
                    (_("Child"), child.child.name if child is not None else "–"),
                    (_("Kind of queue"), words.word(words.PROGRAMMES, model.programme)),
                    (_("Type of correction"), correction),
                    (_("Locality"), words.place_name(department, int(model.typed("locality") or 0))),
                    (_("Language of education"), words.languages(model.languages)),
                    (_("Kindergarten"), organisation.name if organisation is not None else ""),
                    (_("Benefit"), words.said(benefit.name) if benefit is not None else _("No benefits")),
                    (_("Telephone"), words.telephone(model.typed("phone"))),
                    (_("Documents"), ", ".join(words.file_name(paper.name) for _kind, paper in model.papers.found)),
                ]
            )
        )
        self._card.add(Heading(_("Terms")))
        for line in terms(model):
            self._card.add(Text(f"•  {line}", wrap=True))
        agree = Agree(_("I have read the terms and agree to the use of the data of the child and mine"), model.consent)
        agree.toggled.connect(model.agree)
        agree.toggled.connect(lambda _on: self.form.forgive("consent"))
        self.form.add("consent", _("Consent"), agree)
        self._card.add(self.form)
        if model.home.offline:
            self._card.add(
                Banner(
                    _(
                        "There is no connection. The application is kept on this computer and is not yet filed: "
                        "its place in the queue is counted from when the department receives it."
                    ),
                    "pending",
                )
            )

    def _foot(self, number: int) -> None:
        model = self._model
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        if number > 1:
            row.addWidget(Button(_("Back"), model.back, icon="arrow-left"))
        row.addStretch(1)
        if model.begun:
            row.addWidget(Button(_("Discard the draft"), model.clear, kind="link"))
        if number < len(PAGES):
            self.ahead = Button(_("Next"), model.next, kind="primary")
        else:
            self.ahead = Button(_("File the application"), model.file, kind="primary", icon="send")
        self.ahead.setEnabled(not model.busy)
        row.addWidget(self.ahead)
        self._card.add(row)


def terms(model: ApplicationForm) -> list[str]:
    """Return the terms of the chosen kind of queue, with the department's own numbers."""
    department = model.department
    if department is None:
        return []
    rules = department.rules(model.programme, model.home.server_now())
    found = [_("The date and time at which the department receives the application decide about the turn.")]
    if rules.docs_review:
        found.append(_("A doctor confirms the documents first; the date of filing counts."))
    if model.programme == "bulletin":
        days = n_("{count} working day", "{count} working days", rules.referral_days).format(count=rules.referral_days)
        found.append(_("A referral is valid for {days}; bring it to the kindergarten in that time.").format(days=days))
        found.append(
            n_(
                "Otherwise the application goes to the stop list for {count} working day.",
                "Otherwise the application goes to the stop list for {count} working days.",
                rules.referral_stop_days,
            ).format(count=rules.referral_stop_days)
        )
    else:
        found.append(
            n_(
                "When a voucher is issued, confirm your interest within {count} working day.",
                "When a voucher is issued, confirm your interest within {count} working days.",
                rules.interest_days,
            ).format(count=rules.interest_days)
        )
        found.append(
            n_(
                "Then choose a kindergarten and sign the contract within {count} working day.",
                "Then choose a kindergarten and sign the contract within {count} working days.",
                rules.contract_days,
            ).format(count=rules.contract_days)
        )
        found.append(
            n_(
                "From the stop list the place in the queue may be restored once within {count} calendar day.",
                "From the stop list the place in the queue may be restored once within {count} calendar days.",
                rules.restore_calendar_days,
            ).format(count=rules.restore_calendar_days)
        )
    return found
