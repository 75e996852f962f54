"""A client in a process of its own, to be killed: ``child FOLDER URL enter|sync ACCOUNT [TEXT]``."""

from __future__ import annotations

import sys
from pathlib import Path

from models.contract.commands import RequestDataCorrection
from sync.client import SyncClient
from sync.profile import Profile
from sync.transport import Transport
from tests.fixtures.client import BALLAST, PROFILE_PASSWORD


def main(folder: str, url: str, action: str, account: str, text: str = "killed") -> None:
    """Do one thing and say so."""
    profile = Profile.open(Path(folder), password=PROFILE_PASSWORD, ballast=BALLAST)
    client = SyncClient(profile, Transport(url))
    if action == "enter":
        print(client.submit(RequestDataCorrection(int(account), "residents", "4", text)), flush=True)
    elif action == "enter-many":
        for number in range(1_000_000):
            print(client.submit(RequestDataCorrection(int(account), "residents", "4", f"{text} {number}")), flush=True)
    else:
        report = client.sync()
        print(report.problem.code if report.problem else "done", report.pushed, report.pulled, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
