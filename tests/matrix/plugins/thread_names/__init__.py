"""Tells the tests what OctoPrint's process has: its threads by name, modules of ours."""

import sys
import threading

import flask
import octoprint.plugin


class ThreadNames(octoprint.plugin.SimpleApiPlugin):
    def is_api_protected(self):
        return True

    def on_api_get(self, request):
        threads = sorted(thread.name for thread in threading.enumerate())
        modules = sorted(name for name in sys.modules if "temp_eta" in name)
        return flask.jsonify({"threads": threads, "modules": modules})


__plugin_name__ = "Thread names"
__plugin_version__ = "1.0.0"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = ThreadNames()
