"""What of a form becomes a change of an application."""

from __future__ import annotations

from models.contract.admission_records import Application
from models.contract.record import Record
from tests.samples import department as sample
from ui.family import changes


def application() -> Application:
    rows: list[Record] = [row for row in sample.office_rows() if isinstance(row, Application)]
    found = rows[0]
    assert isinstance(found, Application)
    return found


def test_another_spelling_of_the_telephone_is_no_change_and_another_number_is() -> None:
    before = {"phone": "+77015550107", "languages": ["kk", "ru"]}
    same = {"phone": "8 (701) 555-01-07", "languages": ["ru", "kk"]}
    assert changes.change(application(), before, same) is None
    sent = changes.change(application(), before, same | {"phone": "8 701 555 01 08"})
    assert sent is not None
    assert (sent.phone, sent.languages) == ("8 701 555 01 08", None)
