"""Information, history and documents of an application."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.cache.queries.admissions import ApplicationView, Department
from models.contract.admission_records import Application, Attachment, HistoryEntry
from models.contract.reasons import reason_of
from models.domain.admissions.states import State
from translations import N_, _, c_, formats
from ui import icons, theme
from ui.application.twins import twins_card
from ui.application.view_model import ApplicationModel
from ui.family import choices, words
from ui.family import information as shared
from ui.family.parts import Facts
from ui.kit import Banner, Button, Card, Chip, Choice, Field, Form, Muted, Rule, Text, button_row

CHANGE: Final = "change"
"""Name of the button that opens the form to change something."""


def information(model: ApplicationModel) -> QWidget:
    """Return what was applied for, by whom, for which child."""
    view, department = model.view, model.department
    assert view is not None
    assert department is not None
    if model.editing:
        return _contacts(model) if model.contacts_only else _edit(model, view, department)
    one = view.application
    zone = department.provider.zone
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.grid(4))
    cards = QHBoxLayout()
    cards.setSpacing(theme.grid(4))
    card = Card(_("Application"))
    card.add(
        Facts(
            [
                *shared.filed(one, zone),
                (_("Kind of queue"), words.word(words.PROGRAMMES, one.programme)),
                *shared.applied_for(one, department),
                (_("Benefit"), _benefit(one, department)),
                (_("Type of correction"), words.word(words.CORRECTIONS, one.correction) if one.correction else ""),
                *shared.wanted(one, model.home.family.organisations),
            ]
        )
    )
    change = model.change
    button = Button(change.verb, partial(model.ask, change.event), icon="pencil") if change is not None else None
    if button is not None:
        button.setObjectName(CHANGE)
    if button is not None and not model.contacts_only:
        card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
    card.body.addStretch(1)
    cards.addWidget(card, 1)
    people = Card(_("Child and applicant"))
    people.add(Facts(shared.people(one, view.child, formats.day(view.child.born))))
    if button is not None and model.contacts_only:
        people.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
    people.body.addStretch(1)
    cards.addWidget(people, 1)
    column.addLayout(cards)
    twins = twins_card(model, view)
    if twins is not None:
        column.addWidget(twins)
    return holder


def _benefit(one: Application, department: Department) -> str:
    """Return the benefit with how it stands, and what opens a refused one again."""
    text = shared.benefit(one, department)
    if one.benefit and one.benefit_state == "refused":
        text += ". " + _("To claim it anew, attach its proof under “Documents”.")
    return text


def _edit(model: ApplicationModel, view: ApplicationView, department: Department) -> QWidget:
    card = Card(_("Change the application"), note=_("The date of the application stays, and with it your turn."))
    form = Form(columns=2)
    languages = choices.languages(model, model.edited_languages)
    form.add("languages", _("Language of education"), languages, span=2)
    localities = [(str(key), name) for key, name in choices.localities(department)]
    locality = Choice(localities, model.draft.get("locality"))
    locality.chosen.connect(lambda value: model.type("locality", value))
    form.add("locality", _("&Locality"), locality)
    benefit = Choice(choices.benefits(department), model.draft.get("benefit", ""))
    benefit.chosen.connect(lambda value: model.type("benefit", value))
    form.add(
        "benefit", _("&Benefit"), benefit, note=_("A benefit counts once the department has checked its document.")
    )
    _phone(model, form)
    return _ended(model, card, form)


def _contacts(model: ApplicationModel) -> QWidget:
    """Return what may be changed while a voucher or a place runs."""
    card = Card(
        _("Change contacts"),
        note=_("Only the telephone of this application can be changed now; all else stays as it is."),
    )
    if model.overtaken:
        named = ", ".join(_FIELDS[name]() for name in model.overtaken)
        text = _("A voucher or a place has come meanwhile. This can no longer be changed and is not sent: {fields}.")
        card.add(Banner(text.format(fields=named), "warning"))
        model.told()
    form = Form()
    phone = _phone(model, form)
    phone.returnPressed.connect(model.save_edit)
    return _ended(model, card, form)


_FIELDS = {
    "languages": lambda: _("Language of education"),
    "locality_id": lambda: _("Locality"),
    "benefit": lambda: _("Benefit"),
}


def _phone(model: ApplicationModel, form: Form) -> Field:
    phone = Field(model.draft.get("phone", ""))
    phone.textEdited.connect(lambda text: model.type("phone", text))
    form.add("phone", _("&Telephone"), phone, note=_("SMS about this application come here."))
    return phone


def _ended(model: ApplicationModel, card: Card, form: Form) -> Card:
    card.add(form)
    rest = form.show_problems(model.problems)
    if rest:
        card.add(Text(rest, tone="danger", wrap=True))
    card.add(button_row(Button(_("Save"), model.save_edit, kind="primary"), Button(_("Cancel"), model.cancel)))
    return card


def history(model: ApplicationModel) -> QWidget:
    """Return what happened, newest first."""
    view, department = model.view, model.department
    assert view is not None
    assert department is not None
    card = Card(_("History"))
    if not view.history:
        card.add(Muted(_("Nothing has happened yet.")))
    for number, entry in enumerate(view.history):
        if number:
            card.add(Rule())
        card.add(_event(entry, department.provider.zone))
    return card


def _event(entry: HistoryEntry, zone: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.grid(4))
    moment = Text(words.exact(entry.at, zone), tone="muted")
    row.addWidget(moment, 0, Qt.AlignmentFlag.AlignTop)
    texts = QVBoxLayout()
    texts.setSpacing(theme.grid(0.5))
    texts.addWidget(Text(words.happened(entry), bold=True, wrap=True))
    note = words.actor_words(entry)
    if entry.offline:
        alone = _("entered without a connection")
        note = f"{note} · {alone}"
    texts.addWidget(Muted(note))
    why = reason_of(entry)
    if why:
        texts.addWidget(Text(c_("admission", "Reason: {reason}").format(reason=why), wrap=True, selectable=True))
    row.addLayout(texts, 1)
    if entry.from_state != entry.to_state and entry.to_state:
        to = Chip(words.word(words.STATES, entry.to_state), words.state_tone(entry.to_state))
        row.addWidget(to, 0, Qt.AlignmentFlag.AlignTop)
    return holder


def documents(model: ApplicationModel) -> QWidget:
    """Return the documents with what became of them, referrals, and the way to add one."""
    view, department = model.view, model.department
    assert view is not None
    assert department is not None
    card = Card(_("Documents"))
    for referral in view.referrals:
        name = _("Referral {number}, valid until {day}").format(
            number=referral.number, day=formats.day(referral.valid_until)
        )
        tone = "muted" if referral.state in ("void", "used") else "positive"
        card.add(_paper(name, "", _referral_words(referral.state), tone))
        look = Button(_("Open the referral"), partial(model.print, referral.id), kind="link")
        card.body.addWidget(look, 0, Qt.AlignmentFlag.AlignLeading)
    for paper in view.attachments:
        text, tone = words.CHECKED.get(paper.state, (paper.state, "muted"))
        if paper.state == "received" and not view.live:  # nobody checks it any more
            text, tone = N_("Not checked"), "muted"
        look = Button(_("Open"), partial(model.open_document, paper), kind="link")
        look.setAccessibleName(_("Open {document}").format(document=paper.name))
        look.setEnabled(not model.busy)
        card.add(_paper(words.word(words.DOCUMENTS, paper.kind), _paper_note(paper), _(text), tone, look))
    for item in model.coming:
        note = words.file_name(item.payload.name)
        card.add(_paper(words.word(words.DOCUMENTS, item.payload.kind), note, _("Not sent yet"), "pending"))
    if not view.attachments and not view.referrals and not model.coming:
        card.add(Muted(_("No documents yet.")))
    if view.live and view.case.state is not State.ENROLLED:
        rules = department.rules(view.case.programme, model.now)
        kinds = rules.contract_needs if view.case.programme != "bulletin" else rules.referral_needs
        card.add(Muted(_("Needed for the contract: {documents}.").format(documents=words.papers(kinds))))
    if model.may_act and view.live:
        kinds_of = [(key, words.word(words.DOCUMENTS, key)) for key in words.DOCUMENTS]
        # Kept by the model: news draw this part anew, and a document must not go as another kind than was chosen.
        kind = Choice(kinds_of, model.typed("kind") or model.next_paper, name=_("Kind of document"))
        kind.chosen.connect(lambda value: model.type("kind", str(value)))
        add = Button(_("Attach a document"), lambda: model.attach(str(kind.value)), icon="upload")
        card.add(button_row(kind, add))
    if model.papers.failure_text:
        card.add(Text(model.papers.failure_text, tone="danger", wrap=True))
    return card


def _referral_words(state: str) -> str:
    return {
        "valid": _("Valid"),
        "extended": _("Prolonged"),
        "used": _("Used"),
        "void": _("Void"),
    }.get(state, state)


def _paper_note(paper: Attachment) -> str:
    parts = [words.file_name(paper.name)]
    if paper.checked_by:
        parts.append(paper.checked_by)
    parts.append(reason_of(paper))
    return " · ".join(part for part in parts if part)


def _paper(title: str, note: str, state: str, tone: str, look: QWidget | None = None) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.grid(3))
    row.addWidget(icons.Glyph("file-text", "muted", 5), 0, Qt.AlignmentFlag.AlignTop)
    texts = QVBoxLayout()
    texts.setSpacing(0)
    texts.addWidget(Text(title, bold=True, wrap=True))
    if note:
        texts.addWidget(Muted(note))
    row.addLayout(texts, 1)
    if look is not None:
        row.addWidget(look, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(Chip(state, tone), 0, Qt.AlignmentFlag.AlignTop)
    return holder


PARTS = {"information": information, "history": history, "documents": documents}
