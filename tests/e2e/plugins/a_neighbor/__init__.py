"""A plugin with a view model, loaded beside ours in the tests with old browsers."""

import octoprint.plugin


class Neighbor(octoprint.plugin.AssetPlugin, octoprint.plugin.TemplatePlugin):
    def get_assets(self):
        return {"js": ["js/a_neighbor.js"]}


__plugin_name__ = "A neighbor"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = Neighbor()
