"""What the operating system is asked to show of new messages."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sync.status import State, SyncStatus
from tests.samples.resident import NOW
from ui.shell.notices import Notices

pytestmark = pytest.mark.usefixtures("speaks_english")


def rows(*numbers: int, read: int = 0):
    """Return messages of these numbers, those up to ``read`` read before."""
    return [
        SimpleNamespace(message=SimpleNamespace(id=one, subject={"en": f"Message {one}"}), read=one <= read)
        for one in numbers
    ]


@pytest.fixture
def notices(parent, settle):
    """Return what hears of messages, after the first exchange and with nothing shown yet, and what is shown."""
    context = parent()
    heard = Notices(context)
    settle(context)
    context.notifier.shown.clear()
    heard._seen, heard._loading = set(), True
    return heard, context.notifier.shown


def test_what_comes_with_the_first_exchange_on_a_computer_is_not_told_again(notices):
    heard, shown = notices
    heard._take_messages(True, rows(1, 2))
    heard._take_messages(True, rows(1, 2, 3, 4))
    heard._take_messages(False, rows(1, 2, 3, 4, 5))
    assert shown == []
    assert heard.unread == 5
    heard._take_messages(False, rows(1, 2, 3, 4, 5, 6))
    assert shown == [("Message 6", "", "messages")]
    heard._take_messages(False, rows(1, 2, 3, 4, 5, 6))
    assert len(shown) == 1


def test_many_at_once_are_told_by_their_number(notices):
    heard, shown = notices
    heard._take_messages(False, rows(1))
    heard._take_messages(False, rows(*range(1, 13)))
    assert shown == [("11 new messages", "", "messages")]


def test_whether_it_is_the_first_exchange_is_asked_of_the_line(parent, settle):
    context = parent()
    context.client.base = SyncStatus(State.SYNCING, None, None)
    heard = Notices(context)
    settle(context)
    settle(context)
    assert heard._loading
    context.client.base = SyncStatus(State.ONLINE, NOW, NOW, complete=True)
    heard.refresh()
    settle(context)
    settle(context)
    assert not heard._loading
    assert heard.unread
    assert not [one for one in context.notifier.shown if one[2] == "messages"]
