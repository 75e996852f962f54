"""The field for a one-time code that signs an act, with its countdown; nothing for a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.domain.problems import Problem
from translations import _
from ui import theme
from ui.family.signing import Signing
from ui.kit import Banner, Button, Field, Form, Muted


class SigningForm(QWidget):
    """Over :class:`Signing`; ``about`` names what is signed, ``done`` is called by Enter in the field."""

    def __init__(
        self,
        signing: Signing,
        about: str,
        problems: Sequence[Problem],
        *,
        offline: bool,
        done: Callable[[], object],
    ) -> None:
        super().__init__()
        self._signing, self._offline = signing, offline
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.grid(2))
        self.form = Form()
        self.send: Button | None = None
        if signing.kind == "eds":
            column.addWidget(
                Banner(
                    _(
                        "The department wants this signed with an electronic signature (EDS). "
                        "This program cannot give one: sign at the department or at the kindergarten."
                    ),
                    "warning",
                )
            )
        elif signing.kind == "code":
            self._code(column, about, done)
        rest = self.form.show_problems(problems)
        if rest:
            column.addWidget(Banner(rest, "danger"))
        if signing.failure_text:
            column.addWidget(Banner(signing.failure_text, "danger"))

    def _code(self, column: QVBoxLayout, about: str, done: Callable[[], object]) -> None:
        signing = self._signing
        field = Field(signing.code)
        field.setMaximumWidth(theme.grid(40))
        field.textEdited.connect(signing.type)
        field.returnPressed.connect(done)
        note = _("You sign with a one-time code. It works for 80 seconds, so a connection is needed.")
        self.form.add("code", _("&Code from the SMS"), field, note=note)
        column.addWidget(self.form)
        row = QHBoxLayout()
        row.setSpacing(theme.grid(3))

        def ask() -> None:
            signing.ask(about)
            field.setFocus()  # where the code is typed when it comes

        self.send = Button("", ask, icon="phone")
        row.addWidget(self.send)
        self._wait = Muted("")
        row.addWidget(self._wait, 1)
        column.addLayout(row)
        signing.wait.changed.connect(self._count)
        self._count()

    def _count(self) -> None:
        wait = self._signing.wait
        if self.send is None:
            return
        self.send.setText(_("Send the code again") if wait.sent else _("Send the code"))
        self.send.setEnabled(not wait.left and not self._offline)
        if wait.left:
            self._wait.setText(wait.text)
        else:
            self._wait.setText(_("There is no connection now.") if self._offline else "")
