"""OctoPrint's simple API: status and commands; permission, shape, hand over.

OctoPrint 1.10 lets anybody in, so each permission is asked for here as well.
"""

import flask
from octoprint.access.permissions import Permissions

from . import settings
from .relay import probe

COMMANDS = {"reset_settings": [], "test_mqtt": []}

# Whoever has the broker's answer sent elsewhere would get the stored password.
DESTINATION = (
    "mqtt_broker_host",
    "mqtt_broker_port",
    "mqtt_username",
    "mqtt_use_tls",
    "mqtt_tls_insecure",
    "mqtt_tls_ca_file",
)


def status(plugin):
    """What the plugin is and does, as JSON; for whoever may see the printer's state."""
    _need(Permissions.STATUS)
    answer = plugin.status()
    if Permissions.SETTINGS.can():
        answer["refused"] = plugin.refused
    return flask.jsonify(answer)


def command(plugin, name, data):
    """Do what a command of `COMMANDS` asks for."""
    _need(Permissions.SETTINGS)
    if name == "reset_settings":
        plugin.reset_settings()
        return flask.jsonify({})
    answer = test_mqtt(plugin.stored_settings(), data.get("settings", {}))
    plugin._logger.debug("The broker was tried: %s", answer["result"])
    return flask.jsonify(answer)


def test_mqtt(stored, entered):
    """Try the broker of what is `entered` in the form, the rest as it is `stored`."""
    accepted, refused = settings.checked(entered)
    if refused:
        flask.abort(400, description=settings.said(refused))
    tried = {**stored, **accepted}
    moved = any(tried[key] != stored[key] for key in DESTINATION)
    if moved and stored["mqtt_password"] and "mqtt_password" not in accepted:
        return {"result": "password_needed"}
    return {"result": probe.probe(tried)}


def _need(permission):
    if not permission.can():
        flask.abort(403)
