"""Saving a paper where the person says: off the GUI thread, whole or not at all, and told either way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from documents.whole_file import write_whole
from translations import _
from ui.context import Context, explain


def save_paper(
    context: Context,
    owner: QObject,
    name: str,
    make: Callable[[], bytes],
    saved: Callable[[Path], object] = lambda _path: None,
) -> None:
    """Ask where a paper that is called ``name`` goes, write it there and say so; ``saved`` gets its path."""
    path = context.save_dialog(_("Save the document"), name, _("PDF documents (*.pdf)"))
    if path is None:
        return

    def written(_none: None) -> None:
        context.toast(_("Saved to {path}.").format(path=path))
        saved(path)

    context.tasks.ask(owner, lambda: write_whole(Path(path), make()), written, unsaved(context), certain=True)


def unsaved(context: Context) -> Callable[[Exception], None]:
    """Return what tells why something could not be saved where the person said."""

    def failed(error: Exception) -> None:
        if isinstance(error, OSError):
            text = _("The document could not be saved there: {reason}. Choose another folder.")
            context.toast(text.format(reason=error.strerror or error), "danger")
        else:
            context.toast(explain(error), "danger")

    return failed
