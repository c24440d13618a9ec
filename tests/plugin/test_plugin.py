"""The plugin object, with OctoPrint's own settings."""

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
from octoprint_temp_eta import assets, printer_listener, settings, validation
from octoprint_temp_eta.calculation import core_abi

ROOT = pathlib.Path(octoprint_temp_eta.__file__).parent.parent


PROFILE = {
    "id": "_default",
    "extruder": {"count": 2, "sharedNozzle": False},
    "heatedBed": True,
    "heatedChamber": False,
}


class PrinterDouble:
    """Records the registered callbacks."""

    def __init__(self):
        self.callbacks = []
        self.register_callback = self.callbacks.append
        self.unregister_callback = self.callbacks.remove

    def get_temperature_history(self):
        return []


@pytest.fixture
def plugin(tmp_path):
    """The plugin as OctoPrint sets it up, with its assets as in the wheel."""
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
    plugin._event_bus = types.SimpleNamespace(fire=None)
    plugin._printer_profile_manager = types.SimpleNamespace(
        get_current_or_default=lambda: PROFILE,
        get_all=lambda: {"_default": PROFILE},
    )
    plugin.messages = []
    plugin.permissions = []

    def send_plugin_message(_, data, permissions):
        plugin.messages.append(data)
        plugin.permissions.append([permission.key for permission in permissions])

    plugin._plugin_manager = types.SimpleNamespace(
        send_plugin_message=send_plugin_message
    )
    return plugin


def stored(plugin):
    """Return the plugin's part of config.yaml."""
    data = plugin._settings.get_all_data(merged=False, incl_defaults=False)
    return {key: value for key, value in data.items() if key != "_config_version"}


def test_defaults_are_a_copy(plugin):
    plugin.get_settings_defaults()["enabled"] = False
    assert plugin.get_settings_defaults() == settings.DEFAULTS


def test_refused_value_keeps_the_old_one_and_is_logged_once(plugin, caplog):
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


def test_unknown_keys_are_not_reported(plugin):
    plugin.on_settings_save({"x" * 10_000_000 + str(i): 1 for i in range(3)})
    assert (plugin.messages, plugin.refused, stored(plugin)) == ([], {}, {})


def test_changing_the_broker_removes_the_password(plugin, caplog):
    caplog.set_level(logging.INFO)
    plugin.on_settings_save({"mqtt_broker_host": "mine", "mqtt_password": "s3cret"})
    plugin.on_settings_save({"mqtt_username": "me"})
    assert stored(plugin)["mqtt_password"] == "s3cret"
    plugin.on_settings_save({"mqtt_broker_host": "theirs"})
    assert "mqtt_password" not in stored(plugin)
    assert caplog.messages == ["The password was removed because the broker changed"]


class ObservedLock:
    """A lock that tells when a thread has to wait for it."""

    def __init__(self):
        self.is_awaited = threading.Event()
        self._lock = threading.RLock()

    def __enter__(self):
        if not self._lock.acquire(blocking=False):
            self.is_awaited.set()
            self._lock.acquire()

    def __exit__(self, *_):
        self._lock.release()


@pytest.mark.parametrize("act", ["save", "read"])
def test_saving_is_one_step(plugin, monkeypatch, act):
    """Otherwise a password could be stored with a broker that it is not for."""
    lock = plugin._settings_lock = ObservedLock()
    plugin.on_settings_save({"mqtt_broker_host": "mine", "mqtt_password": "s3cret"})
    save, seen = octoprint.plugin.SettingsPlugin.on_settings_save, []

    def other():
        if act == "save":
            plugin.on_settings_save({"mqtt_password": "new"})
        seen.append(plugin.stored_settings())
        lock.is_awaited.set()

    thread = threading.Thread(target=other)

    def interrupted(self, data):
        monkeypatch.undo()
        thread.start()
        assert lock.is_awaited.wait(60)
        assert seen == []
        return save(self, data)

    monkeypatch.setattr(octoprint.plugin.SettingsPlugin, "on_settings_save", interrupted)
    plugin.on_settings_save({"mqtt_broker_host": "theirs"})
    thread.join(60)
    ends = seen[0]["mqtt_broker_host"], seen[0]["mqtt_password"]
    assert ends == ("theirs", "new" if act == "save" else "")


@pytest.mark.parametrize("data", [None, "hello", [1], 5])
def test_saving_something_else_changes_nothing(plugin, data):
    plugin.on_settings_save({"min_rate": 0.5})
    plugin.on_settings_save(data)
    assert stored(plugin) == {"min_rate": 0.5}


def start(plugin, config):
    """Load the plugin's `config` as OctoPrint does at its start."""
    plugin._settings.settings.set(["plugins", "temp_eta"], config, force=True)
    version = config.get("_config_version") if isinstance(config, dict) else None
    if version is None or version < plugin.get_settings_version():
        plugin.on_settings_migrate(plugin.get_settings_version(), version)
    plugin.on_settings_cleanup()
    plugin.on_settings_initialized()


def test_invalid_values_in_the_file_are_not_used(plugin, caplog):
    config = {"min_rate": "fast", "algorithm": "exponential", "junk": [1]}
    start(plugin, {"_config_version": 1, **config})
    assert plugin._settings.get(["min_rate"]) == 0.1
    assert stored(plugin) == {"algorithm": "exponential", "junk": [1]}
    assert caplog.messages == [
        "Invalid settings in config.yaml were ignored: 'min_rate' must be a number"
    ]
    assert set(plugin.refused) == {"min_rate"}


def test_values_in_the_file_are_converted(plugin):
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


def test_heaters_survive_a_restart_and_the_last_one_can_be_removed(plugin):
    said = [{"counted": False, "heater": "tool0", "name": ""}]
    plugin.on_settings_save({"heaters": [*said, {"heater": "bed", "counted": True}]})
    assert stored(plugin) == {"heaters": said}
    start(plugin, {"_config_version": 1, **stored(plugin)})
    assert plugin.stored_settings()["heaters"] == said
    plugin.on_settings_save({"heaters": [*said, *said]})
    assert plugin.refused == {"heaters": "must have each heater once"}
    assert stored(plugin) == {"heaters": said}
    plugin.on_settings_save({"heaters": []})
    assert stored(plugin) == {}
    assert settings.DEFAULTS["heaters"] == []


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
KEYS = st.sampled_from(sorted(settings.DEFINITIONS)) | st.text(max_size=9)


@given(config=st.dictionaries(KEYS, VALUES | st.lists(VALUES)), numbered=st.booleans())
@hypothesis.settings(
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_stored_settings_are_always_valid(plugin, config, numbered):
    for put_in in (
        lambda: start(plugin, config),
        lambda: plugin.on_settings_save(config),
    ):
        if numbered:
            config["_config_version"] = 1
        else:
            config.pop("_config_version", None)
        put_in()
        now = plugin.stored_settings()
        usable, refused = validation.sanitize(now)
        assert (repr(usable), refused) == (repr(now), {})
        plugin.reset_settings()


@pytest.mark.parametrize("config", ["hello", [1], 5, {"_config_version": 1}, {}])
def test_invalid_file_gives_defaults(plugin, config):
    start(plugin, config)
    assert plugin.stored_settings() == settings.DEFAULTS


def test_new_installation_is_not_migrated(plugin, caplog):
    caplog.set_level(logging.INFO)
    plugin.on_settings_migrate(1, None)
    plugin.on_settings_cleanup()
    assert caplog.messages == []
    assert plugin.stored_settings() == settings.DEFAULTS


def test_migration_is_logged_in_one_line(plugin, caplog):
    caplog.set_level(logging.INFO)
    start(plugin, {"algorithm": "adaptive", "mqtt_qos": 7, "persist_max_json_bytes": 1})
    assert stored(plugin) == {"algorithm": "adaptive"}
    assert caplog.messages == [
        "Settings migrated: kept algorithm; reset to default: "
        "'mqtt_qos' must be one of 0, 1, 2; removed persist_max_json_bytes"
    ]


def test_reset_restores_all_defaults(plugin):
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


def test_log_level_follows_the_setting(plugin):
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


def test_missing_build_is_logged_in_one_line(plugin, caplog):
    built = pathlib.Path(plugin.get_asset_folder()) / assets.FOLDER
    shutil.rmtree(built, ignore_errors=True)
    plugin.on_after_startup()
    assert len(caplog.messages) == 1
    assert assets.HOW_TO_BUILD in caplog.messages[0]


def test_all_assets_exist(plugin):
    folder = pathlib.Path(plugin.get_asset_folder())
    for names in plugin.get_assets().values():
        assert all((folder / name).is_file() for name in names)


def test_plugin_metadata_are_literals():
    # OctoPrint parses the file before it imports it, and only reads literals.
    tree = ast.parse((ROOT / "octoprint_temp_eta" / "__init__.py").read_text("utf-8"))
    literals = {
        statement.targets[0].id: statement.value.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    }
    assert literals["__plugin_pythoncompat__"] == ">=3.9,<4"
    assert literals["__plugin_name__"] == "Temperature ETA"


THREADS = {"temp_eta server", "temp_eta broker"}


def test_mqtt_uses_nothing_while_it_is_off(plugin, tmp_path):
    for key, value in (("mqtt_enabled", False), ("mqtt_broker_host", "broker.invalid")):
        plugin.on_settings_save({key: value})
        plugin.on_after_startup()
        plugin.on_event("SettingsUpdated", {})
    assert plugin._printer.callbacks == []
    assert not (tmp_path / "data").exists()
    names = {thread.name for thread in threading.enumerate()}
    assert not names & THREADS
    status = plugin.status()["server"]
    assert status == {"state": "off", "outlets": []}
    assert plugin.etas() == {"state": "off"}
    assert plugin.renew_mqtt_id() is False
    plugin.on_shutdown()


def test_optional_packages_are_not_imported():
    script = (
        "import sys, octoprint_temp_eta\n"
        "print([name for name in ('paho', 'wasmtime', 'wasm3') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, capture_output=True, cwd=ROOT, encoding="utf-8")
    assert run.stdout.strip() == "[]", run.stderr


def test_mqtt_ends_when_the_plugin_is_disabled_or_uninstalled(plugin):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        enabled = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
        enabled["mqtt_broker_port"] = nobody.getsockname()[1]
        plugin.on_settings_save(enabled)
        plugin.on_after_startup()
        [listener] = plugin._printer.callbacks
        for event, identifier, is_on in [
            ("plugin_pluginmanager_disable_plugin", "other", True),
            ("plugin_pluginmanager_disable_plugin", "temp_eta", False),
            ("SettingsUpdated", None, False),
            ("plugin_pluginmanager_enable_plugin", "temp_eta", True),
        ]:
            plugin.on_event(event, {"id": identifier, "version": "1.2.3"})
            assert bool(listener.service._config.outlets) is is_on, (event, identifier)
            assert bool(plugin._printer.callbacks) is is_on
        plugin.on_plugin_pending_uninstall()
        for thread in threading.enumerate():
            if thread.name == "temp_eta server":
                # It has been told to end, and nobody waits for it for long.
                thread.join(60.0)
                assert not thread.is_alive()
        plugin.on_event("SettingsUpdated", {})
        assert plugin.status()["server"]["state"] == "off"
        assert plugin._printer.callbacks == []
    assert plugin.stored_settings()["mqtt_enabled"], "it may be installed again"


def test_mqtt_follows_settings_profile_and_name(plugin):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        enabled = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
        enabled["mqtt_broker_port"] = nobody.getsockname()[1]
        plugin.on_after_startup()
        plugin.on_settings_save(enabled)
        plugin._settings.global_set(["appearance", "name"], "Ender")
        plugin.on_event("SettingsUpdated", {})
        [listener] = plugin._printer.callbacks
        config = listener.service._config
        assert config.appearance_name == "Ender" and config.settings["mqtt_enabled"]
        assert config.profile == core_abi.Profile("_default", 2, True, False)
        plugin._printer_profile_manager.get_current_or_default = lambda: {
            **PROFILE,
            "id": "other",
            "extruder": {"count": 3, "sharedNozzle": True},
        }
        plugin.on_event("PrinterProfileModified", {})
        assert listener.service._config.profile.id == "other"
        assert listener.service._config.profile.tools == 1
        assert plugin.status()["server"]["state"] == "connecting"
        plugin.on_settings_save({"mqtt_enabled": False})
        plugin.on_event("SettingsUpdated", {})
        assert plugin._printer.callbacks == []
    plugin.on_shutdown()


def test_pages_hear_of_what_is_learned_without_the_numbers(plugin, tmp_path):
    assert plugin.has_printer_profile("_default")
    assert not plugin.has_printer_profile("other")
    learned = plugin.learned.of("_default")
    assert list((tmp_path / "data").iterdir()) == [], "nothing is learned yet"
    learned.write("bed", [1.0, 2.0], based_on=0)
    learned.write("bed", [3.0], based_on=0)
    learned.delete()
    assert plugin.messages == [
        {"learned": {"profile": "_default", "heater": "bed", "revision": 1}},
        {"learned": {"profile": "_default", "heater": None, "revision": 2}},
    ]
    assert plugin.permissions == [["STATUS"]] * 2
    assert [file.name for file in (tmp_path / "data").iterdir()] == [
        "lessons-_default.json"
    ]


def test_mqtt_shares_what_is_learned(plugin):
    assert printer_listener.context(plugin).learned is plugin.learned


def test_printer_callbacks_are_passed_on(plugin):
    received = []
    listener = octoprint_temp_eta.PrinterListener(plugin)
    listener.service = types.SimpleNamespace(
        add_temperatures=lambda row: received.append(row),
        add_progress=lambda **progress: received.append(progress),
    )
    listener.on_printer_add_temperature({"time": 5})
    flags = {"operational": True, "printing": False, "pausing": True}
    data = {"state": {"flags": flags}, "progress": {"filepos": 7}}
    listener.on_printer_send_current_data(data)
    progress = {"operational": True, "printing": True, "position": 7}
    assert received == [{"time": 5}, progress]
    listener.on_printer_send_current_data({"state": None})
    assert received[-1] == {"operational": None, "printing": False, "position": None}


def test_job_flags_are_those_of_the_browser():
    source = (ROOT / "src" / "bindings" / "browser" / "socket.rs").read_text("utf-8")
    declared = re.search(r"const JOB: .* = \[(.*?)\];", source, re.DOTALL)[1]
    assert tuple(re.findall(r"Part::(\w+)", declared)) == printer_listener.JOB
