"""Settings, a card a subject."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from translations import _, current, n_
from ui import theme
from ui.context import Context, Made
from ui.family.words import telephone
from ui.keyboard import place_kept, start_in
from ui.kit import Banner, Button, Card, Check, Choice, Field, Form, Muted, Page, clear_layout, language_choice
from ui.kit.outside import bind
from ui.profile.phone import PhoneCard
from ui.settings.joining import JoiningCard
from ui.settings.view_model import SettingsModel


class SettingsView(Page):
    """Looks, contact, password, mailings, signing out."""

    def __init__(self, model: SettingsModel) -> None:
        super().__init__(_("Settings"), width=180)
        self._model = model
        self.forms: list[Form] = []
        self._looks()
        self._contact()
        self._telephone = QVBoxLayout()
        self._telephone_step: object = None
        self.phone_card: PhoneCard | None = None
        if model.telephone is not None:
            self.add(self._telephone)
            model.telephone.changed.connect(self._show_telephone)
        self._password()
        self._mail = Card(_("Monthly mailing of bills"), icon="mail-check")
        self._mails = QVBoxLayout()
        self._mail.add(Muted(_("The breakdown of charges comes to your e-mail when the month is billed.")))
        self._mail.add(self._mails)
        self.add(self._mail)
        self.on_escape(self._left)
        self.joining: JoiningCard | None = None
        if model.joining is not None:
            self.joining = JoiningCard(model.joining)
            self.add(self.joining)
        self._computer()
        self._mail_shown: object = None
        self._asked: object = None
        self.leave = Button("")
        self._pending = self._pending_email()
        model.changed.connect(self._show)
        self._show()

    def _looks(self) -> None:
        model, settings = self._model, self._model.context.settings
        card = Card(_("Language and looks"), icon="languages")
        form = Form(columns=3)
        language = language_choice(current())
        language.chosen.connect(model.choose_language)
        form.add("language", _("&Language"), language)
        schemes = [
            (theme.Scheme.SYSTEM.value, _("As the computer")),
            (theme.Scheme.LIGHT.value, _("Light")),
            (theme.Scheme.DARK.value, _("Dark")),
            (theme.Scheme.CONTRAST.value, _("High contrast")),
        ]
        colours = Choice(schemes, settings.get("theme"))
        colours.chosen.connect(model.context.bridge.theme.emit)
        form.add("theme", _("&Colours"), colours)
        sizes = Choice([(size, f"{size} %") for size in theme.TEXT_SCALES], settings.get("text_size"))
        sizes.chosen.connect(model.context.bridge.text_size.emit)
        form.add("text_size", _("Size of &text"), sizes)
        card.add(form)
        for key, text in (
            ("notifications", _("Show &notifications about refused entries and new messages")),
            ("close_to_tray", _("Go on e&xchanging data in the background when the window is closed")),
        ):
            box = Check(text)
            box.setChecked(bool(settings.get(key)))
            box.toggled.connect(lambda on, key=key: settings.set(key, on))
            if key == "close_to_tray" and not model.context.notifier.present:
                box.hide()
            card.add(box)
        self.add(card)

    def _contact(self) -> None:
        model = self._model
        card = Card(_("Contact"), icon="mail")
        self._email = Muted("")
        card.add(self._email)
        self._letter = Banner("", "accent")
        card.add(self._letter)
        form = Form(columns=2)
        note = _("A letter goes there; the old address is told.")
        self._new_email = bind(form, "new_email", _("New &e-mail"), Field(), model, note=note)
        secret = bind(form, "email_password", _("Your &password"), Field(secret=True), model)
        secret.returnPressed.connect(model.change_email)
        card.add(form)
        self.change_email = Button(_("Change e-&mail"), model.change_email)
        card.body.addWidget(self.change_email, 0, Qt.AlignmentFlag.AlignLeading)
        self._token_form = Form()
        token = bind(self._token_form, "email_token", _("Code &from the letter"), Field(), model)
        token.returnPressed.connect(model.confirm_email)
        card.add(self._token_form)
        self.confirm_email = Button(_("Confi&rm the new e-mail"), model.confirm_email, kind="primary")
        card.body.addWidget(self.confirm_email, 0, Qt.AlignmentFlag.AlignLeading)
        phone_form = Form(columns=2)
        self.phone = bind(phone_form, "phone", _("Telep&hone"), Field(), model)
        card.add(phone_form)
        row = QHBoxLayout()
        self.save_phone = Button(_("&Save the telephone"), model.save_phone)
        self._proved = Muted("")
        if model.phone_is_proved:  # the department takes another one only with a code, in the profile
            phone_form.hide()
            self.save_phone.hide()
            card.add(self._proved)
            self._proved.setHidden(model.telephone is not None)
            if model.profile_opens:
                row.addWidget(Button(_("Change the telephone"), lambda: model.context.go("profile"), icon="pencil"))
        row.addWidget(self.save_phone)
        row.addWidget(Button(_("Write letters to me in this language"), model.tell_language, kind="link"))
        row.addStretch(1)
        card.add(row)
        self.forms += [form, self._token_form, phone_form]
        self._contact_card = card
        self.add(card)

    def _password(self) -> None:
        model = self._model
        card = Card(_("Password"), icon="key-round")
        form = Form(columns=3)
        bind(form, "current", _("C&urrent password"), Field(secret=True), model)
        bind(form, "new", _("Ne&w password"), Field(secret=True), model, note=self._length())
        again = bind(form, "again", _("Password a&gain"), Field(secret=True), model)
        again.returnPressed.connect(model.change_password)
        card.add(form)
        self.change_password = Button(_("Change passwor&d"), model.change_password)
        card.body.addWidget(self.change_password, 0, Qt.AlignmentFlag.AlignLeading)
        self.forms.append(form)
        self._password_card = card
        self.add(card)

    def _length(self) -> str:
        """Return how long a password may be; the form of parents promises less than that of others."""
        inside = self._model.context.inside
        parent = inside is not None and "parent" in inside.roles
        return _("From 8 to 40 characters.") if parent else _("From 8 to 64 characters.")

    def _computer(self) -> None:
        model = self._model
        card = Card(_("This computer"), icon="lock")
        inside = model.context.inside
        login = inside.login if inside is not None else ""
        card.add(
            Muted(
                _(
                    "You are signed in as {login}. Your data are kept on this computer encrypted, "
                    "so that the cabinet works without a connection."
                ).format(login=login)
            )
        )
        self._question = QVBoxLayout()
        card.add(self._question)
        self._out_card = card
        self.add(card)

    def _show(self) -> None:
        model = self._model
        rest: set[str] = set()
        for form in self.forms:
            own = [problem for problem in model.problems if problem.field in form.fields]
            if own:
                form.show_problems(own)
            else:
                for key in form.fields:
                    form.forgive(key)
            rest |= set(form.fields)
            for key, field in form.fields.items():
                if isinstance(field, Field) and field.text() != model.draft.get(key, ""):
                    field.setText(model.draft.get(key, ""))
        person = model.person
        if person is not None and not model.draft.get("phone"):
            self.phone.setPlaceholderText(person.phone)
        phone = telephone(person.phone) if person is not None else ""
        self._proved.setText(_("Codes and urgent messages go to {phone}.").format(phone=phone or "–"))
        self.banner.show_text(model.failure_text, "warning" if model.offline else "danger")
        self._email.setText(_("Your e-mail is {email}.").format(email=person.email) if person and person.email else "")
        self._email.setVisible(bool(self._email.text()))
        pending = self._pending_email()
        self._letter.show_text(
            _("A letter went to {email}. Type its code here to confirm the address.").format(email=pending)
            if pending
            else ""
        )
        self._token_form.setVisible(bool(pending))
        self.confirm_email.setVisible(bool(pending))
        if pending != self._pending:  # on to the code of the letter, and back when the address is confirmed
            waits_here = self._contact_card.isAncestorOf(self.window().focusWidget() or self)
            self._pending = pending
            if waits_here:
                (self._token_form.fields["email_token"] if pending else self._new_email).setFocus()
        for button in (self.change_email, self.confirm_email, self.save_phone, self.change_password):
            button.setEnabled(not model.busy)
        self._show_mailings()
        self._show_question()
        if model.telephone is not None and (self.phone_card is None or phone != self._present):
            self._show_telephone()
        if self.joining is not None:
            self.joining.setVisible(model.joining is not None)
        parts = {"contact": self._contact_card, "password": self._password_card, "join": self.joining}
        part = parts.get(model.part)
        if part is not None:
            model.part = ""
            self.reveal(part)
            if part is self.joining and self.joining is not None:
                QTimer.singleShot(0, self.joining, self.joining.start_here)

    def _pending_email(self) -> str:
        """Return the address that a letter went to, "" when there is none to confirm."""
        model = self._model
        return model.letter_to or (model.person.pending_email if model.person is not None else "")

    def _show_telephone(self) -> None:
        """Draw the steps in which who signs contracts proves a telephone."""
        model, person = self._model.telephone, self._model.person
        assert model is not None
        self._present = telephone(person.phone) if person is not None else ""
        with place_kept(self):
            clear_layout(self._telephone)
            self.phone_card = card = PhoneCard(model, person.phone if person is not None else "")
            self._telephone.addWidget(card)
        step = (model.open, model.step)
        if step != self._telephone_step:
            before, self._telephone_step = self._telephone_step, step
            if before is not None:
                start_in(self, *card.form.fields.values(), card.change)
                self.reveal(card)

    def _show_mailings(self) -> None:
        rows = self._model.mailings()
        if rows == self._mail_shown:
            return
        self._mail_shown = rows
        clear_layout(self._mails)
        self._mail.setVisible(bool(rows))
        for account_id, name, active, waiting in rows:
            box = Check(f"{name}{'  ·  ' + _('waiting to be sent') if waiting else ''}")
            box.setChecked(active)
            box.toggled.connect(lambda on, account_id=account_id: self._model.set_mailing(account_id, on))
            self._mails.addWidget(box)

    def _left(self) -> bool:
        """Leave the question of signing out, or the steps of becoming a parent."""
        model = self._model
        if model.signing_out:
            model.keep()
        elif model.joining is not None and model.joining.open:
            model.joining.leave()
        elif model.telephone is not None and model.telephone.open:
            model.telephone.leave()
        else:
            return False
        return True

    def _show_question(self) -> None:
        model = self._model
        asked = model.signing_out, model.waiting, model.ended
        if asked == self._asked:  # news are no reason to ask again
            self.leave.setEnabled(not model.busy)
            return
        before, self._asked = self._asked, asked
        here = self._out_card.isAncestorOf(self.window().focusWidget() or self)
        clear_layout(self._question)
        if not model.signing_out:
            self.leave = Button(_("Sign &out…"), model.ask_sign_out, icon="log-out")
            self._question.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignLeading)
            if before is not None and here:
                QTimer.singleShot(0, self.leave, self.leave.setFocus)
            return
        if model.ended:
            text = _(
                "Your session has ended, as it does when the password was changed on another computer. Sign in again "
                "with the password in force; what was not sent is kept on this computer, encrypted."
            )
            banner, verb = Banner(text, "warning"), _("Sign in again")
        elif model.signing_out == "waiting":
            text = n_(
                "{count} entry has not been sent yet. It is kept on this computer, encrypted, and is sent when "
                "you sign in here again.",
                "{count} entries have not been sent yet. They are kept on this computer, encrypted, and are sent when "
                "you sign in here again.",
                model.waiting,
            ).format(count=model.waiting)
            banner, verb = Banner(text, "warning"), _("Sign out and keep them here")
        else:
            text = _("Your data will be removed from this computer. Everything has been sent; nothing is lost.")
            banner, verb = Banner(text, "accent"), _("Sign out")
        self._question.addWidget(banner)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        stay = Button(_("Not now") if model.ended else _("Stay signed in"), model.keep)
        row.addWidget(stay)
        if model.signing_out == "waiting":
            row.addWidget(Button(_("Show what waits"), lambda: model.context.go("waiting")))
        self.leave = Button(
            verb, model.sign_out, kind="primary" if model.ended else "danger", icon="" if model.ended else "log-out"
        )
        self.leave.setEnabled(not model.busy)
        row.addWidget(self.leave)
        row.addStretch(1)
        self._question.addWidget(holder)
        first = self.leave if model.ended else stay
        QTimer.singleShot(0, first, first.setFocus)
        self.reveal(self._out_card)


def make(context: Context) -> Made:
    """Return the screen."""
    model = SettingsModel(context)
    return model, lambda: SettingsView(model)
