"""Editions of the programmes' rules: the one in force, what is prepared, and the one that is being written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.contract.admission_commands import ConfirmChange, SetProgramme
from models.contract.admission_records import ProgrammeRules
from models.domain.admissions.rules import DEFAULTS, Rules, parse
from models.domain.admissions.states import Programme
from models.domain.problems import Problem
from ui.context import Context
from ui.department.desk import DeskScreen
from ui.department.programmes.rules_table import rules_for, settings_of


class ProgrammesModel(DeskScreen):
    """``draft`` holds the values of the edition that is written, as typed."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.programme = "general"
        self.editing = False
        self.valid_from: date | None = None
        self.flags: dict[str, bool] = {}
        self.papers: dict[str, frozenset[str]] = {}
        self.open_edition: int | None = None
        self.start()

    def show(self, programme: str = "") -> None:
        """Open a programme, unless an edition is being written."""
        if programme and not self.editing:
            self.choose(programme)

    def choose(self, programme: str) -> None:
        """Show another programme."""
        self.programme, self.editing, self.open_edition = programme, False, None
        self.data_changed.emit()

    def editions(self) -> list[ProgrammeRules]:
        """Return the editions of the programme, the latest first."""
        department = self.department
        found = department.editions if department is not None else ()
        mine = [one for one in found if one.programme == self.programme]
        return sorted(mine, key=lambda one: (one.valid_from, one.id), reverse=True)

    def rules_of(self, edition: ProgrammeRules) -> Rules:
        """Return the rules of an edition; the defaults when it does not hold."""
        rules = parse(Programme(self.programme), edition.settings)
        return rules if isinstance(rules, Rules) else DEFAULTS[Programme(self.programme)]

    @property
    def in_force(self) -> ProgrammeRules | None:
        """The edition that counts today, None while the defaults do."""
        today = self.desk.today
        for edition in self.editions():
            valid = edition.valid_from <= today and (edition.valid_to is None or today < edition.valid_to)
            if edition.state == "confirmed" and valid:
                return edition
        return None

    @property
    def rules(self) -> Rules:
        """The rules that count today."""
        edition = self.in_force
        return self.rules_of(edition) if edition is not None else DEFAULTS[Programme(self.programme)]

    def mine(self, edition: ProgrammeRules) -> bool:
        """Whether whoever looks at it prepared an edition."""
        person = self.desk.desk.person
        return person is not None and edition.prepared_by_id == person.id

    def look(self, edition_id: int | None) -> None:
        """Show an edition's rules beside those in force."""
        self.open_edition, self.editing = edition_id, False
        self.data_changed.emit()

    def close_card(self) -> None:
        """Go back to the rules in force."""
        self.look(None)

    def leave(self) -> None:
        """Go one step back. An edition that is being written stays: it is left by its own button only."""
        if not self.editing:
            self.look(None)

    def late(self, edition: ProgrammeRules) -> bool:
        """Whether the day of a prepared edition has come before anybody confirmed it."""
        return edition.valid_from <= self.desk.today

    def neighbours(self) -> tuple[ProgrammeRules | None, ProgrammeRules | None]:
        """Return the edition whose day the written one has, and the one that ends it by beginning later."""
        day = self.valid_from
        if day is None:
            return None, None
        known = [one for one in self.editions() if one.state in ("prepared", "confirmed")]
        same = next((one for one in known if one.valid_from == day), None)
        later = [one for one in known if one.state == "confirmed" and one.valid_from > day]
        return same, min(later, key=lambda one: one.valid_from, default=None)

    # Writing an edition

    def edit(self) -> None:
        """Begin a new edition from the rules in force."""
        self._write(self.rules, self.desk.today + timedelta(days=1))

    def _write(self, rules: Rules, valid_from: date) -> None:
        self.editing, self.open_edition, self.problems = True, None, ()
        self.valid_from = valid_from
        for rule in rules_for(self.programme):
            value = getattr(rules, rule.key)
            if rule.unit == "flag":
                self.flags[rule.key] = value
            elif rule.unit == "papers":
                self.papers[rule.key] = frozenset(value)
            else:
                self.draft[rule.key] = str(value)
        self.data_changed.emit()

    REOPENS = (SetProgramme,)

    def reopen(self, payload: SetProgramme) -> None:
        """Override: write the edition again from what it had."""
        self.choose(payload.programme)
        rules = parse(Programme(payload.programme), payload.settings)
        self._write(rules if isinstance(rules, Rules) else self.rules, payload.valid_from)

    def flag(self, key: str, on: bool) -> None:
        """Set a rule that is yes or no."""
        self.flags[key] = on

    def paper(self, key: str, kind: str, on: bool) -> None:
        """Take or leave a paper."""
        kept = self.papers.get(key, frozenset()) - {kind}
        self.papers[key] = kept | {kind} if on else kept

    def cancel(self) -> None:
        """Leave the edition unwritten."""
        self.editing, self.problems = False, ()
        self.data_changed.emit()

    def written(self) -> Rules | list[Problem]:
        """Return the rules as they are written, or what is wrong with them."""
        values: dict[str, Any] = settings_of(self.programme, self.rules)
        for rule in rules_for(self.programme):
            if rule.unit == "flag":
                values[rule.key] = self.flags[rule.key]
            elif rule.unit == "papers":
                before, kept = getattr(self.rules, rule.key), self.papers[rule.key]
                values[rule.key] = [*(one for one in before if one in kept), *sorted(kept - set(before))]
            elif rule.unit in ("choice", "time"):
                values[rule.key] = self.typed(rule.key)
            else:
                text = self.typed(rule.key)
                values[rule.key] = int(text) if text.isascii() and text.isdigit() else text
        return parse(Programme(self.programme), values)

    def prepare(self) -> None:
        """Send the edition; a second officer confirms it."""
        rules = self.written()
        problems = list(rules) if isinstance(rules, list) else []
        if self.valid_from is None:
            problems.append(Problem("field-required", "valid_from"))
        elif self.valid_from <= self.desk.today:
            problems.append(Problem("valid-from-passed", "valid_from", {"day": self.desk.today.isoformat()}))
        if self.refuse(problems):
            self.data_changed.emit()
            return
        assert isinstance(rules, Rules)
        assert self.valid_from is not None
        payload = SetProgramme(self.department_id, self.programme, self.valid_from, settings_of(self.programme, rules))
        self.send(payload, then=self._done)

    def _done(self) -> None:
        self.editing = False

    def decide(self, edition: ProgrammeRules, accepted: bool) -> None:
        """Confirm or refuse, as a second officer."""
        self.open_edition = None
        self.send(ConfirmChange(self.department_id, edition.id, accepted, self.desk.server_now()))

    def deciding(self, edition: ProgrammeRules) -> bool:
        """Whether an answer to an edition is on its way."""
        return bool(self.desk.pending(ConfirmChange, programme_id=edition.id))
