"""Which re-ranker is used is read from the settings, strictly, and opened with the way out that leads to it."""

from __future__ import annotations

import pytest

from bot.adapters.rerankers import opened_reranker
from bot.errors import Misconfigured
from bot.reranker_settings import RerankerSettings
from bot.settings import read_settings
from knowledge.reranking import OFF, Judge


def reranker(**given: str) -> RerankerSettings:
    return read_settings(given).reranker


def test_without_a_word_the_built_in_one_ranks() -> None:
    assert reranker().kind == "built-in"
    with opened_reranker(read_settings({})) as opened:
        assert opened is None


def test_none_is_none() -> None:
    with opened_reranker(read_settings({"IBID_RERANKER": "none"})) as opened:
        assert opened is OFF


def test_an_address_names_its_model_and_sees_what_everyone_may_read_unless_told_otherwise() -> None:
    given = {"IBID_RERANKER": "https://rank.example/v1#bge-m3", "IBID_RERANKER_KEY": "sk-1"}
    read = reranker(**given)
    assert (read.kind, read.url, read.name, read.key) == ("endpoint", "https://rank.example/v1", "bge-m3", "sk-1")
    assert read.sees({"everyone"})
    assert not read.sees({"everyone", "asker"})
    assert not read.sees({"groups:hr"})
    with opened_reranker(read_settings(given)) as opened:
        assert opened is not None
        assert opened.name == "https://rank.example/v1/rerank#bge-m3"
        assert not opened.sees({"groups:hr"})
        assert "sk-1" not in f"{opened.name} {read!r}"


def test_one_that_runs_with_them_may_see_all() -> None:
    read = reranker(IBID_RERANKER="http://127.0.0.1:8000#bge", IBID_RERANKER_MAY_SEE="local")
    assert read.sees({"groups:hr", "asker"})


def test_a_cross_encoder_is_named() -> None:
    assert reranker(IBID_RERANKER="cross-encoder:cross-encoder/ms-marco-MiniLM-L6-v2").name == "cross-encoder/ms-marco-MiniLM-L6-v2"


def test_a_cross_encoder_that_is_not_installed_stops_the_start_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.cross_encoding.find_spec", lambda _: None)
    settings = read_settings({"IBID_RERANKER": "cross-encoder:ms-marco"})
    with pytest.raises(Misconfigured, match=r"IBID_RERANKER .*pip install sentence-transformers"), opened_reranker(settings):
        pass


def test_the_model_judges_where_there_is_one_that_can_be_asked() -> None:
    settings = read_settings({"IBID_RERANKER": "model", "IBID_MODEL": "m"})
    judge = Judge("m", lambda _: True, lambda _, texts: [0.0 for _ in texts])
    with opened_reranker(settings, lambda: judge) as opened:
        assert opened is judge
    with pytest.raises(Misconfigured, match="IBID_RERANKER"), opened_reranker(settings):
        pass


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IBID_RERANKER", "maxsim"),
        ("IBID_RERANKER", "cross-encoder:"),
        ("IBID_RERANKER", "https://rank.example/v1"),
        ("IBID_RERANKER", "https://#model"),
        ("IBID_RERANKER", "ftp://rank.example#model"),
        ("IBID_RERANKER", "model"),
        ("IBID_RERANKER_MAY_SEE", "all"),
    ],
)
def test_what_cannot_be_meant_stops_the_start_with_the_variables_name(name: str, value: str) -> None:
    with pytest.raises(Misconfigured, match=name):
        reranker(**{name: value})


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    with pytest.raises(Misconfigured) as refused:
        reranker(IBID_RERANKER="ftp://name:hunter2@rank.example")
    assert "hunter2" not in str(refused.value)
