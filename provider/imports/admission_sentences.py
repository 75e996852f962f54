"""Sentences for what is wrong in a registry of kindergartens, of groups or of a queue."""

from __future__ import annotations

from typing import Final

from translations import N_

ADMISSION_SENTENCES: Final[dict[str, str]] = {
    "import-not-a-department": N_(
        "{name} is no education department, so it has no kindergartens and no queue. Nothing was imported; "
        "choose the department."
    ),
    "import-iin-length": N_("An IIN has 12 digits; this is none. The row was left out."),
    "import-iin-check": N_("A digit of this IIN is wrong: its check digit does not fit. The row was left out."),
    "import-iin-day": N_("This IIN names a day of birth that cannot be. The row was left out."),
    "import-bin-wrong": N_("A digit of this BIN is wrong: its check digit does not fit. The row was left out."),
    "import-not-an-instant": N_("There is no such date or time. The row was left out."),
    "import-not-a-child": N_("By this IIN the person is {years} years old, which is no child. The row was left out."),
    "import-child-repeated": N_(
        "The same child already stands in the same queue in row {first} of this file. This row was left out."
    ),
    "import-child-queued": N_(
        "This child already has the application {number} in the same queue. The row was left out."
    ),
    "import-number-taken": N_(
        "The number {number} belongs to another child's application. The row was left out; correct the number."
    ),
    "import-queued-before-birth": N_(
        "The application is older than the child: by the IIN it was born on {day}. The row was imported; check it."
    ),
    "import-child-too-old": N_(
        "By 1 September the child is {years} or older and gets no place any more. The row was imported; the next "
        "refresh of the queue takes it out."
    ),
    "import-parent-missing": N_(
        "No parent is named, so nobody will find the child in their cabinet by themselves. The row was imported."
    ),
    "import-language-unknown": N_("This language of education is unknown. The row was left out."),
    "import-category-unknown": N_("The department has no such category or benefit. The row was left out."),
    "import-queue-unknown": N_("This kind of queue is unknown. The row was left out."),
    "import-correction-unknown": N_("This kind of correction is unknown. The row was left out."),
    "import-locality-unknown": N_("The department has no such locality. The row was left out."),
    "import-kindergarten-unknown": N_("The department has no such kindergarten. The row was left out."),
    "import-kindergarten-several": N_(
        "Several kindergartens of the department are named so. The row was left out; write the kindergarten's number."
    ),
    "import-kindergarten-twice": N_(
        "The kindergarten of this name at this address already stands in row {first} of this file. This row was left "
        "out; if they are two, let the names or addresses tell them apart."
    ),
    "import-kindergarten-namesake": N_(
        "Another kindergarten, number {number}, has the same name. The row was imported; check that they are two."
    ),
    "import-text-not-allowed": N_("An invisible sign stands in this cell. The row was left out; type the cell anew."),
    "import-text-too-long": N_("This is longer than {maximum} signs. The row was left out; shorten it."),
    "import-text-formula": N_("This begins as a formula of a table does. The row was left out; write the text itself."),
    "import-phone-wrong": N_("This is no telephone number. The row was imported without it; ask the family for it."),
    "import-kind-unknown": N_("This kind of kindergarten is unknown. The row was left out."),
    "import-ownership-unknown": N_("This is neither state nor private. The row was left out."),
    "import-mode-unknown": N_("This admission mode is unknown. The row was left out."),
    "import-stay-unknown": N_("This kind of group is unknown. The row was left out."),
    "import-not-ages": N_("This is no age group, such as 2–3. The row was left out."),
    "import-free-above-all": N_("More places are free than there are. The row was left out."),
    "import-places-below-taken": N_(
        "{taken} places of the group are taken or held, so it cannot have fewer. The count was left as it is."
    ),
    "import-free-differs": N_(
        "By the cabinet {free} places are free. The cabinet's count was left as it is; only all places follow the file."
    ),
    "import-application-moved-on": N_(
        "The application was already acted on in the cabinet, so it was left as it is. The file says something else."
    ),
}

COLUMN_NAMES: Final[dict[tuple[object, object], str]] = {
    ("kindergartens", "number"): N_("Number of the kindergarten"),
    ("kindergartens", "name"): N_("Name of the kindergarten"),
    ("groups", "kindergarten"): N_("Kindergarten"),
    ("groups", "name"): N_("Name of the group"),
    ("groups", "ages"): N_("Ages"),
    ("groups", "language"): N_("Language of education"),
    ("groups", "capacity"): N_("All places of the group"),
    ("queue", "number"): N_("Number of the application"),
    ("queue", "submitted_at"): N_("Day and time of filing"),
    ("queue", "child_iin"): N_("IIN of the child"),
    ("queue", "child_name"): N_("Name of the child"),
    ("queue", "languages"): N_("Language of education"),
}
"""What a column means that must be there, by the kind of registry and the field: a heading alone is in one language."""
