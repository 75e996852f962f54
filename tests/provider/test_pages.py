"""The pages behind letters' links: readable by everybody, acting only when asked, never repeating what was sent raw."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser

import pytest

from provider.settings import Settings
from tests.fixtures.provider import ProviderServer
from tests.provider.people_world import IIN, OTHER_PASSWORD, PeopleWorld, make_people_world, people_settings

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def provider_settings(provider_settings: Settings) -> Settings:
    return people_settings(provider_settings)


@pytest.fixture
def world(provider_server: ProviderServer) -> PeopleWorld:
    return make_people_world(provider_server)


class Outline(HTMLParser):
    """What a page consists of, as a screen reader meets it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_page_is_in_one_language_and_every_field_has_a_label(world: PeopleWorld) -> None:
    for path in ("/confirm/x", "/recover/x", "/email/x"):
        for language in ("kk", "ru", "uk", "en"):
            answer = world.open(f"{path}?lang={language}")
            page = Outline(answer.text)
            assert page.all("html")[0]["lang"] == language
            assert len(page.all("h1")) == 1
            labelled = {label["for"] for label in page.all("label")}
            assert {field["id"] for field in page.all("input")} == labelled
            assert len(page.all("button")) == 1
            assert {link["lang"] for link in page.all("a")} == {"kk", "ru", "uk", "en"}


def test_the_last_link_of_a_letter_leads_to_a_page_that_says_what_this_is(world: PeopleWorld) -> None:
    assert "Kabinet" in world.open("/?lang=en").text
    assert 'lang="uk"' in world.open("/?lang=uk").text


def test_pages_are_not_kept_framed_or_leaked_and_load_nothing(world: PeopleWorld) -> None:
    answer = world.open("/recover/x")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = Outline(answer.text)
    assert page.all("script") == page.all("img") == page.all("link") == []


def test_the_language_is_the_letters_else_the_browsers(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org", language="uk")
    world.post("/people/recover", {"login_or_email": "123456"})
    assert 'lang="uk"' in world.open(world.link("aigul@example.org")).text[:60]
    with world.client() as client:
        answer = client.get("/recover/unknown", headers={"Accept-Language": "fr, ru-RU;q=0.8"})
    assert 'lang="ru"' in answer.text[:60]


def test_hostile_texts_are_shown_as_texts_or_not_at_all(world: PeopleWorld) -> None:
    fields = {"code": EVIL, "account": EVIL, "new_password": EVIL, "again": EVIL}
    tokens = ("x", "%00", "%3Cscript%3E", "a" * 5000, "%F0%9F%92%A7")
    with world.client() as client:
        for path, token in itertools.product(("/confirm", "/recover", "/email"), tokens):
            shown = client.get(f"{path}/{token}", params={"lang": EVIL})
            done = client.post(f"{path}/{token}", data=fields)
            assert shown.status_code in (200, 404)
            assert done.status_code in (200, 404, 422, 429)
            assert "<script" not in shown.text + done.text
            assert "onerror=alert(1)>" not in done.text


def test_a_form_that_is_none_or_too_large_is_refused(world: PeopleWorld) -> None:
    with world.client() as client:
        assert client.post("/recover/x", content=b"\xff\xfe\x00").status_code == 422
        assert client.post("/recover/x", content=b"a" * 20_000).status_code == 413
        assert client.post("/recover/x", content=b"&".join(b"a=1" for _ in range(500))).status_code == 422


def test_a_refused_form_keeps_what_was_typed_but_never_a_password(world: PeopleWorld) -> None:
    world.user(email="aigul@example.org")
    world.post("/people/recover", {"login_or_email": "123456"})
    fields = {"code": IIN, "account": "1234567", "new_password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    answer = world.open(world.link("aigul@example.org"), fields)
    assert answer.status_code == 422
    assert 'value="1234567"' in answer.text
    assert OTHER_PASSWORD not in answer.text
    assert 'role="alert"' in answer.text
