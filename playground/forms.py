"""Finds the pressed element in blocks, and puts what was typed into a modal the way Slack does."""

from playground.errors import SlackError
from playground.limits import TYPED
from playground.values import Json


def find_element(blocks: list[Json], action: Json) -> tuple[Json, Json]:
    """The block and element with this action_id (and block_id, when given)."""
    for block in blocks:
        if action.get("block_id") not in (None, block.get("block_id")):
            continue
        for element in [*(block.get("elements") or []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("action_id") == action["action_id"] and _fits(element, action):
                return block, element
    raise SlackError("element_not_found", str(action))


def _fits(element: Json, action: Json) -> bool:
    """Several buttons may share an action_id in different blocks; a wanted value tells them apart."""
    wanted = action.get("value")
    return wanted is None or element.get("type") != "button" or element.get("value") == wanted


def action_json(block: Json, element: Json, action: Json, ts: str) -> Json:
    """One entry of `actions` in a block_actions payload."""
    kind = element["type"]
    shape: Json = {"type": kind, "action_id": element["action_id"], "block_id": block.get("block_id", ""), "action_ts": ts}
    if kind == "feedback_buttons":
        side = "negative_button" if action.get("value") == element["negative_button"].get("value") else "positive_button"
        return shape | {"value": element[side].get("value", ""), "text": element[side]["text"]}
    if kind == "button":
        return shape | {name: element[name] for name in ("text", "value", "url", "style") if name in element}
    return shape | _value(element, action.get("value"))


def unfit(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client says below an input, before anything is sent: by block_id."""
    found = {}
    for block in blocks:
        element = block.get("element")
        if block.get("type") != "input" or not isinstance(element, dict) or element.get("type") != "plain_text_input":
            continue
        text = str(state[block["block_id"]][element["action_id"]]["value"] or "")
        if not text and not block.get("optional"):
            found[block["block_id"]] = "Please complete this required field."
        elif len(text) > element.get("max_length", TYPED):
            found[block["block_id"]] = f"Please use no more than {element.get('max_length', TYPED)} characters."
    return found


def entered(blocks: list[Json], values: Json) -> Json:
    """state.values of a modal, from texts by block_id or action_id."""
    state: Json = {}
    for block in blocks:
        element = block.get("element")
        if block.get("type") == "input" and isinstance(element, dict):
            given = values.get(block["block_id"], values.get(element["action_id"]))
            state[block["block_id"]] = {element["action_id"]: {"type": element["type"], **_value(element, given)}}
    return state


def _value(element: Json, given: object) -> Json:
    kind = str(element.get("type"))
    options = {option["value"]: option for option in element.get("options") or []}
    if kind in ("checkboxes", "multi_static_select"):
        chosen = given if isinstance(given, list) else [option["value"] for option in element.get("initial_options") or []]
        return {"selected_options": [options[value] for value in chosen if value in options]}
    if kind in ("static_select", "radio_buttons", "overflow"):
        return {"selected_option": options.get(str(given), element.get("initial_option"))}
    if kind == "datepicker":
        return {"selected_date": given or element.get("initial_date")}
    return {"value": element.get("initial_value") if given is None else given or None}
