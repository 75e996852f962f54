"""``make demo``: a provider with sample registries, and the client signed in as a demo person.

With a display the window opens. Without one the main job runs through the same window, offscreen, to its end: sign in,
sync, go offline, give a reading, make an invoice and a reconciliation act, come back, sync. Everything lies under
output/demo.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import translations

ROOT: Final = Path(__file__).parent.parent
LOGIN: Final = "123456"
PASSWORD: Final = "kabinet-demo"  # noqa: S105 - of an invented person in sample data
READY_SECONDS: Final = 60.0


class DemoProvider:
    """``kabinet-provider`` as a process of its own, which can be taken away and brought back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def build(self) -> None:
        """Import the sample registries, charge January 2024, and let families apply for kindergartens."""
        self._run("demo")

    def start(self) -> None:
        """Serve, and return when it answers; raises RuntimeError when it does not."""
        self._process = subprocess.Popen(
            [*self._command(), "serve", "--port", str(self.port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            line = self._process.stdout.readline()
            if "http://" in line:
                self.port = int(line.rsplit(":", 1)[1])
                return
            if not line:
                break
        raise RuntimeError("the provider did not start")

    def stop(self) -> None:
        """Take the provider away; its data stay."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def _command(self) -> list[str]:
        return [sys.executable, "-m", "provider", "--data-dir", str(self.folder)]

    def _run(self, *arguments: str) -> None:
        subprocess.run([*self._command(), *arguments], cwd=ROOT, check=True)


def main() -> int:
    """Run the demo and return the exit status."""
    folder = ROOT / "output" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    translations.use("en")
    provider = DemoProvider(folder / "provider")
    say("Building a provider from the sample registries of two utilities and an education department …")
    provider.build()
    provider.start()
    try:
        say(f"The provider answers at {provider.address}; its letters are files in {folder / 'provider' / 'mail'}.")
        if has_display():
            return _window(provider, folder)
        from desktop.main_job import run_main_job

        say("There is no display: the main job runs offscreen.")
        return run_main_job(provider, folder, LOGIN, PASSWORD)
    finally:
        provider.stop()


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def has_display() -> bool:
    """Return whether a window can be shown to somebody."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _window(provider: DemoProvider, folder: Path) -> int:
    client = [sys.executable, "-m", "desktop", "--data-dir", str(folder / "client")]
    environment = {**os.environ, "KABINET_PASSWORD": PASSWORD}
    subprocess.run(
        [*client, "sign-in", "--provider", provider.address, "--login", LOGIN], cwd=ROOT, env=environment, check=True
    )
    say(f"Opening the cabinet of account {LOGIN}; the password is “{PASSWORD}”. Close the window to end the demo.")
    return subprocess.run(client, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
