"""The plugin object, with OctoPrint's own settings below it."""

import ast
import logging
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import types

import hypothesis
import octoprint.plugin
import octoprint.settings
import pytest
from hypothesis import given
from hypothesis import strategies as st

import octoprint_temp_eta
from octoprint_temp_eta import assets, feed, settings
from octoprint_temp_eta.relay import calculation

ROOT = pathlib.Path(octoprint_temp_eta.__file__).parent.parent


PROFILE = {
    "id": "_default",
    "extruder": {"count": 2, "sharedNozzle": False},
    "heatedBed": True,
    "heatedChamber": False,
}


class PrinterDouble:
    """Whoever wants to hear of the printer registers here."""

    def __init__(self):
        self.callbacks = []
        self.register_callback = self.callbacks.append
        self.unregister_callback = self.callbacks.remove

    def get_temperature_history(self):
        return []


@pytest.fixture
def plugin(tmp_path):
    """The plugin as OctoPrint sets it up, its assets where the wheel would put them."""
    for folder in ("static", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / "plugin" / folder)
    plugin = octoprint_temp_eta.TempEtaPlugin()
    stored = octoprint.settings.Settings(
        configfile=str(tmp_path / "config.yaml"), basedir=str(tmp_path)
    )
    plugin._basefolder = str(tmp_path / "plugin")
    plugin._identifier = "temp_eta"
    plugin._logger = logging.getLogger("octoprint.plugins.temp_eta")
    plugin._settings = octoprint.plugin.plugin_settings(
        "temp_eta", defaults=plugin.get_settings_defaults(), settings=stored
    )
    plugin._plugin_version = "1.2.3"
    plugin._plugin_info = types.SimpleNamespace(url="https://example.invalid/temp_eta")
    plugin._data_folder = str(tmp_path / "data")
    plugin._printer = PrinterDouble()
    plugin._printer_profile_manager = types.SimpleNamespace(
        get_current_or_default=lambda: PROFILE
    )
    plugin.messages = []
    plugin._plugin_manager = types.SimpleNamespace(
        send_plugin_message=lambda _, data, permissions: plugin.messages.append(data)
    )
    return plugin


def stored(plugin):
    """What is in the plugin's part of config.yaml."""
    data = plugin._settings.get_all_data(merged=False, incl_defaults=False)
    return {key: value for key, value in data.items() if key != "_config_version"}


def test_defaults_are_a_copy(plugin):
    plugin.get_settings_defaults()["enabled"] = False
    assert plugin.get_settings_defaults() == settings.DEFAULTS


def test_a_refused_value_keeps_the_old_one_and_is_told_in_one_line(plugin, caplog):
    plugin.on_settings_save({"min_rate": 0.5})
    plugin.on_settings_save({"min_rate": 7, "algorithm": "exponential", "junk": 1})
    assert stored(plugin) == {"min_rate": 0.5, "algorithm": "exponential"}
    assert caplog.messages == [
        "Settings were not saved: 'min_rate' must be from 0.01 to 1 °C/s; "
        "'junk' is not a setting of this plugin"
    ]
    refused = {"min_rate": "must be from 0.01 to 1 °C/s"}
    assert plugin.messages == [{"refused": refused}]
    assert plugin.refused == refused
    plugin.on_settings_save({"algorithm": "linear"})
    assert plugin.refused == {}


def test_keys_that_are_none_of_ours_are_told_to_nobody(plugin):
    plugin.on_settings_save({"x" * 10_000_000 + str(i): 1 for i in range(3)})
    assert (plugin.messages, plugin.refused, stored(plugin)) == ([], {}, {})


def test_a_stored_password_does_not_go_to_another_broker(plugin, caplog):
    caplog.set_level(logging.INFO)
    plugin.on_settings_save({"mqtt_broker_host": "mine", "mqtt_password": "s3cret"})
    plugin.on_settings_save({"mqtt_username": "me"})
    assert stored(plugin)["mqtt_password"] == "s3cret"
    plugin.on_settings_save({"mqtt_broker_host": "theirs"})
    assert "mqtt_password" not in stored(plugin)
    assert caplog.messages == ["The password was removed because the broker changed"]


@pytest.mark.parametrize("data", [None, "hello", [1], 5])
def test_what_are_no_settings_changes_nothing(plugin, data):
    plugin.on_settings_save({"min_rate": 0.5})
    plugin.on_settings_save(data)
    assert stored(plugin) == {"min_rate": 0.5}


def start(plugin, config):
    """Start with a config.yaml that holds this, as OctoPrint does."""
    plugin._settings.settings.set(["plugins", "temp_eta"], config, force=True)
    version = config.get("_config_version") if isinstance(config, dict) else None
    if version is None or version < plugin.get_settings_version():
        plugin.on_settings_migrate(plugin.get_settings_version(), version)
    plugin.on_settings_cleanup()
    plugin.on_settings_initialized()


def test_impossible_values_written_by_hand_are_not_used(plugin, caplog):
    config = {"min_rate": "fast", "algorithm": "exponential", "junk": [1]}
    start(plugin, {"_config_version": 1, **config})
    assert plugin._settings.get(["min_rate"]) == 0.1
    assert stored(plugin) == {"algorithm": "exponential", "junk": [1]}
    assert caplog.messages == [
        "Invalid settings in config.yaml were ignored: 'min_rate' must be a number"
    ]
    assert set(plugin.refused) == {"min_rate"}


def test_values_written_by_hand_get_the_type_that_they_stand_for(plugin):
    texts = {"min_rate": "0.5", "cooldown_ambient_temp": "", "color_idle": "#abc"}
    start(plugin, {"_config_version": 1, **texts, "history_size": 60.0, "mqtt_qos": "2"})
    assert stored(plugin) == {
        "min_rate": 0.5,
        "color_idle": "#aabbcc",
        "history_size": 60,
        "mqtt_qos": 2,
    }
    assert plugin.stored_settings()["cooldown_ambient_temp"] is None
    assert plugin.refused == {}


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
KEYS = st.sampled_from(sorted(settings.DEFINITIONS)) | st.text(max_size=9)


@given(config=st.dictionaries(KEYS, VALUES | st.lists(VALUES)), numbered=st.booleans())
@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_whatever_comes_in_what_is_stored_is_possible(plugin, config, numbered):
    for come_in in (
        lambda: start(plugin, config),
        lambda: plugin.on_settings_save(config),
    ):
        if numbered:
            config["_config_version"] = 1
        else:
            config.pop("_config_version", None)
        come_in()
        now = plugin.stored_settings()
        possible, refused = settings.mended(now)
        assert (repr(possible), refused) == (repr(now), {})
        plugin.reset_settings()


@pytest.mark.parametrize("config", ["hello", [1], 5, {"_config_version": 1}, {}])
def test_whatever_is_in_the_file_there_are_settings(plugin, config):
    start(plugin, config)
    assert plugin.stored_settings() == settings.DEFAULTS


def test_a_fresh_install_is_not_migrated(plugin, caplog):
    caplog.set_level(logging.INFO)
    plugin.on_settings_migrate(1, None)
    plugin.on_settings_cleanup()
    assert caplog.messages == []
    assert plugin.stored_settings() == settings.DEFAULTS


def test_settings_of_an_earlier_version_are_taken_over_and_told_in_one_line(
    plugin, caplog
):
    caplog.set_level(logging.INFO)
    start(plugin, {"algorithm": "adaptive", "mqtt_qos": 7, "persist_max_json_bytes": 1})
    assert stored(plugin) == {"algorithm": "adaptive"}
    assert caplog.messages == [
        "Settings migrated: kept algorithm; reset to default: "
        "'mqtt_qos' must be one of 0, 1, 2; removed persist_max_json_bytes"
    ]


def test_reset_gives_every_key_its_default(plugin):
    changed = {
        "enabled": False,
        "algorithm": "adaptive",
        "mqtt_password": "s3cret",
        "color_idle": "#000000",
    }
    plugin.on_settings_save(changed)
    assert stored(plugin) == changed
    plugin.reset_settings()
    assert stored(plugin) == {}
    assert plugin.stored_settings() == settings.DEFAULTS


def test_the_log_follows_the_setting_and_else_octoprints_level(plugin):
    logger = plugin._logger
    try:
        logger.setLevel(logging.WARNING)
        plugin.on_settings_initialized()
        plugin.on_settings_save({"debug_logging": True})
        assert logger.level == logging.DEBUG
        plugin.on_settings_save({"debug_logging": False})
        assert logger.level == logging.WARNING
    finally:
        logger.setLevel(logging.NOTSET)


def test_the_page_gets_its_templates(plugin):
    folder = pathlib.Path(plugin._basefolder) / "templates"
    configs = plugin.get_template_configs()
    kinds = {"navbar", "sidebar", "tab", "settings", "generic"}
    assert {config["type"] for config in configs} == kinds
    for config in configs:
        name = config.get("template", f"temp_eta_{config['type']}.jinja2")
        assert (folder / name).is_file()
    assert plugin.is_template_autoescaped()


def test_a_missing_calculation_is_one_line_in_the_log(plugin, caplog):
    built = pathlib.Path(plugin.get_asset_folder()) / assets.FOLDER
    shutil.rmtree(built, ignore_errors=True)
    plugin.on_after_startup()
    assert len(caplog.messages) == 1
    assert assets.HOW_TO_BUILD in caplog.messages[0]


def test_everything_that_is_announced_exists(plugin):
    folder = pathlib.Path(plugin.get_asset_folder())
    for names in plugin.get_assets().values():
        assert all((folder / name).is_file() for name in names)


def test_octoprint_can_read_what_the_plugin_says_of_itself():
    # OctoPrint parses the file before it imports it: only plain literals are seen.
    tree = ast.parse((ROOT / "octoprint_temp_eta" / "__init__.py").read_text("utf-8"))
    literals = {
        statement.targets[0].id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }
    assert literals["__plugin_pythoncompat__"] == ">=3.9,<4"
    assert literals["__plugin_name__"] == "Temperature ETA"


RELAY_PARTS = ("paho", "wasmtime", "wasm3", "temp_eta relay", "temp_eta broker")


def test_the_relay_costs_nothing_until_it_is_wanted(plugin, tmp_path):
    for key, value in (("mqtt_enabled", False), ("mqtt_broker_host", "broker.invalid")):
        plugin.on_settings_save({key: value})
        plugin.on_after_startup()
        plugin.on_event("SettingsUpdated", {})
    assert plugin._printer.callbacks == []
    assert not (tmp_path / "data").exists()
    names = {thread.name for thread in threading.enumerate()}
    assert not names & set(RELAY_PARTS)
    status = plugin.status()["relay"]
    assert status["state"] == "off" and set(status) == {
        *("state", "installed", "missing", "install")
    }
    assert plugin.renew_mqtt_id() is False
    plugin.on_shutdown()


def test_without_it_no_package_of_the_relay_is_imported():
    script = (
        "import sys, octoprint_temp_eta\n"
        "print([name for name in ('paho', 'wasmtime', 'wasm3') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    said = subprocess.run(command, capture_output=True, cwd=ROOT, encoding="utf-8")
    assert said.stdout.strip() == "[]", said.stderr


def test_the_relay_leaves_with_the_plugin(plugin):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        wanted = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
        wanted["mqtt_broker_port"] = nobody.getsockname()[1]
        plugin.on_settings_save(wanted)
        plugin.on_after_startup()
        [feed] = plugin._printer.callbacks
        for event, whose, runs in [
            ("plugin_pluginmanager_disable_plugin", "other", True),
            ("plugin_pluginmanager_disable_plugin", "temp_eta", False),
            ("SettingsUpdated", None, False),
            ("plugin_pluginmanager_enable_plugin", "temp_eta", True),
        ]:
            plugin.on_event(event, {"id": whose, "version": "1.2.3"})
            assert feed.relay._wanted.runs is runs, (event, whose)
            assert bool(plugin._printer.callbacks) is runs
        plugin.on_plugin_pending_uninstall()
        assert "temp_eta relay" not in [thread.name for thread in threading.enumerate()]
        plugin.on_event("SettingsUpdated", {})
        assert plugin.status()["relay"]["state"] == "off"
        assert plugin._printer.callbacks == []
    assert plugin.stored_settings()["mqtt_enabled"], "it may be installed again"


def test_the_relay_follows_settings_profile_and_name(plugin):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        wanted = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
        wanted["mqtt_broker_port"] = nobody.getsockname()[1]
        plugin.on_after_startup()
        plugin.on_settings_save(wanted)
        plugin._settings.global_set(["appearance", "name"], "Ender")
        plugin.on_event("SettingsUpdated", {})
        [feed] = plugin._printer.callbacks
        seen = feed.relay._wanted
        assert seen.appearance_name == "Ender" and seen.settings["mqtt_enabled"]
        assert seen.profile == calculation.Profile("_default", 2, True, False)
        plugin._printer_profile_manager.get_current_or_default = lambda: {
            **PROFILE,
            "id": "other",
            "extruder": {"count": 3, "sharedNozzle": True},
        }
        plugin.on_event("PrinterProfileModified", {})
        assert feed.relay._wanted.profile.id == "other"
        assert feed.relay._wanted.profile.tools == 1
        assert plugin.status()["relay"]["state"] == "connecting"
        plugin.on_settings_save({"mqtt_enabled": False})
        plugin.on_event("SettingsUpdated", {})
        assert plugin._printer.callbacks == []
    plugin.on_shutdown()


def test_what_octoprint_says_is_handed_on(plugin):
    heard = []
    feed = octoprint_temp_eta.Feed(plugin)
    feed.relay = types.SimpleNamespace(
        add_temperatures=lambda row: heard.append(row),
        add_progress=lambda **progress: heard.append(progress),
    )
    feed.on_printer_add_temperature({"time": 5})
    flags = {"operational": True, "printing": False, "pausing": True}
    data = {"state": {"flags": flags}, "progress": {"filepos": 7}}
    feed.on_printer_send_current_data(data)
    progress = {"operational": True, "printing": True, "position": 7}
    assert heard == [{"time": 5}, progress]
    feed.on_printer_send_current_data({"state": None})
    assert heard[-1] == {"operational": None, "printing": False, "position": None}


def test_a_job_is_the_same_for_the_page_and_for_the_relay():
    source = (ROOT / "src" / "bindings" / "browser" / "socket.rs").read_text("utf-8")
    declared = re.search(r"const JOB: .* = \[(.*?)\];", source, re.DOTALL)[1]
    assert tuple(re.findall(r"Part::(\w+)", declared)) == feed.JOB
