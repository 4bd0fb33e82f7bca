"""views.open, push, update and publish: modals and the App Home."""

from playground.errors import SlackError
from playground.limits import check_view
from playground.methods.method import method, required
from playground.state import Change, State
from playground.values import Json


def _shown(state: State, fields: Json, *, push: bool) -> Json:
    view = check_view(fields.get("view"))
    user, made = state.views.open(required(fields, "trigger_id", "invalid_trigger_id"), view, push=push)
    state.tell(Change(what="view", user=user, detail=made))
    return {"view": made | {"team_id": state.team.id}}


def _update(state: State, fields: Json) -> Json:
    view = check_view(fields.get("view"))
    user, old = state.views.find(str(fields.get("view_id") or ""), str(fields.get("external_id") or ""))
    if fields.get("hash") not in (None, old["hash"]):
        raise SlackError("hash_conflict")
    made = state.views.replace(user, old, view)
    state.tell(Change(what="view", user=user, detail=made))
    return {"view": made | {"team_id": state.team.id}}


def _publish(state: State, fields: Json) -> Json:
    view = check_view(fields.get("view"))
    person = state.person(required(fields, "user_id", "user_not_found"))
    made = state.views.dressed(view, f"VHOME{person.id}", person.id)
    state.views.homes[person.id] = made
    state.tell(Change(what="home", user=person.id, detail=made))
    return {"view": made}


METHODS = {
    "views.open": method("trigger_id interactivity_pointer view", lambda state, fields: _shown(state, fields, push=False)),
    "views.push": method("trigger_id interactivity_pointer view", lambda state, fields: _shown(state, fields, push=True)),
    "views.update": method("view external_id view_id hash", _update),
    "views.publish": method("user_id view hash", _publish),
}
