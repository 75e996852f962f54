"""``kabinet-provider``: everything that a provider's people and machines start from the command line.

Exit status: 0 done, 1 refused or failed (one clear sentence on standard error), 2 wrong usage. Each module of commands
has ``register(subparsers)``; a command's parser says ``set_defaults(run=function)`` where ``function`` takes the
arguments and the settings and returns the exit status.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from models.contract.sentences import sentence
from provider import (
    commands_admissions,
    commands_audit,
    commands_clock,
    commands_due,
    commands_money,
    commands_organisation,
    commands_people,
    commands_serve,
)
from provider.services.refusals import Refusal
from provider.settings import Settings, from_environment
from provider.store.cluster import ClusterError
from provider.store.migrate import NewerDatabase
from translations import command_line, using


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    command_line.translate_usage()
    top = argparse.ArgumentParser(prog="kabinet-provider", description="The backend of a utility's cabinet.")
    top.add_argument("--data-dir", type=Path, help="folder of the database, letters and files")
    top.add_argument("--verbose", action="store_true", help="log what is done")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (
        commands_serve,
        commands_organisation,
        commands_money,
        commands_people,
        commands_clock,
        commands_admissions,
        commands_due,
        commands_audit,
    ):
        module.register(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    with using(command_line.language()):
        given = parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO if given.verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        settings: Settings = from_environment()
        if given.data_dir is not None:
            settings = replace(settings, data_dir=given.data_dir)
        status: int = given.run(given, settings)
    except Refusal as refusal:
        with using(command_line.language()):
            return _fail(sentence(refusal.problem))
    except ClusterError as failure:
        return _fail(f"PostgreSQL did not start; nothing was changed. {failure}")
    except SQLAlchemyError as failure:
        if given.verbose:
            raise
        return _fail(f"The database refused the work; nothing was changed. {type(failure).__name__}: {_first(failure)}")
    except (NewerDatabase, OSError, ValueError, LookupError) as failure:
        if given.verbose:
            raise
        return _fail(str(failure))
    except KeyboardInterrupt:
        return 1
    return status


def _first(failure: Exception) -> str:
    """Return the first line of a database's message, without the statement and its values."""
    return str(getattr(failure, "orig", failure)).strip().splitlines()[0]


def _fail(text: str) -> int:
    print(text, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
