"""The list of screens: what the rail shows, what the search finds, what ``context.go(key)`` opens.

A screen adds one line to ``SCREENS``. Its factory imports its modules itself, so the program starts without them, and
returns the view-model, made once and kept while the person is signed in, with a function that builds the view over it,
called again after a change of language, theme or size of text. A view-model that has ``show(**arguments)`` is given the
arguments of ``context.go``. A screen that is opened gets ``view_model.visited()`` when it has one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from translations import N_, _
from ui.context import Context

Made = tuple[QObject, Callable[[], QWidget]]
ANYBODY: Final = frozenset[str]()


@dataclass(frozen=True)
class ScreenSpec:
    """A screen. ``place``: "rail", "menu" (in the user's menu and the search) or "outside" (before signing in)."""

    key: str
    title: Callable[[], str]
    icon: str
    roles: frozenset[str]
    """Who sees it; empty for everybody."""
    factory: Callable[[Context], Made]
    place: str = "rail"
    words: str = ""
    """More words by which the search finds it, in every language."""

    def allowed(self, roles: tuple[str, ...]) -> bool:
        """Return whether somebody with these roles sees the screen."""
        return not self.roles or bool(self.roles.intersection(roles))


def titled(text: str) -> Callable[[], str]:
    """Return a title that is translated when shown; ``text`` is marked with ``N_``."""
    return lambda: _(text)


def _waiting(context: Context) -> Made:
    from ui.waiting import view, view_model

    model = view_model.Waiting(context)
    return model, lambda: view.WaitingView(model)


def _messages(context: Context) -> Made:
    from ui.messages import view, view_model

    model = view_model.Messages(context)
    return model, lambda: view.MessagesView(model)


def _my_data(context: Context) -> Made:
    from ui.my_data import view, view_model

    model = view_model.MyData(context)
    return model, lambda: view.MyDataView(model)


def _settings(context: Context) -> Made:
    from ui.settings import view, view_model

    model = view_model.SettingsModel(context)
    return model, lambda: view.SettingsView(model)


def _first_run(context: Context) -> Made:
    from ui.first_run import view, view_model

    model = view_model.FirstRun(context)
    return model, lambda: view.FirstRunView(model)


def _sign_in(context: Context) -> Made:
    from ui.sign_in import view, view_model

    model = view_model.SignIn(context)
    return model, lambda: view.SignInView(model)


def _register(context: Context) -> Made:
    from ui.register import view, view_model

    model = view_model.Register(context)
    return model, lambda: view.RegisterView(model)


def _recover(context: Context) -> Made:
    from ui.recover import view, view_model

    model = view_model.Recover(context)
    return model, lambda: view.RecoverView(model)


def _find_account(context: Context) -> Made:
    from ui.find_account import view, view_model

    model = view_model.FindAccount(context)
    return model, lambda: view.FindAccountView(model)


def _overview(context: Context) -> Made:
    from ui.overview import view, view_model
    from ui.selection import cabinet_of

    model = view_model.OverviewModel(cabinet_of(context), context.clock)
    return model, lambda: view.OverviewPage(context, model)


def _accounts(context: Context) -> Made:
    from ui.accounts import view, view_model
    from ui.selection import cabinet_of

    model = view_model.AccountsModel(cabinet_of(context), context.clock)
    return model, lambda: view.AccountsPage(context, model)


def _readings(context: Context) -> Made:
    from ui.drafts import Drafts
    from ui.readings import view, view_model
    from ui.selection import cabinet_of

    model = view_model.ReadingsModel(cabinet_of(context), context.tasks, context.client, context.clock)
    Drafts(context, "readings", lambda: model.drafts, model.restore, (model.row_changed, model.recorded), model)
    return model, lambda: view.ReadingsPage(context, model)


def _breakdown(context: Context) -> Made:
    from ui.breakdown import view, view_model
    from ui.selection import cabinet_of

    model = view_model.BreakdownModel(context, cabinet_of(context))
    return model, lambda: view.BreakdownPage(context, model)


def _reconciliation(context: Context) -> Made:
    from ui.reconciliation import view, view_model
    from ui.selection import cabinet_of

    model = view_model.ReconciliationModel(context, cabinet_of(context))
    return model, lambda: view.ReconciliationPage(context, model)


def _invoice(context: Context) -> Made:
    from ui.invoice import view, view_model
    from ui.selection import cabinet_of

    model = view_model.InvoiceModel(context, cabinet_of(context))
    return model, lambda: view.InvoicePage(context, model)


def _pay(context: Context) -> Made:
    from ui.drafts import Drafts
    from ui.pay import view, view_model
    from ui.selection import cabinet_of

    model = view_model.PayModel(cabinet_of(context), context.open_link, context.clock)
    Drafts(context, "pay", lambda: model.drafts, model.restore, (model.amounts_changed,), model)
    return model, lambda: view.PayPage(context, model)


def load_screens() -> None:
    """Load the modules of every screen behind the rail; called off the GUI thread, once somebody is in."""
    from documents import breakdown as breakdown_paper  # noqa: F401
    from documents import invoice as invoice_paper  # noqa: F401
    from documents import reconciliation as reconciliation_paper  # noqa: F401
    from models.cache.queries import drafts  # noqa: F401
    from ui.accounts import view as accounts  # noqa: F401
    from ui.breakdown import view as breakdown  # noqa: F401
    from ui.invoice import view as invoice  # noqa: F401
    from ui.messages import view as messages  # noqa: F401
    from ui.my_data import view as my_data  # noqa: F401
    from ui.overview import view as overview  # noqa: F401
    from ui.pay import view as pay  # noqa: F401
    from ui.readings import view as readings  # noqa: F401
    from ui.reconciliation import view as reconciliation  # noqa: F401
    from ui.waiting import view as waiting  # noqa: F401


SCREENS: Final[list[ScreenSpec]] = [
    ScreenSpec(
        "overview",
        titled(N_("Overview")),
        "layout-dashboard",
        ANYBODY,
        _overview,
        words="шолу берешек баланс обзор долг остаток огляд борг debt balance",
    ),
    ScreenSpec(
        "readings",
        titled(N_("Readings")),
        "gauge",
        ANYBODY,
        _readings,
        words="көрсеткіштер айғақтар есептеуіш показания счётчик показники показання лічильник meter",
    ),
    ScreenSpec(
        "breakdown",
        titled(N_("Breakdown of charges")),
        "list-checks",
        ANYBODY,
        _breakdown,
        words="ашып көрсету шифірлеу есептеулер расшифровка начисления розшифрування нарахування charges mailing",
    ),
    ScreenSpec(
        "accounts",
        titled(N_("Accounts and history")),
        "wallet",
        ANYBODY,
        _accounts,
        words="шот күйі төлемдер тұтыну лицевой счёт оплата потребление стан рахунків оплата споживання payments",
    ),
    ScreenSpec(
        "reconciliation",
        titled(N_("Reconciliation of settlements")),
        "scale",
        ANYBODY,
        _reconciliation,
        words="салыстыру акт сверки звіряння act",
    ),
    ScreenSpec(
        "invoice",
        titled(N_("Invoice")),
        "receipt-text",
        ANYBODY,
        _invoice,
        words="шот түбіртек счёт квитанция рахунок квитанція bill pdf",
    ),
    ScreenSpec(
        "pay",
        titled(N_("Payment for services")),
        "credit-card",
        ANYBODY,
        _pay,
        words="төлеу оплатить сплатити pay",
    ),
    ScreenSpec(
        "my_data",
        titled(N_("My data for charging")),
        "users",
        ANYBODY,
        _my_data,
        words="деректер тұрғындар аудан жеңілдік өтінім данные жильцы площадь льготы відомості мешканці площа пільги",
    ),
    ScreenSpec(
        "messages",
        titled(N_("Messages")),
        "message-square",
        ANYBODY,
        _messages,
        words="хабарлама хабарландыру сообщения объявления повідомлення оголошення",
    ),
    ScreenSpec(
        "waiting",
        titled(N_("Waiting and attention")),
        "hourglass",
        ANYBODY,
        _waiting,
        place="menu",
        words="кезек жіберілмеген очередь отправка черга надсилання outbox",
    ),
    ScreenSpec(
        "settings",
        titled(N_("Settings")),
        "settings",
        ANYBODY,
        _settings,
        place="menu",
        words="баптау тіл құпия сөз пошта настройки язык пароль тема налаштування мова пошта password e-mail",
    ),
    ScreenSpec("first_run", titled(N_("Your provider")), "link", ANYBODY, _first_run, place="outside"),
    ScreenSpec("sign_in", titled(N_("Sign in")), "log-in", ANYBODY, _sign_in, place="outside"),
    ScreenSpec("register", titled(N_("Register")), "user", ANYBODY, _register, place="outside"),
    ScreenSpec("recover", titled(N_("A new password")), "key-round", ANYBODY, _recover, place="outside"),
    ScreenSpec("find_account", titled(N_("Find my account")), "map-pin", ANYBODY, _find_account, place="outside"),
]


def screen(key: str) -> ScreenSpec:
    """Return the screen of this key; raises KeyError when there is none."""
    for spec in SCREENS:
        if spec.key == key:
            return spec
    raise KeyError(key)
