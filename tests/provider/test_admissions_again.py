"""What is asked for once more: an act that somebody was faster with, a document in place of a refused one."""

from __future__ import annotations

from models.contract.admission_commands import AttachDocument, CheckDocument
from models.contract.sentences import sentence
from models.domain.admissions.states import Event
from models.domain.attachments import MAX_FILES
from tests.provider.admissions_world import Admissions, codes


def test_an_act_that_another_computer_has_done_already_says_who_did_it_and_when(edu: Admissions) -> None:
    family = edu.file(edu.family())
    edu.issue(family)
    edu.act(family, Event.CONFIRM_INTEREST)
    again = edu.step(family.device, family.application, Event.CONFIRM_INTEREST)
    assert codes(again) == ["done-already"]
    name = edu.scalar("SELECT actor_name FROM history_entry WHERE event = 'confirm-interest'")
    assert f": {name}, 07.09.2026 11:00." in sentence(again.problems[0])
    other = edu.step(family.device, family.application, Event.ACCEPT_OFFER)
    assert codes(other) == ["step-not-possible"]


def test_the_same_place_chosen_again_is_done_and_another_one_is_not(edu: Admissions) -> None:
    edu.kindergarten("Amina")
    family = edu.with_voucher(edu.family())
    edu.act(family, Event.CHOOSE_PLACE, group_id=edu.groups["sun"])
    for group, code in (("sun", "done-already"), ("star", "step-not-possible")):
        outcome = edu.step(family.device, family.application, Event.CHOOSE_PLACE, group_id=edu.groups[group])
        assert codes(outcome) == [code]


def test_a_refused_document_leaves_room_for_the_one_in_its_place(edu: Admissions) -> None:
    family = edu.file(edu.family())
    paper = edu.upload(family, "paper")
    document = AttachDocument(edu.tenant, family.application, kind="other", sha256=paper, name="paper.pdf", size=5)
    for _ in range(MAX_FILES):
        assert edu.send(family.device, document).status == "applied"
    assert codes(edu.send(family.device, document)) == ["too-many-files"]
    refused = CheckDocument(edu.tenant, edu.scalar("SELECT min(id) FROM attachment"), False, "It cannot be read")
    assert edu.send(edu.officer(), refused).status == "applied"
    assert edu.send(family.device, document).status == "applied"
