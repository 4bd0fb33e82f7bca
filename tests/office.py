"""Ibid as it runs in an office: the pretend workspace, the pretend model, a cache, and four of the sample company's documents."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import House, opened
from bot.channels.slack.app import Patience, Serving, connected
from bot.openings import OpenEmbedder
from bot.settings import HOME, Settings, read_settings
from knowledge.embedding import Embedder
from knowledge.hashing_embedding import HashingEmbedding
from knowledge.values import IndexOrder
from playground import Message, Workspace
from playground.model import PretendModel
from playground.workspace import Setting

DOCUMENTS = ("leave/annual-leave-uk.md", "leave/annual-leave-de.md", "money/approval-limits.docx", "money/supplier-onboarding.html")
QUESTION = "How many days of annual leave can I carry over into next year in the UK?"


@dataclass(frozen=True)
class Office:
    """Everything in it."""

    slack: Workspace
    model: PretendModel
    house: House
    serving: Serving

    async def ask(self, person: str, channel: str, text: str, thread: str | None = None) -> Message:
        """The reply, once it is finished."""
        asked = self.slack.say(person, channel, text, thread)
        reply = await self.slack.until(lambda: next((one for one in self.slack.replies_to(asked) if _finished(one)), None), 30)
        await self.quiet()
        return reply

    async def quiet(self) -> None:
        await self.slack.settled()
        await self.serving.desk.tasks.idle()


def _finished(message: Message) -> bool:
    """A reply that is whole; what Ibid says at the first contact is none."""
    key = str(((message.metadata or {}).get("event_payload") or {}).get("key") or "")
    return bool(key) and not key.endswith("/introduction") and not message.streaming


@asynccontextmanager
async def an_office(folder: Path, embedder: OpenEmbedder, **variables: str) -> AsyncIterator[Office]:
    """Open until the block ends. `variables` are settings beside the usual ones."""
    documents = folder / "documents"
    for name in DOCUMENTS:
        (documents / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HOME / "handbook" / name, documents / name)
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Workspace.start(HOME / "handbook" / "workspace.yaml", Setting()))
        model = await stack.enter_async_context(PretendModel.start())
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "OPENAI_BASE_URL": model.url,
            "OPENAI_API_KEY": model.key,
            "IBID_TUNED_MODEL": "pretend-tuned",
            "IBID_MODEL": "pretend-base",
            "IBID_MODEL_MAY_SEE": "local",
            "IBID_DATA_DIR": str(folder / "var"),
            "IBID_DOCUMENTS": str(documents),
            "IBID_PEOPLE_FILE": str(HOME / "handbook" / "workspace.yaml"),
            "IBID_DEFAULT_ACCESS": "everyone",
            "IBID_QUESTIONS_PER_MINUTE": "1000",
        }
        (folder / "var").mkdir(exist_ok=True)
        house = await stack.enter_async_context(opened(read_settings(environment | variables), embedder))
        await house.indexing.index(IndexOrder(), lambda _: None)
        serving = await stack.enter_async_context(connected(house.ibid, Patience(drain=5)))
        yield Office(slack, model, house, serving)


def hashing(_: Settings) -> Embedder:
    """An embedder that is there at once."""
    return HashingEmbedding()
