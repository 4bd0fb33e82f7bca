"""`ibid doctor`: is everything there that Ibid needs? One line each, and for what is not there what to do."""

from __future__ import annotations

import platform
import sys
import tomllib
from argparse import Namespace
from collections.abc import Callable
from importlib import metadata
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, no_arguments
from bot.cli.doctor_access import house_rules
from bot.cli.doctor_documents import conversations, documents, held, index, last_run, reviews
from bot.cli.doctor_services import cache, models, slack
from bot.cli.doctor_sources import recognition
from bot.cli.doctor_vision import vision
from bot.cli.finding import Finding
from bot.cli.terminal import printable
from bot.errors import Misconfigured
from bot.settings import HOME

if TYPE_CHECKING:
    from bot.settings import Settings

_OLDEST_PYTHON = (3, 11)


def _run(options: Namespace) -> int:  # noqa: ARG001 (every command gets its options)
    settings = begin()
    findings = [check(settings) for check in CHECKS]
    for finding in findings:
        mark = {True: "✓", False: "✗", None: "–"}[finding.well]
        sys.stdout.write(printable(f"{mark} {finding.what}") + "\n")
        for line in finding.cure.splitlines():
            sys.stdout.write(f"    {printable(line)}\n")
    return 1 if any(finding.well is False for finding in findings) else 0


def _python(_: Settings) -> Finding:
    well = sys.version_info >= _OLDEST_PYTHON
    return Finding(well, f"Python {platform.python_version()}", "" if well else "Ibid needs Python 3.11 or newer.")


def _packages(_: Settings) -> Finding:
    from packaging.requirements import Requirement

    file = HOME / "pyproject.toml"
    if not file.is_file():
        return Finding(None, "Packages: no pyproject.toml to compare with")
    wanted = [Requirement(line) for line in tomllib.loads(file.read_text(encoding="utf-8"))["project"]["dependencies"]]
    wrong = [name for requirement in wanted if (name := _misses(requirement.name, requirement.specifier.contains))]
    if wrong:
        return Finding(False, f"Packages: {', '.join(wrong)}", "Install them again: make demo, or pip install -r requirements.lock.")
    return Finding(True, f"Packages: all {len(wanted)} are there")


def _misses(name: str, fits: Callable[[str], bool]) -> str:
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is missing"
    return "" if fits(version) else f"{name} {version} does not fit"


def _embedder(settings: Settings) -> Finding:
    from knowledge.errors import EmbedderUnavailable
    from knowledge.minilm_weights import TOKENIZER, TOKENIZER_SHA256, WEIGHTS, WEIGHTS_SHA256, verified, weights_folder

    try:
        folder = weights_folder(settings.embedder_dir)
        verified(folder / WEIGHTS, WEIGHTS_SHA256)
        verified(folder / TOKENIZER, TOKENIZER_SHA256)
    except EmbedderUnavailable as problem:
        return Finding(False, "Embedder", str(problem))
    return Finding(True, f"Embedder: MiniLM's weights are the expected ones ({settings.embedder_variant})")


def _data_dir(settings: Settings) -> Finding:
    from bot.owner import owner_of, prepare

    try:
        prepare(settings.data_dir)
        owner = owner_of(settings.data_dir)
    except Misconfigured as problem:
        return Finding(False, "Data directory", str(problem))
    return Finding(True, f"Data directory: {settings.data_dir}, {f'in use by {owner}' if owner else 'in use by nobody'}")


def _words(settings: Settings) -> Finding:
    from bot.adapters.file_directory import NOBODY, read_directory
    from bot.bootstrap import defaults_of, people_file
    from bot.prompts import load_prompts
    from bot.wording import load_wording
    from knowledge.errors import KnowledgeError
    from knowledge.glossary import load_glossary

    try:
        prompts = load_prompts(settings.prompts)
        load_wording(HOME / "wording")
        load_glossary(HOME / "wording" / "glossary.md")
        file = people_file(settings)
        directory = read_directory(file) if file else NOBODY
        defaults_of(settings, directory)
        people = f", {len(directory.people)} people in {file.name}" if file else ""
    except Misconfigured as problem:
        return Finding(False, "Prompts, wording and people", str(problem))
    except KnowledgeError as problem:
        return Finding(False, "Prompts, wording and people", f"wording/{problem}.")
    return Finding(True, f"Prompts and wording load ({prompts.answer_hash}){people}")


def _listening(settings: Settings) -> Finding:
    from bot.channels.slack.manifest import PATH
    from bot.owner import owner_of
    from bot.web.site import reserved

    address = settings.listens
    if address is None:
        return Finding(None, "Listening: nowhere; Socket Mode needs no open port")
    meant = f"for Slack's requests to {PATH}, and " if settings.http_mode else ""
    try:
        owner = owner_of(settings.data_dir)
        running = owner is not None and owner.command == "serve"
        if not running:
            reserved(address).close()
    except Misconfigured as problem:
        return Finding(False, "Listening", str(problem))
    return Finding(True, f"Listening: {address}, {meant}for /healthz, /readyz and /metrics{f'; {owner} has it' if running else ''}")


DOCUMENTS = (documents, recognition, index, last_run, held, reviews)
PLACES = (_words, house_rules)
CHECKS = (_python, _packages, _embedder, _data_dir, *DOCUMENTS, conversations, *PLACES, slack, _listening, models, vision, cache)
COMMAND = Command(name="doctor", summary="Check the installation, and say what to do.", arguments=no_arguments, run=_run)
