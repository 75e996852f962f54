"""What is said where a page of the queue cannot be read because there is no line."""

from __future__ import annotations

from typing import Any

from translations import _, formats
from ui.screen_model import ScreenModel


def no_line(shown: Any, *, chosen: bool = True) -> str:
    """Return the sentence. ``shown`` is the page that is still there; ``chosen``: there is something to choose."""
    if shown is not None or not chosen:
        return _("There is no connection to the provider. Check the network and try again.")
    return _(
        "There is no connection to the provider, and what you chose now was not looked at before. Check the network "
        "and try again, or choose again what you looked at before."
    )


def seen_before(page: Any, zone: str) -> str:
    """Return what is said over a page that was fetched before and could not be fetched anew."""
    text = _("This is the page that you saw last, as it was on {moment}. Numbers have changed since.")
    return text.format(moment=formats.moment(page.at, zone))


def trouble(model: ScreenModel, shown: Any, *, chosen: bool = True) -> str:
    """Return what a person reads about a page that could not be fetched; "" when nothing failed."""
    return no_line(shown, chosen=chosen) if model.offline else model.failure_text
