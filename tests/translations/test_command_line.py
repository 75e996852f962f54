"""Both command lines speak the language in force, argparse's own words included."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import pytest

from desktop.cli.parser import parser as client_parser
from provider.__main__ import main as provider_main
from provider.__main__ import parser as provider_parser
from translations import command_line, using

PARSERS = {"kabinet": client_parser, "kabinet-provider": provider_parser}


@pytest.mark.parametrize("program", sorted(PARSERS))
@pytest.mark.parametrize(
    ("language", "usage", "help_said"),
    [
        ("kk", "қолданылуы: ", "осы анықтаманы көрсетіп"),
        ("ru", "использование: ", "показать эту справку"),
        ("uk", "використання: ", "показати цю довідку"),
        ("en", "usage: ", "show this help"),
    ],
)
def test_usage_and_options_are_named_in_the_language_in_force(
    program: str, language: str, usage: str, help_said: str
) -> None:
    with using(language):
        text = PARSERS[program]().format_help()
    assert text.startswith(f"{usage}{program}")
    assert help_said in text
    assert language == "en" or ("usage:" not in text and "options:" not in text)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["account"], "не хватает обязательных аргументов: NUMBER"),
        (["nonsense"], "недопустимое значение 'nonsense'"),
        (["account", "1", "--nonsense"], "лишние аргументы: --nonsense"),
        (["account", "1", "--data-dir"], "нужно одно значение"),
    ],
)
def test_wrong_usage_is_explained_in_the_language_in_force(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with using("ru"), pytest.raises(SystemExit) as end:
        client_parser().parse_args(arguments)
    assert end.value.code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "ошибка:" in told


def test_the_operators_language_is_that_of_the_computer_or_the_chosen_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KABINET_LANGUAGE", "uk")
    with pytest.raises(SystemExit):
        provider_main(["nonsense"])
    assert "помилка:" in capsys.readouterr().err
    monkeypatch.setenv("KABINET_LANGUAGE", "xx")
    assert command_line.language() == "en"


def test_the_words_are_those_that_this_pythons_argparse_looks_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that argparse has changed would quietly stay English."""
    asked: set[str] = set()

    def noted(translate: Callable[[str], str]) -> Callable[[str], str]:
        def look_up(message: str) -> str:
            asked.add(message)
            return translate(message)

        return look_up

    monkeypatch.setattr(argparse, "_", noted(str))
    one = argparse.ArgumentParser(exit_on_error=True)
    one.add_argument("--count", type=int)
    one.add_argument("--form", choices=("1", "2"))
    group = one.add_mutually_exclusive_group(required=True)
    group.add_argument("--here", action="store_true")
    group.add_argument("--there", action="store_true")
    one.add_argument("name")
    for typed in (
        [],
        ["x"],
        ["x", "--here", "--there"],
        ["x", "--here", "--count", "many"],
        ["x", "--here", "--form", "3"],
        ["x", "--here", "--form"],
        ["x", "--here=1"],
        ["x", "--here", "y"],
    ):
        with pytest.raises(SystemExit):
            one.parse_args(typed)
    known = set(command_line.WORDS)
    assert asked <= known, asked - known
    assert len(asked) >= 12
