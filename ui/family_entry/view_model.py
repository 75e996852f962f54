"""The wizard of registration and recovery. What is proved travels as a ticket; passwords are forgotten at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from models.domain.identity import check_iin
from models.domain.problems import Problem
from translations import current
from ui.code_wait import CodeWait
from ui.context import Context, problem_of
from ui.screen_model import ScreenModel, secret

REGISTER, RECOVER = "register", "recover"
STEPS: Final = {
    REGISTER: ("phone", "code", "person", "password"),
    RECOVER: ("phone", "code", "password"),
}
SHORTEST, LONGEST = 8, 40
"""Characters of a password. Source: 002-11."""


class FamilyEntry(ScreenModel):
    """``purpose`` is register or recover; ``step`` one of ``STEPS``."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.purpose = REGISTER
        self.step = "phone"
        self.consent = False
        self.shown: Any = None
        """What the register says about who registers."""
        self.departments: tuple[Any, ...] = ()
        self.department = ""
        self.wait = CodeWait(context, self)
        self._ticket = ""

    def show(self, purpose: str = REGISTER) -> None:
        """Begin to register or to recover."""
        self.purpose = purpose
        self.begin()

    def begin(self) -> None:
        """Begin again; telephone and IIN stay."""
        self.step, self.shown, self._ticket = "phone", None, ""
        self.problems, self.failure = (), None
        self.wait.end()
        secret(self, "password", "again", "one_time")
        self.changed.emit()

    @property
    def steps(self) -> Sequence[str]:
        """The steps of the purpose."""
        return STEPS[self.purpose]

    @property
    def phone(self) -> str:
        """The telephone with its country code."""
        digits = "".join(character for character in self.typed("phone") if character.isdigit())
        if len(digits) == 11 and digits[0] == "8":
            digits = "7" + digits[1:]
        return f"+7{digits}" if len(digits) == 10 else f"+{digits}"

    @property
    def code(self) -> str:
        """The IIN or document number without spaces."""
        return "".join(self.typed("code").split())

    def agree(self, on: bool) -> None:
        """Take the policy of users' data."""
        self.consent = on
        self.problems = tuple(problem for problem in self.problems if problem.field != "consent")

    def _wrong_phone(self) -> list[Problem]:
        if not self.typed("phone"):
            return [Problem("field-required", "phone")]
        return [] if 11 <= len(self.phone) - 1 <= 12 else [Problem("field-invalid", "phone")]

    def _wrong_code(self) -> list[Problem]:
        if not self.code:
            return [Problem("field-required", "code")]
        if len(self.code) == 12 and self.code.isdigit():
            problem = check_iin(self.code)
            return [Problem(problem.code, "code", problem.values)] if problem is not None else []
        return [] if len(self.code) >= 5 else [Problem("field-invalid", "code")]

    def send_code(self) -> None:
        """Have the code sent."""
        wrong = self._wrong_phone()
        if self.purpose == RECOVER:
            wrong += self._wrong_code()
        if not self.consent:
            wrong.append(Problem("consent-required", "consent"))
        if self.refuse(wrong):
            return
        families = self.context.entrance.families
        code = self.code if self.purpose == RECOVER else ""
        purpose, phone = self.purpose, self.phone

        def sent(seconds: int) -> None:
            self.step = "code"
            self.wait.begin(seconds)

        def question() -> int:
            try:
                return families().ask_code(purpose, phone, code, language=current(), consent=True)
            except Exception as error:
                known = problem_of(error)
                if known is None or known.code != "code-wait":
                    raise
                return int(known.values["seconds"])  # one is on its way: the answer that said so was lost

        self.work(question, sent)

    def prove(self) -> None:
        """Exchange the code for a ticket."""
        if self.refuse(self.missing("one_time")):
            return
        families, code = self.context.entrance.families, self.code if self.purpose == RECOVER else ""
        purpose, phone, typed = self.purpose, self.phone, self.typed("one_time")

        def proved(ticket: str) -> None:
            self._ticket = ticket
            secret(self, "one_time")
            self.wait.end()
            self.step = self.steps[2]

        self.work(lambda: families().verify_code(purpose, phone, typed, code), proved)

    def look_up(self) -> None:
        """Ask the register who registers."""
        if self.refuse(self._wrong_code()):
            return
        families, ticket, phone, code = self.context.entrance.families, self._ticket, self.phone, self.code

        def question() -> tuple[Any, Any]:
            port = families()
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
        families, purpose = self.context.entrance.families, self.purpose
        fields: dict[str, Any] = {
            "ticket": self._ticket,
            "phone": self.phone,
            "code": self.code,
            "password": password,
        }
        if purpose == REGISTER:
            fields |= {"language": current(), "department": self.department}

        def question() -> str:
            port = families()
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
