"""Readings being typed: what they mean at once, what they would cost, what the program asks before they are given.

The state of every row lives here, keyed by meter, so that a view built anew (another language, another theme) shows
what was typed. Nothing is recorded before :meth:`ReadingsModel.submit`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from models.contract.commands import SubmitReading
from models.contract.records import AccountView, Meter, Reading, Service
from models.contract.sentences import sentence
from models.domain.billing import estimate
from models.domain.meters import (
    ReadingReview,
    ReadingWindow,
    Register,
    UnusualLimits,
    parse_reading,
    past_of,
    review_reading,
    volume_between,
)
from models.domain.period import Month
from models.domain.problems import Problem
from translations import _, formats
from ui.overview.view_model import window_sentence
from ui.selection import Asks, Cabinet, named, services_of

PREVIOUS = frozenset({"accepted", "next_period"})


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed for a meter, and the questions they answered with yes."""

    text: str = ""
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Given:
    """A reading of this month that is already recorded here or accepted there."""

    value: int
    read_on: date
    state: str  # waiting | sending | held | refused | accepted | next_period
    source: str
    command_id: str = ""
    problems: tuple[Problem, ...] = ()
    stays: Problem | None = None  # why it cannot be withdrawn


@dataclass(frozen=True, slots=True)
class MeterRow:
    """One meter as the screen shows it."""

    meter: Meter
    service: Service
    register: Register
    last: tuple[int, date] | None
    last_source: str
    given: Given | None
    typed: Typed
    value: int | None = None
    volume: int | None = None
    estimate_minor: int | None = None
    problems: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()
    next_period: bool = False

    @property
    def usable(self) -> bool:
        """Whether what is typed may be given now."""
        return self.value is not None and not self.problems and not self.questions

    @property
    def name(self) -> str:
        """The meter in words: service, number and place."""
        words = _("{service}, meter {number}").format(service=named(self.service.name), number=self.meter.number)
        return f"{words} ({self.meter.place})" if self.meter.place else words


class ReadingsModel(QObject):
    """Drafts of readings for each account, their review, and giving them."""

    changed = Signal()
    """Other meters, other data."""
    row_changed = Signal(int)
    """What is typed for this meter id means something else now."""
    recorded = Signal(int)
    """So many readings are in the journal of this computer."""
    failed = Signal(object)
    """A Problem: nothing was recorded."""

    def __init__(
        self,
        cabinet: Cabinet,
        tasks: Asks,
        client: Any,
        clock: Callable[[], datetime],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.cabinet = cabinet
        self._tasks = tasks
        self._client = client
        self._clock = clock
        self._accounts: dict[int, dict[int, Typed]] = {}
        self.busy = False
        cabinet.changed.connect(self.changed)

    @property
    def view(self) -> AccountView | None:
        """The chosen account."""
        return self.cabinet.view

    @property
    def drafts(self) -> dict[str, str]:
        """What is typed and not yet given, under ``account:meter``."""
        return {
            f"{account}:{meter}": typed.text
            for account, meters in self._accounts.items()
            for meter, typed in meters.items()
            if typed.text.strip()
        }

    def restore(self, drafts: dict[str, str]) -> None:
        """Put saved drafts back where nothing has been typed since."""
        for key, text in drafts.items():
            account, _colon, meter = key.partition(":")
            if account.isdecimal() and meter.isdecimal():
                self._accounts.setdefault(int(account), {}).setdefault(int(meter), Typed(str(text)))
        self.changed.emit()

    def today(self) -> date:
        """Return the provider's date; the computer's in UTC while no account is loaded."""
        now = self._clock()
        return now.astimezone(ZoneInfo(self.view.provider.zone)).date() if self.view else now.date()

    def window(self) -> tuple[str, bool]:
        """Return the sentence about the reading window and whether it is open."""
        return window_sentence(self.view.provider, self.today()) if self.view else ("", False)

    def rows(self) -> list[MeterRow]:
        """Return the working meters of the chosen account in the order of services."""
        view = self.view
        if view is None:
            return []
        services = {service.id: service for service in view.services}
        order = {service.id: index for index, service in enumerate(services_of(view))}
        meters = [m for m in view.meters if m.status != "removed" and m.removed_on is None and m.service_id in services]
        meters.sort(key=lambda m: (order.get(m.service_id, len(order)), m.place, m.number))
        return [self._row(view, services[m.service_id], m) for m in meters]

    def row(self, meter_id: int) -> MeterRow | None:
        """Return the row of one meter."""
        return next((row for row in self.rows() if row.meter.id == meter_id), None)

    def mask(self) -> list[str]:
        """Return samples of how readings are written, one for each kind of register on the account."""
        samples = {row.register: row.register.format(self._sample(row.register)) for row in self.rows()}
        return list(dict.fromkeys(samples.values()))

    def type(self, meter_id: int, text: str) -> None:
        """Take what is typed now; answers given to questions about another value are forgotten."""
        typed = self._typed()
        before = typed.get(meter_id, Typed())
        if before.text != text:
            typed[meter_id] = Typed(text)
            self.row_changed.emit(meter_id)

    def complete(self, meter_id: int) -> None:
        """Fill the typed value with zeros to the digits of the meter, if it is a reading."""
        row = self.row(meter_id)
        if row is not None and row.value is not None:
            text = row.register.format(row.value)
            if text != row.typed.text:
                self._typed()[meter_id] = replace(row.typed, text=text)
                self.row_changed.emit(meter_id)

    def answer(self, meter_id: int, code: str, *, yes: bool) -> None:
        """Answer a question of the row: yes keeps the value and remembers the answer, no empties the field."""
        typed = self._typed()
        before = typed.get(meter_id, Typed())
        typed[meter_id] = replace(before, confirmed=before.confirmed | {code}) if yes else Typed()
        self.row_changed.emit(meter_id)

    def ready(self) -> list[MeterRow]:
        """Return the rows that would be given."""
        return [row for row in self.rows() if row.usable]

    def missing(self) -> list[MeterRow]:
        """Return the meters that have neither a typed nor a recorded reading, when others have a typed one."""
        rows = self.rows()
        if not any(row.usable for row in rows):
            return []
        return [row for row in rows if row.value is None and not row.typed.text.strip() and row.given is None]

    def obstacle(self) -> str:
        """Return why nothing can be given now, in a sentence; empty when it can."""
        rows = self.rows()
        for row in rows:
            if row.problems:
                return f"{row.name}: {sentence(row.problems[0])}"
        for row in rows:
            if row.questions:
                return _("Answer the question at {meter} first.").format(meter=row.name)
        if not any(row.usable for row in rows):
            return _("Type at least one reading.")
        return ""

    def submit(self) -> None:
        """Record what is typed on this computer; it is sent when the line allows. One command a meter."""
        view = self.view
        rows = self.ready()
        if view is None or not rows or self.busy or self.obstacle():
            return
        account_id, today = view.account.id, self.today()
        commands = [
            (
                SubmitReading(
                    account_id=account_id,
                    meter_id=row.meter.id,
                    value=row.value if row.value is not None else 0,
                    read_on=today,
                    confirmed=sorted(row.typed.confirmed),
                ),
                row.given.command_id if row.given and row.given.state in {"waiting", "refused"} else "",
            )
            for row in rows
        ]
        self.busy = True
        self.changed.emit()
        self._tasks.ask(
            self, lambda: self._record(commands), lambda count: self._recorded(account_id, rows, count), self._refused
        )

    def withdraw(self, meter_id: int) -> None:
        """Take a reading back that has not been sent."""
        row = self.row(meter_id)
        if row is not None and row.given is not None and row.given.command_id:
            command_id = row.given.command_id
            act = self._client.acknowledge if row.given.state == "refused" else self._client.withdraw
            self._tasks.ask(self, lambda: act(command_id), lambda _answer: self.cabinet.refresh(), self._refused)

    def _record(self, commands: Sequence[tuple[SubmitReading, str]]) -> int:
        for command, earlier in commands:
            self._client.submit(command, supersedes=earlier)
        return len(commands)

    def _recorded(self, account_id: int, rows: Sequence[MeterRow], count: int) -> None:
        self.busy = False
        typed = self._accounts.setdefault(account_id, {})
        for row in rows:
            if typed.get(row.meter.id, Typed()).text == row.typed.text:
                typed.pop(row.meter.id, None)
        self.recorded.emit(count)
        self.changed.emit()
        self.cabinet.refresh()

    def _refused(self, error: Exception) -> None:
        self.busy = False
        problem = getattr(error, "problem", None)
        self.failed.emit(problem if isinstance(problem, Problem) else Problem("disk-failed"))
        self.changed.emit()
        # Some of several readings may have been recorded before the failure: show what is there.
        self.cabinet.refresh()

    def _typed(self) -> dict[int, Typed]:
        view = self.view
        return self._accounts.setdefault(view.account.id if view else 0, {})

    def settled(self, row: MeterRow) -> bool:
        """Whether what is typed may be judged although more digits may follow: it is as long as the reading before."""
        whole = row.typed.text.partition(",")[0].partition(".")[0].strip()
        before = row.last[0] if row.last else 0
        return len(whole) >= len(row.register.format(before).partition(",")[0].lstrip("0"))

    def _row(self, view: AccountView, service: Service, meter: Meter) -> MeterRow:
        register = Register(meter.integer_digits, meter.fraction_digits)
        today = self.today()
        readings = sorted(
            (r for r in view.readings if r.meter_id == meter.id and r.state in PREVIOUS),
            key=lambda r: (r.read_on, r.id),
        )
        given = self._given(meter, readings, Month.of(today))
        window = ReadingWindow(view.provider.window_from, view.provider.window_to, view.provider.grace_days)
        installed = (meter.initial, meter.installed_on) if meter.installed_on is not None else None
        past = past_of(readings, register, window.period_of(today, today), installed)
        last = past.last
        source = next((r.source for r in reversed(readings) if (r.value, r.read_on) == last), "initial")
        typed = self._typed().get(meter.id, Typed())
        row = MeterRow(meter, service, register, last, source, given, typed)
        if not typed.text.strip():
            return row
        value = parse_reading(typed.text, register)
        if isinstance(value, Problem):
            return replace(row, problems=(value,))
        review = self._review(view, row, value, past.volumes, window)
        before = last[0] if last else meter.initial
        # While digits are missing the value is lower than the last: no volume is shown for that, only for a roll-over
        # that the person confirmed.
        sure = value >= before or "reading-rolled-over" in typed.confirmed
        volume = volume_between(before, value, register) if sure else None
        cost = None
        if volume is not None:
            # Drainage is charged for the same water: what follows from the reading is the sum of both.
            charged = {service.id} | {s.id for s in services_of(view) if s.volume_from == service.id}
            tariffs = [t for t in view.tariffs if t.service_id in charged]
            cost = estimate(volume, register, tariffs, view.account.consumer_group, review.period)
        return replace(
            row,
            value=value,
            volume=volume,
            estimate_minor=cost,
            problems=tuple(review.problems),
            questions=tuple(review.questions),
            next_period=review.next_period,
        )

    def _review(
        self, view: AccountView, row: MeterRow, value: int, volumes: Sequence[int], window: ReadingWindow
    ) -> ReadingReview:
        provider = view.provider
        today = self.today()
        return review_reading(
            value,
            today,
            register=row.register,
            last=row.last,
            volumes=volumes,
            residents=view.account.residents,
            window=window,
            today=today,
            confirmed=row.typed.confirmed,
            limits=UnusualLimits(provider.unusual_factor, provider.unusual_minimum),
        )

    def _given(self, meter: Meter, readings: Sequence[Reading], month: Month) -> Given | None:
        for item in reversed(self.cabinet.waiting):
            payload = item.payload
            if isinstance(payload, SubmitReading) and payload.meter_id == meter.id:
                return Given(
                    payload.value,
                    payload.read_on,
                    str(item.state),
                    payload.source,
                    item.command_id,
                    tuple(item.problems),
                    item.stays,
                )
        if readings and readings[-1].source == "consumer" and Month.of(readings[-1].read_on) == month:
            latest = readings[-1]
            return Given(latest.value, latest.read_on, latest.state, latest.source)
        return None

    @staticmethod
    def _sample(register: Register) -> int:
        return 12530 % register.capacity if register.fraction_digits == 2 else 125


def source_words(source: str) -> str:
    """Return who or what a reading comes from."""
    return {
        "consumer": _("given by you"),
        "controller": _("taken by a controller"),
        "cashier": _("taken at the cash desk"),
        "average": _("computed from the average"),
        "norm": _("computed by the norm"),
        "import": _("from the provider's records"),
        "initial": _("at installation"),
    }.get(source, source)


def given_sentence(given: Given, register: Register) -> str:
    """Return what is known of a reading of this month."""
    values = {"value": register.format(given.value), "day": formats.day(given.read_on)}
    if given.state in {"waiting", "sending", "held"}:
        return _("{value} of {day} is waiting to be sent").format(**values)
    if given.state == "refused":
        return _("{value} of {day} was not accepted").format(**values)
    if given.state == "next_period":
        return _("The provider has {value} of {day}, counted for the next month").format(**values)
    return _("The provider has {value} of {day}, {source}").format(source=source_words(given.source), **values)
