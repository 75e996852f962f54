"""What a person reads for a problem: one or two whole sentences in the language in force.

A sentence says what is wrong, what happened to the data and what to do next. Problems carry only a code and plain
values (:class:`models.domain.problems.Problem`), so that the reader's language decides, wherever the problem arose.
Everyone who raises a new code adds its sentence to the module of its field and the translations in their own
catalogues; a new field is a new module, named in ``SENTENCES`` below.
"""

from __future__ import annotations

from typing import Final

from models.contract.sentences import (
    admissions,
    admissions_service,
    collections,
    conflicts,
    department,
    families,
    papers,
    people,
    sync,
    utility,
)
from models.contract.sentences.sync import DIRECT
from models.contract.sentences.values import Sentence, Shown, Values, shown
from models.domain.problems import Problem
from translations import _

__all__ = ["DIRECT", "SENTENCES", "Sentence", "Values", "sentence", "shown"]

FIELDS: Final = (
    sync, people, utility, papers, admissions, admissions_service, families, department, collections, conflicts,
)  # fmt: skip

SENTENCES: Final[dict[str, Sentence]] = {code: text for field in FIELDS for code, text in field.SENTENCES.items()}
"""The sentence of each code; a code has one sentence, whichever field raises it."""


def sentence(problem: Problem) -> str:
    """Return what ``problem`` means for a person, in the language in force.

    Values are formatted first: keys ending in ``_minor`` as money in the currency under ``currency``, ISO days and
    months as the language writes them. ``direct`` among them means that the person waits for the answer. A code without
    a sentence gets an honest general one that names the code, so that a newer provider never leaves an older client
    speechless.
    """
    entry = (DIRECT.get(problem.code) if problem.values.get("direct") else None) or SENTENCES.get(problem.code)
    if entry is None:
        return _(
            "This could not be done, and this version of the program has no explanation for it (code {code}). "
            "Nothing was lost; update the program or ask the provider."
        ).format(code=problem.code)
    if callable(entry):
        return entry(problem.values)
    return _(entry).format_map(Shown(problem.values))
