"""The server's part of Temperature ETA: assets, templates, settings.

The calculation runs in the browser; nothing here does arithmetic on temperatures.
"""

import octoprint.plugin
from flask_babel import gettext

from . import assets, settings


class TempEtaPlugin(
    octoprint.plugin.StartupPlugin,
    octoprint.plugin.SettingsPlugin,
    octoprint.plugin.AssetPlugin,
    octoprint.plugin.TemplatePlugin,
):
    # ~~ StartupPlugin

    def on_after_startup(self):
        if not assets.is_built(self.get_asset_folder()):
            self._logger.error("The calculation is missing: %s", assets.HOW_TO_BUILD)

    # ~~ SettingsPlugin; its own methods are called by name, as OctoPrint asks for

    def get_settings_defaults(self):
        return dict(settings.DEFAULTS)

    def on_settings_load(self):
        return settings.usable(octoprint.plugin.SettingsPlugin.on_settings_load(self))

    def on_settings_save(self, data):
        accepted, refused = settings.checked(data)
        for key, reason in refused.items():
            self._logger.warning("Setting %s was not saved: %s", key, reason)
        return octoprint.plugin.SettingsPlugin.on_settings_save(self, accepted)

    # ~~ AssetPlugin

    def get_assets(self):
        scripts = ["js/temperature_tab.js", "js/temp_eta.js"]
        return {"js": scripts, "css": ["css/temp_eta.css"]}

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
                "custom_bindings": False,
            },
            {"type": "generic", "template": "temp_eta_page.jinja2"},
        ]

    def get_template_vars(self):
        return {
            "build": assets.build_id(self.get_asset_folder()),
            "settings": settings.DEFINITIONS,
        }

    def is_template_autoescaped(self):
        return True


__plugin_name__ = "Temperature ETA"
__plugin_author__ = "The OctoPrint-TempETA developers"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = TempEtaPlugin()
