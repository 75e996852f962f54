"""The one window: who is in, which screen is open, in which language and colours; its state survives the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QHideEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow
from shiboken6 import isValid

import translations
from translations import _
from ui import icons, theme
from ui.actions import ACTS, SCREEN_SHORTCUT
from ui.context import Context, Inside, Made, explain
from ui.shell import finding, roles, support
from ui.shell.frame import Frame, InsideFrame, OutsideFrame
from ui.shell.palette import Found, Palette
from ui.shell.placing import place, remember_place
from ui.shell.screens import SCREENS, ScreenSpec, have_accounts, load_screens, role_words, screen, screens_for
from ui.shell.session import Session


class Window(QMainWindow):
    """Shows screens over view-models that outlive them, so a change of language or colours loses nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._made: dict[str, Made] = {}
        self._history: list[str] = []
        self._acts: dict[str, QAction] = {}
        self._session: Session | None = None
        self._palette: Palette | None = None
        self._quitting = False
        self.key = ""
        self.frame_ = Frame()  # until it is known who is in
        bridge = context.bridge
        bridge.go.connect(self.go)
        bridge.toast.connect(self._toast)
        bridge.settled.connect(self._settled)
        bridge.language.connect(self.switch_language)
        bridge.theme.connect(self.switch_theme)
        bridge.text_size.connect(self.resize_text)
        bridge.entered.connect(self.enter)
        bridge.left.connect(self.leave)
        context.tasks.failed.connect(lambda error: self._toast(explain(error), "danger", "", None))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_colours)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.applicationStateChanged.connect(self._keep)
        translations.use(context.settings.get("language"))
        self._dress()
        place(self, context.settings)
        if context.inside is not None:
            self.enter(context.inside)
        else:
            self.rebuild()
            self.go("sign_in" if context.settings.get("provider_url") else "first_run", {})

    @property
    def context(self) -> Context:
        """The context in force."""
        return self._context

    @property
    def specs(self) -> list[ScreenSpec]:
        """The screens this person may open now."""
        if self._context.inside is None:
            return [spec for spec in SCREENS if spec.place == "outside"]
        return screens_for((self.role,))

    @property
    def role(self) -> str:
        """Whose screens are shown: the chosen one of the person's roles, else the first."""
        own = self.roles
        chosen = self._context.settings.get("role")
        return chosen if chosen in own else next(iter(own), "")

    @property
    def roles(self) -> list[str]:
        """The person's roles, one of those that show the same screens."""
        assert self._context.inside is not None
        return roles.distinct(self._context.inside.roles)

    def model(self, key: str) -> QObject:
        """Return the view-model of a screen, made at the first call."""
        if key not in self._made:
            self._made[key] = screen(key).make(self._context)
        return self._made[key][0]

    def go(self, key: str, arguments: dict[str, Any] | None = None) -> None:
        """Open a screen; one that this person may not open is ignored."""
        if key not in {spec.key for spec in self.specs}:
            role = roles.with_screen(self.roles, key) if self._context.inside is not None else ""
            if not role:
                return
            self.switch_role(role)  # a message to a parent, read by whoever pays for water as well
        model: Any = self.model(key)
        if hasattr(model, "show") and arguments:
            model.show(**arguments)
        if self.key and self.key != key:
            self._history.append(self.key)
        self._open(key)
        if hasattr(model, "visited"):
            model.visited()

    def back(self) -> None:
        """Open the screen before."""
        while self._history:
            key = self._history.pop()
            if key in {spec.key for spec in self.specs}:
                self._open(key)
                return

    def enter(self, inside: Inside) -> None:
        """Show the cabinet of a person who has signed in."""
        self._clear()
        self._context = self._context.entered(inside)
        self._session = Session(self._context, self)
        self._session.badges_changed.connect(self._badges)
        self.rebuild()
        keys = [spec.key for spec in self.specs]
        last = self._context.settings.get("last_screen")
        self.go(last if last in keys else keys[0], {})
        self._session.hear_roles(self._take_roles)
        # After the first screen's own question: opening the others must not wait for the disk.
        self._context.tasks.ask(self._session, partial(load_screens, self.specs), lambda _loaded: None)

    def _take_roles(self, person: Any) -> None:
        """Offer the roles that came with the data; screens that are open stay, with what was typed in them."""
        inside = self._context.inside
        wider = roles.widened(inside, person) if inside is not None else None
        if inside is None or wider is None or self._session is None:
            return
        shown = self.role
        self._context = self._context.entered(wider)
        self._context.settings.set("role", shown)
        self._session.widen(self._context)
        self.rebuild()
        if "parent" in self.roles and "parent" not in inside.roles:
            self._toast(
                _("Kindergarten is in your cabinet: choose “{role}” in the menu under your name.").format(
                    role=role_words("parent")
                ),
                "positive",
                _("Show as: {role}").format(role=role_words("parent")),
                partial(self.switch_role, "parent"),
            )

    def leave(self) -> None:
        """Show the way in again after signing out."""
        self._clear()
        self._context.settings.set("last_screen", "")  # the next to sign in may be somebody else
        self._context = self._context.entered(None)
        self.rebuild()
        self.go("sign_in" if self._context.settings.get("provider_url") else "first_run", {})

    def rebuild(self) -> None:
        """Build every view again over the same view-models: other language, colours or size of text."""
        self._palette = None
        self._bind()
        old, key = self.frame_, self.key
        if self._context.inside is not None and self._session is not None:
            self.frame_ = InsideFrame(
                self._context,
                self._session.line,
                self.specs,
                go=lambda name, **arguments: self.go(name, arguments),
                find=self.search,
                menu=self._menu,
                switch=self.switch_language,
            )
            self._badges()
        else:
            self.frame_ = OutsideFrame(self.switch_language)
        self.setCentralWidget(self.frame_)
        self.frame_.show()  # the window's layout would do so only after the next events, and focus needs it now
        if isValid(old):
            old.deleteLater()
        self.setWindowTitle("Kabinet")
        self.setWindowIcon(icons.icon("droplets", "accent"))
        if key and key in {spec.key for spec in self.specs}:
            self._open(key)

    def switch_language(self, language: str) -> None:
        """Speak another language at once."""
        if language != translations.current() or language != self._context.settings.get("language"):
            self._context.bridge.keep.emit()
            self._context.settings.set("language", language)
            translations.use(language)
            self.rebuild()

    def switch_role(self, role: str) -> None:
        """Show the screens of another of the person's roles."""
        if role != self.role and role in self.roles:
            self._context.bridge.keep.emit()
            self._context.settings.set("role", role)
            self._history.clear()
            self.rebuild()
            keys = [spec.key for spec in self.specs]
            if self.key not in keys:
                self.go(keys[0], {})

    def switch_theme(self, scheme: str) -> None:
        """Take other colours."""
        self._context.settings.set("theme", scheme)
        self._undress()

    def resize_text(self, percent: int) -> None:
        """Write larger or smaller."""
        self._context.settings.set("text_size", percent)
        self._undress()

    def search(self) -> Palette:
        """Open the search over everything."""
        if self._palette is None:
            self._palette = Palette(self.frame_, self._findable, self._find_more)
            if isinstance(self.frame_, InsideFrame):
                self._palette.field.setPlaceholderText(self.frame_.header.prompt)
            self._palette.closed.connect(self._closed)
        return self._palette

    def closeEvent(self, event: QCloseEvent) -> None:
        """Override: remember place and screen, and give running work a moment; or go on in the tray if so chosen."""
        settings = self._context.settings
        if settings.get("close_to_tray") and self._context.notifier.present and not self._quitting:
            self.hide()
            event.ignore()
            return
        remember_place(self, settings)
        if self._context.inside is not None:
            settings.set("last_screen", self.key)
            settings.set("last_account", self._context.selection.account_id or 0)
        self._context.bridge.keep.emit()
        self._clear()
        self._context.tasks.close()
        super().closeEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Override: who is out of sight may be switched off."""
        super().hideEvent(event)
        self._keep()

    def _keep(self, state: Qt.ApplicationState = Qt.ApplicationState.ApplicationInactive) -> None:
        """Write what was typed: the window is left, minimised, hidden."""
        if state is not Qt.ApplicationState.ApplicationActive and self._context.inside is not None:
            self._context.bridge.keep.emit()

    def _open(self, key: str) -> None:
        self.model(key)
        view = self.frame_.show_view(key, self._made[key][1])
        self.key = key
        if isinstance(self.frame_, InsideFrame):
            self.frame_.rail.mark(key)
        self.setWindowTitle(f"{screen(key).title()} — Kabinet")
        start = getattr(view, "start_here", None)
        if start is not None:
            start()
        else:
            # The page itself takes the focus: the next Tab goes to its first control, not to the head of the window.
            view.setFocus()

    def _dress(self) -> None:
        settings = self._context.settings
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        try:
            scheme = theme.Scheme(settings.get("theme"))
        except ValueError:
            scheme = theme.Scheme.SYSTEM
        percent = settings.get("text_size")
        theme.apply(app, scheme, percent if percent in theme.TEXT_SCALES else 100)

    def _undress(self) -> None:
        self._context.bridge.keep.emit()
        # After this event: the widget that was clicked is among those that go.
        QTimer.singleShot(0, self, self._change_clothes)

    def _change_clothes(self) -> None:
        # A new style sheet visits every widget there is (1.6 s for 1,200), so the old views go first.
        old = self.takeCentralWidget()
        if old is not None:
            old.deleteLater()
            QCoreApplication.sendPostedEvents(old, QEvent.Type.DeferredDelete)
        self._dress()
        self.rebuild()

    def _system_colours(self, _scheme: Qt.ColorScheme) -> None:
        if self._context.settings.get("theme") == theme.Scheme.SYSTEM:
            self._undress()

    def _bind(self) -> None:
        for action in self._acts.values():
            self.removeAction(action)
            action.deleteLater()
        self._acts = {}
        inside = self._context.inside is not None
        for act in ACTS:
            if (act.inside and not inside) or (act.key == "account" and not have_accounts(self.specs)):
                continue
            action = QAction(icons.icon(act.icon), act.title, self)
            if act.shortcut:
                action.setShortcut(QKeySequence(act.shortcut))
            action.triggered.connect(lambda _checked=False, key=act.key: self.act(key))
            self.addAction(action)
            self._acts[act.key] = action
        rail = [spec for spec in self.specs if spec.place == "rail"][:9]
        for number, spec in enumerate(rail, 1):
            action = QAction(icons.icon(spec.icon), spec.title(), self)
            action.setShortcut(QKeySequence(SCREEN_SHORTCUT.format(number=number)))
            action.triggered.connect(lambda _checked=False, key=spec.key: self.go(key, {}))
            self.addAction(action)
            self._acts[f"screen:{spec.key}"] = action

    def act(self, key: str) -> None:
        """Do one of ``ui.actions.ACTS``."""
        match key:
            case "find":
                self.search()
            case "sync" if self._session is not None:
                self._session.line.sync()
            case "waiting":
                self.go("waiting", {})
            case "back":
                self.back()
            case "account" if isinstance(self.frame_, InsideFrame):
                self.frame_.header.account.setFocus()
                self.frame_.header.account.showPopup()
            case "larger" | "smaller":
                sizes = theme.TEXT_SCALES
                now = self._context.settings.get("text_size")
                at = (sizes.index(now) if now in sizes else 1) + (1 if key == "larger" else -1)
                if 0 <= at < len(sizes):
                    self.resize_text(sizes[at])
            case "dark":
                scheme = theme.Scheme(self._context.settings.get("theme"))
                self.switch_theme("light" if theme.tokens_for(scheme) is theme.DARK else "dark")
            case "manual":
                self._context.manual(self.key)
            case "sign_out":
                self.go("settings", {"part": "sign_out"})
            case "quit":
                self._quitting = True
                self.close()

    def _menu(self, owner: QObject) -> Sequence[QAction | None]:
        screens = [spec for spec in self.specs if spec.place == "menu"]
        actions: list[QAction | None] = []
        for spec in screens:
            action = QAction(icons.icon(spec.icon), spec.title(), owner)
            action.triggered.connect(lambda _checked=False, key=spec.key: self.go(key, {}))
            actions.append(action)
        actions += roles.actions(self.roles, self.role, self.switch_role, owner)
        actions += roles.joining(self._context, self.go, owner)
        actions += support.actions(self._context, owner, self.role)
        return [*actions, None, *(self._acts[key] for key in ("sync", "manual")), None, self._acts["sign_out"]]

    def _findable(self) -> list[Found]:
        found = finding.screens(self.specs, self.go)
        found += finding.accounts(self._context, self.specs, self.go)
        family = self._session.family if self._session is not None else None
        if family is not None and self.role == "parent":
            found += roles.applications(family, self.go)
        if self._context.inside is not None:
            found += roles.findable(self.roles, self.role, self.switch_role)
        return [*found, *finding.acts(self._acts, self.act), *finding.languages(self.switch_language)]

    def _find_more(self, text: str, take: Callable[[Sequence[Found]], object]) -> None:
        if self._session is not None:
            finding.more(self._session, self._context, self.specs, self.go, text, take)

    def _badges(self) -> None:
        if isinstance(self.frame_, InsideFrame) and self._session is not None:
            self.frame_.header.unread(self._session.unread)
            self.frame_.rail.badge(self._session.badges())

    def _toast(self, text: str, tone: str, verb: str, act: Callable[[], object] | None) -> None:
        self.frame_.toast(text, tone, verb, act)

    def _settled(self, text: str) -> None:
        self.frame_.settled(text)

    def _closed(self) -> None:
        self._palette = None

    def _clear(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None
        for made, _build in self._made.values():
            made.deleteLater()
        self._made.clear()
        self._history.clear()
        self.key = ""
