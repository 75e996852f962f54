"""``kabinet-provider``: everything that a provider's people and machines start from the command line.

Exit status: 0 done, 1 refused or failed (one clear sentence on standard error), 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from models.contract.sentences import sentence
from provider.services.refusals import Refusal
from provider.settings import Settings, from_environment
from provider.store.cluster import ClusterError
from provider.store.migrate import NewerDatabase

_COMMANDS: Final = ("provider.commands_serve", "provider.commands_money", "provider.commands_people")
"""Each has ``register(subparsers)``; a command's parser says ``set_defaults(run=function)`` where ``function`` takes
the arguments and the settings and returns the exit status."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="kabinet-provider", description="The backend of a utility's cabinet.")
    top.add_argument("--data-dir", type=Path, help="folder of the database, letters and files")
    top.add_argument("--verbose", action="store_true", help="log what is done")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in _COMMANDS:
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).register(subparsers)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
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
