"""What the pages say is so: their commands exist, their links lead somewhere, and what is generated is fresh."""

from __future__ import annotations

import re
import shlex

import pytest

from bot.__main__ import COMMANDS, _parsed
from bot.cli.settings import env_example
from tests.documented import ROOT, mentioned, pages, shown


@pytest.mark.parametrize("needed", ["make demo", "make test", "docs/picture.png"])
def test_the_readme_shows_the_two_commands_and_a_picture(needed: str) -> None:
    assert needed in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [command for command in shown() + mentioned() if command.startswith("make ")])
def test_a_target_that_is_named_is_in_the_makefile(command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if "=" not in word]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert words
    assert set(words) <= set(targets)


@pytest.mark.parametrize("command", [command for command in mentioned() if command.startswith("ibid ")])
def test_a_command_that_is_named_is_one_of_ibids(command: str) -> None:
    assert command.split()[1] in {"--help", *(known.name for known in COMMANDS)}


@pytest.mark.parametrize("command", [command for command in shown() if command.startswith("ibid ")])
def test_a_command_that_is_shown_is_understood_as_it_stands(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _parsed(shlex.split(command)[1:])
    except SystemExit:
        pytest.fail(f"{command}: {capsys.readouterr().err}")


def test_the_example_of_the_settings_is_what_ibid_prints() -> None:
    assert (ROOT / "deploy" / ".env.example").read_text(encoding="utf-8") == env_example(), "ibid settings --env > deploy/.env.example"


def test_every_link_to_a_file_leads_to_one() -> None:
    broken = [
        f"{page.name}: {target}"
        for page in pages()
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
