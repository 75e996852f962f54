"""Writes the next revision from what differs between the revisions so far and the tables in the code.

``python -m provider.store.migrations.revise "What changes"``; with ``--first`` it writes the statements of 0001 anew,
which is right only before the first release. Read what it wrote: a renamed column looks like one dropped and one added.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateIndex, CreateTable

from provider.store import schema
from provider.store.cluster import Cluster
from provider.store.database import ensure_database
from provider.store.migrate import FOLDER, configuration

_VERSIONS = FOLDER / "versions"


def main() -> int:
    """Write a revision and return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("message", nargs="?", default="")
    parser.add_argument("--first", action="store_true", help="write the statements of 0001 anew")
    arguments = parser.parse_args()
    if arguments.first:
        (_VERSIONS / "0001_first.sql").write_text(statements(), "utf-8")
    elif arguments.message:
        _revise(arguments.message)
    else:
        parser.error("say what changes")
    return 0


def statements() -> str:
    """Return the SQL that creates every table of the code, in the order of their references."""
    dialect = create_engine("postgresql+psycopg://", poolclass=NullPool).dialect
    found: list[str] = []
    for table in schema.metadata.sorted_tables:
        found.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        found += [
            str(CreateIndex(index).compile(dialect=dialect)).strip()
            for index in sorted(table.indexes, key=lambda index: str(index.name))
        ]
    tidy = ["\n".join(line.rstrip().replace("\t", "    ") for line in text.splitlines()) for text in found]
    return ";\n\n".join(tidy) + ";\n"


def _revise(message: str) -> None:
    number = f"{len(list(_VERSIONS.glob('0*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        cluster = Cluster(Path(folder) / "cluster", durable=False)
        url = make_url(cluster.url())
        ensure_database(url)
        engine = create_engine(url, poolclass=NullPool)
        with engine.begin() as connection:
            config = configuration(connection)
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
        cluster.release()


if __name__ == "__main__":
    sys.exit(main())
