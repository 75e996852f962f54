"""A cashier's program in a process of its own, to be killed: ``child FOLDER URL ACCOUNT`` takes money and synchronises.

Each line it prints is the id of a payment of which the cashier was told that it is recorded, and its amount.
"""

from __future__ import annotations

import sys
from pathlib import Path

from models.contract.commands import PaidLine, TakePayment
from sync.client import SyncClient
from sync.profile import Profile
from sync.transport import Transport
from tests.fixtures.client import BALLAST, PROFILE_PASSWORD


def main(folder: str, url: str, account: str) -> None:
    """Take one payment after another until somebody ends the process."""
    profile = Profile.open(Path(folder), password=PROFILE_PASSWORD, ballast=BALLAST)
    client = SyncClient(profile, Transport(url, stall_seconds=60.0))
    for number in range(1, 100_000):
        payment = TakePayment(int(account), "KZT", [PaidLine(11, number)], "cash", "desk-1")
        print(client.submit(payment), number, flush=True)
        if number % 3 == 0:
            client.sync()


if __name__ == "__main__":
    main(*sys.argv[1:])
