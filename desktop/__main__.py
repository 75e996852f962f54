"""The start of the client: a command does its work and ends, without one the window opens."""

from __future__ import annotations

import sys
from itertools import pairwise

import translations
from desktop.paths import Folders, folders
from desktop.settings import Settings
from translations import _


def main(arguments: list[str] | None = None) -> int:
    """Run the program and return its exit status: 0 done, 1 refused or failed, 2 wrong usage."""
    typed = sys.argv[1:] if arguments is None else arguments
    # The language is needed to explain the command line itself, so the folder is looked for before all else.
    chosen = next((b for a, b in pairwise(typed) if a == "--data-dir"), None)
    try:
        places = folders(chosen)
    except OSError as error:
        sys.stderr.write(_("The folder for the data cannot be used: {reason}.").format(reason=error) + "\n")
        return 1
    settings = Settings(places.settings)
    translations.use(settings.get("language"))
    if not typed or (chosen and len(typed) == 2):
        # The usual start: nothing to explain, so the command line is not even imported.
        return _open_window(places, settings, typed)
    from desktop.cli.parser import parser

    parsed = parser().parse_args(typed)
    if not parsed.command and not parsed.self_test:
        return _open_window(places, settings, typed, verbose=parsed.verbose)
    from desktop import logs

    logs.start(places.logs, verbose=parsed.verbose)
    if parsed.self_test:
        from desktop.self_test import self_test

        return self_test()
    from desktop.cli.main import run

    return run(parsed, places, settings)


def _open_window(places: Folders, settings: Settings, typed: list[str], *, verbose: bool = False) -> int:
    from desktop.opening import run

    return run(places, settings, typed, verbose=verbose)


if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()  # batches of papers start this program again in a packaged build
    sys.exit(main())
