"""Measures what a running service adds to its process, for test_runtimes.py.

Arguments: the broker's port, the runtime's name. Prints JSON.
"""

import json
import pathlib
import sys
import tempfile
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parent.parent / "homeassistant"))

import without_octoprint  # noqa: E402

from octoprint_temp_eta import settings  # noqa: E402
from octoprint_temp_eta.calculation import runtimes  # noqa: E402
from octoprint_temp_eta.calculation.context import Config, Context  # noqa: E402


def now():
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    table = dict(line.split(":", 1) for line in lines)
    names = ("SigCgt", "Threads", "VmSize", "RssAnon")
    return {name: table[name].split()[0] for name in names}


port, name = sys.argv[1:]
wasm = without_octoprint.WASM.read_bytes
only = [runtime for runtime in runtimes.RUNTIMES if runtime.name == name]
chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
chosen["mqtt_broker_port"] = int(port)
with tempfile.TemporaryDirectory() as folder:
    context = Context(wasm=wasm, folder=folder, version="1", runtimes=only)
    service = without_octoprint.mqtt_service(context)
    # The C library handles a signal of its own from the first thread on.
    first = threading.Thread(target=str)
    first.start()
    first.join()
    while now()["Threads"] != "1":
        time.sleep(0.01)
    before, others = now(), set(threading.enumerate())
    service.configure(Config({**settings.DEFAULTS, **chosen}))
    while service.outlets["mqtt"].status["state"] != "connected":
        time.sleep(0.01)
    for step in range(30):
        heaters = {
            heater: {"actual": 20.0 + step, "target": 200.0}
            for heater in ("tool0", "tool1", "tool2", "bed", "chamber")
        }
        service.add_temperatures({"time": int(time.time()), **heaters})
        while service._samples:
            time.sleep(0.01)
    status = service.status()
    assert status["engine"] == name, status
    names = sorted(it.name for it in set(threading.enumerate()) - others)
    print(json.dumps({"before": before, "after": now(), "names": names}))
    service.stop()
