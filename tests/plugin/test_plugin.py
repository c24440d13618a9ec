"""The plugin object, with OctoPrint's own settings below it."""

import ast
import logging
import pathlib
import shutil

import octoprint.plugin
import octoprint.settings
import pytest

import octoprint_temp_eta
from octoprint_temp_eta import assets, settings

ROOT = pathlib.Path(octoprint_temp_eta.__file__).parent.parent


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
    return plugin


def test_defaults_are_a_copy(plugin):
    plugin.get_settings_defaults()["enabled"] = False
    assert plugin.get_settings_defaults() == settings.DEFAULTS


def test_a_refused_value_keeps_the_old_one_and_is_logged(plugin, caplog):
    plugin.on_settings_save({"min_rate": 0.5})
    plugin.on_settings_save({"min_rate": 7, "algorithm": "exponential"})
    assert plugin._settings.get(["min_rate"]) == 0.5
    assert plugin._settings.get(["algorithm"]) == "exponential"
    assert caplog.messages == [
        "Setting min_rate was not saved: must be from 0.01 to 1.0 °C/s"
    ]


def test_a_hand_edited_value_that_is_not_possible_is_not_passed_on(plugin):
    plugin._settings.set(["min_rate"], "fast", force=True)
    plugin._settings.set(["algorithm"], "exponential", force=True)
    loaded = plugin.on_settings_load()
    assert loaded == {**settings.DEFAULTS, "algorithm": "exponential"}


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
    shutil.rmtree(pathlib.Path(plugin.get_asset_folder()) / "wasm", ignore_errors=True)
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
