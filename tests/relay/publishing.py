"""Publishes until it is killed: a process of its own for test_link.py.

Arguments: the broker's port, and a folder for what is kept.
"""

import pathlib
import sys
import time

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent.parent), str(HERE)]

from octoprint_temp_eta import settings  # noqa: E402
from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted  # noqa: E402
from octoprint_temp_eta.relay.worker import Relay  # noqa: E402

port, folder = sys.argv[1:]
wasm = HERE.parent.parent / "static" / "wasm" / "temp_eta_relay.wasm"
relay = Relay(Surroundings(wasm=wasm.read_bytes, folder=folder, version="1.2.3"))
chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
chosen["mqtt_broker_port"] = int(port)
relay.follow(Wanted({**settings.DEFAULTS, **chosen}, appearance_name="Ender"))
actual = 20.0
while True:
    actual += 0.5
    bed = {"actual": actual, "target": 200.0}
    relay.add_temperatures({"time": int(time.time()), "bed": bed})
    time.sleep(0.5)
