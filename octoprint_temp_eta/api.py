"""OctoPrint's simple API: status and commands; permission, shape, hand over.

OctoPrint 1.10 lets anybody in, so each permission is asked for here as well.
"""

import flask
from flask_login import current_user
from octoprint.access.permissions import Permissions
from octoprint.server.util.flask import ensure_credentials_checked_recently

from . import settings
from .relay import probe

COMMANDS = {"renew_mqtt_id": [], "reset_settings": [], "test_mqtt": []}

# What everybody may know of the relay who may see the printer's state.
RELAY_FOR_ALL = ("state", "engine")


def status(plugin):
    """What the plugin is and does, as JSON; for whoever may see the printer's state."""
    _need(Permissions.STATUS)
    answer = plugin.status()
    if Permissions.SETTINGS.can():
        answer["refused"] = plugin.refused
    else:
        relay = answer["relay"]
        answer["relay"] = {key: relay[key] for key in RELAY_FOR_ALL if key in relay}
    return flask.jsonify(answer)


def command(plugin, name, data):
    """Do what a command of `COMMANDS` asks for."""
    _need(Permissions.SETTINGS)
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
    return flask.jsonify(test_mqtt(plugin.stored_settings(), entered))


def test_mqtt(stored, entered):
    """Try the broker of what is `entered` in the form, the rest as it is `stored`."""
    accepted, refused = settings.checked(entered)
    known = {key: refused[key] for key in settings.DEFINITIONS if key in refused}
    if known:
        return {"result": "impossible", "refused": known}
    if settings.sends_password_elsewhere(accepted, stored):
        return {"result": "password_needed"}
    return {"result": probe.probe({**stored, **accepted})}


def _need(permission):
    if current_user.is_anonymous or not permission.can():
        flask.abort(403)
