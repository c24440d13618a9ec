"""Hides the packages for MQTT publishing from Python, for the end-to-end tests."""

import sys

sys.modules.update(dict.fromkeys(("paho", "wasmtime", "wasm3")))

__plugin_name__ = "Nothing there"
__plugin_pythoncompat__ = ">=3.9,<4"
