"""The server part of Temperature ETA: assets, templates, settings, API, outlets.

The ETAs are calculated by the core in wasm, never in Python.
"""

import copy
import logging
import threading

import octoprint.plugin
from flask_babel import gettext
from octoprint.access.permissions import Permissions
from octoprint.events import Events

from . import api, assets, migration, settings, updates, validation
from .learned_data import LearnedDataFolder
from .outlets import events
from .printer_listener import PrinterListener

# After these events the settings, the printer profile or the name may have changed.
UPDATE_EVENTS = (
    Events.CONNECTED,
    Events.PRINTER_PROFILE_MODIFIED,
    Events.SETTINGS_UPDATED,
)

# Events of OctoPrint's Plugin Manager; they take effect at the next start.
DISABLED = "plugin_pluginmanager_disable_plugin"
ENABLED = "plugin_pluginmanager_enable_plugin"


class TempEtaPlugin(
    octoprint.plugin.StartupPlugin,
    octoprint.plugin.ShutdownPlugin,
    octoprint.plugin.EventHandlerPlugin,
    octoprint.plugin.SettingsPlugin,
    octoprint.plugin.AssetPlugin,
    octoprint.plugin.TemplatePlugin,
    octoprint.plugin.SimpleApiPlugin,
):
    """Implements OctoPrint's mixins by calling the modules of this package."""

    def __init__(self):
        super().__init__()
        # Why values were refused, at the start or when last saved, by their keys.
        self.refused = {}
        self._default_log_level = logging.NOTSET
        # Held while settings are checked and stored, and while all are read: requests run
        # in several threads.
        self._settings_lock = threading.RLock()
        # Created when the server has started.
        self._listener = None
        # What was learned, shared by all browsers and the calculation on the server.
        self.learned = LearnedDataFolder(
            self.data_folder,
            logging.getLogger("octoprint.plugins.temp_eta.learned"),
            self._announce_learned,
        )

    # ~~ StartupPlugin, ShutdownPlugin

    def on_after_startup(self):
        if not assets.is_built(self.get_asset_folder()):
            self._logger.error("The plugin is incomplete: %s", assets.HOW_TO_BUILD)
        self._listener = PrinterListener(self)
        self._listener.update()

    def on_shutdown(self):
        if self._listener:
            self._listener.stop()

    # ~~ EventHandlerPlugin

    def on_event(self, event, payload):
        if not self._listener:
            return
        if event in UPDATE_EVENTS:
            self._listener.update()
        elif event in (DISABLED, ENABLED) and payload.get("id") == self._identifier:
            self._listener.set_disabled(event == DISABLED)

    # ~~ OctoPrintPlugin

    def on_plugin_pending_uninstall(self):
        if self._listener:
            self._logger.info(
                "Uninstall pending: no ETAs without a browser until OctoPrint restarts"
            )
            self._listener.set_disabled()
            # The plugin's files may be removed next.
            self._listener.stop()

    # ~~ SettingsPlugin: its methods are called by name, as OctoPrint's documentation asks

    def get_settings_defaults(self):
        return copy.deepcopy(settings.DEFAULTS)

    def get_settings_version(self):
        return migration.VERSION

    def on_settings_migrate(self, target, current):
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        # A new installation has no version either.
        if not stored:
            return
        migrated = migration.migrate(stored, current)
        self._store(migrated.stored)
        self.refused = migrated.reset
        self._logger.info("Settings migrated: %s", migrated)

    def on_settings_cleanup(self):
        # OctoPrint's own clean-up fails on settings that are not a dict.
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        if stored is not None:
            usable, refused = validation.sanitize(stored)
            # Also stores values whose type was corrected, such as "5" for a number.
            if repr(usable) != repr(stored):
                self._store(usable)
            if refused:
                self._refuse(refused, "Invalid settings in config.yaml were ignored")
        octoprint.plugin.SettingsPlugin.on_settings_cleanup(self)

    def on_settings_initialized(self):
        self._default_log_level = self._logger.level
        self._apply_log_level()

    def on_settings_load(self):
        data = octoprint.plugin.SettingsPlugin.on_settings_load(self)
        data["debug"] = self._logger.isEnabledFor(logging.DEBUG)
        has_password = bool(self._settings.get(["mqtt_password"]))
        data["mqtt_password_set"] = has_password if Permissions.SETTINGS.can() else None
        return data

    def on_settings_save(self, data):
        with self._settings_lock:
            stored = self.stored_settings()
            accepted, refused = validation.validate(data, stored)
            self.refused = {}
            if refused:
                self._refuse(refused, "Settings were not saved")
            if validation.sends_password_elsewhere(accepted, stored):
                accepted["mqtt_password"] = ""
                self._logger.info("The password was removed because the broker changed")
            saved = octoprint.plugin.SettingsPlugin.on_settings_save(self, accepted)
        self._apply_log_level()
        self._logger.debug("Settings saved: %s", ", ".join(accepted))
        return saved

    def get_settings_restricted_paths(self):
        return {
            "never": [[key] for key in settings.SECRETS],
            "admin": [[key] for key in settings.CONFIDENTIAL],
        }

    def get_settings_reauth_requirements(self):
        return dict.fromkeys(settings.CREDENTIALS, True)

    def stored_settings(self):
        """Return all settings, including those with their default."""
        with self._settings_lock:
            return {key: self._settings.get([key]) for key in settings.DEFINITIONS}

    def reset_settings(self):
        """Restore the default of every setting."""
        with self._settings_lock:
            self.refused = {}
            self._store({self.config_version_key: migration.VERSION})
        self._settings.save(trigger_event=True)
        self._apply_log_level()
        self._logger.info("All settings restored to defaults")

    def _store(self, data):
        self._settings.clean_all_data()
        self._settings.set([], data, force=True)

    def _refuse(self, refused, what):
        self._logger.warning("%s: %s", what, validation.describe(refused))
        # The form has no field for unknown keys.
        self.refused = {
            key: refused[key] for key in settings.DEFINITIONS if key in refused
        }
        if self.refused:
            self._plugin_manager.send_plugin_message(
                self._identifier,
                {"refused": self.refused},
                permissions=[Permissions.SETTINGS],
            )

    def _apply_log_level(self):
        debugging = self._settings.get_boolean(["debug_logging"])
        self._logger.setLevel(logging.DEBUG if debugging else self._default_log_level)

    # ~~ SimpleApiPlugin

    def is_api_protected(self):
        # It checks permissions itself: guests who may see temperatures may read ETAs and
        # what was learned, as a tablet on the wall without a login does.
        return False

    def get_api_commands(self):
        return api.COMMANDS

    def on_api_get(self, request):
        if "learned" in request.args:
            return api.learned(self, request.args["learned"])
        return api.status(self)

    def on_api_command(self, command, data):
        self._logger.debug("Command %s", command)
        return api.command(self, command, data)

    def status(self):
        """Return the state of the plugin, for the API."""
        off = {"state": "off", "outlets": []}
        return {
            "version": self._plugin_version,
            "settings_version": migration.VERSION,
            "built": assets.is_built(self.get_asset_folder()),
            "server": self._listener.status() if self._listener else off,
        }

    def etas(self):
        """Return the ETAs, for the API."""
        return self._listener.etas() if self._listener else {"state": "off"}

    def appearance_name(self):
        """Return the name that the user has given this OctoPrint; may be empty."""
        name = self._settings.global_get(["appearance", "name"])
        # It is published, and may be anything that YAML can hold.
        return str(name or "").encode("utf-8", "replace").decode()

    def data_folder(self):
        """Return the folder for our files, also if it cannot be made."""
        try:
            return self.get_plugin_data_folder()
        except OSError:
            return self._data_folder

    def printer_profile(self):
        """Return the id of the current printer profile."""
        return self._printer_profile_manager.get_current_or_default()["id"]

    def has_printer_profile(self, profile):
        """Whether OctoPrint has a printer profile with this id."""
        return profile in self._printer_profile_manager.get_all()

    def _announce_learned(self, profile, heater, revision):
        """Tell all pages that a state was stored, or all deleted if `heater` is None.

        They read it themselves, if they have not written it.
        """
        changed = {"profile": profile, "heater": heater, "revision": revision}
        self._plugin_manager.send_plugin_message(
            self._identifier,
            {"learned": changed},
            permissions=[Permissions.STATUS],
        )

    def renew_mqtt_id(self):
        """Replace our id at the broker; returns False if MQTT is off."""
        return bool(self._listener and self._listener.renew_id())

    # ~~ AssetPlugin

    def get_assets(self):
        paths = assets.paths
        return {"js": paths(assets.SCRIPTS), "css": paths(assets.STYLES)}

    # ~~ TemplatePlugin

    def get_template_configs(self):
        return [
            {
                "type": "sidebar",
                # Not the tab's: TouchUI lists both in one menu.
                "name": gettext("Active heaters"),
                "icon": "fas fa-stopwatch",
                "data_bind": "visible: showInSidebar",
            },
            {
                "type": "navbar",
                # Leftmost, as what is left of it moves when it appears or grows.
                # OctoPrint puts what has an order first, unless the owner has chosen one.
                "order": -100,
                "data_bind": "visible: showInNavbar",
            },
            {
                "type": "tab",
                "name": gettext("Temperature ETA"),
                "data_bind": "visible: showInTab",
            },
            {
                "type": "settings",
                "name": gettext("Temperature ETA"),
                "data_bind": "css: {'temp-eta-invalid': hasErrors}",
            },
            {"type": "generic", "template": "temp_eta_page.jinja2"},
        ]

    def get_template_vars(self):
        return {
            "modules": assets.modules(self.get_asset_folder()),
            "form": settings.FORM,
            "settings": settings.DEFINITIONS,
            "destination": settings.DESTINATION,
        }

    def is_template_autoescaped(self):
        return True

    # ~~ Events

    def register_custom_events(self, *_args, **_kwargs):
        return events.names()

    # ~~ Software Update

    def get_update_information(self):
        return updates.check_config(
            self._identifier, self._plugin_name, self._plugin_version
        )


__plugin_name__ = "Temperature ETA"
__plugin_author__ = "The OctoPrint-TempETA developers"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = TempEtaPlugin()
__plugin_hooks__ = {
    "octoprint.plugin.softwareupdate.check_config": (
        __plugin_implementation__.get_update_information
    ),
    "octoprint.events.register_custom_events": (
        __plugin_implementation__.register_custom_events
    ),
}
