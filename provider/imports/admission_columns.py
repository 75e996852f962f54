"""What departments call the columns of their registries of kindergartens, groups and queues."""

from __future__ import annotations

from typing import Final

_PHONE: Final = ("phone", "телефон", "телефон нөмірі", "номер телефона", "номер телефону", "контакт", "contact phone")
_ADDRESS: Final = ("address", "мекенжайы", "мекен жайы", "мекенжай", "адрес", "адреса")
_CORRECTION: Final = (
    "correction", "түзету түрі", "вид коррекции", "вид корекції", "коррекция", "корекція", "correction type",
)  # fmt: skip
_LOCALITY: Final = (
    "locality", "елді мекен", "населенный пункт", "населений пункт", "аудан", "район", "город", "қала", "місто", "city",
)  # fmt: skip
_KINDERGARTEN: Final = (
    "kindergarten", "балабақша №", "балабақша", "балабақша нөмірі", "мдұ", "№ детского сада", "детский сад",
    "номер сада", "до", "№ дитячого садка", "дитячий садок", "садок", "kindergarten no", "kindergarten number",
    "organisation",
)  # fmt: skip

ADMISSION_ALIASES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "kindergartens": {
        "number": ("number", "№", "нөмірі", "коды", "код", "номер", "no", "code"),
        "name": ("name", "атауы", "балабақшаның атауы", "наименование", "название", "назва", "найменування"),
        "ownership": ("ownership", "меншік нысаны", "форма собственности", "форма власності", "собственность"),
        "kind": ("kind", "түрі", "вид", "тип", "вид организации", "тип закладу", "type"),
        "address": _ADDRESS,
        "phone": _PHONE,
        "email": ("email", "e mail", "эл пошта", "электрондық пошта", "эл почта", "пошта", "почта"),
        "bin": ("bin", "бсн", "бин"),
        "correction": _CORRECTION,
        "director": ("director", "меңгерушісі", "директоры", "заведующий", "заведующая", "завідувач", "директор"),
        "locality": _LOCALITY,
    },
    "groups": {
        "kindergarten": _KINDERGARTEN,
        "name": ("name", "топ", "топтың атауы", "группа", "название группы", "група", "назва групи", "group"),
        "ages": ("ages", "жасы", "жас тобы", "возраст", "возрастная группа", "вік", "вікова група", "age"),
        "language": (
            "language", "тәрбиелену тілі", "оқу тілі", "тілі", "язык воспитания", "язык обучения", "язык",
            "мова виховання", "мова навчання", "мова", "language of education",
        ),
        "capacity": (
            "capacity", "барлық орын", "барлық орындар", "орын саны", "всего мест", "мест", "усього місць",
            "всього місць", "total places", "places",
        ),
        "free": (
            "free", "бос орын", "бос орындар", "бос орындар саны", "свободных мест", "свободные места", "вільних місць",
            "вільні місця", "free places",
        ),
        "mode": (
            "mode", "қабылдау режимі", "режим приема", "режим прийому", "режим зачисления", "admission mode",
        ),
        "stay": ("stay", "топ түрі", "вид группы", "вид групи", "group kind"),
        "correction": _CORRECTION,
        "responsible": (
            "responsible", "жауапты тұлға", "жауапты", "тәрбиеші", "ответственный", "воспитатель", "відповідальний",
            "вихователь",
        ),
        "until": ("until", "мерзімі", "дейін", "действует по", "до даты", "діє до", "valid until"),
    },
    "queue": {
        "number": (
            "number", "тіркеу нөмірі", "өтініш нөмірі", "регистрационный номер", "номер заявления", "номер",
            "реєстраційний номер", "номер заяви", "registration number", "№",
        ),
        "submitted_at": (
            "submitted_at", "берілген күні", "тіркеу күні", "тіркеу күні мен уақыты", "дата подачи", "дата регистрации",
            "дата и время регистрации", "дата подання", "дата реєстрації", "submitted", "registered", "дата",
        ),
        "child_iin": (
            "child_iin", "баланың жсн", "бала жсн", "иин ребенка", "іпн дитини", "іін дитини", "child iin",
            "child s iin",
        ),
        "child_name": (
            "child_name", "баланың аты жөні", "баланың т а ә", "фио ребенка", "ф и о ребенка", "ребенок", "піб дитини",
            "дитина", "child name", "child s name", "child",
        ),
        "parent_iin": (
            "parent_iin", "ата анасының жсн", "ата ананың жсн", "өтініш берушінің жсн", "иин родителя", "иин заявителя",
            "іпн батька", "іін батьків", "іін заявника", "parent iin", "parent s iin",
        ),
        "parent_name": (
            "parent_name", "ата анасының аты жөні", "өтініш беруші", "фио родителя", "заявитель", "піб батька",
            "заявник", "parent name", "parent s name", "parent",
        ),
        "phone": _PHONE,
        "category": (
            "category", "санат", "басым санат", "жеңілдік", "жеңілдік түрі", "категория", "приоритетная категория",
            "льгота", "вид льготы", "категорія", "пільга", "benefit", "priority category",
        ),
        "languages": (
            "languages", "оқу тілі", "оқыту тілі", "тәрбиелену тілі", "язык обучения", "язык", "мова навчання", "мова",
            "language", "language of education",
        ),
        "queue": (
            "queue", "кезек түрі", "өтініш түрі", "вид очереди", "тип очереди", "вид черги", "черга", "queue kind",
        ),
        "locality": _LOCALITY,
        "correction": _CORRECTION,
        "kindergarten": _KINDERGARTEN,
    },
}  # fmt: skip

ADMISSION_REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "kindergartens": ("number", "name"),
    "groups": ("kindergarten", "name", "ages", "language", "capacity"),
    "queue": ("number", "submitted_at", "child_iin", "child_name", "languages"),
}
