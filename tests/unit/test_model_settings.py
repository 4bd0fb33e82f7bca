"""Which models speak is read from the settings, strictly; a key is shown to no other address than its own."""

from __future__ import annotations

import pytest

from bot.errors import Misconfigured
from bot.models import Model, Price
from bot.settings import read_settings


def models(**given: str) -> tuple[Model, ...]:
    return read_settings(given).models


def test_without_a_model_quotes_stand_alone() -> None:
    assert models(OPENAI_API_KEY="sk-1") == ()


def test_the_tuned_model_comes_before_the_plain_one() -> None:
    tuned, plain = models(
        IBID_TUNED_MODEL="ibid-voice", IBID_MODEL="gpt-x", OPENAI_API_KEY="sk-1", OPENAI_BASE_URL="https://models.example/v1/"
    )
    assert (tuned.name, plain.name) == ("ibid-voice", "gpt-x")
    assert {tuned.url, plain.url} == {"https://models.example/v1"}
    assert tuned.key == plain.key == "sk-1"


def test_a_tuned_model_elsewhere_gets_neither_the_key_nor_the_labels_of_the_plain_one() -> None:
    tuned, _ = models(
        IBID_TUNED_MODEL="voice",
        IBID_TUNED_URL="http://gpu:8000/v1",
        IBID_MODEL="m",
        OPENAI_API_KEY="sk-1",
        IBID_MODEL_MAY_SEE="everyone asker",
    )
    assert (tuned.url, tuned.key) == ("http://gpu:8000/v1", "")
    assert tuned.may_see == {"everyone"}


def test_a_model_sees_what_everyone_may_read_unless_told_otherwise() -> None:
    (model,) = models(IBID_MODEL="m")
    assert model.sees({"everyone"})
    assert not model.sees({"everyone", "asker"})
    assert not model.sees({"groups:hr"})


def test_labels_are_named_one_by_one_and_only_a_local_model_sees_all() -> None:
    (named,) = models(IBID_MODEL="m", IBID_MODEL_MAY_SEE="everyone asker groups:finance,hr")
    (local,) = models(IBID_MODEL="m", IBID_MODEL_MAY_SEE="local")
    assert named.sees({"everyone", "asker", "groups:finance,hr"})
    assert not named.sees({"groups:hr"})
    assert local.sees({"people:wendy"})


def test_the_order_in_which_groups_are_named_does_not_matter() -> None:
    (model,) = models(IBID_MODEL="m", IBID_MODEL_MAY_SEE="groups:hr,finance asker")
    assert model.sees({"groups:finance,hr", "asker"})


def test_no_key_is_printed() -> None:
    settings = read_settings({"IBID_MODEL": "m", "OPENAI_API_KEY": "sk-secret", "REDIS_URL": "redis://:hush@r"})
    assert "sk-secret" not in repr(settings.models)
    assert "hush" not in repr(settings)


def test_prices_and_temperature_are_read() -> None:
    (model,) = models(IBID_MODEL="m", IBID_MODEL_PRICE="0.40, 0.10, 1.60", IBID_TEMPERATURE="none")
    assert (model.price, model.temperature) == (Price(0.4, 0.1, 1.6), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "models.example"),
        ("OPENAI_BASE_URL", "ftp://models.example"),
        ("OPENAI_BASE_URL", "http://[::1"),
        ("OPENAI_BASE_URL", "http://models.example:many/v1"),
        ("IBID_MODEL_MAY_SEE", "all"),
        ("IBID_MODEL_MAY_SEE", "everyone local"),
        ("IBID_MODEL_MAY_SEE", "groups:"),
        ("IBID_MODEL_PRICE", "0.4"),
        ("IBID_MODEL_PRICE", "a,b,c"),
        ("IBID_TEMPERATURE", "hot"),
        ("IBID_TEMPERATURE", "3"),
    ],
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        models(IBID_MODEL="m", **{name: value})


def test_the_model_that_sees_stands_at_the_plain_models_address_and_may_see_what_that_may() -> None:
    given = {"OPENAI_BASE_URL": "http://models.example/v1", "OPENAI_API_KEY": "k", "IBID_MODEL_MAY_SEE": "everyone groups:hr"}
    same = read_settings(given | {"IBID_VISION_MODEL": "v"}).vision
    own = read_settings(given | {"IBID_VISION_MODEL": "v", "IBID_VISION_MAY_SEE": "groups:finance"}).vision

    assert same is not None
    assert (same.name, same.url, same.key) == ("v", "http://models.example/v1", "k")
    assert same.sees({"groups:hr"})
    assert own is not None
    assert own.sees({"groups:finance"})
    assert not own.sees({"everyone"})
    assert read_settings(given).vision is None
    assert read_settings({"IBID_VISION_MODEL": "v"}).models == ()


def test_labels_that_cannot_be_are_named_by_the_variable_of_the_model_that_sees() -> None:
    with pytest.raises(Misconfigured, match="IBID_VISION_MAY_SEE"):
        read_settings({"IBID_VISION_MODEL": "v", "IBID_VISION_MAY_SEE": "all"})
