"""The server's part of Temperature ETA: assets, templates, settings, API.

The calculation runs in the browser; nothing here does arithmetic on temperatures.
"""

import logging

import octoprint.plugin
from flask_babel import gettext
from octoprint.access.permissions import Permissions
from octoprint.events import Events

from . import api, assets, migration, settings, updates
from .feed import Feed

# After these another printer profile, or another name, may be in force.
RELAY_EVENTS = (
    Events.CONNECTED,
    Events.PRINTER_PROFILE_MODIFIED,
    Events.SETTINGS_UPDATED,
)


# Of OctoPrint's Plugin Manager, at whose next start a plugin is gone or back.
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
    """What OctoPrint asks for, handed on."""

    def __init__(self):
        super().__init__()
        # Keys whose value was not taken at the start or when last saved; the reason.
        self.refused = {}
        self._usual_log_level = logging.NOTSET
        # From the server's start on.
        self._feed = None

    # ~~ StartupPlugin, ShutdownPlugin

    def on_after_startup(self):
        if not assets.is_built(self.get_asset_folder()):
            self._logger.error("The calculation is missing: %s", assets.HOW_TO_BUILD)
        self._feed = Feed(self)
        self._feed.follow()

    def on_shutdown(self):
        if self._feed:
            self._feed.stop()

    # ~~ EventHandlerPlugin

    def on_event(self, event, payload):
        if not self._feed:
            return
        if event in RELAY_EVENTS:
            self._feed.follow()
        elif event in (DISABLED, ENABLED) and payload.get("id") == self._identifier:
            self._feed.leave(event == DISABLED)

    # ~~ OctoPrintPlugin

    def on_plugin_pending_uninstall(self):
        if self._feed:
            self._logger.info("To be uninstalled: MQTT is off until OctoPrint restarts")
            self._feed.leave()
            # Its files may be removed next.
            self._feed.stop()

    # ~~ SettingsPlugin; its own methods are called by name, as OctoPrint asks for

    def get_settings_defaults(self):
        return dict(settings.DEFAULTS)

    def get_settings_version(self):
        return migration.VERSION

    def on_settings_migrate(self, target, current):
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        # A fresh install is at version None as well.
        if not stored:
            return
        migrated = migration.migrate(stored, current)
        self._store(migrated.stored)
        self.refused = migrated.reset
        self._logger.info("Settings of an earlier version: %s", migrated)

    def on_settings_cleanup(self):
        # OctoPrint's own clean-up needs settings of the right shape.
        stored = self._settings.get_all_data(merged=False, incl_defaults=False)
        if stored is not None:
            usable, refused = settings.mended(stored)
            # "5" is as good as 5 in a file, but not for those who read the setting.
            if repr(usable) != repr(stored):
                self._store(usable)
            if refused:
                self._refuse(refused, "Settings in config.yaml were not used")
        octoprint.plugin.SettingsPlugin.on_settings_cleanup(self)

    def on_settings_initialized(self):
        self._usual_log_level = self._logger.level
        self._follow_settings()

    def on_settings_load(self):
        data = octoprint.plugin.SettingsPlugin.on_settings_load(self)
        data["debug"] = self._logger.isEnabledFor(logging.DEBUG)
        has_password = bool(self._settings.get(["mqtt_password"]))
        data["mqtt_password_set"] = has_password if Permissions.SETTINGS.can() else None
        return data

    def on_settings_save(self, data):
        accepted, refused = settings.checked(data)
        self.refused = {}
        if refused:
            self._refuse(refused, "Settings were not saved")
        if settings.sends_password_elsewhere(accepted, self.stored_settings()):
            accepted["mqtt_password"] = ""
            self._logger.info("The password was removed: the broker is another one")
        saved = octoprint.plugin.SettingsPlugin.on_settings_save(self, accepted)
        self._follow_settings()
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
        """All settings, with those that have their default."""
        return {key: self._settings.get([key]) for key in settings.DEFINITIONS}

    def reset_settings(self):
        """Give every setting its default again."""
        self.refused = {}
        self._store({self.config_version_key: migration.VERSION})
        self._settings.save(trigger_event=True)
        self._follow_settings()
        self._logger.info("All settings have their defaults again")

    def _store(self, data):
        self._settings.clean_all_data()
        self._settings.set([], data, force=True)

    def _refuse(self, refused, what):
        self._logger.warning("%s: %s", what, settings.said(refused))
        # What is no setting of ours has no place in the form.
        self.refused = {
            key: refused[key] for key in settings.DEFINITIONS if key in refused
        }
        if self.refused:
            self._plugin_manager.send_plugin_message(
                self._identifier,
                {"refused": self.refused},
                permissions=[Permissions.SETTINGS],
            )

    def _follow_settings(self):
        debugging = self._settings.get_boolean(["debug_logging"])
        self._logger.setLevel(logging.DEBUG if debugging else self._usual_log_level)

    # ~~ SimpleApiPlugin

    def is_api_protected(self):
        return True

    def get_api_commands(self):
        return api.COMMANDS

    def on_api_get(self, request):
        return api.status(self)

    def on_api_command(self, command, data):
        self._logger.debug("Command %s", command)
        return api.command(self, command, data)

    def status(self):
        """What the plugin is and does."""
        return {
            "version": self._plugin_version,
            "settings_version": migration.VERSION,
            "built": assets.is_built(self.get_asset_folder()),
            "relay": self._feed.status() if self._feed else {"state": "off"},
        }

    def renew_mqtt_id(self):
        """Be somebody else to the broker; says whether there is a relay to do that."""
        return bool(self._feed and self._feed.renew_id())

    # ~~ AssetPlugin

    def get_assets(self):
        listed = assets.listed
        return {"js": listed(assets.SCRIPTS), "css": listed(assets.STYLES)}

    # ~~ TemplatePlugin

    def get_template_configs(self):
        return [
            {
                "type": "sidebar",
                "name": gettext("Temperature ETA"),
                "icon": "fas fa-stopwatch",
                "data_bind": "visible: showInSidebar",
            },
            {
                "type": "navbar",
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
            "settings": settings.DEFINITIONS,
            "destination": settings.DESTINATION,
        }

    def is_template_autoescaped(self):
        return True

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
}
