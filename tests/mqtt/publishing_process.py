"""Publishes until it is killed, for test_connection.py.

Arguments: the broker's port, and the data folder.
"""

import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parent.parent / "homeassistant"))

# Starting OctoPrint's plugin would take longer than the test.
import without_octoprint  # noqa: E402

from octoprint_temp_eta import settings  # noqa: E402
from octoprint_temp_eta.calculation.context import Config, Context  # noqa: E402

port, folder = sys.argv[1:]
wasm = without_octoprint.WASM.read_bytes
service = without_octoprint.mqtt_service(
    Context(wasm=wasm, folder=folder, version="1.2.3")
)
chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
chosen["mqtt_broker_port"] = int(port)
service.configure(Config({**settings.DEFAULTS, **chosen}, appearance_name="Ender"))
actual = 20.0
while True:
    actual += 0.5
    bed = {"actual": actual, "target": 200.0}
    service.add_temperatures({"time": int(time.time()), "bed": bed})
    time.sleep(0.5)
