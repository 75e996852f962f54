"""What an import did, row by row, as values; :mod:`provider.imports.sentences` says it to a person."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import msgspec

from models.domain.problems import Problem

KEPT_PROBLEMS: Final = 10_000
_NOTING: Final = Lock()
"""One batch is understood while the one before is applied, and both note what they find."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in a row: its number in the file, the column's header, the text that stands there.

    ``rejected`` rows changed nothing; the others were imported and deserve a look.
    """

    row: int
    column: str
    text: str
    problem: Problem
    rejected: bool = True


@dataclass(slots=True)
class ImportReport:
    """Counts of one import. ``rows = added + changed + unchanged + rejected``; footers and blank rows are no rows."""

    kind: str
    file: str
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    suspense: int = 0
    amount_minor: int = 0
    currency: str = ""
    as_of: str = ""  # the day at whose start the balances of the file stood
    dry_run: bool = False
    repeated: bool = False
    seconds: float = 0.0
    problems: list[RowProblem] = field(default_factory=list)
    more_problems: int = 0

    def reject(self, row: int, column: str, text: str, problem: Problem) -> None:
        """Note a row that was left out."""
        with _NOTING:
            self.rejected += 1
            self._keep(RowProblem(row, column, text, problem))

    def warn(self, row: int, column: str, text: str, problem: Problem) -> None:
        """Note something to look at in a row that was imported."""
        with _NOTING:
            self._keep(RowProblem(row, column, text, problem, rejected=False))

    def _keep(self, found: RowProblem) -> None:
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(found)
        else:
            self.more_problems += 1

    def counts(self) -> dict[str, int]:
        """Return the counts by name."""
        return {
            "rows": self.rows,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "suspense": self.suspense,
        }

    def plain(self) -> dict[str, Any]:
        """Return the report as plain values for JSON, each problem with its sentence in the language in force."""
        from provider.imports.sentences import sentence

        return {
            "kind": self.kind,
            "file": self.file,
            "format": self.format,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "dry_run": self.dry_run,
            "repeated": self.repeated,
            **self.counts(),
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "as_of": self.as_of,
            "seconds": round(self.seconds, 3),
            "problems": [
                {
                    "row": one.row,
                    "column": one.column,
                    "text": one.text,
                    "code": one.problem.code,
                    "values": msgspec.to_builtins(one.problem.values),
                    "rejected": one.rejected,
                    "sentence": sentence(one.problem),
                }
                for one in self.problems
            ],
            "more_problems": self.more_problems,
        }
