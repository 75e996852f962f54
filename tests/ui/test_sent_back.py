"""What a kindergarten sends back says why where the parent acts on it, and a code is sent only when it is whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import translations
from models.contract.admission_records import HistoryEntry
from models.domain.admissions.states import State
from tests.samples import balabaqsha as sample
from ui.application.view_model import ApplicationModel
from ui.family.advice import sent_back

RETURNED = ("return-for-fix", "contract-org-sign", "contract-parent", "fix-birth-certificate")
SIGNED = ("sign-parent", "contract-parent", "contract-org-sign", "")


@pytest.fixture
def model(parent, settle):
    translations.use("en")
    context = parent(State.CONTRACT_PARENT)
    found = ApplicationModel(context)
    settle(context)
    found.show(application_id=sample.FIRST)
    return found


def after(view, *steps):
    """Return an application after more steps."""
    for number, (event, before, state, code) in enumerate(steps):
        entry = HistoryEntry(
            9000 + number, sample.FIRST, sample.NOW + timedelta(minutes=number), "", event, "kindergarten", "", before,
            state, "The stamp cannot be read." if code else "", reason_code=code,
        )  # fmt: skip
        view = replace(view, history=(entry, *view.history))
    return view


def test_a_contract_that_came_back_says_why_until_it_is_signed_again(model):
    assert sent_back(model.view) == ""
    said = sent_back(after(model.view, SIGNED, RETURNED))
    assert said.startswith("The contract was sent back to be put right.")
    assert said.endswith("The stamp cannot be read.")
    assert sent_back(after(model.view, SIGNED, RETURNED, SIGNED)) == ""


def test_a_parent_whose_child_was_expelled_reads_why(model):
    said = sent_back(after(model.view, ("expel", "enrolled", "voucher-active", "health")))
    assert said.startswith("The kindergarten expelled the child.")
    assert said.endswith("The stamp cannot be read.")


def test_a_parent_whose_transfer_was_refused_reads_that_the_place_is_kept(model):
    said = sent_back(after(model.view, ("reject", "contract-org", "enrolled", "documents")))
    assert said == "The transfer was refused: the child stays where it is. The stamp cannot be read."
    assert sent_back(after(model.view, ("reject", "contract-org", "voucher-active", "documents"))).startswith(
        "The kindergarten did not admit the child."
    )


def test_a_parent_whose_group_was_closed_reads_it_unless_the_child_has_another(model):
    lost = after(model.view, ("group-close", "contract-org", "voucher-active", ""))
    assert sent_back(lost) == "The group was closed, so the place is lost."
    assert sent_back(after(model.view, ("group-close", "enrolled", "enrolled", ""))) == ""


def test_a_place_that_was_withdrawn_says_why_until_one_applies_again(model):
    withdrawn = ("withdraw-item", "bulletin-applied", "queued", "item-repair")
    said = sent_back(after(model.view, withdrawn))
    assert said.startswith("The place that was held for your child was withdrawn.")
    assert said.endswith("The stamp cannot be read.")
    assert sent_back(after(model.view, withdrawn, ("apply-bulletin", "queued", "bulletin-applied", ""))) == ""


def test_a_code_that_was_not_typed_to_its_end_costs_no_try(model):
    signing = model.signing
    signing.begin("code")
    for typed, code in (("", ["field-required"]), ("12", ["code-digits"]), ("123 456", [])):
        signing.type(typed)
        assert [problem.code for problem in signing.missing()] == code
