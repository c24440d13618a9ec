"""OctoPrint's simple API: checks permission and arguments of status and commands.

OctoPrint 1.10 lets everybody in, so the permissions are checked here as well.
"""

import flask
from flask_login import current_user
from octoprint.access.permissions import Permissions
from octoprint.server.util.flask import ensure_credentials_checked_recently

from . import settings, validation
from .mqtt import probe

COMMANDS = {"renew_mqtt_id": [], "reset_settings": [], "test_mqtt": []}

# The MQTT status that everybody with the permission STATUS may read.
PUBLIC_MQTT_STATUS = ("state", "engine")


def status(plugin):
    """Return the plugin's status as JSON. Needs the permission STATUS."""
    _require(Permissions.STATUS)
    answer = plugin.status()
    if Permissions.SETTINGS.can():
        answer["refused"] = plugin.refused
    else:
        mqtt = answer["relay"]
        answer["relay"] = {key: mqtt[key] for key in PUBLIC_MQTT_STATUS if key in mqtt}
    return flask.jsonify(answer)


def command(plugin, name, data):
    """Run the command `name` of `COMMANDS`. Needs the permission SETTINGS."""
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
    return flask.jsonify(test_mqtt(plugin.stored_settings(), entered))


def test_mqtt(stored, entered):
    """Test the connection with the `stored` settings, replaced by the `entered` ones."""
    accepted, refused = validation.validate(entered, stored)
    known = {key: refused[key] for key in settings.DEFINITIONS if key in refused}
    if known:
        return {"result": "impossible", "refused": known}
    if validation.sends_password_elsewhere(accepted, stored):
        return {"result": "password_needed"}
    return {"result": probe.probe({**stored, **accepted})}


def _require(permission):
    if current_user.is_anonymous or not permission.can():
        flask.abort(403)
