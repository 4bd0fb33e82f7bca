"""The environment is read once, checked, and never repeated where a secret could be seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.cli.settings import env_example, reference
from bot.errors import Misconfigured
from bot.settings import HOME, VARIABLES, Address, read_settings


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


def test_a_file_that_is_no_text_is_refused_and_nothing_of_it_is_told(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_bytes(b"xoxb-zebra\xff")

    with pytest.raises(Misconfigured, match=r"SLACK_BOT_TOKEN_FILE names .*, which is not UTF-8 text") as refused:
        read_settings({"SLACK_BOT_TOKEN_FILE": str(secret)})
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "OPENAI_BASE_URL", "SLACK_API_URL"])
def test_an_address_that_is_wrong_is_repeated_without_its_password(name: str) -> None:
    with pytest.raises(Misconfigured, match=r"server\.test:many") as refused:
        read_settings({name: "http://somebody:hush@server.test:many"})
    assert "hush" not in str(refused.value)


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
        ({"SLACK_SIGNING_SECRET": "xapp-1"}, "SLACK_SIGNING_SECRET is a token"),
        ({"IBID_LISTEN": "3000"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": ":3000"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "localhost"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "localhost:http"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "localhost:65536"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "::1:3000"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "[localhost]:3000"}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "localhost:" + "1" * 5000}, "IBID_LISTEN"),
        ({"IBID_LISTEN": "a..b:3000"}, "IBID_LISTEN"),
        ({"IBID_QUESTIONS_PER_MINUTE": "9" * 5000}, "IBID_QUESTIONS_PER_MINUTE"),
        ({"IBID_DOCUMENTS": "~nobody-at-all/policies"}, "IBID_DOCUMENTS"),
        ({"IBID_CA_FILE": "~nobody-at-all/ca.pem"}, "IBID_CA_FILE"),
        ({"IBID_ADMINS": "U012ABCDEF, greta"}, "IBID_ADMINS holds 'greta'"),
        ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL"),
        ({"SLACK_API_URL": "http://[::1/api"}, "SLACK_API_URL"),
        ({"SLACK_API_URL": "http://slack.test:99999/api"}, "SLACK_API_URL"),
        ({"SLACK_BOT_TOKEN": "xoxb-1\nxoxb-2"}, "SLACK_BOT_TOKEN holds a line break"),
        ({"SLACK_BOT_TOKEN": "xoxb-\N{HORIZONTAL ELLIPSIS}"}, "SLACK_BOT_TOKEN holds a letter"),
        ({"OPENAI_API_KEY": "sk-\N{HORIZONTAL ELLIPSIS}"}, "OPENAI_API_KEY holds a letter"),
        ({"IBID_TUNED_MODEL": "m", "IBID_TUNED_KEY": "sk-\N{HORIZONTAL ELLIPSIS}"}, "IBID_TUNED_KEY holds a letter"),
        ({"HTTPS_PROXY": "socks5://proxy.test"}, "HTTPS_PROXY"),
        ({"IBID_REINDEX_EVERY": "30"}, "IBID_REINDEX_EVERY"),
        ({"IBID_REINDEX_EVERY": "0m"}, "IBID_REINDEX_EVERY"),
        ({"IBID_REINDEX_EVERY": "31d"}, "IBID_REINDEX_EVERY"),
        ({"IBID_REINDEX_EVERY": "-5m"}, "IBID_REINDEX_EVERY"),
        ({"IBID_WATCH": "true"}, "IBID_WATCH"),
        ({"IBID_HOOK_SECRET": "short", "IBID_LISTEN": "127.0.0.1:3000"}, "IBID_HOOK_SECRET has fewer"),
        ({"IBID_HOOK_SECRET": "a-secret-that-is-long"}, "IBID_LISTEN"),
        ({"HTTPS_PROXY": "proxy.test:many"}, "HTTPS_PROXY"),
        ({"OPENAI_BASE_URL": "https://models example/v1"}, "OPENAI_BASE_URL"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(given: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured, match=named):
        read_settings(given)


@pytest.mark.parametrize(
    ("given", "http_mode", "listens"),
    [
        ({}, False, None),
        ({"SLACK_APP_TOKEN": "xapp-1"}, False, None),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_SIGNING_SECRET": "s"}, False, None),
        ({"SLACK_APP_TOKEN": "xapp-1", "IBID_LISTEN": "0.0.0.0:80"}, False, Address("0.0.0.0", 80)),
        ({"SLACK_SIGNING_SECRET": "s"}, True, Address("127.0.0.1", 3000)),
        ({"SLACK_SIGNING_SECRET": "s", "IBID_LISTEN": "[::1]:8080"}, True, Address("::1", 8080)),
    ],
)
def test_the_app_token_decides_between_socket_mode_and_http(given: dict[str, str], http_mode: bool, listens: Address | None) -> None:
    settings = read_settings(given)

    assert (settings.http_mode, settings.listens) == (http_mode, listens)


@pytest.mark.parametrize(("text", "seconds"), [("", None), ("1m", 60.0), ("30m", 1800.0), ("6h", 21_600.0), ("30d", 2_592_000.0)])
def test_how_often_the_documents_are_read_is_said_in_minutes_hours_or_days(text: str, seconds: float | None) -> None:
    assert read_settings({"IBID_REINDEX_EVERY": text}).reindex_every == seconds


@pytest.mark.parametrize("text", ["127.0.0.1:3000", "[::1]:8080", "ibid.internal:0"])
def test_an_address_is_written_as_it_was_given(text: str) -> None:
    assert str(read_settings({"IBID_LISTEN": text}).listen) == text


def test_settings_in_a_message_show_no_secret() -> None:
    settings = read_settings(
        {"SLACK_BOT_TOKEN": "xoxb-secret", "IBID_SECRET_KEY": "a-long-secret-key", "SLACK_SIGNING_SECRET": "a signing secret"}
    )

    assert "secret" not in repr(settings)
    assert "secret" not in f"{settings}"


def test_the_example_file_names_every_variable_and_sets_none() -> None:
    example = env_example()

    assert all(f"#{variable.name}=" in example for variable in VARIABLES)
    assert all(line.startswith("#") for line in example.splitlines() if line)


def test_the_reference_is_the_same_on_every_machine() -> None:
    assert str(HOME) not in reference() + env_example()
    assert "./handbook" in reference()
