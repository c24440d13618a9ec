"""A plugin that fills OctoPrint's navigation bar, as several plugins together do."""

import octoprint.plugin

ENTRIES = 5


class CrowdedNavbarPlugin(octoprint.plugin.TemplatePlugin):
    def get_template_configs(self):
        entry = {
            "type": "navbar",
            "template": "crowded_navbar_entry.jinja2",
            "custom_bindings": False,
            "classes": ["neighbor"],
        }
        return [dict(entry) for _ in range(ENTRIES)]

    def is_template_autoescaped(self):
        return True


__plugin_name__ = "Crowded navigation bar"
__plugin_version__ = "1.0.0"
__plugin_description__ = "Five entries for the navigation bar"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = CrowdedNavbarPlugin()
