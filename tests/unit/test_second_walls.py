"""Rules that stand behind another one: each is tried here without the one before it."""

from __future__ import annotations

from bot.adapters.memory import ListLibrary
from bot.adapters.memory_cache import MemoryCache
from bot.adapters.quote_writer import QuoteWriter
from bot.flows.access import scope_for
from bot.flows.drafts import Drafts
from bot.flows.finding import Finding
from bot.flows.retelling import Retelling
from bot.flows.understand import Understood
from bot.flows.writing import Writing
from bot.values import Audience, Turn
from knowledge.values import Hit, Scope
from tests.factories import EVERYONE, HR, TODAY, a_document, a_hit, a_person, a_question


class Careless(ListLibrary):
    """Gives every passage to everybody."""

    async def passage(self, passage: str, scope: Scope, edition: int | None = None) -> Hit | None:
        return next((hit for hit in self.hits if hit.passage.id == passage), None)


def test_a_grant_is_nothing_to_who_is_answered_alone() -> None:
    priya = a_person()
    asked_alone = Audience(circle="alone", readers=(priya,), granted=frozenset({HR.label}))
    assert scope_for(asked_alone, {EVERYONE, HR}).labels == {"everyone"}


async def test_an_answer_is_told_again_only_from_what_may_be_read_now() -> None:
    open_to_all, bands = a_hit(), a_hit("2.1 Band C.", clause="2.1", document=a_document("salary-bands", rule=HR))
    library = Careless(hits=(open_to_all, bands))
    writing = Writing(writers=(QuoteWriter(),), drafts=Drafts(MemoryCache()), finding=Finding(library))
    question = a_question("Where does it say that?", turns=(Turn("Which bands?", (open_to_all.passage.id, bands.passage.id)),))
    before, scope = Understood("Which bands?", TODAY), Scope(frozenset({"everyone"}))
    looked, _ = await Retelling(library, writing, "sources").look(question, before, scope)
    assert looked.found.findings.hits == (open_to_all,)
