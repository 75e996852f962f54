"""How a service says no."""

from __future__ import annotations

from models.domain.problems import Problem


class Refusal(Exception):
    """A request that may not be done, for a person to read; ``status`` is the HTTP status that fits it."""

    def __init__(self, problem: Problem, status: int = 422, retry_after: int | None = None) -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.status = status
        self.retry_after = retry_after


def refuse(code: str, field: str = "", status: int = 422, **values: str | int) -> Refusal:
    """Return a refusal to raise."""
    return Refusal(Problem(code, field, values), status)
