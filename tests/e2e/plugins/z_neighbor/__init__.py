"""A plugin with a view model, loaded beside ours in the tests with old browsers."""

import octoprint.plugin


class Neighbor(octoprint.plugin.AssetPlugin, octoprint.plugin.TemplatePlugin):
    def get_assets(self):
        return {"js": ["js/z_neighbor.js"]}


__plugin_name__ = "Z neighbor"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = Neighbor()
