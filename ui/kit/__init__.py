"""Parts that every screen is made of. Import from here: ``from ui.kit import Page, Card, DataTable, …``.

A screen is one folder: ``view_model.py`` (a QObject with state, drafts and signals; never a widget), ``view.py`` (a
``Page``
built over it; thrown away and built again when language, theme or size of text change) and ``table_model.py``
(columns).

Frame
    ``Page(title, context, scroll=True, width=0)``: ``.add(widget, stretch)``, ``.filter(widget)``, ``.primary(text,
    act, icon)``,
    ``.secondary(…)``, ``.banner.show_text(text, tone)``, ``.show_context(text)``,
    ``.show_state(State.CONTENT | EMPTY | LOADING | OFFLINE | ERROR, sentence, detail=, verb=, act=, icon=)``.
    Use ``scroll=False`` when a table or a paper fills the page.
Surfaces
    ``Card(title, icon=, note=)`` (``.add``), ``Banner(text, tone, verb=, act=)``, ``Ribbon(text, tone)``, ``Rule()``.
Text (always plain text)
    ``Text(text, size=Size.BODY, bold=, tone=, wrap=, selectable=)``, ``Title``, ``Heading``, ``Muted``, ``Chip(text,
    tone)``,
    ``MoneyLabel(minor, currency, size=, balance=)``; ``balance_text``/``balance_tone`` for balances (positive =
    owed).
    Tones: "", muted, accent, positive, warning, danger, pending (= waits to be sent, everywhere the same, glyph
    "hourglass").
Buttons
    ``Button(text, act, kind="" | primary | danger | link | quiet, icon=)``, ``IconButton(icon, name, act)``,
    ``Check(text)``, ``Radio(text)`` instead of Qt's own. ``button_row(*buttons)``: what a card ends with.
Tables
    ``TableModel([Column(key, title, text, figures=, sort=, tone=, icon=, stretch=)], rows)`` + ``.show_rows(rows)``;
    ``DataTable(model, name, label=, settings=context.settings)``: sorting, column memory, Ctrl+C as TSV,
    ``.fit_height()``
    inside scrolling pages, ``.filter_words(text)``, signals ``activated_row`` / ``chosen_row`` with the row.
Fields
    ``Field``, ``AmountField`` (``.minor``), ``DateField(value, today=)`` (``.value``, ``changed``),
    ``PeriodPicker(month, first=,
    last=)`` (``.month``, ``changed``), ``Choice([(value, text)], value)`` (``.value``, ``chosen``),
    ``language_choice()``. ``MoreFilters()``: ``.add(key, label, choice)``, a button with the filters needed less often.
    ``Form(columns=1)``: ``.add(key, "&Label", field, note=)``, ``.text(key)``, ``.complain(key, sentence)``,
    ``.complain_all({…})``, ``.show_problems(problems)``.
Pictures
    ``BarChart(title, labels, [Series(name, values, tint, hatched)], currency)`` (``activated``, ``.table()``,
    ``.save(path)``),
    ``PdfView(context, send=)`` (``.show_pdf(data, name)``).

Spacing: ``theme.grid(n)`` steps of four units, never pixels. Colours: tokens by name, never literals. Icons:
``icons.icon(name,
tint)``, ``icons.Glyph(name, tint)``, ``icons.SERVICES[service.kind]``.
"""

from ui.kit.agree import Agree
from ui.kit.buttons import Button, Check, IconButton, Radio, button_row
from ui.kit.chart import BarChart, Series
from ui.kit.choice import Choice
from ui.kit.fields import (
    LANGUAGE_NAMES,
    AmountField,
    DateField,
    Field,
    PeriodPicker,
    language_choice,
    parse_day,
)
from ui.kit.forms import Form
from ui.kit.labels import (
    Chip,
    Heading,
    MoneyLabel,
    Muted,
    Rule,
    Text,
    Title,
    balance_text,
    balance_tone,
    restyle,
)
from ui.kit.more import MoreFilters
from ui.kit.page import Page, State
from ui.kit.pdf import PdfView, render_pages, safe_name
from ui.kit.surfaces import Banner, Card, Ribbon, clear_layout
from ui.kit.table import DataTable
from ui.kit.table_model import Column, TableModel
from ui.kit.table_order import SORT_ROLE
from ui.kit.tabs import Tabs
from ui.theme import Size

__all__ = [
    "LANGUAGE_NAMES",
    "SORT_ROLE",
    "Agree",
    "AmountField",
    "Banner",
    "BarChart",
    "Button",
    "Card",
    "Check",
    "Chip",
    "Choice",
    "Column",
    "DataTable",
    "DateField",
    "Field",
    "Form",
    "Heading",
    "IconButton",
    "MoneyLabel",
    "MoreFilters",
    "Muted",
    "Page",
    "PdfView",
    "PeriodPicker",
    "Radio",
    "Ribbon",
    "Rule",
    "Series",
    "Size",
    "State",
    "TableModel",
    "Tabs",
    "Text",
    "Title",
    "balance_text",
    "balance_tone",
    "button_row",
    "clear_layout",
    "language_choice",
    "parse_day",
    "render_pages",
    "restyle",
    "safe_name",
]
