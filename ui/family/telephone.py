"""Proving a telephone with a one-time code: what registration, recovery, joining and a new telephone begin with."""

from __future__ import annotations

from typing import Any

from models.domain.problems import Problem
from translations import current
from ui.code_wait import CodeWait
from ui.context import Context, problem_of
from ui.iin import wrong_number, wrong_one_time
from ui.screen_model import ScreenModel, secret

REGISTER, RECOVER = "register", "recover"


class TelephoneProof(ScreenModel):
    """``step`` is "phone", then "code", then what ``after_code`` names. What is proved travels as a ticket."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.step = "phone"
        self.consent = False
        self.wait = CodeWait(context, self)
        self._ticket = ""
        self._asked: tuple[str, str, str] | None = None
        self.shared = False
        """Whether somebody's cabinet has the telephone that was proved."""

    @property
    def proves_for(self) -> str:
        """For what the provider gives the ticket: register or recover."""
        return REGISTER

    @property
    def after_code(self) -> str:
        """The step after a code that was right."""
        return "done"

    @property
    def sent_along(self) -> str:
        """The IIN that goes with the telephone when a code is asked for."""
        return ""

    def begin(self) -> None:
        """Begin again; telephone and IIN stay."""
        self.step, self._ticket, self.shared = "phone", "", False
        self.problems, self.failure = (), None
        self.wait.end()
        secret(self, "password", "again", "one_time")
        self.changed.emit()

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

    def missing_before_code(self) -> list[Problem]:
        """Return what must be put right before a code is asked for."""
        return [*self.wrong_phone(), *([] if self.consent else [Problem("consent-required", "consent")])]

    def wrong_phone(self) -> list[Problem]:
        """Return what is wrong with the telephone."""
        if not self.typed("phone"):
            return [Problem("field-required", "phone")]
        return [] if 11 <= len(self.phone) - 1 <= 12 else [Problem("phone-invalid", "phone")]

    def wrong_code(self) -> list[Problem]:
        """Return what is wrong with the IIN or document number."""
        return wrong_number(self.code, "code", self.context.today)

    def send_code(self) -> None:
        """Have the code sent."""
        if self.refuse(self.missing_before_code()):
            return
        context, code, purpose, phone = self.context, self.sent_along, self.proves_for, self.phone

        wish = (purpose, phone, code)
        before = self._asked  # the code on its way is for that, and not for another number
        self._asked = before or wish

        def sent(seconds: int) -> None:
            self._asked = wish
            self.step, self.problems = "code", ()
            secret(self, "one_time")  # the one before works no more
            self.wait.begin(seconds)

        def question() -> int:
            try:
                return context.families.ask_code(purpose, phone, code, language=current(), consent=True)
            except Exception as error:
                known = problem_of(error)
                if known is None or known.code != "code-wait" or (before is not None and before != wish):
                    raise
                return int(known.values["seconds"])  # one is on its way: the answer that said so was lost

        self.work(question, sent)

    def prove(self) -> None:
        """Exchange the code for a ticket."""
        if self.refuse(self.missing("one_time") or wrong_one_time(self.typed("one_time"))):
            return
        context, code, purpose, phone = self.context, self.sent_along, self.proves_for, self.phone
        typed = self.typed("one_time")

        def proved(answer: Any) -> None:
            self._ticket, self.shared = answer.ticket, answer.shared
            secret(self, "one_time")
            self._asked = ("", "", "")  # none is on its way any more: who begins again waits for the next one
            self.wait.end()
            self.step = self.after_code

        self.work(lambda: context.families.verify_code(purpose, phone, typed, code), proved)

    def _failed(self, error: Exception) -> None:
        super()._failed(error)
        if any(problem.code == "code-spent" and problem.field == "one_time" for problem in self.problems):
            self.wait.spend()
