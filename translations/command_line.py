"""The command lines' own words: what argparse says of itself, in the language in force, and which language that is.

A word of argparse that is not in ``WORDS`` stays English.
"""

from __future__ import annotations

import argparse
import locale
import os
from typing import Final

from translations import LANGUAGES, N_, _, n_

WORDS: Final = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("unrecognized arguments: %s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("ambiguous option: %(option)s could match %(matches)s"),
    N_("expected one argument"),
    N_("expected at most one argument"),
    N_("expected at least one argument"),
    N_("invalid %(type)s value: %(value)r"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What a person can meet; the rest of argparse's words are for who writes a parser."""


def translate_usage() -> None:
    """Make argparse speak the language in force; called before a parser is made.

    It looks its words up by ``_`` and ``ngettext`` of its module, as gettext's own manual has it.
    """
    vars(argparse).update(_=_, ngettext=n_)


def language() -> str:
    """Return the language for who runs a command: ``KABINET_LANGUAGE``, else the computer's, else English."""
    wanted = os.environ.get("KABINET_LANGUAGE") or (locale.getlocale()[0] or "")[:2]
    return wanted if wanted in LANGUAGES else "en"
