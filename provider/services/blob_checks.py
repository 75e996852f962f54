"""Looks at uploaded documents, each in a process of its own with little memory and time: a parser, a virus scanner."""

from __future__ import annotations

import logging
import os
import shlex
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

from models.domain.problems import Problem
from provider.services.refusals import Refusal
from provider.settings import Settings

log = logging.getLogger(__name__)

_ROOT: Final = Path(__file__).resolve().parents[2]
_PATIENCE: Final = 45
_SCAN_PATIENCE: Final = 60
LONGEST: Final = _PATIENCE + _SCAN_PATIENCE
"""Seconds that all looks at a document take at most."""
_checks: Final = threading.BoundedSemaphore(2)


def parse(path: Path, media_type: str, cleaned: Path) -> str:
    """Return what the limited process says about a document, "" when it is sound."""
    if not _checks.acquire(timeout=_PATIENCE):
        raise Refusal(Problem("too-busy"), 503, 5)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "provider.services.blob_child", str(path), media_type, str(cleaned)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
    except subprocess.TimeoutExpired:
        return "file-damaged"
    finally:
        _checks.release()
    said = ended.stdout.strip()
    if said == "ok" and ended.returncode == 0:
        return ""
    # killed by a limit or crashed inside a parser: whatever the cause, it is no document that people need
    return said if said and said != "ok" and ended.returncode == 0 else "file-damaged"


def scan(settings: Settings, path: Path) -> str:
    """Return ``file-infected`` when the configured command says so (exit code 1), "" when it finds nothing (0)."""
    if not settings.scan_command:
        return ""
    command = [part.replace("{file}", str(path)) for part in shlex.split(settings.scan_command)]
    try:
        code = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SCAN_PATIENCE
        ).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("the virus scanner did not work: %s", type(error).__name__)
        code = 2
    if code not in (0, 1):
        raise Refusal(Problem("scan-unavailable", "file"), 503, 60)
    return "file-infected" if code else ""
