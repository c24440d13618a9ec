"""A plugin whose script no browser can read."""

import pathlib

import octoprint.plugin


class SyntaxErrorPlugin(octoprint.plugin.AssetPlugin):
    def get_assets(self):
        folder = pathlib.Path(self._basefolder, "static", "js")
        folder.mkdir(parents=True, exist_ok=True)
        # No file of its own, which our linters would read.
        (folder / "syntax_error.js").write_text("const = 1;\n")
        return {"js": ["js/syntax_error.js"]}


__plugin_name__ = "Syntax error"
__plugin_version__ = "1.0.0"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = SyntaxErrorPlugin()
