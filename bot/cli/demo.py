"""`ibid demo`: a pretend Slack workspace in the browser, with the real bot in it, and a sample company's handbook."""

from __future__ import annotations

import asyncio
import socket
import sys
import webbrowser
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry
from bot.cli.demo_models import found_models, offer, writing_in
from bot.errors import IbidError, Misconfigured
from knowledge.values import IndexOrder

if TYPE_CHECKING:
    from bot.bootstrap import House
    from bot.cli.pretend_slack import PretendSlack
    from bot.models import Model
    from bot.owner import Ownership
    from bot.settings import Settings
    from knowledge.values import IndexReport


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=0, help="where the page is; default: a free port")
    parser.add_argument("--model", default="", metavar="NAME", help="a model of Ollama, or at OPENAI_BASE_URL, that writes the answers")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser")


def _run(options: Namespace) -> int:
    hurry()
    settings = begin(demo=True)
    _check_port(options.port)
    from bot.owner import owning

    with owning(settings.data_dir, "demo") as ownership:
        from bot.cli.serving import run_until_told

        return run_until_told(_demo(settings, ownership, options))


async def _demo(settings: Settings, ownership: Ownership, options: Namespace) -> None:
    """The page first, then everything else at once: the documents open and are read while Slack's side connects."""
    from bot.cli.pretend_slack import pretend_slack

    preloading = asyncio.get_running_loop().run_in_executor(None, _preload)
    async with pretend_slack(settings.data_dir, options.port, options.model) as slack:
        await preloading
        found = await found_models(settings)
        models = writing_in(slack.address, options.model, found)
        from bot.cli.serving import house_with_a_door, serve_slack

        async with house_with_a_door(_sample(settings, slack, models), ownership) as house:
            work = [serve_slack(house), _read_handbook(house, slack, options.model), slack.lives()]
            tasks = [asyncio.create_task(one) for one in work]
            _welcome(slack.address, offer(found, options.model), browser=not options.no_open)
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
                for task in done:
                    task.result()
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def _preload() -> None:
    """What takes longest to import, while the pretend workspace starts in its own process."""
    import knowledge.corpus
    import knowledge.embedding  # noqa: F401 (imported so that it is there)


def _sample(settings: Settings, slack: PretendSlack, models: tuple[Model, ...]) -> Settings:
    """The sample company's settings: nothing of a real workspace is touched, whatever the environment says."""
    from bot.adapters.file_directory import read_directory
    from bot.bootstrap import SAMPLE

    file = SAMPLE / "workspace.yaml"
    people = read_directory(file)
    return replace(
        settings,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_signing_secret="",
        listen=None,
        slack_api_url=f"{slack.address}/api/",
        behind_url=f"{slack.address}/demo/behind",
        models=models,
        redis_url="",
        documents=SAMPLE,
        people_file=file,
        default_access="",
        today=people.today,
        admins=frozenset(person.id for person in people.people.values() if person.admin),
    )


async def _read_handbook(house: House, slack: PretendSlack, model: str) -> None:
    """Index in the background; the page's line says how far it is, and at the end what to know about the answers."""
    async with slack.noticing() as notice:
        try:
            report = await house.indexing.index(
                IndexOrder(by="the demo"), lambda step: notice(f"Reading the handbook: {step.stage} {step.done} of {step.total}")
            )
        except IbidError as problem:
            notice(f"The handbook could not be read: {problem}")
            return
        notice(_finished(report, model))


def _finished(report: IndexReport, model: str) -> str:
    read = len(report.added) + len(report.changed) + len(report.unchanged)
    unread = f" ({len(report.unread)} could not be read)" if report.unread else ""
    writer = f"{model} writes the answers." if model else "Answers are quotes, word for word, until you let the pretend model write."
    return f"{read} policies are ready{unread}. {writer}"


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as problem:
            reason = "is taken by another program" if isinstance(problem, OSError) else "is not a port"
            raise Misconfigured(f"Port {port} {reason}. Choose another with --port, or leave it out for a free one.") from problem


def _welcome(address: str, offered: str, *, browser: bool) -> None:
    from rich.panel import Panel
    from rich.text import Text

    from bot.cli.terminal import console

    offering = f"\n\n{offered}" if offered else ""
    words = Text.assemble("The pretend workspace is open at\n\n", (f"    {address}", "bold cyan"), offering, "\n\nCtrl-C ends it.")
    console().print(Panel(words, title="Ibid", expand=False, padding=(1, 3)))
    sys.stdout.flush()
    if browser and sys.stdout.isatty():
        try:
            found = webbrowser.get()
        except webbrowser.Error:
            return
        if type(found) is not webbrowser.GenericBrowser:  # that would be one inside this very terminal
            found.open(address)


COMMAND = Command(name="demo", summary="Open a pretend Slack workspace in the browser, with Ibid in it.", arguments=_arguments, run=_run)
