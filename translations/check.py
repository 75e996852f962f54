"""Checks that every text in the program is translated, with the same placeholders and all plural forms.

``python -m translations.check [PATH …]`` looks at the given files or folders (all rooms by default), prints what is
missing a language, and ends with status 1 if anything is.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

ROOMS = ("desktop", "ui", "models", "sync", "documents", "provider")
ROOT = Path(__file__).parent.parent
IDS = {"_": (0, 1), "N_": (0, 1), "n_": (0, 2), "c_": (1, 2)}
"""Which arguments of each function are ids of a text, ``[from, to)``; the first of ``c_`` is the context."""
APOSTROPHE = re.compile(r"(?<=[а-яґєії])'(?=[а-яґєії])", re.IGNORECASE)
"""Within a Ukrainian word it is ’, so that one word is not written in two ways."""
PLACEHOLDER = re.compile(r"{([a-z_0-9]*)[^}]*}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the code: one or two ids, and the context if it has one."""

    ids: tuple[str, ...]
    context: str
    place: str


def texts(paths: Iterable[Path]) -> Iterator[Text]:
    """Yield the texts of Python files below ``paths``, those inside f-strings too."""
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
            for node in ast.walk(ast.parse(file.read_text("utf-8"), str(file))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IDS:
                    first, last = IDS[node.func.id]
                    ids = tuple(_words(argument) for argument in node.args[first:last])
                    context = _words(node.args[0]) if first else ""
                    if len(ids) == last - first and all(ids):
                        yield Text(ids, context, f"{name}:{node.lineno}")


def _words(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def complaints(paths: Iterable[Path], languages: Iterable[str] = ("kk", "ru", "uk")) -> list[str]:
    """Return one sentence for each text that a language lacks or spoils."""
    found = list(texts(paths))
    result = []
    for language in languages:
        catalogue: dict[tuple[str, str], tuple[str, ...]] = {}
        for source in sorted((ROOT / "translations" / language).glob("*.po")):
            with source.open("rb") as file:
                for message in read_po(file, locale=language, abort_invalid=True):
                    if not message.id:
                        continue
                    key = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
                    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
                    translated = tuple(str(form or "") for form in forms)
                    if any(APOSTROPHE.search(form) for form in translated):
                        result.append(f"{language}: a straight apostrophe within a word of {key!r} ({source.name})")
                    known = catalogue.setdefault((message.context or "", str(key)), translated)
                    if known != translated:
                        result.append(f"{language}: two translations of {key!r} ({source.name})")
        plural_forms = 2 if language == "kk" else 3
        for text in found:
            forms = catalogue.get((text.context, text.ids[0]), ())
            if not forms or not all(forms):
                result.append(f"{language}: {text.place}: not translated: {text.ids[0]!r}")
            elif len(text.ids) == 2 and len(forms) != plural_forms:
                result.append(f"{language}: {text.place}: needs {plural_forms} plural forms: {text.ids[0]!r}")
            else:
                wanted = set(PLACEHOLDER.findall(text.ids[-1]))
                for form in forms:
                    if set(PLACEHOLDER.findall(form)) != wanted:
                        result.append(f"{language}: {text.place}: placeholders differ: {text.ids[0]!r} → {form!r}")
    return sorted(set(result))


def main(arguments: list[str]) -> int:
    """Print the complaints about the given paths; return the exit status."""
    paths = [Path(argument).resolve() for argument in arguments] or [ROOT / room for room in ROOMS]
    found = complaints(paths)
    for line in found:
        print(line)
    print(f"{len(list(texts(paths)))} texts, {len(found)} complaints")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
