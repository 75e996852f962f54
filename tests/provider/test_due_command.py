"""``kabinet-provider due`` from the outside."""

from __future__ import annotations

import pytest

from provider.__main__ import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Return exit status, output and errors of the command."""
    try:
        status = main(["due", *arguments])
    except SystemExit as wrong:
        status = int(wrong.code or 0)
    printed = capsys.readouterr()
    return status, printed.out.strip(), printed.err.strip()


@pytest.mark.parametrize(
    ("arguments", "due"),
    [
        (("2024-09-30T15:37:26", "5wd", "--mode", "exact"), "2024-10-07T15:37:26+05:00"),
        (("2024-09-30T10:37:26Z", "5wd", "--mode", "exact"), "2024-10-07T15:37:26+05:00"),
        (("2024-09-30T15:32:00", "2wd"), "2024-10-02T23:59:59+05:00"),
        (("2024-09-27", "28cd"), "2024-10-28T23:59:59+05:00"),
        (("2024-09-27", "28cd", "--no-roll"), "2024-10-25T23:59:59+05:00"),
        (("2024-02-27T16:00", "5wd", "--mode", "exact"), "2024-03-05T16:00:00+05:00"),
        (("2021-08-20T12:00", "1wd", "--country", "UA"), "2021-08-25T23:59:59+03:00"),
    ],
)
def test_the_end_of_a_term_is_printed_in_the_countrys_time(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], due: str
) -> None:
    assert run(capsys, *arguments) == (0, due, "")


def test_a_year_that_is_not_loaded_is_a_sentence_and_a_failure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABINET_LANGUAGE", "ru")
    status, out, err = run(capsys, "2027-12-30T10:00", "5wd")
    assert (status, out) == (1, "")
    assert "2028" in err
    assert "как только сотрудник отдела образования закончит заполнять календарь" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("yesterday", "5wd"),
        ("2024-09-30", "5"),
        ("2024-09-30", "0wd"),
        ("2024-09-30", "5wd", "--country", "FR"),
        ("9999-12-31T23:59", "5cd"),
        ("0001-01-01T00:00+14:00", "5wd"),
        (),
    ],
)
def test_wrong_usage_is_told_apart_from_failure(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert "usage" in err.lower()


def test_what_to_write_instead_is_said_in_the_language_in_force(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABINET_LANGUAGE", "uk")
    _status, _out, err = run(capsys, "2024-09-30", "five days")
    assert "Напишіть 5wd або 28cd" in err
