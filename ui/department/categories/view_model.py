"""The table of priority categories with their ranks, its changes, and the benefits that lead into them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from models.contract.admission_commands import ConfirmCategory, SetCategory
from models.contract.admission_records import Category
from models.domain.admissions.limits import MOST_MONTHS, MOST_RANKS
from models.domain.problems import Problem
from translations import LANGUAGES
from ui.context import Context
from ui.department.desk import DeskScreen


class CategoriesModel(DeskScreen):
    """``chosen`` is the code of the category that is changed, "" for none; ``new`` while one is added."""

    TOPICS = frozenset({"category", "benefit"})

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.chosen = ""
        self.new = False
        self.valid_from: date | None = None
        self.start()

    def categories(self) -> list[Category]:
        """Return the categories that are valid, first ranks first."""
        department, today = self.department, self.desk.today
        found = department.categories.values() if department is not None else ()
        valid = [one for one in found if one.valid_to is None or one.valid_to > today]
        return sorted(valid, key=lambda one: (one.rank, one.valid_from, one.id))

    def changes(self) -> list[Category]:
        """Return the changes that wait for a second officer, and the refused ones whose day is still ahead and that
        no later change of the category has followed."""
        department, today = self.department, self.desk.today
        found = department.category_changes if department is not None else ()
        counting = department.categories.values() if department is not None else ()
        newest: dict[str, int] = {}
        for one in (*found, *counting):
            newest[one.code] = max(one.id, newest.get(one.code, 0))
        wanted = [
            one for one in found if one.state == "prepared" or (one.valid_from > today and one.id == newest[one.code])
        ]
        return sorted(wanted, key=lambda one: (one.state != "prepared", one.valid_from, one.rank, one.id))

    def before(self, change: Category) -> Category | None:
        """Return the category as it counts before a change's day, None for a new one."""
        return next(
            (
                one
                for one in self.categories()
                if one.code == change.code
                and one.valid_from <= change.valid_from
                and (one.valid_to is None or one.valid_to >= change.valid_from)
            ),
            None,
        )

    def mine(self, change: Category) -> bool:
        """Whether whoever looks at it prepared a change."""
        person = self.desk.desk.person
        return person is not None and change.prepared_by_id == person.id

    def late(self, change: Category) -> bool:
        """Whether the day of a change has come before anybody confirmed it."""
        return change.valid_from <= self.desk.today

    def decide(self, change: Category, accepted: bool) -> None:
        """Confirm or refuse a change, as a second officer; who prepared it takes it back."""
        self.send(ConfirmCategory(self.department_id, change.id, accepted))

    def deciding(self, change: Category) -> bool:
        """Whether an answer to a change is on its way."""
        return bool(self.desk.pending(ConfirmCategory, category_id=change.id))

    def replaced(self) -> Category | None:
        """Return the waiting change whose category and day the written one has."""
        code, day = self.typed("code"), self.valid_from
        same = (one for one in self.changes() if (one.code, one.valid_from) == (code, day))
        return next((one for one in same if one.state == "prepared"), None)

    def open(self, category: Category) -> None:
        """Begin to change a category."""
        self.chosen, self.new = category.code, False
        self.draft = {
            "code": category.code, "rank": str(category.rank), "line": category.line, "benefit": category.benefit,
            "from": str(category.age_from_months), "to": str(category.age_to_months),
            **{f"name_{language}": category.name.get(language, "") for language in LANGUAGES},
        }  # fmt: skip
        self._begin()

    def add(self) -> None:
        """Begin a new category."""
        self.chosen, self.new = "", True
        last = max((one.rank for one in self.categories()), default=0)
        self.draft = {
            "code": "", "rank": str(last + 1), "line": "ordinary", "benefit": "", "from": "24", "to": "72",
            **{f"name_{language}": "" for language in LANGUAGES},
        }  # fmt: skip
        self._begin()

    REOPENS = (SetCategory,)

    def reopen(self, payload: SetCategory) -> None:
        """Override: change it again."""
        known = payload.code in {one.code for one in self.categories()}
        self.chosen, self.new = (payload.code, False) if known else ("", True)
        self.draft = {
            "code": payload.code, "rank": str(payload.rank), "line": payload.line, "benefit": payload.benefit,
            "from": str(payload.age_from_months), "to": str(payload.age_to_months),
            **{f"name_{language}": payload.name.get(language, "") for language in LANGUAGES},
        }  # fmt: skip
        self._begin(payload.valid_from)

    def _begin(self, valid_from: date | None = None) -> None:
        self.valid_from, self.problems = valid_from or self.desk.today + timedelta(days=1), ()
        self.data_changed.emit()

    def close_card(self) -> None:
        """Leave the category as it is."""
        self.chosen, self.new, self.problems = "", False, ()
        self.data_changed.emit()

    @property
    def editing(self) -> bool:
        """Whether a category is being changed or added."""
        return self.new or bool(self.chosen)

    def save(self) -> None:
        """Hand the change over; it counts from its day on once a second officer has confirmed it."""
        wrong = self.missing("code", "name_kk", "name_ru")
        rank = self.whole("rank", 1, MOST_RANKS, wrong)
        low = self.whole("from", 0, MOST_MONTHS - 1, wrong)
        high = self.whole("to", 1, MOST_MONTHS, wrong)
        if not {"from", "to"} & {problem.field for problem in wrong} and low >= high:
            wrong.append(Problem("ages-reversed", "to"))
        if self.new and self.typed("code") in {one.code for one in self.categories()}:
            wrong.append(Problem("category-exists", "code", {"code": self.typed("code")}))
        if self.valid_from is None:
            wrong.append(Problem("field-required", "valid_from"))
        elif self.valid_from <= self.desk.today:
            wrong.append(Problem("valid-from-passed", "valid_from", {"day": self.desk.today.isoformat()}))
        if self.refuse(wrong):
            return
        assert self.valid_from is not None
        name = {language: self.typed(f"name_{language}") for language in LANGUAGES}
        payload = SetCategory(
            self.department_id,
            self.typed("code"),
            rank,
            self.draft["line"],
            {language: text for language, text in name.items() if text},
            self.draft["benefit"],
            low,
            high,
            self.valid_from,
        )
        self.send(payload, then=self._done)

    def _done(self) -> None:
        self.chosen, self.new = "", False

    def pending(self) -> list[Any]:
        """Return changes and answers to changes that are on their way."""
        return self.desk.pending(SetCategory, ConfirmCategory)
