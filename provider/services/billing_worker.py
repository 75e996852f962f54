"""One charging process: a job on the first line of standard input, then a batch a line; a result a line back."""

from __future__ import annotations

import sys

import msgspec

from models.domain.period import Month
from provider.services.billing import bill_batch
from provider.services.billing_pool import Job
from provider.services.catalogue import load_catalogue
from provider.services.charging_inputs import shared_tariffs
from provider.store.database import Database
from provider.store.garbage import seldom_collected


def main() -> None:
    """Charge batches until standard input ends."""
    job = msgspec.json.decode(sys.stdin.buffer.readline(), type=Job)
    database = Database(job.url, pool_size=1)
    try:
        with database.read() as connection:
            catalogue = load_catalogue(connection, job.tenant)
        tariffs = shared_tariffs(catalogue)
        month = Month.from_number(job.period)
        with seldom_collected():
            while line := sys.stdin.buffer.readline():
                result = bill_batch(database, catalogue, tariffs, msgspec.json.decode(line, type=list[int]), month)
                sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
                sys.stdout.buffer.flush()
    finally:
        database.close()


if __name__ == "__main__":
    main()
