"""The wizard of registration and recovery. What is proved travels as a ticket; passwords are forgotten at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from models.domain.problems import Problem
from translations import current
from ui.context import Context
from ui.family.telephone import RECOVER, REGISTER, TelephoneProof
from ui.screen_model import secret

STEPS: Final = {
    REGISTER: ("phone", "code", "person", "password"),
    RECOVER: ("phone", "code", "password"),
}
SHORTEST, LONGEST = 8, 40
"""Characters of a password. Source: 002-11."""


class FamilyEntry(TelephoneProof):
    """``purpose`` is register or recover; ``step`` one of ``STEPS``."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.purpose = REGISTER
        self.shown: Any = None
        """What the register says about who registers."""
        self.departments: tuple[Any, ...] = ()
        self.department = ""

    def show(self, purpose: str = REGISTER) -> None:
        """Begin to register or to recover."""
        self.purpose = purpose
        self.begin()

    def begin(self) -> None:
        """Begin again; telephone and IIN stay."""
        self.shown = None
        super().begin()

    @property
    def steps(self) -> Sequence[str]:
        """The steps of the purpose."""
        return STEPS[self.purpose]

    @property
    def proves_for(self) -> str:
        """Override."""
        return self.purpose

    @property
    def sent_along(self) -> str:
        """Override: a recovery names the person from the beginning."""
        return self.code if self.purpose == RECOVER else ""

    @property
    def after_code(self) -> str:
        """Override."""
        return self.steps[2]

    def missing_before_code(self) -> list[Problem]:
        """Override."""
        return [*super().missing_before_code(), *(self.wrong_code() if self.purpose == RECOVER else [])]

    def look_up(self) -> None:
        """Ask the register who registers."""
        if self.refuse(self.wrong_code()):
            return
        context, ticket, phone, code = self.context, self._ticket, self.phone, self.code

        def question() -> tuple[Any, Any]:
            port = context.families
            return port.show_person(ticket, phone, code), port.departments()

        def take(found: tuple[Any, Any]) -> None:
            self.shown, departments = found
            self.departments = tuple(departments)
            if self.departments and not self.department:
                self.department = self.departments[0].code

        self.work(question, take)

    def type(self, key: str, text: str) -> None:
        """Keep what was typed; another IIN forgets what the register said."""
        super().type(key, text)
        if key == "code" and self.shown is not None:
            self.shown = None
            self.changed.emit()

    def choose_department(self, code: str) -> None:
        """Belong to another region."""
        self.department = code

    def accept_person(self) -> None:
        """Go on to the password."""
        self.step = "password"
        self.problems = ()
        self.changed.emit()

    def finish(self) -> None:
        """Set the password: the login is made, or opens again."""
        password, again = self.draft.get("password", ""), self.draft.get("again", "")
        wrong = []
        if len(password) < SHORTEST:
            wrong.append(Problem("password-too-short", "password", {"minimum": SHORTEST}))
        elif len(password) > LONGEST:
            wrong.append(Problem("password-too-long", "password", {"maximum": LONGEST}))
        elif password != again:
            wrong.append(Problem("passwords-differ", "again"))
        if self.refuse(wrong):
            return
        context, purpose = self.context, self.purpose
        fields: dict[str, Any] = {
            "ticket": self._ticket,
            "phone": self.phone,
            "code": self.code,
            "password": password,
        }
        if purpose == REGISTER:
            fields |= {"language": current(), "department": self.department}

        def question() -> str:
            port = context.families
            if purpose == REGISTER:
                return port.register(**fields)
            port.recover(**fields)
            return ""

        def done(_login: str) -> None:
            iin = self.code
            secret(self, "password", "again")
            self.begin()
            news = "confirmed" if purpose == REGISTER else "recovered"
            self.context.go("sign_in", login=iin, news=news, way="iin")

        self.work(question, done)
