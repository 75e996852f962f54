"""How wide the columns of a table are, and which give way: one rule for every table, without a widget in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """What a column asks for, in pixels.

    Attributes:
        cells: The longest content.
        title: The heading on one line; ``broken`` on two. Both with the place for the arrow of sorting.
        arrow: How much of the heading is that place, where it may be given up: 0 for the column sorted by.
        narrowest: What no column goes below.
        stretch: Whether the column takes the room that is left, and is cut with an ellipsis where there is none.
        comfort: How much of long content a stretching column has before headings of others are broken for it.
        least: What of its content a stretching column keeps before others are left out for it; ``floor`` what it
            keeps before the table scrolls.
        spare: How early the column is left out where there is no room; 0 is never.
        given: The width that a person chose; 0 when nobody has.
    """

    cells: int
    title: int
    broken: int
    arrow: int = 0
    narrowest: int = 0
    stretch: bool = False
    comfort: int = 0
    least: int = 0
    floor: int = 0
    spare: int = 0
    given: int = 0

    def width(self, *, broken: bool = False, tight: bool = False) -> int:
        """Return how wide the column is before it is squeezed."""
        if self.given:
            return self.given
        cells = min(self.cells, max(self.comfort, self.least)) if self.stretch else self.cells
        title = (self.broken if broken else self.title) - (self.arrow if tight else 0)
        return max(cells, title, self.narrowest)

    @property
    def smallest(self) -> int:
        """The width below which the column is of no use."""
        if self.given or not self.stretch:
            return self.width(broken=True, tight=True)
        return self._cut_to(self.least)

    @property
    def last(self) -> int:
        """The width to which the column is cut before the table scrolls."""
        return self.smallest if self.given or not self.stretch else self._cut_to(min(self.least, self.floor))

    def _cut_to(self, content: int) -> int:
        return max(min(self.cells, content), self.broken - self.arrow, self.narrowest)

    @property
    def whole(self) -> int:
        """The width at which nothing of it is cut."""
        return self.given or max(self.cells, self.title)


@dataclass(frozen=True, slots=True)
class Shares:
    """Widths of the columns that are shown, those whose heading stands on two lines, and those left out."""

    widths: dict[int, int]
    broken: frozenset[int]
    left_out: frozenset[int]


def share(wishes: Mapping[int, Wish], room: int, air: int) -> Shares:
    """Return how ``room`` pixels are shared among columns; ``air`` is what each has beside its content where it can.

    First long headings go on two lines, then the place for arrows is given up, then long texts are cut, then columns
    that can be spared are left out, then long texts are cut short. What does not fit even so is wider than the room:
    the table scrolls.
    """
    kept = dict(wishes)
    # Sorting by a column takes the place of an arrow: it must not throw a column out.
    arrow = min((wish.arrow for wish in kept.values()), default=0)
    while sum(wish.smallest for wish in kept.values()) + arrow > room:
        spare = max(((wish.spare, number) for number, wish in kept.items() if wish.spare), default=None)
        if spare is None:
            break
        del kept[spare[1]]
    widths, broken = _fitting(kept, room)
    _spread(kept, widths, room - sum(widths.values()), air)
    return Shares(widths, broken, frozenset(wishes) - frozenset(kept))


def _fitting(wishes: Mapping[int, Wish], room: int) -> tuple[dict[int, int], frozenset[int]]:
    widths = {number: wish.width() for number, wish in wishes.items()}
    broken = {number for number, wish in wishes.items() if wish.given and wish.title > wish.given}
    # The longest titles go first, and no more of them than needed.
    for number in sorted(wishes, key=lambda at: wishes[at].width(broken=True) - widths[at]):
        narrow = wishes[number].width(broken=True)
        if sum(widths.values()) > room and narrow < widths[number]:
            widths[number] = narrow
            broken.add(number)
    if sum(widths.values()) <= room:
        return widths, frozenset(broken)
    tight = {number: wish.width(broken=True, tight=True) for number, wish in wishes.items()}
    smallest = {number: wish.smallest for number, wish in wishes.items()}
    if sum(smallest.values()) > room:
        smallest = {number: wish.last for number, wish in wishes.items()}
    if sum(smallest.values()) <= room:
        widths = tight  # where the table scrolls no title need lose its arrow
    stretching = [number for number, wish in wishes.items() if wish.stretch and not wish.given]
    _cut(widths, {number: smallest[number] for number in stretching}, sum(widths.values()) - room)
    return widths, frozenset(broken)


def _cut(widths: dict[int, int], smallest: Mapping[int, int], excess: int) -> None:
    """Take ``excess`` from the columns that may be cut, from the widest first, none below its smallest width."""
    while excess > 0:
        able = [number for number in smallest if widths[number] > smallest[number]]
        if not able:
            return
        high = max(widths[number] for number in able)
        top = [number for number in able if widths[number] == high]
        lower = [widths[number] for number in able if widths[number] < high]
        floor = max([*lower, *(smallest[number] for number in top)])
        for at, number in enumerate(top):
            step = min(high - floor, -(-excess // (len(top) - at)))
            widths[number] -= step
            excess -= step


def _spread(wishes: Mapping[int, Wish], widths: dict[int, int], rest: int, air: int) -> None:
    """Give what is left: first to texts that are cut, then air to all, the remainder to the columns that stretch."""
    stretching = [number for number, wish in wishes.items() if wish.stretch and not wish.given]
    rest = _fill(widths, {number: wishes[number].whole for number in stretching}, rest)
    loose = [number for number, wish in wishes.items() if not wish.given]
    if rest <= 0 or not loose:
        return
    each = min(air, rest // len(loose))
    for number in loose:
        widths[number] += each
    rest -= each * len(loose)
    for at, number in enumerate(stretching):
        part = rest // (len(stretching) - at)
        widths[number] += part
        rest -= part


def _fill(widths: dict[int, int], whole: Mapping[int, int], rest: int) -> int:
    """Widen columns that lack least first; returns what is left."""
    for number in _by_lack(widths, whole):
        if rest <= 0:
            return 0
        more = min(rest, max(0, whole[number] - widths[number]))
        widths[number] += more
        rest -= more
    return rest


def _by_lack(widths: Mapping[int, int], whole: Mapping[int, int]) -> Iterable[int]:
    return sorted(whole, key=lambda number: whole[number] - widths[number])
