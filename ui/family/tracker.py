"""The way of an application in steps: what is done, where it stands, what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.cache.queries.admissions import ApplicationView, Family
from models.contract.admission_tracker import MARKS, marks
from translations import _
from ui import icons, theme
from ui.family import words

_WRAPPED: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_ICONS: Final = {"done": ("check", "on_accent"), "stopped": ("x", "on_accent")}


@dataclass(frozen=True, slots=True)
class Stage:
    """A step: its name, how it stands (done, current, stopped, ahead), and what is worth saying under it."""

    title: str
    mark: str
    caption: str = ""


def stages(view: ApplicationView, family: Family, state: str = "") -> list[Stage]:
    """Return the steps of an application's programme; ``state`` says how it stands, for others than the parent."""
    state = state or words.state_words(view)
    found = marks(view.application.programme, view.application.state, view.application.step_before_stop)
    return [
        Stage(_(step.title), step.mark, _caption(view, family, number, step.mark, state))
        for number, step in enumerate(found)
    ]


def _caption(view: ApplicationView, family: Family, number: int, mark: str, state: str) -> str:
    case = view.case
    if mark == "stopped":
        return state
    if number == 0 and view.position is not None:
        return _("Number {number}").format(number=view.position.number)
    offer = family.offers.get(case.group_id) if case.group_id is not None else None
    if case.programme != "bulletin":
        if number == 2 and mark == "done" and offer is not None:
            return offer.organisation.name
        if number == 3 and mark == "done":
            return _("Voucher {number}").format(number=view.application.voucher_number or "")
    elif number == 3 and mark == "done" and offer is not None:
        return offer.organisation.name
    return state if mark == "current" else ""


class Tracker(QWidget):
    """Draws the steps in a row of circles joined by a line; read out as one sentence."""

    def __init__(self, found: list[Stage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages = found
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._describe()

    def show_stages(self, found: list[Stage]) -> None:
        """Show other steps."""
        if found != self._stages:
            self._stages = found
            self._describe()
            self.updateGeometry()
            self.update()

    def _describe(self) -> None:
        spoken = [
            _("Step {number}, {title}: {mark}").format(
                number=number, title=stage.title, mark=_(MARKS[stage.mark]) if MARKS[stage.mark] else _("ahead")
            )
            for number, stage in enumerate(self._stages, 1)
        ]
        self.setAccessibleName(". ".join(spoken))

    def hasHeightForWidth(self) -> bool:
        """Override."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Override: as high as the step with the most lines."""
        wide = width // max(1, len(self._stages)) - theme.grid(2)
        tallest = 0
        for stage in self._stages:
            title = QFontMetrics(theme.font(weight=_weight(stage))).boundingRect(
                0, 0, wide, theme.grid(60), int(_WRAPPED), stage.title
            )
            caption = QFontMetrics(theme.font(theme.Size.SMALL)).boundingRect(
                0, 0, wide, theme.grid(60), int(_WRAPPED), stage.caption
            )
            tallest = max(tallest, title.height() + (caption.height() if stage.caption else 0))
        return theme.grid(9.5) + tallest

    def sizeHint(self) -> QSize:
        """Override."""
        return QSize(theme.grid(120), self.heightForWidth(theme.grid(200)))

    def minimumSizeHint(self) -> QSize:
        """Override."""
        return QSize(theme.grid(60), theme.grid(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Override."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count = max(1, len(self._stages))
        wide = self.width() / count
        radius = theme.grid(3.5)
        middle = theme.grid(4)
        for number, stage in enumerate(self._stages):
            x = wide * number + wide / 2
            if number + 1 < count:
                ahead = self._stages[number + 1].mark in ("ahead", "stopped")
                painter.setPen(QPen(theme.color("line" if ahead else "accent"), theme.grid(0.5)))
                painter.drawLine(QPointF(x + radius, middle), QPointF(x + wide - radius, middle))
            self._circle(painter, stage, QPointF(x, middle), radius, number + 1)
            self._texts(painter, stage, wide * number, wide)
        painter.end()

    def _circle(self, painter: QPainter, stage: Stage, centre: QPointF, radius: float, number: int) -> None:
        fill = {"done": "accent", "current": "accent_soft", "stopped": "danger"}.get(stage.mark, "raised")
        edge = {"done": "accent", "current": "accent", "stopped": "danger"}.get(stage.mark, "edge")
        painter.setPen(QPen(theme.color(edge), theme.grid(0.5)))
        painter.setBrush(theme.color(fill))
        painter.drawEllipse(centre, radius, radius)
        if stage.mark in _ICONS:
            name, tint = _ICONS[stage.mark]
            side = theme.grid(4)
            box = QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side)
            ratio = self.devicePixelRatioF()
            picture = icons.pixmap(name, tint, 4, ratio)
            painter.drawPixmap(box.toRect(), picture)
            return
        painter.setPen(theme.color("accent" if stage.mark == "current" else "muted"))
        painter.setFont(theme.font(weight=QFont.Weight.DemiBold))
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number))

    def _texts(self, painter: QPainter, stage: Stage, left: float, wide: float) -> None:
        painter.setFont(theme.font(weight=_weight(stage)))
        painter.setPen(theme.color("muted" if stage.mark == "ahead" else "text"))
        box = QRectF(left + theme.grid(1), theme.grid(8.5), wide - theme.grid(2), theme.grid(60))
        used = painter.boundingRect(box, int(_WRAPPED), stage.title)
        painter.drawText(box, int(_WRAPPED), stage.title)
        painter.setFont(theme.font(theme.Size.SMALL))
        tone = {"current": "accent", "stopped": "danger"}.get(stage.mark, "muted")
        painter.setPen(theme.color(tone))
        box.setTop(used.bottom() + theme.grid(0.5))
        painter.drawText(box, int(_WRAPPED), stage.caption)


def _weight(stage: Stage) -> QFont.Weight:
    return QFont.Weight.DemiBold if stage.mark in ("current", "stopped") else QFont.Weight.Normal
