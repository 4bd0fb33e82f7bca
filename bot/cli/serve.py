"""`ibid serve`: the bot in your Slack workspace, over Socket Mode or HTTP."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from bot.cli.command import Command, begin, hurry, no_arguments

if TYPE_CHECKING:
    from bot.owner import Ownership
    from bot.settings import Settings


def _run(options: Namespace) -> int:  # noqa: ARG001 (every command gets its options)
    hurry()
    settings = begin(server=True)
    from bot.owner import owning

    with owning(settings.data_dir, "serve") as ownership:
        from bot.cli.serving import run_until_told

        return run_until_told(_serve(settings, ownership))


async def _serve(settings: Settings, ownership: Ownership) -> None:
    from bot.cli.serving import house_with_a_door, serve_slack

    async with house_with_a_door(settings, ownership) as house:
        await serve_slack(house)


COMMAND = Command(name="serve", summary="Answer in your Slack workspace.", arguments=no_arguments, run=_run)
