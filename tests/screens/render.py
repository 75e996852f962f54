"""Draws every screen × language × theme × size of text × state into output/screenshots, with an index page.

Run by ``make screenshots`` = ``python -m tests.screens.render [--only KEY …] [--languages kk …] …``. Sample data and
a fixed clock, so two runs can be compared.
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

import ui.kit.page as kit_page
from models.cache.store import CacheStore
from models.contract.records import Mailing
from models.domain.admissions.states import Event
from models.domain.problems import Problem
from sync.status import State, SyncStatus
from tests.fixtures import department, family
from tests.fixtures.ports import Failed, MemorySettings, WireClient
from tests.fixtures.window import make_context, make_store
from tests.samples import balabaqsha, resident, sample_view_kk, sample_view_uk
from tests.samples import department as office
from tests.screens import family_scenes, office_scenes
from translations import LANGUAGES
from ui.context import Context
from ui.shell.screens import SCREENS
from ui.shell.window import Window
from ui.tasks import Asked, Tasks

OUTPUT = Path("output/screenshots")
STATES = ("normal", "empty", "loading", "offline", "error")
THEMES = ("light", "dark")
SIZES = (100, 150)
WIDTH, HEIGHT = 1280, 820
FORM = {"my_data": {"item": "residents"}, "choose_place": {"application_id": balabaqsha.FIRST}}
SHOWN = {
    "resident": [spec.key for spec in SCREENS if spec.place != "outside" and spec.allowed(("resident",))],
    # the public queue has a scene of its own
    "outside": [
        spec.key for spec in SCREENS if spec.place == "outside" and spec.key != "public_queue"
    ],  # has its own scene
    "parent": [spec.key for spec in SCREENS if "parent" in spec.roles and "resident" not in spec.roles],
    "officer": [spec.key for spec in SCREENS if "officer" in spec.roles],
    "doctor": [spec.key for spec in SCREENS if "doctor" in spec.roles],
    "kindergarten": ["kindergarten-to_act", "kindergarten-card"],
}
"""By whom each screen is drawn."""
SCENES: dict[str, tuple[str, Callable[[Any], object] | None]] = {
    "office_queue-card": ("office_queue", lambda model: model.open(31_003)),
    "office_queue-question": ("office_queue", lambda model: _asked(model, 31_011, "reinstate")),
    "office_queue-documents": ("office_queue", lambda model: model.open(31_010, "documents")),
    "office_rounds-plan": ("office_rounds", lambda model: model.begin_plan()),
    "office_rounds-mine": ("office_rounds", lambda model: model.open(office.MINE)),
    "office_programmes-write": ("office_programmes", lambda model: model.edit()),
    "office_categories-change": ("office_categories", lambda model: model.open(model.categories()[0])),
    "office_places-card": ("office_places", lambda model: model.open(101)),
    "office_places-close": ("office_places", lambda model: (model.open(101), model.begin_close(1012))),
    "office_statistics-queue": ("office_statistics", lambda model: model.choose("queue")),
    "publications-draft": ("publications", lambda model: model.begin()),
    "publications-change": ("publications", lambda model: model.begin_lower(801)),
    "doctor_review-card": ("doctor_review", lambda model: model.open(31_000)),
    "doctor_review-reject": ("doctor_review", lambda model: _asked(model, 31_000, "doc-reject")),
    "kindergarten-to_act": ("to_act", None),
    "kindergarten-card": ("to_act", lambda model: _asked(model, 31_007, "sign-contract")),
}
"""Screens in the middle of an act: the screen and what is done in it first; drawn in the normal state."""
SHOWN["officer"] += [name for name in SCENES if name.startswith(("office_", "publications-"))]
SHOWN["doctor"] += [name for name in SCENES if name.startswith("doctor_")]
for role, scenes in (
    ("officer", office_scenes.OFFICER),
    ("doctor", office_scenes.DOCTOR),
    ("kindergarten", office_scenes.KINDERGARTEN),
):
    SCENES.update(scenes)
    SHOWN[role] += list(scenes)


def _asked(model: Any, application_id: int, event: str) -> None:
    """Open an application and then the question of an act, once it has come."""

    def ask() -> None:
        if model.view is not None:
            model.data_changed.disconnect(ask)
            model.ask(Event(event))

    model.open(application_id)
    model.data_changed.connect(ask)


OFFICE_ROLES = ("officer", "doctor", "kindergarten")


class Stalled(Tasks):
    """Takes questions and never answers: what a slow disk or line looks like. ``open_door`` lets the window start."""

    def ask(self, owner: Any, question: Any, then: Any, failed: Any = None, *, name: str = "") -> Asked:
        return Asked(owner, then, failed)


class BrokenStore:
    """A cache that cannot be read."""

    def read(self, _question: Callable[[Any], Any]) -> Any:
        raise Failed("cache-damaged")

    @contextmanager
    def write(self) -> Iterator[Any]:
        raise Failed("cache-damaged")
        yield


@dataclass(frozen=True)
class Shot:
    """One picture."""

    screen: str
    language: str
    theme: str
    size: int
    state: str

    @property
    def name(self) -> str:
        return f"{self.screen}.{self.language}.{self.theme}.{self.size}.{self.state}.png"


def family_stores(folder: Path) -> dict[str, Any]:
    """Return a parent's cache for each state."""
    (folder / "family").mkdir()
    (folder / "no-family").mkdir()
    full = make_store(folder / "family", [], balabaqsha.family_rows())
    empty = make_store(folder / "no-family", [], [balabaqsha.department(), balabaqsha.person(), *balabaqsha.rules()])
    return {"normal": full, "offline": full, "loading": full, "empty": empty, "error": BrokenStore()}


def family_for(state: str, store: Any, theme: str, size: int, language: str) -> Context:
    """Return a parent's context in which screens are in ``state``."""
    settings = MemorySettings(language=language, theme=theme, text_size=size)
    now = balabaqsha.NOW
    client = family.FamilyClient(family.intentions() if state == "offline" else [])
    if state == "offline":
        client.base = SyncStatus(State.OFFLINE, now, now, problem=Problem("offline"))
    made = family.family_context(store, client=client, settings=settings)
    if state == "loading":
        object.__setattr__(made, "tasks", Stalled())
    return made


def office_stores(folder: Path, role: str) -> dict[str, Any]:
    """Return the cache of somebody of a department for each state."""
    (folder / role).mkdir()
    (folder / f"no-{role}").mkdir()
    full = department.office_store(folder / role, role)
    someone = office.person(department.NAMES[role], (role,))
    empty = department.office_store(
        folder / f"no-{role}", role, [balabaqsha.department(), someone, *balabaqsha.localities(), *balabaqsha.rules()]
    )
    return {"normal": full, "offline": full, "loading": full, "card": full, "empty": empty, "error": BrokenStore()}


def office_for(state: str, role: str, store: Any, theme: str, size: int, language: str) -> Context:
    """Return the context of somebody of a department in which screens are in ``state``."""
    settings = MemorySettings(language=language, theme=theme, text_size=size)
    client = department.offline_client() if state == "offline" else None
    made = department.office_context(store, role, client=client, settings=settings)
    if state == "loading":
        object.__setattr__(made, "tasks", Stalled())
    return made


def stores(folder: Path) -> dict[str, Any]:
    """Return a resident's cache for each state."""
    kk, uk = sample_view_kk(), sample_view_uk()
    (folder / "full").mkdir()
    (folder / "empty").mkdir()
    full = make_store(
        folder / "full",
        [kk, uk],
        [
            resident.person(),
            *resident.messages(),
            *resident.requests(kk.account.id),
            Mailing(1, kk.account.id, 7, True, "kk"),
        ],
    )
    empty = CacheStore.open(folder / "empty" / "cache.db", b"k" * 32)
    return {"normal": full, "offline": full, "loading": full, "empty": empty, "error": BrokenStore()}


def context_for(state: str, store: Any, theme: str, size: int, language: str, *, inside: bool) -> Context:
    """Return a context in which screens are in ``state``."""
    settings = MemorySettings(language=language, theme=theme, text_size=size)
    items = resident.waiting_items(sample_view_kk().account.id) if state in ("normal", "offline") else []
    client = WireClient(items)
    if state == "offline":
        client.base = SyncStatus(State.OFFLINE, resident.NOW, resident.NOW, problem=Problem("offline"))
    if state == "empty":
        client.base = SyncStatus(State.ONLINE, resident.NOW, None)
    if state == "error":

        def broken() -> Any:
            raise Failed("cache-damaged")

        client.waiting = broken  # type: ignore[method-assign]
    made = make_context(store, client=client, settings=settings, signed_in=inside)
    if state == "loading":
        object.__setattr__(made, "tasks", Stalled())
    fail = {"offline": Failed("offline", direct=1), "error": Failed("server-error", direct=1)}.get(state)
    made.entrance.wire.fail = fail  # type: ignore[attr-defined]
    return made


def settle(app: QApplication, context: Context) -> None:
    """Let everything that was asked be answered and drawn."""
    end = time.monotonic() + 5
    quiet = 0
    while quiet < 4 and time.monotonic() < end:
        app.processEvents()
        quiet = 0 if context.tasks.busy else quiet + 1
        time.sleep(0.002)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def draw(app: QApplication, arguments: argparse.Namespace) -> list[Shot]:
    """Draw the pictures asked for; returns them in the order drawn."""
    shots: list[Shot] = []
    with tempfile.TemporaryDirectory() as folder:
        found, families = stores(Path(folder)), family_stores(Path(folder))
        offices = {role: office_stores(Path(folder), role) for role in OFFICE_ROLES}
        for state in arguments.states:
            for theme in arguments.themes:
                for size in arguments.sizes:
                    language = arguments.languages[0]
                    makers = {
                        "resident": partial(context_for, state, found[state], theme, size, language, inside=True),
                        "outside": partial(context_for, state, found[state], theme, size, language, inside=False),
                        "parent": partial(family_for, state, families[state], theme, size, language),
                    }
                    for role, kept in offices.items():
                        makers[role] = partial(office_for, state, role, kept[state], theme, size, language)
                    for who, make in makers.items():
                        keys = [key for key in SHOWN[who] if not arguments.only or key in arguments.only]
                        if keys:
                            shots += _window(app, arguments, make(), keys, (state, theme, size))
                    if state == "normal":
                        for name in family_scenes.SCENES:
                            if not arguments.only or name in arguments.only:
                                shots += _family_scene(app, arguments, Path(folder), name, theme, size)
    return shots


def _family_scene(
    app: QApplication, arguments: argparse.Namespace, folder: Path, name: str, theme: str, size: int
) -> list[Shot]:
    """Draw what a parent has begun; the window speaks each language over the same view-models."""
    scene = family_scenes.SCENES[name]
    kept = family_scenes.store(folder / f"{name}-{theme}-{size}", scene)
    context = family_scenes.context(kept, scene, theme, size, arguments.languages[0])
    window = Window(context)
    window.resize(WIDTH, HEIGHT)
    window.show()
    settle(app, context)
    window.go(scene.screen, scene.arguments)
    settle(app, context)
    for step in scene.steps:
        step(window.model(scene.screen), context)
        settle(app, context)
    shots = []
    for language in arguments.languages:
        window.switch_language(language)
        window.rebuild()  # the first one too: what was typed into the model is seen
        settle(app, context)
        family_scenes.scrolled(window, scene.below)
        settle(app, context)
        shot = Shot(name, language, theme, size, "normal")
        window.grab().save(str(arguments.output / shot.name))
        shots.append(shot)
    window.close()
    window.deleteLater()
    settle(app, context)
    kept.close()
    return shots


def _window(
    app: QApplication, arguments: argparse.Namespace, context: Context, keys: list[str], how: tuple[str, str, int]
) -> list[Shot]:
    state, theme, size = how
    window = Window(context)
    window.resize(WIDTH, HEIGHT)
    window.show()
    settle(app, context)
    shots = []
    for language in arguments.languages:
        window.switch_language(language)
        for name in keys:
            key, act = SCENES.get(name, (name, None))
            if act is not None and state != "normal":
                continue
            window.go(key, FORM.get(key, {}) if state == "normal" else {})
            settle(app, context)
            if act is not None:
                act(window.model(key))
                settle(app, context)
            shot = Shot(name, language, theme, size, state)
            window.grab().save(str(arguments.output / shot.name))
            shots.append(shot)
            if act is not None:
                _left(key, window.model(key))
                settle(app, context)
    window.close()
    window.deleteLater()
    settle(app, context)
    return shots


def _left(key: str, model: Any) -> None:
    """Leave what a scene began."""
    for leave in ("cancel", "close_card"):
        if hasattr(model, leave):
            getattr(model, leave)()
    if hasattr(model, "close_card"):
        model.close_card()
    if key in office_scenes.LEFT:
        office_scenes.LEFT[key](model)


def write_index(shots: list[Shot], folder: Path) -> None:
    """Write the page that shows the pictures side by side: a row a screen and state, a column a language."""
    rows: dict[tuple[str, str, str, int], dict[str, Shot]] = {}
    for shot in shots:
        rows.setdefault((shot.screen, shot.state, shot.theme, shot.size), {})[shot.language] = shot
    languages = sorted({shot.language for shot in shots}, key=LANGUAGES.index)
    lines = [
        "<!doctype html><meta charset=utf-8><title>Kabinet: screens</title>",
        "<style>body{font:14px sans-serif;margin:16px}img{width:100%;border:1px solid #bbb}",
        "table{border-collapse:collapse;width:100%;table-layout:fixed}td,th{padding:6px;vertical-align:top}",
        "h2{margin:24px 0 4px}</style><h1>Kabinet: screens</h1>",
    ]
    for screen in dict.fromkeys(shot.screen for shot in shots):
        lines.append(f"<h2 id={html.escape(screen)}>{html.escape(screen)}</h2><table>")
        for (name, state, theme, size), found in rows.items():
            if name == screen:
                lines.append(f"<tr><th colspan={len(languages)} align=left>{state} · {theme} · {size} %</th></tr><tr>")
                for language in languages:
                    if language in found:
                        file = found[language].name
                        lines.append(f"<td>{language}<a href={file}><img loading=lazy src={file}></a></td>")
                lines.append("</tr>")
        lines.append("</table>")
    (folder / "index.html").write_text("\n".join(lines), "utf-8")


def main(given: list[str]) -> int:
    """Draw everything and say how much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--languages", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--themes", nargs="*", default=list(THEMES))
    parser.add_argument("--sizes", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--states", nargs="*", default=list(STATES))
    parser.add_argument("--output", type=Path, default=OUTPUT, help="where the pictures go")
    arguments = parser.parse_args(given)
    if arguments.output.exists() and not arguments.only:
        shutil.rmtree(arguments.output)
    arguments.output.mkdir(parents=True, exist_ok=True)
    kit_page.PATIENCE = 0
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    began = time.monotonic()
    shots = draw(app, arguments)
    write_index(shots, arguments.output)
    print(f"{len(shots)} pictures in {time.monotonic() - began:.0f} s: {arguments.output / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
