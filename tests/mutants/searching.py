"""What a search, a cache, a thread and an old button may bring back, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_LIST = "knowledge/allow_list.py"
_SEARCH = "tests/unit/test_searching.py"

MUTANTS = (
    Mutant(
        rule="every passage is held against the allow-list after the fusion",
        file="knowledge/searching.py",
        old="(index for index in ranking.order if self._allow.allows(self._live.contents.passages[index]))",
        new="iter(ranking.order)",
        tests=(_SEARCH,),
    ),
    Mutant(
        rule="a passage outside the scope is not allowed",
        file=_LIST,
        old="            and self.scope.allows(passage.label)\n",
        new="",
        tests=("tests/contract/test_corpus.py",),
    ),
    Mutant(
        rule="a label that is not its document's rule is never shown",
        file=_LIST,
        old="            and document.rule.label == passage.label\n",
        new="",
        tests=(f"{_SEARCH}::test_a_label_that_is_not_its_documents_rule_is_never_shown",),
    ),
    Mutant(
        rule="a document that is denied while a search runs is not in its result",
        file=_LIST,
        old="            and passage.document not in self.denied()\n",
        new="",
        tests=(f"{_SEARCH}::test_a_document_denied_while_a_search_runs_is_not_in_its_result",),
    ),
    Mutant(
        rule="what was superseded or is not yet in force answers nothing today",
        file=_LIST,
        old="            and passage.document in self.documents\n",
        new="",
        tests=(_SEARCH,),
    ),
    Mutant(
        rule="what a cache remembers is held against the allow-list of today",
        file=_LIST,
        old="if index is None or not self.allows(self.live.contents.passages[index]):",
        new="if index is None:",
        tests=("tests/unit/test_flow_readers.py", "tests/contract/test_editions_random.py", "tests/contract/test_access_matrix.py"),
    ),
    Mutant(
        rule="the flow holds every passage against the scope once more and last",
        file="bot/flows/looking.py",
        old="hits = tuple(hit for hit in found.findings.hits if scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))",
        new="hits = found.findings.hits",
        tests=("tests/unit/test_answer.py",),
    ),
    Mutant(
        rule="what was found for some readers is looked up for no others",
        file="bot/flows/finding.py",
        old="json.dumps([words, sorted(scope.labels), scope.public,",
        new="json.dumps([words, scope.public,",
        tests=("tests/unit/test_finding.py",),
    ),
    Mutant(
        rule="what was found in a document that is another by now is not looked up",
        file="bot/flows/finding.py",
        old="as_of.isoformat(), standing])",
        new="as_of.isoformat()])",
        tests=("tests/unit/test_finding.py",),
    ),
    Mutant(
        rule="a remembered answer is of the exact request",
        file="bot/flows/drafts.py",
        old="writer.signature, request.messages, beside])",
        new="writer.signature, request.question, beside])",
        tests=("tests/unit/test_writing.py", "tests/unit/test_drafts.py", "tests/unit/test_flow_readers.py"),
    ),
    Mutant(
        rule="what is taken away while an answer is written is not shown",
        file="bot/flows/releasing.py",
        old="    return None not in passages\n",
        new="    return len(passages) >= 0\n",
        tests=("tests/unit/test_flow_promises.py",),
    ),
    Mutant(
        rule="an answer is told again only from what may be read now",
        file="bot/flows/retelling.py",
        old="hits = tuple(hit for hit in found if hit and scope.allows(hit.passage.label) and scope.allows(hit.document.rule.label))",
        new="hits = tuple(hit for hit in found if hit)",
        tests=("tests/unit/test_second_walls.py",),
    ),
)
