"""A plugin that brings an algorithm for Temperature ETA along, as small as it can be."""

import octoprint.plugin


class SampleAlgorithmPlugin(octoprint.plugin.AssetPlugin):
    def get_assets(self):
        return {"js": ["js/sample_algorithm.js"]}


__plugin_name__ = "Sample algorithm"
__plugin_version__ = "1.0.0"
__plugin_description__ = "Takes the line through the first and the newest reading"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = SampleAlgorithmPlugin()
