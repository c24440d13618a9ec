"""Bodies of requests to the plugin's API, and values of settings, generated."""

import json
import logging
import tempfile
import types

import flask
import pytest
from fuzzing import ANYTHING, NUMBERS, TEXTS, nearly, search
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from octoprint_temp_eta import api, settings, validation
from octoprint_temp_eta.learned_data import MAX_HEATERS, LearnedDataFolder
from octoprint_temp_eta.mqtt import probe

# What a request may be refused with.
REFUSED = {400, 404, 409}

BODY = {
    "profile": st.sampled_from(["one", "one", "two"]),
    "file": "0123456789abcdef",
    "heater": st.sampled_from(["bed", "tool0"]) | TEXTS,
    "based_on": st.integers(0, 3),
    "numbers": st.lists(NUMBERS, max_size=4),
    "settings": {
        "mqtt_broker_host": st.sampled_from(["127.0.0.1", "broker"]) | TEXTS,
        "mqtt_broker_port": NUMBERS,
        "mqtt_base_topic": TEXTS,
        "mqtt_password": None,
    },
}


def plugin_with(folder):
    log = logging.getLogger("octoprint.plugins.temp_eta.learned")
    return types.SimpleNamespace(
        learned=LearnedDataFolder(lambda: folder, log),
        has_printer_profile=lambda profile: profile in {"one": {}},
        stored_settings=lambda: dict(settings.DEFAULTS),
        appearance_name=lambda: "Ender",
        reset_settings=lambda: None,
        renew_mqtt_id=lambda: False,
    )


def strict(text):
    return json.loads(text, parse_constant=pytest.fail)


@pytest.fixture
def allowed(monkeypatch):
    """A user who may do everything, and no broker."""
    tried = []

    def probe_nothing(merged, topic):
        tried.append(topic)
        # A user's text reaches the broker only once it was checked.
        assert validation.sanitize(merged) == (merged, {})
        topic.encode()
        assert not set(topic) & set("#+\0")
        return "unknown_host"

    monkeypatch.setattr(api, "_require", lambda permission: None)
    monkeypatch.setattr(api, "ensure_credentials_checked_recently", lambda: None)
    monkeypatch.setattr(api.Permissions.STATUS, "can", lambda: True, raising=False)
    monkeypatch.setattr(probe, "probe", probe_nothing)
    with flask.Flask("fuzzed").app_context():
        yield tried


def test_any_body(tmp_path, allowed):
    def body(commands):
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            plugin = plugin_with(folder)
            for name, data, asked in commands:
                # OctoPrint itself refuses a body without what a command needs.
                data.update({k: None for k in api.COMMANDS[name] if k not in data})
                if data.get("file") == BODY["file"]:
                    data["file"] = plugin.learned.of("one").content.id
                for call in (
                    lambda name=name, data=data: api.command(plugin, name, data),
                    lambda asked=asked: api.learned(plugin, asked),
                ):
                    try:
                        strict(call().get_data(as_text=True))
                    except HTTPException as error:
                        assert error.code in REFUSED
                        json.dumps(error.description)
            content = plugin.learned.of("one").content
            assert len(content.entries) <= MAX_HEATERS
            # What was stored is there after a restart.
            assert plugin_with(folder).learned.of("one").content[1:] == content[1:]

    commands = st.tuples(
        st.sampled_from(sorted(api.COMMANDS)),
        nearly(BODY).filter(lambda it: isinstance(it, dict)),
        st.just("one") | TEXTS.filter(bool),
    )
    search(body, examples=60, commands=st.lists(commands, min_size=1, max_size=5))
    assert allowed, "no test of the connection was reached"


def test_any_settings():
    def values(data, stored):
        usable, refused = validation.sanitize(stored)
        now = {
            **settings.DEFAULTS,
            **{key: it for key, it in usable.items() if key in settings.DEFAULTS},
        }
        accepted, refused = validation.validate(data, now)
        json.dumps([accepted, refused], allow_nan=False).encode()
        assert set(accepted) <= set(settings.DEFINITIONS)
        assert not set(accepted) & set(refused) - {"mqtt_discovery_prefix"}
        # What was accepted is accepted again, as it is.
        again = validation.validate(accepted, now)
        assert (repr(again[0]), again[1]) == (repr(accepted), {})
        line = validation.describe(refused)
        assert len(line.splitlines()) <= 1
        validation.sends_password_elsewhere(accepted, now)

    values_of = nearly(settings.DEFAULTS)
    search(values, examples=60, data=values_of, stored=values_of | ANYTHING)
