"""The card that decides: what to do now, until when, and the acts with what each of them brings."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.contract.admission_commands import AttachDocument
from models.contract.reasons import reason_of
from models.domain.admissions.states import Event
from translations import _, formats
from ui import theme
from ui.application.shown import TO_SIGN
from ui.application.view_model import ApplicationModel
from ui.family import words
from ui.family.acts import Offered
from ui.family.advice import queue_words, sent_back, temporary_words
from ui.family.parts import DeadlineBlock
from ui.family.signing_view import SigningForm
from ui.flow import flowing
from ui.kit import Banner, Button, Card, Chip, Field, Form, Heading, Muted, Rule, Text
from ui.waiting.words import stays_words


class Decision(Card):
    """Drawn anew for each state of the model; what is typed lives in the model."""

    def __init__(self, model: ApplicationModel) -> None:
        super().__init__()
        self._model = model
        self.buttons: dict[Event, Button] = {}
        self.answers: tuple[QWidget, ...] = ()
        """Where the cursor goes when a question opens: the first of them that can take it."""
        view, department = model.view, model.department
        assert view is not None
        assert department is not None
        zone = department.provider.zone
        row = QHBoxLayout()
        row.setSpacing(theme.grid(8))
        texts = QVBoxLayout()
        texts.setSpacing(theme.grid(2))
        standing, chips = flowing(2)
        chips.addWidget(Chip(words.state_words(view), words.state_tone(view.application.state)))
        if model.intention is not None or model.changing:
            chips.addWidget(Chip(_("Not sent yet"), "pending"))
        texts.addWidget(standing)
        self.advice = Heading(model.advice)
        texts.addWidget(self.advice)
        extra = temporary_words(view, model.home.family)
        if extra:
            texts.addWidget(Text(extra, wrap=True))
        texts.addStretch(1)
        row.addLayout(texts, 3)
        if view.position is not None and view.case.state.value == "queued":
            row.addLayout(_number(view.position.number, queue_words(view, zone)), 2)
        elif model.term is not None:
            self.deadline = DeadlineBlock(model.home, model.term, zone)
            self.deadline.passed.connect(model.data_changed)
            row.addWidget(self.deadline, 2)
        self.add(row)
        self._warn()
        question = model.question
        if question is not None:
            self.add(Rule())
            self._ask(question)
        else:
            self._offer(model.acts())

    def _warn(self) -> None:
        model = self._model
        item = model.intention
        view = model.view
        assert view is not None
        if item is not None:
            what = words.word(words.EVENTS, item.payload.event)
            text = _("“{what}” is not sent yet: it counts only when the department receives it.").format(what=what)
            if model.in_danger:
                hurry = _("The term may end before the line returns: find a connection now.")
                text = f"{text} {hurry}"
            elif model.too_late:
                over = _(
                    "The term has ended by now. It was done in time, so when it arrives an officer decides whether it "
                    "counts."
                )
                text = f"{text} {over}"
            if item.stays is not None and model.home.offline:  # with a line it is gone in a moment
                text = f"{text} {stays_words(item.stays)}"
            banner = Banner(text, "danger" if model.in_danger or model.too_late else "pending")
            if item.state == "waiting" and item.stays is None:
                banner.offer(_("Take it back"), model.withdraw)
            self.add(banner)
        elif model.in_danger:
            self.add(
                Banner(
                    _("There is no connection, and the term may end before it returns: find a connection now."),
                    "danger",
                )
            )
        elif model.too_late:
            ended = _(
                "There is no connection, and the term has ended. What became of it is shown when the line is back."
            )
            self.add(Banner(ended, "danger"))
        back = sent_back(view)
        if back and item is None:
            self.add(Banner(back, "warning"))
        for refused in model.refusals:
            if refused.state == "conflict":
                banner = Banner(model.why_refused(refused), "danger")
                banner.offer(_("Look at both versions"), lambda: model.context.go("waiting"))
                self.add(banner)
                continue
            title = words.word(words.EVENTS, getattr(refused.payload, "event", "")) or _("Your change")
            if isinstance(refused.payload, AttachDocument):
                title = words.file_name(refused.payload.name)
            banner = self._refusal(title, refused)
            banner.offer(_("Put away"), partial(model.dismiss, refused))
            self.add(banner)
        for appeal in view.appeals:
            if appeal.state == "open":
                self.add(
                    Banner(
                        _("Your act was in time here and came late to the department. An officer decides about it."),
                        "warning",
                    )
                )
        if model.failure is not None:
            self.add(Banner(model.failure_text, "danger"))
        until = model.entrusted_until
        if until is not None:
            ended = formats.moment(until, model.home.zone)
            self.add(Banner(_("Your right to act for this child ended on {moment}.").format(moment=ended), "accent"))
        elif not model.may_act:
            self.add(Banner(_("This child is entrusted to you to see. Its parent acts for it."), "accent"))

    def _refusal(self, title: str, refused: Any) -> Banner:
        """Return what is said of a refused act; of one that came late, what an officer decided about it."""
        model = self._model
        decided = model.decided(refused)
        if decided is None:
            why = model.why_refused(refused)
            return Banner(_("“{what}” was refused. {why}").format(what=title, why=why), "danger")
        if decided.state == "granted":
            text = _("“{what}” came late, and an officer counted it. {reason}")
        else:
            text = _("“{what}” came late, and an officer did not count it. {reason}")
        said = text.format(what=title, reason=reason_of(decided)).strip()
        return Banner(said, "positive" if decided.state == "granted" else "danger")

    def _offer(self, acts: list[Offered]) -> None:
        model = self._model
        shown = [one for one in acts if one.event is not Event.EDIT]
        referral = model.newest_referral
        if not shown and referral is None and not model.has_contract and not model.may_apply_anew:
            return
        self.add(Rule())
        if model.may_apply_anew:
            self._apply_anew()
        meant = [one for one in shown if one.kind == "primary"]
        read_first = self._is_signed_now() and model.has_contract
        if not read_first:
            self._acts(meant)  # the papers of a temporary place do not stand before what has a term
        if referral is not None and not read_first:
            self._referral(referral, kind="" if meant or model.may_apply_anew else "primary")
        if model.has_contract:  # after the paper that has a term
            self._contract()
        if read_first:
            self._acts(meant)
        if referral is not None and read_first:
            self._referral(referral, kind="")
        self._acts([one for one in shown if one not in meant])

    def _apply_anew(self) -> None:
        model = self._model
        view = model.view
        assert view is not None
        new = partial(model.context.go, "applications", new=True, child_id=view.child.id)
        self.anew = Button(_("File a new application"), new, kind="primary", icon="plus")
        note = _("It gets a new number and a new date; this one stays in the archive.")
        self.anew.setAccessibleDescription(note)
        line = QHBoxLayout()
        line.setSpacing(theme.grid(4))
        line.addWidget(self.anew, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Muted(note), 1, Qt.AlignmentFlag.AlignVCenter)
        self.add(line)

    def _is_signed_now(self) -> bool:
        """Return whether the contract is what the parent signs, or waits for, now."""
        view = self._model.view
        return view is not None and view.application.state in TO_SIGN

    def _referral(self, referral: int, kind: str) -> None:
        row = QHBoxLayout()
        self.download = Button(
            _("Download the referral"), partial(self._model.print, referral), kind=kind, icon="download"
        )
        self.download.setEnabled(not self._model.busy)
        row.addWidget(self.download)
        row.addStretch(1)
        self.add(row)

    def _acts(self, acts: list[Offered]) -> None:
        model = self._model
        for one in acts:
            line = QHBoxLayout()
            line.setSpacing(theme.grid(4))
            button = Button(one.verb, partial(model.ask, one.event), kind=one.kind)
            button.setEnabled(one.possible and not model.busy)
            note = one.why_not or one.consequence
            button.setAccessibleDescription(note)
            self.buttons[one.event] = button
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            if note:
                line.addWidget(Muted(note), 1, Qt.AlignmentFlag.AlignVCenter)
            else:
                line.addStretch(1)
            self.add(line)

    def _contract(self) -> None:
        """Offer the contract as a paper: to be read before it is signed, to be kept afterwards."""
        model = self._model
        before = self._is_signed_now()
        note = _("What both sides sign: to be read, saved and printed.") if before else _("To be saved and printed.")
        self.read = Button(_("Read the contract"), model.read_contract, icon="file-text")
        self.read.setEnabled(not model.busy)
        self.read.setAccessibleDescription(note)
        line = QHBoxLayout()
        line.setSpacing(theme.grid(4))
        line.addWidget(self.read, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Muted(note), 1, Qt.AlignmentFlag.AlignVCenter)
        self.add(line)

    def _ask(self, question: Offered) -> None:
        model = self._model
        view = model.view
        assert view is not None
        self.add(Heading(_("Are you sure?") if model.is_final else question.verb))
        if model.brings:
            self.add(Text(model.brings, wrap=True))
        if question.event is Event.SIGN_PARENT:
            self._contract()
        self.form = Form()
        if question.event is Event.EXTEND_REFERRAL:
            self._ask_days()
        self.add(self.form)
        self.form.show_problems(model.problems)
        asked = [problem for problem in model.problems if problem.field not in self.form.fields]
        self.signing = SigningForm(
            model.signing, f"application:{view.id}", asked, offline=model.home.offline, done=model.confirm
        )
        self.add(self.signing)
        row = QHBoxLayout()
        row.setSpacing(theme.grid(2))
        self.yes = Button(question.verb, model.confirm, kind="danger" if model.is_final else "primary")
        self.yes.setEnabled(not model.busy and question.signature != "eds")
        self.no = Button(_("Leave everything as it is"), model.close)
        row.addWidget(self.yes)
        row.addWidget(self.no)
        # Enter answers what is meant; where something ends, it leaves everything as it is.
        fields = (*self.form.fields.values(), *self.signing.form.fields.values())
        self.answers = (*fields, self.no) if model.is_final else (*fields, self.yes, self.no)
        row.addStretch(1)
        self.add(row)

    def _ask_days(self) -> None:
        model = self._model
        days = Field(model.draft.get("days", ""))
        days.setMaximumWidth(theme.grid(30))
        days.textEdited.connect(lambda text: model.type("days", text))
        self.form.add("days", _("By how many &days"), days)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Button(_("Attach a document"), lambda: model.papers.choose("extension"), icon="upload"))
        for _kind, paper in model.papers.found:
            line.addWidget(Text(words.file_name(paper.name)))
        line.addStretch(1)
        self.form.add("documents", _("Document that explains why"), holder)
        if model.papers.failure_text:
            self.add(Banner(model.papers.failure_text, "danger"))


def _number(number: int, note: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(theme.grid(0.5))
    column.addWidget(Text(_("Your number in the queue"), tone="muted"))
    column.addWidget(Text(formats.number(number), size=theme.Size.TITLE, bold=True, tone="accent"))
    column.addWidget(Muted(note))
    column.addStretch(1)
    return column
