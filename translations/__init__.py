"""Texts in four languages: gettext catalogues, one file a room in each language folder.

English is the source language, so a message id is an English sentence. ``_`` and ``n_`` translate when called, never at
import; the language is the process's (:func:`use`) or, inside ``with using("uk")``, the block's. Files end in ``.po``;
compiled catalogues are kept beside them and made again when a source is newer.
"""

from __future__ import annotations

import gettext
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("kk", "ru", "uk", "en")
PSEUDO: Final = "en_XA"
_FOLDER: Final = Path(__file__).parent
_PLURALS: Final = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "en": "nplurals=2; plural=(n != 1);",
}

_default = "kk"
_current: ContextVar[str | None] = ContextVar("language", default=None)
_compiling = threading.Lock()


def use(language: str) -> None:
    """Make ``language`` the language of this process."""
    global _default
    _default = _known(language)


def current() -> str:
    """Return the language in force here."""
    return _current.get() or _default


@contextmanager
def using(language: str) -> Iterator[None]:
    """Translate to ``language`` inside the block, in this thread or task only."""
    token = _current.set(_known(language))
    try:
        yield
    finally:
        _current.reset(token)


def _(message: str) -> str:
    """Return ``message`` in the language in force."""
    return _catalogue(current()).gettext(message)


def n_(singular: str, plural: str, count: int) -> str:
    """Return the form for ``count`` in the language in force; the text has a ``{count}`` to be filled by the caller."""
    return _catalogue(current()).ngettext(singular, plural, count)


def c_(context: str, message: str) -> str:
    """Return ``message`` as it reads in ``context``, for words that need two translations."""
    return _catalogue(current()).pgettext(context, message)


def N_(message: str) -> str:
    """Mark ``message`` for translation and return it as it is, for tables that are translated when shown."""
    return message


def _known(language: str) -> str:
    if language not in LANGUAGES and language != PSEUDO:
        raise ValueError(f"no such language: {language}")
    return language


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == PSEUDO:
        return _Pseudo()
    sources = sorted((_FOLDER / language).glob("*.po"))
    if not sources:
        return gettext.NullTranslations()
    compiled = _FOLDER / language / "kabinet.mo"
    try:
        if compiled.stat().st_mtime_ns >= max(source.stat().st_mtime_ns for source in sources):
            return gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
    except OSError:
        pass
    return gettext.GNUTranslations(BytesIO(_compile(language, sources, compiled)))


def _compile(language: str, sources: list[Path], compiled: Path) -> bytes:
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with _compiling:
        merged = Catalog(locale=language)
        merged.mime_headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Plural-Forms", _PLURALS[language]),
        ]
        for source in sources:
            with source.open("rb") as file:
                for message in read_po(file, locale=language):
                    if message.id and message.string:
                        merged.add(message.id, message.string, context=message.context)
        buffer = BytesIO()
        write_mo(buffer, merged)
        try:
            # Another process may read at the same moment: replace the whole file at once.
            part = compiled.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(buffer.getvalue())
            part.replace(compiled)
        except OSError:
            pass  # A read-only installation compiles in memory at each start.
        return buffer.getvalue()


class _Pseudo(gettext.NullTranslations):
    """English made 40 % longer with marks at both ends: shows untranslated and clipped texts on screens."""

    def gettext(self, message: str) -> str:
        return f"[{message}{'·' * (len(message) * 2 // 5)}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)
