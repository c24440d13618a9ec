"""Times the plugin's printer callback in a real OctoPrint, for the end-to-end tests.

`GET /api/plugin/callback_timer` calls it from two threads, as OctoPrint does, and returns
the times in s, by how much a thread that sleeps in between was late, and the names of all
threads.
"""

import threading
import time

import flask
import octoprint.plugin

CALLS, PAUSE_S = 250, 0.01


class CallbackTimer(octoprint.plugin.SimpleApiPlugin):
    def is_api_protected(self):
        return True

    def on_api_get(self, request):
        plugin = self._plugin_manager.get_plugin_info("temp_eta").implementation
        times, late = [], []
        threads = [
            threading.Thread(target=self._call, args=(plugin._listener, times, late))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        names = sorted(thread.name for thread in threading.enumerate())
        return flask.jsonify(
            {"times": sorted(times), "late": sorted(late), "threads": names}
        )

    def _call(self, listener, times, late):
        # The core ignores a row without a time.
        row = {"bed": {"actual": 20.0, "target": 0.0}}
        for _ in range(CALLS):
            begun = time.perf_counter()
            listener.on_printer_add_temperature(row)
            ended = time.perf_counter()
            times.append(ended - begun)
            time.sleep(PAUSE_S)
            late.append(time.perf_counter() - ended - PAUSE_S)


__plugin_name__ = "Callback timer"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = CallbackTimer()
