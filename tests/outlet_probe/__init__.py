"""Shows what other plugins see of the outlets, for the end-to-end tests.

`GET /api/plugin/outlet_probe` returns the plugin's events since the start, the messages
sent to the printer's display, and what there is for the calculation on the server: its
threads, printer callbacks, and imported packages. `virtual_printer` is the number of
threads that the virtual printer starts for each connection and never ends. With `?trim`,
unused memory is first returned to the system.
"""

import ctypes
import gc
import re
import sys
import threading

import flask
import octoprint.plugin
from octoprint.printer import PrinterCallback

SENT = re.compile(r"(?:Send:|>>>) (?:N\d+ )?(M11[78].*?)(?:\*\d+)?$")


def _is_virtual(thread):
    timed = getattr(thread, "function", None)
    return "virtual_printer" in (getattr(timed, "__module__", None) or "")


class OutletProbe(
    octoprint.plugin.SimpleApiPlugin,
    octoprint.plugin.EventHandlerPlugin,
    octoprint.plugin.StartupPlugin,
    PrinterCallback,
):
    def __init__(self):
        super().__init__()
        self._events = []
        self._sent = []

    def on_after_startup(self):
        self._printer.register_callback(self)

    def on_printer_add_log(self, data):
        match = SENT.match(data)
        if match:
            self._sent.append(match[1])

    def on_event(self, event, payload):
        if event.startswith("plugin_temp_eta_"):
            self._events.append([event, payload])

    def is_api_protected(self):
        return True

    def on_api_get(self, request):
        if "trim" in request.args:
            gc.collect()
            ctypes.CDLL(None).malloc_trim(0)
        plugin = self._plugin_manager.get_plugin_info("temp_eta").implementation
        callbacks = self._printer._callbacks
        threads = threading.enumerate()
        names = [thread.name for thread in threads]
        packages = [it for it in ("paho", "wasmtime", "wasm3") if it in sys.modules]
        return flask.jsonify(
            {
                "events": self._events,
                "sent": self._sent,
                "threads": sorted(name for name in names if name.startswith("temp_eta")),
                "virtual_printer": [_is_virtual(it) for it in threads].count(True),
                "callbacks": [it is plugin._listener for it in callbacks].count(True),
                "packages": packages,
            }
        )


__plugin_name__ = "Outlet probe"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = OutletProbe()
