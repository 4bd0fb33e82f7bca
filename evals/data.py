"""A folder of documents and judged questions, read into values: what is asked, and which rows, pages or files answer it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from evals.data_lines import BadData, Entry, Grades, clean, grades, name_of, objects, text_of
from evals.rows import Row

QUESTIONS, ROWS, DOCUMENTS, JUDGEMENTS = "queries.jsonl", "corpus.jsonl", "docs", "qrels.tsv"
LAYOUT = f"{QUESTIONS} beside {ROWS} or a folder {DOCUMENTS}, and the right answers in {JUDGEMENTS} or as gold_pages of each question"
DECIDED = "decided"  # the view in which the question is understood from its words, as in a thread
_A_QUESTION = 'one object a line with "id" and "text"'
_A_ROW = 'one object a line with "id", "text" and perhaps "title"'
_SPOKEN = re.compile(r"\s*\|user\|:\s*")
_PAGE = re.compile(r"(?P<file>.+?)#page=0*(?P<number>[1-9]\d*)")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One question. `gold` says which places answer it, and how well."""

    id: str
    text: str
    turn_before: str = ""  # what the asker said last before it
    rewrite: str = ""  # as it would be asked without the turns before
    gold: Mapping[str, float]
    answerable: bool | None = None  # None: nobody says so, and nobody has judged an answer


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one folder holds. Either rows of corpus.jsonl, or files below `documents`."""

    name: str
    questions: tuple[Asked, ...]
    rows: tuple[Row, ...] = ()
    documents: Path | None = None
    remarks: tuple[str, ...] = ()  # what was left out, in sentences

    def views(self) -> dict[str, tuple[tuple[Asked, str], ...]]:
        """The ways to ask: the question alone; with the turn before it, or as the bot decides, where any has one; those rewritten, so."""
        last = tuple((asked, asked.text) for asked in self.questions)
        joined = tuple((asked, f"{asked.turn_before} {asked.text}".strip()) for asked in self.questions)
        rewritten = tuple((asked, asked.rewrite) for asked in self.questions if asked.rewrite)
        in_threads = joined != last
        found = {"last": last, "last_two": joined if in_threads else (), DECIDED: last if in_threads else (), "rewrite": rewritten}
        return {name: view for name, view in found.items() if view}


def folders_in(directory: Path) -> tuple[Path, ...]:
    """The folder itself where it holds questions, else those directly below it that do."""
    if not directory.is_dir():
        raise BadData(f"{directory}: there is no such folder")
    try:
        below = tuple(sorted(file.parent for file in directory.glob(f"*/{QUESTIONS}")))
    except OSError as error:
        raise BadData(f"{directory}: cannot be read ({error.strerror})") from error
    if not (directory / QUESTIONS).exists() and not below:
        raise BadData(f"{directory}: {QUESTIONS} is missing, here and in the folders below; expected {LAYOUT}")
    return (directory,) if (directory / QUESTIONS).exists() else below


def read_folder(folder: Path) -> Measured:
    """All of it, and nothing of it is changed. Raises BadData."""
    rows, documents = _rows(folder), folder / DOCUMENTS
    if rows is None and not documents.is_dir():
        raise BadData(f"{folder}: neither {ROWS} nor a folder {DOCUMENTS} is there; expected {LAYOUT}")
    questions = tuple(_question(where, entry) for where, entry in objects(folder / QUESTIONS, _A_QUESTION))
    if not questions:
        raise BadData(f"{folder / QUESTIONS}: holds no question; expected {_A_QUESTION}")
    remarks: tuple[str, ...] = ()
    if (folder / JUDGEMENTS).exists():
        judged = grades(folder / JUDGEMENTS, {asked.id for asked in questions})
        questions, remarks = _with_judgements(questions, judged)
    questions = tuple(replace(asked, gold={}) if asked.answerable is False else _settled(asked) for asked in questions)
    if not any(asked.gold for asked in questions):
        raise BadData(f"{folder}: no answerable question has a right answer; expected {LAYOUT}")
    remarks += _lost_gold(folder, questions, {row.id for row in rows} if rows is not None else _files(documents))
    if rows is not None and documents.is_dir():
        remarks = (*remarks, f"{DOCUMENTS} is left out: {ROWS} is what is searched")
    name = clean(folder.resolve().name)
    return Measured(name=name, questions=questions, rows=rows or (), documents=documents if rows is None else None, remarks=remarks)


def place(document: str, page: int | None) -> str:
    """How a page, or a whole document of a format without pages, is called in gold_pages."""
    return document if page is None else f"{document}#page={page}"


def _rows(folder: Path) -> tuple[Row, ...] | None:
    """Those of corpus.jsonl; None where there is none."""
    file = folder / ROWS
    if not file.exists():
        return None
    rows = []
    for where, entry in objects(file, _A_ROW):
        if not isinstance(entry.get("text"), str):
            raise BadData(f'{where}: "text" is missing; expected {_A_ROW}')
        rows.append(Row(name_of(where, entry), text_of(where, entry, "title"), text_of(where, entry, "text")))
    if not rows:
        raise BadData(f"{file}: holds no row; expected {_A_ROW}")
    return tuple(rows)


def _question(where: str, entry: Entry) -> Asked:
    text, answerable = _said(text_of(where, entry, "text")), entry.get("answerable")
    if not text:
        raise BadData(f'{where}: "text" is missing; expected {_A_QUESTION}')
    if answerable is not None and not isinstance(answerable, bool):
        raise BadData(f'{where}: "answerable" must be true or false')
    turns = _turns(where, entry)
    if turns and turns[-1] == text:  # the history may end in the question itself
        turns = turns[:-1]
    return Asked(
        id=name_of(where, entry),
        text=text,
        turn_before=turns[-1] if turns else "",
        rewrite=_said(text_of(where, entry, "rewrite")),
        gold=dict.fromkeys(_gold_pages(where, entry), 1.0),
        answerable=answerable,
    )


def _turns(where: str, entry: Entry) -> list[str]:
    """What the asker said before, oldest first."""
    history = entry.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, dict) for turn in history):
        raise BadData(f'{where}: "history" must be a list of objects with "role" and "text"')
    said = [_said(text_of(f"{where}, history", turn, "text")) for turn in history if turn.get("role") == "user"]
    return [turn for turn in said if turn]


def _gold_pages(where: str, entry: Entry) -> list[str]:
    pages = entry.get("gold_pages") or []
    if not isinstance(pages, list) or not all(isinstance(page, str) and page.strip() for page in pages):
        raise BadData(f'{where}: "gold_pages" must be a list like ["handbook.pdf#page=3"]')
    return [_normal(page) for page in pages]


def _normal(page: str) -> str:
    name = unicodedata.normalize("NFC", clean(page).strip().removeprefix("./"))
    match = _PAGE.fullmatch(name)
    return place(match["file"], int(match["number"])) if match else name


def _said(text: str) -> str:
    return _SPOKEN.sub("", text, count=1).strip() if _SPOKEN.match(text) else text.strip()


def _with_judgements(questions: Sequence[Asked], judged: Grades) -> tuple[tuple[Asked, ...], tuple[str, ...]]:
    unknown = judged.keys() - {asked.id for asked in questions}
    remarks = (f"{JUDGEMENTS} is also about questions that {QUESTIONS} does not have; left out: {len(unknown)}",) if unknown else ()
    return tuple(replace(asked, gold=judged.get(asked.id, {})) for asked in questions), remarks


def _settled(asked: Asked) -> Asked:
    return replace(asked, answerable=True) if asked.gold else asked


def _files(documents: Path) -> set[str]:
    return {unicodedata.normalize("NFC", file.relative_to(documents).as_posix()) for file in documents.rglob("*") if file.is_file()}


def _lost_gold(folder: Path, questions: Iterable[Asked], known: Collection[str]) -> tuple[str, ...]:
    """What to remark about right answers that are nowhere: they count as not found. Where all of them are, the folder is wrong: BadData."""
    golds = [(asked.id, gold) for asked in questions for gold in asked.gold]
    lost = [(name, gold, why) for name, gold in golds if (why := _why_lost(folder, gold, known))]
    if not lost:
        return ()
    name, gold, why = lost[0]
    told = f"question {name!r} is answered by {gold!r}{why}"
    if len(lost) == len(golds):
        raise BadData(f"{folder}: {told}")
    return (f"{len(lost)} of {len(golds)} right answers are nowhere and count as not found; the first: {told}",)


def _why_lost(folder: Path, gold: str, known: Collection[str]) -> str:
    where, pages = (ROWS, False) if (folder / ROWS).exists() else (DOCUMENTS, True)
    match = _PAGE.fullmatch(gold) if pages else None
    if (match["file"] if match else gold) not in known:
        return f", which is not in {where}"
    return f"; expected its page: {gold}#page=1" if pages and not match and gold.lower().endswith(".pdf") else ""
