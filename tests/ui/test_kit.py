"""The parts that screens are made of."""

from __future__ import annotations

import errno
import resource
import signal
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton

import translations
from models.domain.period import Month
from models.domain.problems import Problem
from ui import theme
from ui.kit import (
    AmountField,
    Banner,
    BarChart,
    Choice,
    Column,
    DateField,
    Field,
    Form,
    MoneyLabel,
    Page,
    PdfView,
    PeriodPicker,
    Series,
    State,
    parse_day,
    safe_name,
)

TODAY = date(2024, 3, 10)


@pytest.fixture(autouse=True)
def _english(qapp):
    translations.use("en")
    theme.apply(qapp, theme.Scheme.LIGHT, 100)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5.3", date(2024, 3, 5)),
        ("05.03.2024", date(2024, 3, 5)),
        ("5/3/24", date(2024, 3, 5)),
        ("5,3", date(2024, 3, 5)),
        ("2024-03-05", date(2024, 3, 5)),
        ("31.12", date(2023, 12, 31)),
    ],
)
def test_dates_are_understood_as_people_type_them(text, day):
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize("text", ["", "soon", "32.1", "5.13.2024", "5", "5.3.024"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_day(text, TODAY)


def test_a_date_field_takes_typed_text_when_it_is_left(qtbot):
    field = DateField(None, today=TODAY)
    qtbot.addWidget(field)
    field.field.setText("5.3")
    with qtbot.waitSignal(field.changed) as told:
        field.field.returnPressed.emit()
    assert told.args == [date(2024, 3, 5)]
    assert field.field.text() == "05.03.2024"
    qtbot.keyClick(field.field, Qt.Key.Key_Up)
    assert field.value == date(2024, 3, 6)


def test_a_date_field_marks_what_is_no_date(qtbot):
    field = DateField(TODAY, today=TODAY)
    qtbot.addWidget(field)
    field.field.setText("someday")
    field.field.returnPressed.emit()
    assert field.value is None
    assert field.field.property("wrong") is True


@pytest.mark.parametrize(
    ("text", "minor"), [("1 264,70", 126470), ("1264.7", 126470), ("5", 500), ("", None), ("x", None)]
)
def test_an_amount_is_typed_with_comma_or_dot(qtbot, text, minor):
    field = AmountField()
    qtbot.addWidget(field)
    field.setText(text)
    assert field.minor == minor


def test_a_month_is_stepped_inside_its_limits(qtbot):
    picker = PeriodPicker(Month(2024, 1), first=Month(2023, 12), last=Month(2024, 2))
    qtbot.addWidget(picker)
    picker.step(1)
    assert picker.month == Month(2024, 2)
    picker.step(1)
    assert picker.month == Month(2024, 2)
    qtbot.keyClick(picker.focusProxy(), Qt.Key.Key_Left)
    qtbot.keyClick(picker.focusProxy(), Qt.Key.Key_Left)
    qtbot.keyClick(picker.focusProxy(), Qt.Key.Key_Left)
    assert picker.month == Month(2023, 12)


def test_a_choice_tells_the_value_and_not_the_text(qtbot):
    choice = Choice([(1, "One"), (2, "Two")], 1)
    qtbot.addWidget(choice)
    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.keyClick(choice, Qt.Key.Key_Down)
    assert told.args == [2]


@pytest.mark.parametrize("text", ["Барлық қызметтер", "Все услуги", "i" * 30, "W" * 20])
def test_a_choice_is_as_wide_as_its_text_and_a_narrow_one_cuts_it_with_an_ellipsis(qtbot, text):
    theme.apply(QApplication.instance())
    choice = Choice([(1, text), (2, "b")], 1)
    qtbot.addWidget(choice)
    choice.show()
    assert choice.shown() == text
    choice.keep_narrow(20)
    choice.resize(choice.maximumWidth(), choice.height())
    assert choice.shown().endswith("…")
    assert choice.toolTip() == text


def test_a_balance_says_debt_and_overpayment_in_words(qtbot):
    label = MoneyLabel(126470, "UAH", balance=True)
    qtbot.addWidget(label)
    assert label.text().startswith("Debt 1,264.70")
    assert label.property("tone") == "danger"
    label.show_money(-500, "UAH")
    assert label.text().startswith("Overpaid 5.00")
    assert label.textFormat() == Qt.TextFormat.PlainText


def columns():
    return [
        Column("day", lambda: "Day", lambda row: f"{row[0]:%d.%m.%Y}", sort=lambda row: row[0]),
        Column("what", lambda: "What", lambda row: row[1]),
        Column("sum", lambda: "Sum", lambda row: str(row[2]), figures=True, sort=lambda row: row[2]),
    ]


ROWS = [(date(2024, 1, 5), "Water", 900), (date(2023, 12, 5), "Drainage", 1000), (date(2024, 2, 5), "Refuse", 80)]


def test_a_form_puts_the_sentence_at_the_field_and_the_rest_elsewhere(qtbot):
    form = Form()
    qtbot.addWidget(form)
    field = Field()
    form.add("email", "E-&mail", field)
    form.show()
    rest = form.show_problems([Problem("email-invalid", "email"), Problem("offline")])
    assert field.property("wrong") is True
    assert field.accessibleDescription()
    assert field.accessibleName() == "E-mail"
    assert rest
    field.textEdited.emit("a")
    assert field.property("wrong") is False


def test_a_page_waits_a_moment_before_it_says_loading(qtbot):
    page = Page("Title")
    qtbot.addWidget(page)
    page.show()
    page.show_state(State.LOADING)
    assert page._stack.currentIndex() == 0
    qtbot.waitUntil(lambda: page._stack.currentIndex() == 1)
    page.show_state(State.CONTENT)
    assert page._stack.currentIndex() == 0


def test_a_page_without_content_offers_the_next_step(qtbot):
    page, done = Page("Title"), []
    qtbot.addWidget(page)
    page.show()
    page.show_state(State.EMPTY, "Nothing.", verb="Do it", act=lambda: done.append(1))
    button = next(b for b in page.findChildren(type(page.primary("x", print))) if b.text() == "Do it")
    button.click()
    assert done == [1]


def chart():
    labels = [str(month) for month in range(1, 13)]
    return BarChart(
        "Year",
        labels,
        [Series("charged", tuple(range(100, 1300, 100))), Series("paid", (0,) * 12, "positive", True)],
        "KZT",
    )


def test_a_chart_is_walked_by_keys_and_said_in_words(qtbot, tmp_path: Path):
    picture = chart()
    qtbot.addWidget(picture)
    picture.resize(600, 300)
    picture.show()
    for _ in range(3):
        qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert picture.current == 2
    with qtbot.waitSignal(picture.activated) as told:
        qtbot.keyClick(picture, Qt.Key.Key_Return)
    assert told.args == [2]
    assert "charged 3.00" in picture.sentence(2)
    assert picture.sentence(11) in picture.accessibleDescription()
    assert picture.table()[0] == ["", "charged", "paid"]
    assert len(picture.table()) == 13
    assert picture.save(tmp_path / "year.png")
    assert (tmp_path / "year.png").stat().st_size > 1000


def test_names_of_files_are_safe():
    assert safe_name("Шот 2024/01: су?") == "Шот 2024 01  су.pdf"
    assert safe_name("..") == "document.pdf"


def test_a_paper_is_shown_from_its_bytes_and_saved_as_the_same_bytes(qtbot, context, tmp_path):
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "made.pdf"
    canvas = Canvas(str(path))
    for number in range(3):
        canvas.drawString(100, 700, f"Page {number}")
        canvas.showPage()
    canvas.save()
    view = PdfView(context)
    qtbot.addWidget(view)
    view.show()
    with qtbot.waitSignal(view.shown) as told:
        view.show_pdf(path.read_bytes(), "Шот 202401")
    assert told.args == [3]
    with qtbot.waitSignal(view.saved) as saved:
        view.save()
    assert saved.args[0].name == "Шот 202401.pdf"
    assert saved.args[0].read_bytes() == path.read_bytes()
    with qtbot.waitSignal(view.shown):
        view.show_zoom(150)


def test_a_paper_is_saved_whole_or_not_at_all(qtbot, context, tmp_path, monkeypatch):
    target = tmp_path / "Шот 202401.pdf"
    target.write_bytes(b"an older one")
    view, told = PdfView(context), []
    qtbot.addWidget(view)
    context.bridge.toast.connect(lambda text, tone, _verb, _act: told.append((text, tone)))
    view.data, view._name = b"x" * 100_000, target.name
    before = sorted(tmp_path.iterdir())

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("documents.whole_file.os.fsync", full)
        view.save()
        qtbot.waitUntil(lambda: bool(told))
    assert told == [
        ("The document could not be saved there: No space left on device. Choose another folder.", "danger")
    ]
    assert sorted(tmp_path.iterdir()) == before, "no half file"
    assert target.read_bytes() == b"an older one"
    with qtbot.waitSignal(view.saved):
        view.save()
    assert target.read_bytes() == view.data
    assert sorted(tmp_path.iterdir()) == before


def test_a_disk_that_is_really_full_leaves_nothing(tmp_path):
    from documents.whole_file import write_whole

    target = tmp_path / "paper.pdf"
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limit[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_whole(target, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, was)
    assert list(tmp_path.iterdir()) == []
    write_whole(target, b"x" * 100_000)
    assert [path.name for path in tmp_path.iterdir()] == ["paper.pdf"]


def test_bytes_that_are_no_paper_are_said_to_be_none(qtbot, context):
    view = PdfView(context)
    qtbot.addWidget(view)
    view.show_pdf(b"not a paper", "x")
    qtbot.waitUntil(lambda: view._message.isVisibleTo(view))
    assert "could not be shown" in view._message.text()


def test_the_program_does_not_lose_none_while_painting(qapp):
    import sys

    from PySide6.QtGui import QPainter, QPixmap

    pixmap = QPixmap(10, 10)
    painter = QPainter(pixmap)
    before = sys.getrefcount(None)
    for _ in range(1000):
        painter.drawLine(0, 0, 5, 5)
    painter.end()
    assert abs(sys.getrefcount(None) - before) < 100
    assert QApplication.instance() is qapp


def test_a_chart_marks_its_axis_with_true_figures_and_their_unit(qtbot):
    chart = BarChart("Water", ["Jan"], [Series("Consumption", (970,))], "m³")
    qtbot.addWidget(chart)
    assert [mark for _value, mark in chart._marks()] == ["0.0", "2.5", "5.0", "7.5", "10.0"]
    chart.show_series(["Jan"], [Series("Charges", (67_788,))], "KZT")
    assert [mark for _value, mark in chart._marks()] == ["0", "200", "400", "600", "800"]
    assert chart._unit() == "₸"


def test_a_secret_is_shown_on_demand_by_a_button_as_large_as_the_text(qtbot):
    field = Field(secret=True)
    qtbot.addWidget(field)
    field.show()
    (eye,) = field.findChildren(QToolButton)
    assert eye.accessibleName() == "Show what is typed"
    assert eye.iconSize().width() == theme.grid(4)
    assert field.rect().contains(eye.geometry())
    eye.click()
    assert field.echoMode() is Field.EchoMode.Normal
    eye.click()
    assert field.echoMode() is Field.EchoMode.Password


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("words", ["Any ownership", "Any language", "Кез келген меншік", "Любая собственность"])
def test_a_choice_shows_its_text_whole_in_the_room_it_asked_for_and_shortens_it_in_less(qtbot, qapp, percent, words):
    theme.apply(qapp, theme.Scheme.LIGHT, percent)
    choice = Choice([("", words)])
    qtbot.addWidget(choice)
    choice.ensurePolished()
    choice.resize(choice.sizeHint())
    assert choice.shown() == words
    choice.resize(choice.width() * 2 // 3, choice.height())
    assert choice.shown().endswith("…")


def test_the_wheel_scrolls_the_page_and_not_the_choice_below_the_pointer(qtbot):
    choice = Choice([(1, "one"), (2, "two")], 1)
    qtbot.addWidget(choice)
    choice.show()
    here, by = QPointF(choice.rect().center()), QPoint(0, -120)
    wheel = QWheelEvent(
        here, here, by, by, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(choice, wheel)
    assert not wheel.isAccepted()
    assert choice.value == 1


def test_a_sentence_without_a_place_yet_does_not_stand_on_the_desktop(qtbot):
    banner = Banner("There is no connection.", "warning")
    assert not banner.isVisible()
    page = Page("Readings", "account 123456")
    qtbot.addWidget(page)
    assert not page.context.isVisible()
    page.add(banner)
    page.show()
    assert banner.isVisible()
    assert page.context.isVisible()
    banner.show_text("")
    assert not banner.isVisible()
