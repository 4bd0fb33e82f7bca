"""Taking away never waits and comes back by nothing, one rule less each time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_EDITIONS = "tests/contract/test_editions.py"
_HOLDS = "tests/contract/test_holds.py"

MUTANTS = (
    Mutant(
        rule="a narrower rule takes back what the wider one showed",
        file="knowledge/withdrawals.py",
        old="if not all(covered(_rule(row.described), rule) for rule in ruled[row.document])",
        new="if not all(rule is not None for rule in ruled[row.document])",
        tests=(f"{_EDITIONS}::test_an_undo_never_lifts_a_narrowing",),
    ),
    Mutant(
        rule="an erased document is read again neither by its name nor by its bytes",
        file="knowledge/denials.py",
        old="return frozenset({row.document for row in found} | {row.content_hash for row in found if row.content_hash})",
        new="return frozenset[str]()",
        tests=(f"{_EDITIONS}::test_an_erased_document_is_read_again_neither_by_its_name_nor_by_its_bytes",),
    ),
    Mutant(
        rule="who renames a document that is denied does not free it",
        file="knowledge/denials.py",
        old="if before in reasons and now not in reasons}",
        new="if before in reasons and now in reasons}",
        tests=(f"{_EDITIONS}::test_a_document_that_is_held_stays_held_when_its_file_is_renamed",),
    ),
    Mutant(
        rule="what was denied answers nothing",
        file="knowledge/away.py",
        old="return lambda: self._denied | {",
        new="return lambda: frozenset() | {",
        tests=("tests/contract/test_corpus.py::test_a_denied_document_is_gone_at_once_without_a_new_edition_and_stays_gone",),
    ),
    Mutant(
        rule="what a scan withdrew answers nothing, in whatever edition",
        file="knowledge/away.py",
        old="{document_of[version] for version in self._withdrawn & document_of.keys()}",
        new="frozenset()",
        tests=(f"{_EDITIONS}::test_an_undo_never_lifts_a_narrowing",),
    ),
    Mutant(
        rule="what is held answers nothing",
        file="knowledge/away.py",
        old="return taken() | frozenset(held) if held else taken()",
        new="return taken()",
        tests=(f"{_HOLDS}::test_a_held_document_is_in_no_search_no_citation_and_no_handbook_from_the_same_second",),
    ),
    Mutant(
        rule="a hold ends with its day",
        file="knowledge/holds.py",
        old="return today <= self.until",
        new="return True",
        tests=("tests/unit/test_holding_back.py",),
    ),
    Mutant(
        rule="who renames a held document does not free it",
        file="knowledge/kept_holds.py",
        old="for row in there if row.document in moved})",
        new="for row in there if row.document in moved and not row.document})",
        tests=(f"{_HOLDS}::test_who_renames_a_held_document_does_not_free_it",),
    ),
    Mutant(
        rule="what is held would have come first, so nothing else answers",
        file="knowledge/holding_back.py",
        old="    if first and whole.hits[0].document.id in held:\n",
        new="    if False:\n",
        tests=("tests/unit/test_holding_back.py",),
    ),
    Mutant(
        rule="a topic that is held while it is answered takes back what was shown",
        file="bot/flows/releasing.py",
        old="            if held:\n",
        new="            if False:\n",
        tests=("tests/unit/test_flow_holds.py",),
    ),
    Mutant(
        rule="nothing is removed where a tenth of a source is gone at once",
        file="knowledge/looking.py",
        old="len(gone) <= total * SHARE",
        new="len(gone) <= total",
        tests=("tests/contract/test_indexing.py::test_when_many_are_gone_at_once_they_stay_until_it_is_confirmed",),
    ),
    Mutant(
        rule="what contradicts an answer, or came near, is shown only while it may be",
        file="bot/flows/releasing.py",
        old=" if await library.passage(hit.passage.id, scope, findings.edition)]",
        new="]",
        tests=("tests/unit/test_flow_promises.py",),
    ),
    Mutant(
        rule="a catalog that was put back stays older than its list until all sources were looked at",
        file="knowledge/taken_away.py",
        old="        if self.older:\n            return max",
        new="        if False:\n            return max",
        tests=("tests/contract/test_put_back.py::test_what_is_held_or_denied_meanwhile_does_not_make_an_older_catalog_younger",),
    ),
)
