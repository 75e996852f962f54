"""What officers, doctors and kindergartens see in the middle of an act: the screen, and what is done in it first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from models.domain.admissions.states import Event
from tests.samples import department as sample
from tests.samples import letters

Act = Callable[[Any], object]
CHILD_TO_REFUSE, SIGNED, ACTIVATED, REFERRED, TEMPORARY, ATTENDING = 31_002, 31_004, 31_006, 31_007, 31_008, 31_009
CLAIMED, STOPPED, CHOOSING = 31_010, 31_011, 31_013


def when_found(model: Any, application_id: int, act: Act, tab: str = "") -> None:
    """Open an application and do something once it has come."""

    def ready() -> None:
        if model.view is not None and model.view.id == application_id:
            model.data_changed.disconnect(ready)
            act(model)

    model.data_changed.connect(ready)
    model.open(application_id, tab)


def asked(application_id: int, event: str, *, confirmed: bool = False) -> Act:
    """Return what opens the question of an act; ``confirmed`` answers it with nothing said."""

    def ask(model: Any) -> None:
        model.ask(Event(event))
        if confirmed:
            model.confirm()

    return lambda model: when_found(model, application_id, ask)


def _each(*acts: Act) -> Act:
    def run(model: Any) -> None:
        for act in acts:
            act(model)

    return run


def _plan(model: Any) -> None:
    model.begin_plan()
    model.set("programme", "special")
    model.type("vouchers", "1000000")
    model.set("year", "2022")
    model.plan()


def _issue(model: Any) -> None:
    model.open(sample.THEIRS)
    model.begin_issue()


def _wrong_rules(model: Any) -> None:
    model.edit()
    model.type("interest_days", "0")
    model.type("contract_days", "many")
    model.valid_from = model.desk.today
    model.prepare()


def _wrong_category(model: Any) -> None:
    model.add()
    model.type("rank", "first")
    model.save()


def _wrong_group(model: Any) -> None:
    model.open(101)
    model.edit_group(1012)
    model.type("capacity", "1")
    model.type("age_from", "6")
    model.save_group()
    model.data_changed.emit()


def _wrong_house(model: Any) -> None:
    model.edit_organisation(new=True)
    model.type("bin", "123")
    model.save_organisation()
    model.data_changed.emit()


def _sure(model: Any) -> None:
    model.begin()
    model.published_on = model.desk.today + timedelta(days=1)
    model.type("places", "1")
    model.review()


def _wrong_publication(model: Any) -> None:
    model.begin()
    model.published_on = model.desk.today - timedelta(days=1)
    model.free_from = model.desk.today - timedelta(days=1)
    model.type("places", "500")
    model.review()


def _withdraw(model: Any) -> None:
    model.begin_lower(801)
    model.withdraw()


def _paper(model: Any) -> None:
    paper = model.view.attachments[0]
    model.open_paper(paper)
    model.refuse_paper(paper)
    model.check_paper(paper, False)
    model.data_changed.emit()


def _as_found(model: Any) -> None:
    model.draft.update(programme="general", year="", vouchers="")
    model.problems = ()
    model.data_changed.emit()


def _second_answer(model: Any) -> None:
    model.type(f"answer:{letters.ANSWERED}", "Болады.")
    model.open(letters.ANSWERED)


OFFICER: dict[str, tuple[str, Act]] = {
    "office_queue-history": ("office_queue", lambda model: model.open(31_003, "history")),
    "office_queue-edit": ("office_queue", lambda model: when_found(model, CLAIMED, lambda one: one.edit())),
    "office_queue-benefit": (
        "office_queue",
        lambda model: when_found(model, CLAIMED, lambda one: one.decide_benefit(False)),
    ),
    "office_queue-paper": ("office_queue", lambda model: when_found(model, CLAIMED, _paper, "documents")),
    "office_queue-archive": ("office_queue", asked(CLAIMED, "archive", confirmed=True)),
    "office_queue-revoke": ("office_queue", asked(CHOOSING, "revoke-voucher")),
    "office_queue-late": ("office_queue", asked(31_003, "reject", confirmed=True)),
    "office_decisions-appeal": ("office_decisions", lambda model: model.begin_appeal(model.found.appeals[0][0])),
    "office_decisions-review": (
        "office_decisions",
        lambda model: (model.begin_review(model.found.reviews[0]), model.decide_review(model.found.reviews[0], False)),
    ),
    "office_letters-card": ("office_letters", lambda model: model.open(letters.OLDER)),
    "office_letters-wrong": ("office_letters", lambda model: (model.open(letters.NEW), model.answer())),
    "office_letters-close": (
        "office_letters",
        lambda model: (model.open(letters.LATER), model.begin_closing(), model.close()),
    ),
    "office_letters-second": ("office_letters", _second_answer),
    "office_rounds-wrong": ("office_rounds", _plan),
    "office_rounds-theirs": ("office_rounds", lambda model: model.open(sample.THEIRS)),
    "office_rounds-issue": ("office_rounds", _issue),
    "office_rounds-issued": ("office_rounds", lambda model: model.open(9003)),
    "office_rounds-stale": ("office_rounds", lambda model: model.open(9004)),
    "office_collections-new": ("office_collections", lambda model: model.begin()),
    "office_collections-card": ("office_collections", lambda model: model.open(9202)),
    "office_collections-result": ("office_collections", lambda model: (model.open(9202), model.read(9301))),
    "office_programmes-special": ("office_programmes", lambda model: model.choose("special")),
    "office_programmes-bulletin": ("office_programmes", lambda model: model.choose("bulletin")),
    "office_programmes-temporary": ("office_programmes", lambda model: model.choose("temporary")),
    "office_programmes-wrong": ("office_programmes", _wrong_rules),
    "office_calendar-next": ("office_calendar", lambda model: model.turn(1)),
    "office_calendar-complete": ("office_calendar", lambda model: (model.look(date(2028, 1, 1)),
                                                                   model.begin_complete())),
    "office_calendar-worked": ("office_calendar", lambda model: model.look(date(2026, 5, 16))),
    "office_calendar-off": ("office_calendar", lambda model: (model.look(date(2026, 4, 10)), model.set(False))),
    "office_calendar-past": ("office_calendar", lambda model: model.look(date(2026, 1, 1))),
    "office_categories-add": ("office_categories", _wrong_category),
    "office_places-new": ("office_places", _wrong_house),
    "office_places-edit": ("office_places", lambda model: (model.open(101), model.edit_organisation())),
    "office_places-group": ("office_places", _wrong_group),
    "office_statistics-vouchers": ("office_statistics", lambda model: model.choose("vouchers")),
    "office_statistics-archive": ("office_statistics", lambda model: model.choose("archive")),
    "publications-sure": ("publications", _sure),
    "publications-wrong": ("publications", _wrong_publication),
    "publications-withdraw": ("publications", _withdraw),
}  # fmt: skip
DOCTOR: dict[str, tuple[str, Act]] = {
    "doctor_review-confirm": ("doctor_review", asked(31_000, "doc-confirm")),
    "doctor_review-empty": ("doctor_review", asked(31_000, "doc-reject", confirmed=True)),
}
KINDERGARTEN: dict[str, tuple[str, Act | None]] = {
    "kindergarten-send": ("to_act", asked(CHILD_TO_REFUSE, "send-contract")),
    "kindergarten-reject": ("to_act", asked(CHILD_TO_REFUSE, "reject", confirmed=True)),
    "kindergarten-sign": ("to_act", asked(SIGNED, "sign-org", confirmed=True)),
    "kindergarten-fix": ("to_act", asked(SIGNED, "return-for-fix")),
    "kindergarten-activate": ("to_act", asked(ACTIVATED, "activate")),
    "kindergarten-papers": ("to_act", asked(REFERRED, "return-documents")),
    "kindergarten-conclude": ("to_act", asked(REFERRED, "sign-contract", confirmed=True)),
    "kindergarten-until": ("to_act", asked(TEMPORARY, "temporary-set-until", confirmed=True)),
    "kindergarten-attends": ("to_act", lambda model: model.open(ATTENDING)),
    "kindergarten-expel": ("to_act", asked(ATTENDING, "expel", confirmed=True)),
    "kindergarten-leave": ("to_act", asked(ATTENDING, "sanatorium-leave")),
    "kindergarten-publications": ("publications", None),
    "kindergarten-places": ("office_places", None),
    "kindergarten-group": ("office_places", lambda model: (model.open(101), model.edit_group(None))),
    "kindergarten-messages": ("messages", None),
    "kindergarten-waiting": ("waiting", None),
    "kindergarten-settings": ("settings", None),
}
LEFT: dict[str, Act] = {
    "office_statistics": lambda model: model.choose("states"),
    "office_programmes": lambda model: (model.cancel(), model.choose("general")),
    "office_decisions": lambda model: (model.begin_appeal(None), model.begin_review(None)),
    "office_calendar": lambda model: (model.leave_complete(), model.look(model.desk.today)),
    "office_rounds": _as_found,
}
"""How a screen is left as it was found, beside going back from what is open."""
