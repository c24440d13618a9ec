"""OctoPrint's simple API: checks permission and arguments of status and commands.

OctoPrint lets everybody in, so that guests can read ETAs and what was learned; all
permissions are checked here.
"""

import flask
from flask_login import current_user
from octoprint.access.permissions import Permissions
from octoprint.server.util.flask import ensure_credentials_checked_recently

from . import learned_data, settings, validation
from .calculation import requirements
from .mqtt import probe, topics

# The commands and the arguments that they need.
COMMANDS = {
    "forget_learned": ["profile"],
    "renew_mqtt_id": [],
    "reset_settings": [],
    "store_learned": ["profile", "file", "heater", "based_on", "numbers"],
    "test_mqtt": [],
}

# The status of the calculation on the server that all users with the permission STATUS
# may read.
PUBLIC_STATUS = ("state", "engine")


def status(plugin):
    """Return the plugin's status and the ETAs as JSON. Needs the permission STATUS.

    Guests get the ETAs only.
    """
    if not Permissions.STATUS.can():
        flask.abort(403)
    answer = {"etas": plugin.etas()}
    if _is_user():
        answer.update(plugin.status())
        server = answer["server"]
        if Permissions.SETTINGS.can():
            answer["refused"] = plugin.refused
            server.update(requirements.report(server["state"], server.get("engine")))
        else:
            answer["server"] = {
                key: server[key] for key in PUBLIC_STATUS if key in server
            }
    return flask.jsonify(answer)


def learned(plugin, profile):
    """Return what was learned about a printer. Needs STATUS, and no user.

    Without a profile it is the current one's, as guests may not know which one that is.
    """
    if not Permissions.STATUS.can():
        flask.abort(403)
    profile = profile or plugin.printer_profile()
    return flask.jsonify({"profile": profile, **_learned(_learned_data(plugin, profile))})


def store_learned(plugin, data):
    """Store the state of a heater, if nobody else has since `based_on`.

    The answer has the present entry if that is another one.
    """
    stored = _learned_data(plugin, data["profile"])
    heater, file_id, based_on = data["heater"], data["file"], data["based_on"]
    if not isinstance(file_id, str) or not learned_data.is_revision(based_on):
        flask.abort(400, description="file must be a text, based_on a revision")
    try:
        numbers = learned_data.checked(heater, data["numbers"])
    except ValueError as error:
        flask.abort(400, description=str(error))
    result, content = stored.write(heater, numbers, based_on, file_id)
    if result == learned_data.FULL:
        flask.abort(400, description="there are too many heaters")
    answer = {"result": result, **_head(content)}
    if result == learned_data.OUTDATED:
        entry = content.entries.get(heater)
        answer["entry"] = entry and entry._asdict()
    return answer


def forget_learned(plugin, data):
    """Delete all that was learned about a printer, for all browsers and MQTT."""
    result, content = _learned_data(plugin, data["profile"]).delete()
    return {"result": result, **_head(content)}


def command(plugin, name, data):
    """Run the command `name` of `COMMANDS`.

    Needs a user with the permission SETTINGS, or CONTROL for what was learned.
    """
    if name in LEARNED_COMMANDS:
        _require(Permissions.CONTROL)
        return flask.jsonify(LEARNED_COMMANDS[name](plugin, data))
    _require(Permissions.SETTINGS)
    if name == "reset_settings":
        ensure_credentials_checked_recently()
        plugin.reset_settings()
        return flask.jsonify({})
    if name == "renew_mqtt_id":
        if not plugin.renew_mqtt_id():
            flask.abort(409, description="MQTT publishing is off")
        return flask.jsonify({})
    entered = data.get("settings", {})
    if not isinstance(entered, dict):
        flask.abort(400, description="settings must be an object")
    return flask.jsonify(
        test_mqtt(plugin.stored_settings(), entered, plugin.appearance_name())
    )


def test_mqtt(stored, entered, appearance_name=""):
    """Test the connection with the `stored` settings, replaced by the `entered` ones."""
    accepted, refused = validation.validate(entered, stored)
    known = {key: refused[key] for key in settings.DEFINITIONS if key in refused}
    if known:
        return {"result": "impossible", "refused": known}
    if validation.sends_password_elsewhere(accepted, stored):
        return {"result": "password_needed"}
    merged = {**stored, **accepted}
    topic = topics.base(merged, appearance_name) + "/connection_test"
    return {"result": probe.probe(merged, topic)}


def _learned_data(plugin, profile):
    if not isinstance(profile, str) or not plugin.has_printer_profile(profile):
        flask.abort(404, description="there is no such printer profile")
    return plugin.learned.of(profile)


def _learned(stored):
    # First, as it may be read now.
    is_readable = not stored.is_unreadable
    content = stored.content
    entries = {heater: it._asdict() for heater, it in content.entries.items()}
    return {**_head(content), "heaters": entries, "readable": is_readable}


def _head(content):
    return {
        "file": content.id,
        "revision": content.revision,
        "deleted_at": content.deleted_at,
    }


def _require(permission):
    if not _is_user() or not permission.can():
        flask.abort(403)


def _is_user():
    return current_user.is_active and not current_user.is_anonymous


LEARNED_COMMANDS = {
    "forget_learned": forget_learned,
    "store_learned": store_learned,
}
