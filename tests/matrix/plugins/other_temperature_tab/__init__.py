"""Replaces OctoPrint's Temperature tab by a table of its own, without a graph."""

import octoprint.plugin


class OtherTemperatureTab(octoprint.plugin.AssetPlugin, octoprint.plugin.TemplatePlugin):
    def get_assets(self):
        return {"js": ["js/other_temperature_tab.js"]}

    def get_template_configs(self):
        return [{"type": "tab", "name": "Temps", "replaces": "temperature"}]

    def is_template_autoescaped(self):
        return True


__plugin_name__ = "Other temperature tab"
__plugin_version__ = "1.0.0"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = OtherTemperatureTab()
