"""Reports a filament dryer that heats, and a sensor, as firmware or a plugin may."""

import time

# In °C, and °C/s: it heats for longer than any test takes.
AMBIENT, TARGET, RATE = 22.0, 250.0, 0.12


class CustomHeaters:
    def __init__(self):
        self._since = time.monotonic()

    def add(self, comm, temperatures, *args, **kwargs):
        actual = AMBIENT + RATE * (time.monotonic() - self._since)
        # Actual and target.
        custom = {"dryer": (min(actual, TARGET), TARGET), "rpi": (48.5, None)}
        return {**temperatures, **custom}


__plugin_name__ = "Custom heaters"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_hooks__ = {"octoprint.comm.protocol.temperatures.received": CustomHeaters().add}
