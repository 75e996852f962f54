"""The list of screens: what the rail shows, what the search finds, what ``context.go(key)`` opens.

A screen is one entry in ``SCREENS`` and one folder, ``ui/<key>/``, whose ``view.py`` has ``make(context)``: it returns
the view-model, made once and kept while the person is signed in, with a function that builds the view over it, called
again after a change of language, theme or size of text. The folder is imported when the screen is opened, so the
program starts without it. A view-model that has ``show(**arguments)`` is given the arguments of ``context.go``. A
screen that is opened gets ``view_model.visited()`` when it has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from translations import N_, _
from ui.context import Context, Made


@dataclass(frozen=True)
class ScreenSpec:
    """A screen.

    ``place``: "rail", "menu" (in the user's menu and the search), "inner" (opened from other screens and the search)
    or "outside" (before signing in).
    """

    key: str
    name: str
    """The title in English, marked with ``N_``."""
    icon: str
    roles: frozenset[str] = frozenset()
    """Who sees it; empty for everybody."""
    place: str = "rail"
    words: str = ""
    """More words by which the search finds it, in every language."""
    folder: str = ""
    """Where it lies below ``ui``, with dots; the key when empty."""

    def title(self) -> str:
        """Return the title in the language in force."""
        return _(self.name)

    def allowed(self, roles: tuple[str, ...]) -> bool:
        """Return whether somebody with these roles sees the screen."""
        return not self.roles or bool(self.roles.intersection(roles))

    @property
    def module(self) -> str:
        """The module that makes the screen."""
        return f"ui.{self.folder or self.key}.view"

    def make(self, context: Context) -> Made:
        """Return the screen, newly made."""
        made: Made = import_module(self.module).make(context)
        return made


def load_screens(specs: Iterable[ScreenSpec]) -> None:
    """Load the modules of screens before they are opened; called off the GUI thread, once somebody is in."""
    from documents import breakdown, invoice, reconciliation  # noqa: F401
    from models.cache.queries import drafts  # noqa: F401

    for spec in specs:
        import_module(spec.module)


UTILITY: Final = frozenset({"resident", "cashier", "clerk", "admin"})
PARENT: Final = frozenset({"parent"})
OFFICER: Final = frozenset({"officer"})
DOCTOR: Final = frozenset({"doctor"})
KINDERGARTEN: Final = frozenset({"kindergarten", "officer"})
"""An officer acts for a kindergarten that is silent."""
ROLES: Final = {
    "resident": N_("Utility services"),
    "cashier": N_("Cashier"),
    "clerk": N_("Provider's office"),
    "admin": N_("Administrator"),
    "parent": N_("Parent"),
    "officer": N_("Education department"),
    "doctor": N_("Doctor"),
    "kindergarten": N_("Kindergarten"),
}
"""What a person with several roles chooses among."""


def have_accounts(specs: Iterable[ScreenSpec]) -> bool:
    """Return whether these are the screens of a role that looks at accounts of utilities."""
    return any(spec.key == "overview" for spec in specs)


SCREENS: Final[list[ScreenSpec]] = [
    ScreenSpec(
        "overview",
        N_("Overview"),
        "layout-dashboard",
        UTILITY,
        words="шолу берешек баланс обзор долг остаток огляд борг debt balance",
    ),
    ScreenSpec(
        "readings",
        N_("Readings"),
        "gauge",
        UTILITY,
        words="көрсеткіштер айғақтар есептеуіш показания счётчик показники показання лічильник meter",
    ),
    ScreenSpec(
        "breakdown",
        N_("Breakdown of charges"),
        "list-checks",
        UTILITY,
        words="ашып көрсету шифірлеу есептеулер расшифровка начисления розшифрування нарахування charges mailing",
    ),
    ScreenSpec(
        "accounts",
        N_("Accounts and history"),
        "wallet",
        UTILITY,
        words="шот күйі төлемдер тұтыну лицевой счёт оплата потребление стан рахунків оплата споживання payments",
    ),
    ScreenSpec(
        "reconciliation",
        N_("Reconciliation of settlements"),
        "scale",
        UTILITY,
        words="салыстыру акт сверки звіряння act",
    ),
    ScreenSpec(
        "invoice",
        N_("Invoice"),
        "receipt-text",
        UTILITY,
        words="шот түбіртек счёт квитанция рахунок квитанція bill pdf",
    ),
    ScreenSpec(
        "pay",
        N_("Payment for services"),
        "credit-card",
        UTILITY,
        words="төлеу оплатить сплатити pay",
    ),
    ScreenSpec(
        "my_data",
        N_("My data for charging"),
        "users",
        UTILITY,
        words="деректер тұрғындар аудан жеңілдік өтінім данные жильцы площадь льготы відомості мешканці площа пільги",
    ),
    ScreenSpec(
        "children",
        N_("Children"),
        "users",
        PARENT,
        words="балалар менің балаларым сенім дети ребёнок діти дитина child",
    ),
    ScreenSpec(
        "applications",
        N_("Applications"),
        "file-text",
        PARENT,
        words="өтініштер ваучер мұрағат заявления очередь архив заяви черга архів queue archive",
    ),
    ScreenSpec(
        "application",
        N_("Child's application"),
        "file-text",
        PARENT,
        place="inner",
        words="өтініш ваучер жолдама заявление ваучер направление заява ваучер скерування voucher referral",
    ),
    ScreenSpec(
        "bulletin",
        N_("Bulletin of free places"),
        "calendar-days",
        PARENT,
        words="бос орындар бюллетені бюллетень свободных мест бюлетень вільних місць free places",
    ),
    ScreenSpec(
        "waiting_lists",
        N_("Waiting lists"),
        "hourglass",
        PARENT,
        words="күту парағы лист ожидания лист очікування waiting list",
    ),
    ScreenSpec(
        "wishes",
        N_("Wishes for groups"),
        "list-checks",
        PARENT,
        words="тілек топ жинақтау тізім пожелания группы комплектование список побажання групи wishes rank",
    ),
    ScreenSpec(
        "kindergartens",
        N_("Catalogue of kindergartens"),
        "building",
        PARENT,
        words="балабақшалар каталогы пікір каталог детских садов отзывы садочки відгуки reviews",
    ),
    ScreenSpec(
        "letters",
        N_("Letters to the department"),
        "mail",
        PARENT,
        words="хат бөлімге жазу кері байланыс сұрақ письмо отдел вопрос лист відділ запитання letter feedback question",
    ),
    ScreenSpec(
        "queue",
        N_("Queue and forecast"),
        "chart-column",
        PARENT,
        words="кезек статистика болжам очередь статистика прогноз черга статистика прогноз statistics",
    ),
    ScreenSpec(
        "choose_place",
        N_("Choice of kindergarten"),
        "building",
        PARENT,
        place="inner",
        words="балабақша таңдау МДҰ орын выбор детского сада место вибір дитячого садка місце place",
    ),
    ScreenSpec(
        "office_decisions",
        N_("To decide"),
        "circle-alert",
        OFFICER,
        words="шешім шағым жеңілдік құжат пікір решение льгота отзыв рішення пільга відгук appeal benefit review",
        folder="department.decisions",
    ),
    ScreenSpec(
        "office_letters",
        N_("Letters of families"),
        "mail",
        OFFICER,
        words="хат отбасы жауап сұрақ письмо семья ответ вопрос лист родина відповідь letter answer question feedback",
        folder="department.letters",
    ),
    ScreenSpec(
        "office_queue",
        N_("Queue"),
        "list",
        OFFICER,
        words="кезек өтініш бала ваучер очередь заявление ребёнок черга заява дитина queue application",
        folder="department.queue",
    ),
    ScreenSpec(
        "doctor_review",
        N_("Documents to review"),
        "file-text",
        DOCTOR,
        words="құжат дәрігер растау документы врач подтвердить документи лікар підтвердити doctor pmpk",
        folder="department.review",
    ),
    ScreenSpec(
        "to_act",
        N_("To act"),
        "list-checks",
        KINDERGARTEN,
        words="шарт активтендіру қол қою договор активировать подписать договір активувати підписати contract activate",
        folder="department.to_act",
    ),
    ScreenSpec(
        "office_rounds",
        N_("Rounds of vouchers"),
        "users",
        OFFICER,
        words="ваучер беру кезең хаттама выдача ваучеров протокол видача ваучерів iteration protocol",
        folder="department.rounds",
    ),
    ScreenSpec(
        "office_collections",
        N_("Forming of groups"),
        "list-checks",
        OFFICER,
        words="топ жинақтау тілек хаттама комплектование групп пожелания протокол комплектування forming wishes",
        folder="department.collections",
    ),
    ScreenSpec(
        "publications",
        N_("Publications of free places"),
        "megaphone",
        KINDERGARTEN,
        words="бюллетень бос орын жариялау публикация свободные места публікація вільні місця publish bulletin",
        folder="department.bulletin",
    ),
    ScreenSpec(
        "office_places",
        N_("Kindergartens and groups"),
        "building",
        KINDERGARTEN,
        words="балабақша топ орын садик группа места садок група місця kindergarten group places",
        folder="department.places",
    ),
    ScreenSpec(
        "office_programmes",
        N_("Rules of programmes"),
        "settings",
        OFFICER,
        words="бағдарлама ереже мерзім программа правила сроки програма строки programme terms",
        folder="department.programmes",
    ),
    ScreenSpec(
        "office_calendar",
        N_("Working calendar"),
        "calendar-days",
        OFFICER,
        words="күнтізбе мереке демалыс календарь праздник выходной календар свято вихідний holiday",
        folder="department.calendar",
    ),
    ScreenSpec(
        "office_categories",
        N_("Categories and benefits"),
        "scale",
        OFFICER,
        words="санат жеңілдік категория льгота категорія пільга category benefit rank",
        folder="department.categories",
    ),
    ScreenSpec(
        "office_statistics",
        N_("Figures"),
        "chart-column",
        OFFICER,
        words="статистика сан кесте таблица отчёт звіт statistics csv report",
        folder="department.statistics",
    ),
    ScreenSpec(
        "messages",
        N_("Messages"),
        "message-square",
        words="хабарлама хабарландыру сообщения объявления повідомлення оголошення",
    ),
    ScreenSpec(
        "profile",
        N_("Profile"),
        "user-round",
        PARENT,
        place="menu",
        words="профайл жеке кабинет фото профиль телефон адрес профіль адреса photo phone address",
    ),
    ScreenSpec(
        "region",
        N_("Region and support"),
        "map-pin",
        PARENT,
        place="menu",
        words="аймақ қала қолдау қызметі регион город служба поддержки регіон місто підтримка support",
    ),
    ScreenSpec(
        "waiting",
        N_("Waiting and attention"),
        "hourglass",
        place="menu",
        words="кезек жіберілмеген очередь отправка черга надсилання outbox",
    ),
    ScreenSpec(
        "settings",
        N_("Settings"),
        "settings",
        place="menu",
        words="баптау тіл құпия сөз пошта настройки язык пароль тема налаштування мова пошта password e-mail",
    ),
    ScreenSpec("first_run", N_("Your provider"), "link", place="outside"),
    ScreenSpec("sign_in", N_("Sign in"), "log-in", place="outside"),
    ScreenSpec("register", N_("Register"), "user", place="outside"),
    ScreenSpec("family_entry", N_("Registration of a parent"), "users", place="outside"),
    ScreenSpec("recover", N_("A new password"), "key-round", place="outside"),
    ScreenSpec("find_account", N_("Find my account"), "map-pin", place="outside"),
    ScreenSpec("public_queue", N_("Public queue"), "chart-column", place="outside"),
]


def screens_for(roles: Iterable[str]) -> list[ScreenSpec]:
    """Return the screens that somebody with these roles sees after signing in."""
    held = tuple(roles)
    return [spec for spec in SCREENS if spec.place != "outside" and spec.allowed(held)]


def role_words(role: str) -> str:
    """Return a role in the language in force."""
    return _(ROLES[role]) if role in ROLES else role


def screen(key: str) -> ScreenSpec:
    """Return the screen of this key; raises KeyError when there is none."""
    for spec in SCREENS:
        if spec.key == key:
            return spec
    raise KeyError(key)
