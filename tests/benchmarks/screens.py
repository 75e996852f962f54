"""Stalls of the GUI thread: how late a timer of the window fires while the program loads an office and makes papers."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.rows import Row, percentile

ACCOUNTS = 20_000
TICK_MS = 4
BAR = 16.0


def measure() -> Iterator[Row]:
    """Sign a clerk in and watch the window's own timer during the first sync, then while invoices are made."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["KABINET_PASSWORD"] = "kabinet-demo"
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from desktop.app import Application
    from desktop.demo import DemoProvider
    from desktop.main_job import _settle, _until
    from desktop.paths import folders
    from desktop.settings import Settings

    with tempfile.TemporaryDirectory(prefix="kabinet-bench-") as name:
        provider = DemoProvider(Path(name) / "provider")
        subprocess.run(
            [sys.executable, "-m", "provider", "--data-dir", str(provider.folder), "demo", "--accounts", str(ACCOUNTS)],
            check=True,
            capture_output=True,
        )
        provider.start()
        places = folders(str(Path(name) / "client"))
        settings = Settings(places.settings)
        settings.set("provider_url", provider.address)
        qt = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(qt, QApplication)
        application = Application(qt, places, settings)
        window = application.window
        window.show()
        late: list[float] = []
        last = [0.0]
        timer = QTimer()
        timer.setInterval(TICK_MS)

        def tick() -> None:
            now = time.perf_counter()
            if last[0]:
                late.append(max(0.0, (now - last[0]) * 1000 - TICK_MS))
            last[0] = now

        timer.timeout.connect(tick)
        _settle(0.5)
        timer.start()
        _settle(2.0)
        idle, late[:] = list(late), []
        sign_in = window.model("sign_in")
        sign_in.draft["login"], sign_in.draft["password"] = "clerk", "kabinet-demo"
        sign_in.sign_in()
        _until(lambda: window.context.inside is not None, "signing in")
        _settle(1.0)
        late[:] = []
        client = window.context.client
        _until(lambda: client.status().complete, "the first sync")
        syncing, late[:] = list(late), []
        yield _row(f"GUI thread while syncing {ACCOUNTS:,} accounts, p99 lateness", syncing, idle)

        from documents import invoice
        from models.cache.queries.accounts import account_view, accounts
        from models.domain.period import Month

        ids = [one.account.id for one in client.store.read(lambda c: accounts(c, limit=300))]

        def papers() -> int:
            for account_id in ids:
                view = client.store.read(lambda c, i=account_id: account_view(c, i))  # type: ignore[misc]
                if view is not None:
                    invoice.build([view], Month(2024, 1), "kk", datetime(2024, 2, 1, tzinfo=UTC), str(account_id))
            return len(ids)

        done: list[int] = []
        application.tasks.ask(application.owner, papers, done.append)
        _until(lambda: bool(done), "making invoices")
        yield _row(f"GUI thread while making {len(ids)} invoices, p99 lateness", list(late), idle)
        timer.stop()
        window.close()
        application.entrance.close()
        provider.stop()


def _row(what: str, late: list[float], idle: list[float]) -> Row:
    worst = percentile(late, 99)
    return Row(
        what,
        worst,
        "ms",
        f"≤ {BAR:g} ms",
        worst <= BAR,
        f"idle p99 {percentile(idle, 99):.1f} ms, max {max(late):.0f} ms",
    )
