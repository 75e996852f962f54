"""Every act of the window with its words, shortcut and icon: one table, so that no shortcut is used twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from translations import N_, _


@dataclass(frozen=True, slots=True)
class Act:
    """Something the window can do; ``words`` is translated when shown."""

    key: str
    words: str
    shortcut: str = ""
    icon: str = ""
    inside: bool = True
    """Whether it is only for those who have signed in."""

    @property
    def title(self) -> str:
        """The verb, in the language in force."""
        return _(self.words)


ACTS: Final = (
    Act("find", N_("Search everything"), "Ctrl+K", "search"),
    Act("sync", N_("Exchange data with the provider now"), "F5", "refresh-cw"),
    Act("waiting", N_("Open waiting and attention"), "Ctrl+Shift+W", "hourglass"),
    Act("back", N_("Go back"), "Alt+Left", "arrow-left"),
    Act("account", N_("Choose an account"), "Ctrl+L", "house"),
    Act("larger", N_("Larger text"), "Ctrl++", "zoom-in", inside=False),
    Act("smaller", N_("Smaller text"), "Ctrl+-", "zoom-out", inside=False),
    Act("dark", N_("Switch between light and dark"), "Ctrl+Shift+D", "moon", inside=False),
    Act("manual", N_("Open the manual at this screen"), "F1", "circle-help", inside=False),
    Act("sign_out", N_("Sign out"), "", "log-out"),
    Act("quit", N_("Close the program"), "Ctrl+Q", "x", inside=False),
)
BY_KEY: Final = {act.key: act for act in ACTS}
SCREEN_SHORTCUT: Final = "Ctrl+{number}"
"""Screens in the rail, from 1 to 9 in their order."""
