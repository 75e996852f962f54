"""Finds SQL that is put together from parts: f-strings, ``%``, ``+``, ``+=``, ``.format``, ``.join``, ``.replace``.

A part may be a constant (``NAMES_LIKE_THIS``, which is looked at where it is made) or a number forced with ``int``.
Whatever else goes into a statement is found, named by its expression, so that somebody reviews it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SINKS: Final = {"execute", "executemany", "executescript", "exec_driver_sql", "text"}
METHODS: Final = {"format", "format_map", "join", "replace"}

_SQL: Final = re.compile(
    r"\b(SELECT|INSERT (OR \w+ )?INTO|UPDATE \S+ SET|DELETE FROM|CREATE (OR REPLACE )?(\w+ )*(TABLE|INDEX|TRIGGER)"
    r"|ALTER|DROP|TRUNCATE|ANALYZE|PRAGMA|ATTACH|COPY|WITH \w+ AS|WHERE|ORDER BY|VALUES|ON CONFLICT|NOTIFY|LISTEN)\b"
)
_CONSTANT: Final = re.compile(r"([A-Za-z]\w*\.)*_*[A-Z][A-Z0-9_]*(\.\w+)?$")  # or what a constant has


@dataclass(frozen=True)
class Part:
    """Something that goes into a statement: the line it stands on, and the expression."""

    line: int
    expression: str


def composed(tree: ast.AST) -> list[Part]:
    """Return every part of a statement that is neither written out, nor a constant, nor an ``int``."""
    found: dict[Part, None] = {}
    seen: set[ast.AST] = set()
    executed = {call.args[0].id for call in _sinks(tree) if isinstance(call.args[0], ast.Name)}
    certain = [
        *(call.args[0] for call in _sinks(tree)),
        *(value for name, value in _given(tree) if name in executed),
    ]
    likely = [node for node in ast.walk(tree) if isinstance(node, ast.expr) and _reads_like_sql(node)]
    for statement in (*certain, *likely):  # outermost first
        if statement in seen:
            continue
        seen.update(ast.walk(statement))
        for part in _parts(statement, certain=statement in certain):
            text = ast.unparse(part)
            if not _CONSTANT.match(text) and not (isinstance(part, ast.Call) and _name(part) == "int"):
                found[Part(part.lineno, text)] = None
    return sorted(found, key=lambda part: (part.line, part.expression))


def _sinks(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args and _name(node) in SINKS]


def _given(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield names with what they are given; of ``name += more`` a sum of both."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id, node.value
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            whole = ast.BinOp(ast.Constant(""), node.op, node.value)
            yield node.target.id, ast.copy_location(whole, node)


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _reads_like_sql(node: ast.expr) -> bool:
    if not any(_parts(node)):
        return False
    written = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    return bool(_SQL.search(" ".join(text for text in written if isinstance(text, str))))


def _parts(node: ast.expr, certain: bool = False) -> Iterator[ast.expr]:
    """Yield what goes into the string that ``node`` makes; nothing when it makes none out of parts.

    ``certain``: the expression is known to be a statement, so a sum of two names is one of strings.
    """
    match node:
        case ast.JoinedStr():
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    yield from _leaves(value.value)
        case ast.BinOp(op=ast.Add()) if certain or _has_string(node):
            yield from _leaves(node.left)
            yield from _leaves(node.right)
        case ast.BinOp(op=ast.Mod()) if certain or _has_string(node.left):
            yield from _leaves(node.left)
            yield from node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        case ast.Call(func=ast.Attribute(attr=method, value=template)) if method in METHODS:
            if certain or _is_made_string(node):
                yield from _leaves(template)
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    yield from _leaves(argument)
        case ast.IfExp():
            yield from _parts(node.body, certain)
            yield from _parts(node.orelse, certain)


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of a part, down to what is not put together in the same expression."""
    if isinstance(node, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr | ast.BinOp) or _is_made_string(node):
        yield from _parts(node, certain=True)
    elif isinstance(node, ast.IfExp):
        yield from _leaves(node.body)
        yield from _leaves(node.orelse)
    elif isinstance(node, ast.GeneratorExp | ast.ListComp):
        constant = {ast.unparse(one.target) for one in node.generators if _CONSTANT.match(ast.unparse(one.iter))}
        yield from (part for part in _leaves(node.elt) if ast.unparse(part) not in constant)
    else:
        yield node


def _is_made_string(node: ast.expr) -> bool:
    """Whether ``node`` is ``"…".format(…)`` or the like."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return node.func.attr in METHODS and _has_string(node.func.value)


def _has_string(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _has_string(node.left) or _has_string(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
