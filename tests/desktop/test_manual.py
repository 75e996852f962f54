"""The manual that F1 opens: a section a screen in every language, in the words of the screens, with nothing outside.

Bold words are the words of the screens: titles, buttons, labels, messages. A placeholder stands as ``…``, and a message
that ends in ``…`` is quoted only in its beginning.
"""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

import translations
from desktop import app
from models.domain import attachments
from models.domain.admissions.rules import DEFAULTS
from models.domain.admissions.states import Programme
from provider.services.one_time import LIFETIME
from provider.services.passwords import FAMILY_MAXIMUM, MINIMUM
from translations import LANGUAGES, _, c_, n_
from translations.check import ROOT, texts
from ui.shell.screens import SCREENS

ROOMS = tuple(ROOT / room for room in ("ui", "desktop", "models"))
VOID = frozenset({"meta", "br", "hr", "img", "link", "input"})
LEAST_QUOTED = 10
"""So many characters of a message must be quoted for its beginning to say which one it is."""

languages = pytest.mark.parametrize("language", LANGUAGES)


class Manual(HTMLParser):
    """What a page says: its language, sections with their titles, bold words, links, and tags left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.sections: list[str] = []
        self.titles: dict[str, str] = {}
        self.bold: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self._text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Override."""
        given = dict(attrs)
        self.tags.add(tag)
        self.attributes |= given.keys()
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = given.get("lang")
        if tag == "section":
            self.sections.append(given.get("id") or "")
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "href" in given:
            self.links.append(given["href"] or "")
        if tag in ("b", "h2"):
            self._text = ""

    def handle_endtag(self, tag: str) -> None:
        """Override."""
        assert self.open[-1:] == [tag], f"</{tag}> closes {self.open[-1:]} at line {self.getpos()[0]}"
        self.open.pop()
        if tag == "b":
            self.bold.append(self._text)
        if tag == "h2":
            self.titles[self.sections[-1]] = self._text

    def handle_data(self, data: str) -> None:
        """Override."""
        self._text += data


@cache
def page(language: str) -> str:
    """Return the text of a language's manual."""
    return (app.MANUAL / f"{language}.html").read_text("utf-8")


@cache
def manual(language: str) -> Manual:
    """Return a language's manual, read."""
    return Manual(page(language))


@cache
def words_of_screens(language: str) -> frozenset[str]:
    """Return every text that screens, window and messages show in a language, as the manual writes it."""
    shown: set[str] = set()
    with translations.using(language):
        for text in texts(ROOMS):
            if len(text.ids) == 2:
                shown.update(n_(text.ids[0], text.ids[1], count) for count in (1, 2, 5))
            else:
                shown.add(c_(text.context, text.ids[0]) if text.context else _(text.ids[0]))
    return frozenset(re.sub(r"{[^}]*}", "…", text.replace("&", "")) for text in shown)


@languages
def test_every_screen_has_a_section_that_bears_its_title(language: str) -> None:
    found = manual(language)
    with translations.using(language):
        titles = {spec.key: spec.title() for spec in SCREENS}
    assert {key: found.titles.get(key) for key in titles} == titles


@languages
def test_the_page_says_its_language_and_closes_what_it_opens(language: str) -> None:
    found = manual(language)
    assert found.language == language
    assert found.open == []
    assert len(found.ids) == len(set(found.ids))


@languages
def test_bold_words_are_the_words_on_the_screens(language: str) -> None:
    known = words_of_screens(language)

    def stands(words: str) -> bool:
        beginning = words.removesuffix("…").rstrip()
        quoted = words.endswith("…") and len(beginning) >= LEAST_QUOTED
        return words in known or (quoted and any(text.startswith(beginning) for text in known))

    assert [words for words in manual(language).bold if not stands(words)] == []


@languages
def test_nothing_is_fetched_and_no_link_leads_nowhere(language: str) -> None:
    found = manual(language)
    assert re.findall(r"(?i)https?:|//[a-z]|url\(|@import|javascript:", page(language)) == []
    assert found.tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "base"})
    assert found.attributes.isdisjoint({"src", "srcset", "style", "onclick", "onload"})
    assert [link for link in found.links if not (link.startswith("#") and link[1:] in found.ids)] == []


@languages
def test_every_language_explains_the_same(language: str) -> None:
    found, english = manual(language), manual("en")
    assert found.sections == english.sections
    assert len(found.bold) == pytest.approx(len(english.bold), rel=0.05)


@languages
def test_the_contents_list_every_section_in_its_order(language: str) -> None:
    contents = page(language).partition("<nav")[2].partition("</nav>")[0]
    assert re.findall(r'href="#(\w+)"', contents) == manual(language).sections


@languages
def test_the_terms_are_those_that_the_program_comes_with(language: str) -> None:
    rules = DEFAULTS[Programme.GENERAL]
    said = re.search(r'(?s)<section id="terms".*?</section>', page(language))
    assert said is not None
    rows = [
        [int(number) for number in re.findall(r"\d+", re.sub("<[^>]*>", " ", row))]
        for row in re.findall(r"(?s)<tr>(.*?)</tr>", said[0])
    ]
    assert rows == [
        [rules.interest_days],
        [rules.restore_calendar_days],
        [rules.contract_days, rules.extension_days],
        [rules.offer_days],
        [rules.organisation_days],
        [rules.referral_days, rules.referral_stop_days, rules.referral_extension_calendar_days],
    ]
    assert rules.activation_days == rules.organisation_days


@languages
def test_the_numbers_about_documents_and_codes_are_those_that_hold(language: str) -> None:
    filing = re.search(r'(?s)<section id="applications".*?</section>', page(language))
    entry = re.search(r'(?s)<section id="family_entry".*?</section>', page(language))
    assert filing is not None
    assert entry is not None
    assert {attachments.MAX_FILE >> 20, attachments.MAX_FILES} <= {int(n) for n in re.findall(r"\d+", filing[0])}
    assert {LIFETIME.seconds, MINIMUM, FAMILY_MAXIMUM} <= {int(n) for n in re.findall(r"\d+", entry[0])}


@languages
def test_f1_opens_the_section_of_every_screen(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []

    def take(url: QUrl) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    with translations.using(language):
        assert all(app.open_manual(spec.key) for spec in SCREENS)
    assert {Path(url.toLocalFile()) for url in opened} == {app.MANUAL / f"{language}.html"}
    assert [url.fragment() for url in opened] == [spec.key for spec in SCREENS]
    assert {url.fragment() for url in opened} <= set(manual(language).sections)


def test_the_packed_program_takes_the_manual_along() -> None:
    assert '(str(ROOT / "docs" / "manual"), "docs/manual")' in (ROOT / "packaging" / "kabinet.spec").read_text("utf-8")
