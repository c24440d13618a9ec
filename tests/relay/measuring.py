"""What a relay at work adds to its process: a process of its own for test_engines.py.

Arguments: the broker's port, the engine. Prints JSON.
"""

import json
import pathlib
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent))

from octoprint_temp_eta import settings  # noqa: E402
from octoprint_temp_eta.relay import engines  # noqa: E402
from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted  # noqa: E402
from octoprint_temp_eta.relay.worker import Relay  # noqa: E402


def now():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    table = dict(line.split(":", 1) for line in lines)
    names = ("SigCgt", "Threads", "VmSize", "VmRSS")
    return {name: table[name].split()[0] for name in names}


port, name = sys.argv[1:]
wasm = (HERE.parent.parent / "static/wasm/temp_eta_relay.wasm").read_bytes
ladder = [engine for engine in engines.LADDER if engine.name == name]
chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
chosen["mqtt_broker_port"] = int(port)
with tempfile.TemporaryDirectory() as folder:
    relay = Relay(Surroundings(wasm=wasm, folder=folder, version="1", ladder=ladder))
    before, others = now(), set(threading.enumerate())
    relay.follow(Wanted({**settings.DEFAULTS, **chosen}))
    while relay.status()["state"] != "connected":
        time.sleep(0.01)
    for step in range(30):
        heaters = {
            heater: {"actual": 20.0 + step, "target": 200.0}
            for heater in ("tool0", "tool1", "tool2", "bed", "chamber")
        }
        relay.add_temperatures({"time": int(time.time()), **heaters})
        while relay._samples:
            time.sleep(0.01)
    status = relay.status()
    assert (status["state"], status["engine"]) == ("connected", name), status
    names = sorted(it.name for it in set(threading.enumerate()) - others)
    print(json.dumps({"before": before, "after": now(), "names": names}))
    relay.stop()
