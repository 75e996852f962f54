"""The main job of a resident, done in the real window without a display: what ``make demo`` shows on a bare machine."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from desktop.demo import say
from desktop.paths import folders
from desktop.settings import Settings
from models.cache.queries import admissions
from models.domain.period import Month
from translations import formats

STEP_SECONDS: Final = 60.0
JANUARY: Final = Month(2024, 1)


class Provider(Protocol):
    """A provider that can be taken away and brought back."""

    @property
    def address(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...


class StepFailed(Exception):
    """A step did not come to its end in time."""


def run_main_job(provider: Provider, folder: Path, login: str, password: str) -> int:
    """Do every step, say what came of it, and return 0; 1 when a step fails."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"
    from PySide6.QtWidgets import QApplication

    from desktop.app import Application

    places = folders(str(folder / "client"))
    settings = Settings(places.settings)
    settings.set("language", "kk")
    settings.set("provider_url", provider.address)
    settings.set("theme", "light")
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    application = Application(qt, places, settings)
    application.window.resize(1360, 860)
    application.window.show()
    try:
        _steps(application, provider, folder, login, password)
    except StepFailed as failure:
        sys.stderr.write(f"The main job stopped: {failure}\n")
        return 1
    finally:
        application.window.close()
        application.entrance.close()
    return 0


def _steps(application: Any, provider: Provider, folder: Path, login: str, password: str) -> None:
    window = application.window
    sign_in = window.model("sign_in")
    sign_in.draft["login"], sign_in.draft["password"] = login, password
    sign_in.sign_in()
    _until(lambda: window.context.inside is not None, "signing in", lambda: str(sign_in.failure))
    client = window.context.client
    _until(lambda: client.status().complete, "the first sync", lambda: str(client.status().problem))
    overview = window.model("overview")
    cabinet = overview.cabinet
    _until(lambda: len(cabinet.views) >= 2, "the accounts of two providers")
    for view in cabinet.views:
        total = sum(link.balance_minor for link in view.account_services if link.active)
        say(f"  {view.provider.name}, account {view.account.number}: {formats.money(total, view.provider.currency)}")
    _tell_children(window.context)

    say("Going offline: the provider is stopped.")
    provider.stop()
    application.entrance.driver.wake()
    _until(lambda: str(client.status().state) == "offline", "noticing that the line is cut")

    account = next(view for view in cabinet.views if view.account.number == login)
    cabinet.choose_account(account.account.id)
    window.go("readings")
    readings = window.model("readings")
    row = next(row for row in readings.rows() if row.last is not None)
    value = row.register.format(row.last[0] + 10**row.register.fraction_digits * 9)
    readings.type(row.meter.id, value)
    for question in readings.row(row.meter.id).questions:
        readings.answer(row.meter.id, question.code, yes=True)
    readings.submit()
    _until(lambda: client.status().waiting == 1, "recording the reading")
    say(f"  Reading {value} of meter {row.meter.number} is recorded and waits to be sent.")

    window.go("invoice")
    invoice = window.model("invoice")
    invoice.choose_month(JANUARY)
    invoice.make()
    bill = _paper(invoice.document, folder / f"invoice-{login}-{JANUARY}.pdf")
    window.go("reconciliation")
    act = window.model("reconciliation")
    act.choose_dates(date(2023, 1, 1), date(2024, 1, 31))
    act.make()
    reconciliation = _paper(act.document, folder / f"reconciliation-{login}.pdf")

    say("Coming back: the provider is started again.")
    provider.start()
    application.entrance.driver.wake()
    _until(lambda: client.status().waiting == 0 and client.status().complete, "sending the reading")
    refused = [item for item in client.waiting() if item.problems]
    if refused:
        raise StepFailed(f"the provider refused the reading: {refused[0].problems[0].code}")
    _until(
        lambda: any(reading.value == row.last[0] + 900 for reading in _view(cabinet, account).readings), "its figure"
    )
    say("  The provider has the reading, and its own figure is in the cabinet.")

    window.go("overview")
    _until(lambda: not application.tasks.busy, "drawing the overview")
    _settle(0.5)
    picture = folder / "overview.png"
    window.grab().save(str(picture))
    for name, path in (("Invoice", bill), ("Reconciliation act", reconciliation), ("Screenshot", picture)):
        say(f"{name}: {path}")


def _view(cabinet: Any, account: Any) -> Any:
    return next(view for view in cabinet.views if view.account.id == account.account.id)


def _tell_children(context: Any) -> None:
    """Say where the applications of a parent's children stand."""
    known = context.store.read(lambda connection: admissions.family(connection, datetime.now(UTC)))
    for one in known.applications:
        place = f", number {one.position.number} of {one.position.total}" if one.position else ""
        say(f"  {one.child.name}: application {one.application.number}, {one.application.state}{place}")


def _paper(document: Any, path: Path) -> Path:
    _until(lambda: bool(document.data) and not document.making, f"making {path.name}", lambda: str(document.problem))
    path.write_bytes(document.data)
    return path


def _until(condition: Callable[[], bool], step: str, why: Callable[[], str] = lambda: "") -> None:
    """Let the window work until ``condition`` holds; raises StepFailed after a minute."""
    end = time.monotonic() + STEP_SECONDS
    while not condition():
        if time.monotonic() > end:
            raise StepFailed(f"{step} took more than {STEP_SECONDS:.0f} s {why()}".rstrip())
        _settle(0.02)


def _settle(seconds: float) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
