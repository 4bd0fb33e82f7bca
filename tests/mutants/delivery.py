"""Never silent, never twice, and nothing of what is not addressed to Ibid, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_DOOR = "bot/channels/slack/inbox.py"
_DELIVERY = "tests/channels/test_delivery.py"

MUTANTS = (
    Mutant(
        rule="nothing is acknowledged before it is written down",
        file=_DOOR,
        old="            if not await self._is_for_ibid(errand) or not await self._ibid.inbox.take(errand.delivery()):\n",
        new="            try:\n"
        "                taken = await self._is_for_ibid(errand) and await self._ibid.inbox.take(errand.delivery())\n"
        "            except Exception:\n"
        "                taken = True\n"
        "            if not taken:\n",
        tests=(f"{_DELIVERY}::test_what_could_not_be_written_down_is_not_acknowledged_and_comes_again",),
    ),
    Mutant(
        rule="what was delivered before is not done again",
        file=_DOOR,
        old="or not await self._ibid.inbox.take(errand.delivery()):",
        new="or (await self._ibid.inbox.take(errand.delivery()) and False):",
        tests=(f"{_DELIVERY}::test_the_same_event_delivered_again_is_acknowledged_and_answered_once",),
    ),
    Mutant(
        rule="a mention and its message twin are one question",
        file="bot/channels/slack/errands.py",
        old='if self.what == "ask" and self.ts else ""',
        new='if self.what == "nothing" and self.ts else ""',
        tests=("tests/channels/test_questions.py::test_a_mention_and_its_message_twin_get_one_answer",),
    ),
    Mutant(
        rule="in a thread only the asker goes on without a mention",
        file="bot/flows/addressed.py",
        old=" and author == last.asker",
        new="",
        tests=("tests/unit/test_addressed.py",),
    ),
    Mutant(
        rule="a thread is followed for thirty minutes after the last reply",
        file="bot/flows/addressed.py",
        old=" and now - last.at <= CONTINUES_FOR",
        new="",
        tests=("tests/unit/test_addressed.py",),
    ),
    Mutant(
        rule="a muted thread is left alone",
        file="bot/flows/addressed.py",
        old=" and not last.muted",
        new="",
        tests=("tests/unit/test_addressed.py",),
    ),
    Mutant(
        rule="what is not addressed to Ibid reaches nothing",
        file="bot/channels/slack/errands.py",
        old="    if not addressed and not thread:\n        return None\n",
        new="    addressed = True\n",
        tests=(f"{_DELIVERY}::test_a_message_that_is_not_addressed_to_ibid_leaves_no_trace",),
    ),
    Mutant(
        rule="a model's client tries nothing again by itself",
        file="bot/adapters/openai_client.py",
        old="api_key=key, timeout=seconds, max_retries=0, http_client=http)",
        new="api_key=key, timeout=seconds, max_retries=2, http_client=http)",
        tests=("tests/contract/test_openai_patience.py", "tests/contract/test_openai_writer.py"),
    ),
    Mutant(
        rule="a stream that ends without a reason is no answer",
        file="bot/adapters/openai_reply.py",
        old='            case "" if self._chunks:\n                raise WriterFailed("broke off", "the stream ended without a reason")\n',
        new='            case "" if self._chunks:\n                return\n',
        tests=("tests/contract/test_openai_writer.py",),
    ),
    Mutant(
        rule="after a release no other writer goes on",
        file="bot/flows/writing.py",
        old="return self.released if self.failure or self.unanswering else",
        new="return False if self.failure or self.unanswering else",
        tests=("tests/unit/test_writing.py::test_after_a_release_no_other_writer_continues_and_the_reply_says_that_it_was_cut",),
    ),
    Mutant(
        rule="one person asks so many questions a minute and no more",
        file="bot/channels/slack/exchange.py",
        old='            case "too_many":\n',
        new='            case "too_many" if False:\n',
        tests=("tests/channels/test_questions.py::test_the_eleventh_question_in_a_minute_is_refused_once_to_its_asker_alone",),
    ),
)
