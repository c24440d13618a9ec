"""A plugin whose script throws as soon as it is loaded; its name comes before ours."""

import octoprint.plugin


class BrokenScript(octoprint.plugin.AssetPlugin):
    def get_assets(self):
        return {"js": ["js/broken_script.js"]}


__plugin_name__ = "Broken script"
__plugin_version__ = "1.0.0"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = BrokenScript()
