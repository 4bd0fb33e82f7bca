"""The environment is read once, checked, and never repeated where a secret could be seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli.settings import env_example, reference
from bot.errors import Misconfigured
from bot.settings import HOME, VARIABLES, read_settings


def test_an_empty_environment_gives_settings_that_work() -> None:
    settings = read_settings({})

    assert settings.documents == HOME / "handbook"
    assert settings.slack_bot_token == ""
    assert settings.questions_per_minute == 10
    assert settings.today is None
    assert settings.admins == frozenset()


def test_every_value_is_read() -> None:
    settings = read_settings({"IBID_TODAY": "2026-11-16", "IBID_ADMINS": " U1, U2 ,", "SLACK_API_URL": "http://127.0.0.1:1/api"})

    assert settings.today == date(2026, 11, 16)
    assert settings.admins == {"U1", "U2"}
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("xoxb-from-a-file\n")

    assert read_settings({"SLACK_BOT_TOKEN_FILE": str(secret)}).slack_bot_token == "xoxb-from-a-file"


def test_what_is_no_secret_does_not_come_from_a_file(tmp_path: Path) -> None:
    assert read_settings({"IBID_TODAY_FILE": str(tmp_path / "no such file")}).today is None


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN"),
        ({"IBID_TODAY": "16.11.2026"}, "IBID_TODAY"),
        ({"IBID_QUESTIONS_PER_MINUTE": "0"}, "IBID_QUESTIONS_PER_MINUTE"),
        ({"IBID_QUESTIONS_PER_MINUTE": "many"}, "IBID_QUESTIONS_PER_MINUTE"),
        ({"IBID_EMBEDDER_VARIANT": "int4"}, "IBID_EMBEDDER_VARIANT"),
        ({"IBID_LOG_LEVEL": "loud"}, "IBID_LOG_LEVEL"),
        ({"IBID_SECRET_KEY_FILE": "/no/such/file"}, "IBID_SECRET_KEY_FILE"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(given: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        read_settings(given)


def test_settings_in_a_message_show_no_secret() -> None:
    settings = read_settings({"SLACK_BOT_TOKEN": "xoxb-secret", "IBID_SECRET_KEY": "a-long-secret-key"})

    assert "secret" not in repr(settings)
    assert "secret" not in f"{settings}"


def test_the_example_file_names_every_variable_and_sets_none() -> None:
    example = env_example()

    assert all(f"#{variable.name}=" in example for variable in VARIABLES)
    assert all(line.startswith("#") for line in example.splitlines() if line)


def test_the_reference_is_the_same_on_every_machine() -> None:
    assert str(HOME) not in reference() + env_example()
    assert "./handbook" in reference()
