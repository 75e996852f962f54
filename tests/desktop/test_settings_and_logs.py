"""Settings survive trouble with their file; logs keep no secrets."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from desktop import logs
from desktop.crash import CrashReports
from desktop.paths import folders
from desktop.settings import Settings


def test_a_setting_is_there_after_a_restart(tmp_path: Path) -> None:
    Settings(tmp_path / "settings.json").set("language", "uk")
    assert Settings(tmp_path / "settings.json").get("language") == "uk"


@pytest.mark.parametrize("content", ["{", "[]", '{"language": 5, "unknown": 1}', "\x00\x01"])
def test_a_damaged_settings_file_gives_defaults_and_is_set_aside(tmp_path: Path, content: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(content)
    settings = Settings(path)
    assert settings.get("text_size") == 100
    assert settings.get("language") in {"kk", "ru", "uk", "en"}


def test_an_undeclared_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Settings(tmp_path / "settings.json").set("langauge", "uk")


def test_the_data_folder_is_private(tmp_path: Path) -> None:
    found = folders(str(tmp_path / "new"))
    assert found.data.stat().st_mode & 0o077 == 0


def test_logs_mask_identity_numbers_tokens_passwords_and_addresses(tmp_path: Path) -> None:
    recent = logs.start(tmp_path)
    log = logging.getLogger("somewhere")
    log.warning("IIN %s of %s with Bearer abc.def and password=secret1", "850101300124", "someone@example.org")
    try:
        raise ValueError("850101300124")
    except ValueError:
        log.exception("failed")
    text = "\n".join(recent.lines) + (tmp_path / "kabinet.log").read_text(encoding="utf-8")
    for secret in ("850101300124", "someone@example.org", "abc.def", "secret1"):
        assert secret not in text


def test_an_exception_in_any_thread_leaves_a_masked_report_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.excepthook", lambda *_: None)
    monkeypatch.setattr("threading.excepthook", threading.excepthook)
    reports = CrashReports(tmp_path)
    reports.install()

    def fail() -> None:
        raise RuntimeError("about 850101300124")

    worker = threading.Thread(target=fail)
    worker.start()
    worker.join()
    text = CrashReports(tmp_path).unread()
    assert "RuntimeError" in text
    assert "850101300124" not in text
    assert CrashReports(tmp_path).unread() == ""
