"""Slack's limits on texts, blocks and views; over them a call is refused as Slack refuses it."""

from collections.abc import Callable, Iterator

from playground.errors import SlackError
from playground.values import Json

TEXT = 40_000
MARKDOWN = 12_000
TYPED = 3000  # characters in one input
ALL_BLOCKS = 13_000  # undocumented; over about this many characters Slack answers msg_blocks_too_long
BLOCK_TYPES = frozenset(
    "actions alert card carousel container context context_actions divider file header image input markdown plan rich_text section table"
    " task_card video".split()
)
ELEMENTS = {"actions": 25, "context": 10, "context_actions": 5}


def check_text(text: str, markdown: str) -> None:
    """Refuse a text that Slack finds too long."""
    if len(text) > TEXT or len(markdown) > MARKDOWN:
        raise SlackError("msg_too_long")


def check_message_blocks(blocks: object) -> list[Json]:
    """The blocks of a message, or invalid_blocks with the reason."""
    found = _blocks(blocks, most=50)
    problems = [f"{problem} [json-pointer:/blocks/{n}]" for n, block in enumerate(found) for problem in _problems(block)]
    problems += _duplicates(found)
    if sum(block.get("type") == "table" for block in found) > 1:
        raise SlackError("invalid_attachments", "only_one_table_allowed")
    if problems:
        raise SlackError("invalid_blocks", *problems)
    if sum(_weight(block) for block in found) > ALL_BLOCKS:
        raise SlackError("msg_blocks_too_long")
    return [{**block, "block_id": block.get("block_id") or f"b{n}"} for n, block in enumerate(found)]


def check_view(view: object) -> Json:
    """A modal or an App Home, or invalid_arguments with the reason."""
    if not isinstance(view, dict) or view.get("type") not in ("modal", "home"):
        raise SlackError("invalid_arguments", "view: expected an object of type modal or home")
    blocks = _blocks(view.get("blocks"), most=100)
    problems = [
        f"{problem} [json-pointer:/view/blocks/{n}]" for n, block in enumerate(blocks) for problem in _problems(block)
    ] + _duplicates(blocks)
    if view["type"] == "modal":
        problems += [p for name in ("title", "submit", "close") for p in _plain(view.get(name), 24, name, required=name == "title")]
        if not view.get("submit") and any(block.get("type") == "input" for block in blocks):
            problems.append("submit: required when the view has an input block")
    most = {"private_metadata": 3000, "callback_id": 255}
    problems += [f"{name}: over {length} characters" for name, length in most.items() if len(view.get(name) or "") > length]
    if problems:
        raise SlackError("invalid_arguments", *problems)
    return view


def _blocks(blocks: object, most: int) -> list[Json]:
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise SlackError("invalid_blocks_format", "blocks must be a list of objects")
    if len(blocks) > most:
        raise SlackError("invalid_blocks", f"no more than {most} items allowed [json-pointer:/blocks]")
    return blocks


def _problems(block: Json) -> list[str]:
    kind = block.get("type")
    if kind not in BLOCK_TYPES:
        return [f"unsupported type: {kind}"]
    rule = _RULES.get(str(kind))
    problems = list(rule(block)) if rule else []
    elements = block.get("elements")
    if kind in ELEMENTS:
        if not isinstance(elements, list) or not 1 <= len(elements) <= ELEMENTS[kind]:
            return [*problems, f"elements: between 1 and {ELEMENTS[kind]} are needed"]
        problems += [problem for element in elements for problem in _element(element)]
        problems += _twice("action_id", [element["action_id"] for element in elements if element.get("action_id")])
    if len(block.get("block_id") or "") > 255:
        problems.append("block_id: over 255 characters")
    return problems


def _section(block: Json) -> Iterator[str]:
    fields = block.get("fields") or []
    if not block.get("text") and not fields:
        yield "section: text or fields is required"
    if block.get("text"):
        yield from _text(block["text"], 3000, "text")
    if len(fields) > 10:
        yield "fields: no more than 10"
    for one in fields:
        yield from _text(one, 2000, "fields")
    if block.get("accessory"):
        yield from _element(block["accessory"])


def _table(block: Json) -> Iterator[str]:
    rows = block.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= 100 or any(not 1 <= len(row) <= 20 for row in rows):
        yield "rows: between 1 and 100 rows of 1 to 20 cells are needed"


def _input(block: Json) -> Iterator[str]:
    yield from _plain(block.get("label"), 2000, "label", required=True)
    yield from _plain(block.get("hint"), 2000, "hint", required=False)
    if not isinstance(block.get("element"), dict):
        yield "element: required"
    else:
        yield from _element(block["element"])


_RULES: dict[str, Callable[[Json], Iterator[str]]] = {
    "section": _section,
    "table": _table,
    "input": _input,
    "header": lambda block: iter(_plain(block.get("text"), 150, "text", required=True)),
    "markdown": lambda block: iter(_length(block.get("text"), MARKDOWN, "text")),
    "image": lambda block: iter(_length(block.get("alt_text"), 2000, "alt_text")),
}


def _element(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind in ("mrkdwn", "plain_text"):
        yield from _text(element, 3000, "text")
    if kind == "button":
        yield from _plain(element.get("text"), 75, "button text", required=True)
        if element.get("style") not in (None, "primary", "danger"):
            yield "style: primary or danger"
    if element.get("confirm") is not None:
        yield from _confirm(element["confirm"])
    if kind == "plain_text_input":
        yield from _typed(element)
    if kind == "feedback_buttons":
        for name in ("positive_button", "negative_button"):
            button = element.get(name) or {}
            yield from _plain(button.get("text"), 75, name, required=True)
            yield from _length(button.get("value"), 2000, f"{name} value")
    for name, most in (("value", 2000), ("action_id", 255), ("url", 3000)):
        if len(str(element.get(name) or "")) > most:
            yield f"{name}: over {most} characters"
    for option in element.get("options") or []:
        yield from _text(option.get("text"), 75, "option text")
        yield from _length(option.get("value"), 150, "option value")


def _confirm(confirm: object) -> Iterator[str]:
    """What is asked before a button counts."""
    asked = confirm if isinstance(confirm, dict) else {}
    for name, most in (("title", 100), ("confirm", 30), ("deny", 30)):
        yield from _plain(asked.get(name), most, f"confirm {name}", required=True)
    yield from _text(asked.get("text"), 300, "confirm text")


def _typed(element: Json) -> Iterator[str]:
    """An input for text: what stands in it at first has to fit."""
    most = element.get("max_length", TYPED)
    if not isinstance(most, int) or not 1 <= most <= TYPED:
        yield f"max_length: between 1 and {TYPED}"
    elif "initial_value" in element:
        yield from _length(element["initial_value"], most, "initial_value")


def _text(text: object, most: int, name: str) -> list[str]:
    if not isinstance(text, dict) or text.get("type") not in ("mrkdwn", "plain_text"):
        return [f"{name}: expected a mrkdwn or plain_text object"]
    return _length(text.get("text"), most, name)


def _plain(text: object, most: int, name: str, *, required: bool) -> list[str]:
    if text is None and not required:
        return []
    if not isinstance(text, dict) or text.get("type") != "plain_text":
        return [f"{name}: expected a plain_text object"]
    return _length(text.get("text"), most, name)


def _length(text: object, most: int, name: str) -> list[str]:
    if not isinstance(text, str) or not text:
        return [f"{name}: must be at least 1 character"]
    return [f"{name}: must be no more than {most} characters"] if len(text) > most else []


def _duplicates(blocks: list[Json]) -> list[str]:
    return _twice("block_id", [block["block_id"] for block in blocks if block.get("block_id")])


def _twice(what: str, ids: list[str]) -> list[str]:
    return [f"{what} {name} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


def _weight(node: object) -> int:
    if isinstance(node, list):
        return sum(map(_weight, node))
    if isinstance(node, dict):
        return sum(len(child) if name == "text" and isinstance(child, str) else _weight(child) for name, child in node.items())
    return 0
