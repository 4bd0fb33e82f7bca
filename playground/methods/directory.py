"""auth, team, bots, users and usergroups: who is who."""

from playground.methods.method import flag, method, paged, required
from playground.shapes import bot_json, group_json, user_json
from playground.state import State
from playground.values import BOT_ID, BOT_NAME, BOT_USER_ID, Json


def _auth_test(state: State, _: Json) -> Json:
    return {
        "url": f"https://{state.team.domain}.slack.com/",
        "team": state.team.name,
        "user": BOT_NAME.lower(),
        "team_id": state.team.id,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _users_list(state: State, fields: Json) -> Json:
    """The workspace's own accounts; people of other workspaces are found by id only."""
    own = [user_json(state, person) for person in state.people.values() if not person.team]
    page, metadata = paged(fields, own, default=1000)
    return {"members": page, "cache_ts": int(state.clock()), **metadata}


def _users_info(state: State, fields: Json) -> Json:
    return {"user": user_json(state, state.person(required(fields, "user", "user_not_found")))}


def _usergroups_list(state: State, fields: Json) -> Json:
    users, count = flag(fields, "include_users"), flag(fields, "include_count")
    return {"usergroups": [group_json(state, group, users=users, count=count) for group in state.groups.values()]}


def _usergroup_users(state: State, fields: Json) -> Json:
    return {"users": list(state.group(required(fields, "usergroup", "no_such_subteam")).members)}


def _team_info(state: State, _: Json) -> Json:
    return {"team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain, "email_domain": "", "icon": {}}}


METHODS = {
    "auth.test": method("", _auth_test),
    "bots.info": method("bot", lambda state, _: {"bot": bot_json(state)}),
    "team.info": method("team domain", _team_info),
    "users.list": method("cursor include_locale limit", _users_list),
    "users.info": method("user include_locale", _users_info),
    "usergroups.list": method("include_count include_disabled include_users", _usergroups_list),
    "usergroups.users.list": method("usergroup include_disabled", _usergroup_users),
}
