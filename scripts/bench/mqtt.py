"""Measures MQTT publishing: runtimes, callbacks, a stalled broker.

Arguments: port and pid of a mosquitto on this machine. Needs the output of
`npm run build`. Prints what, where and figure of each measurement as a line of JSON.
"""

import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from octoprint_temp_eta import settings  # noqa: E402
from octoprint_temp_eta.calculation import core_abi, runtimes  # noqa: E402
from octoprint_temp_eta.calculation.context import Config, Context  # noqa: E402
from octoprint_temp_eta.calculation.service import CalculationService  # noqa: E402
from octoprint_temp_eta.mqtt.outlet import MqttOutlet  # noqa: E402

WASM = ROOT / "static" / "wasm" / "temp_eta_server.wasm"
HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")
PROFILE = core_abi.Profile("bench", tools=3)


def main(port, pid):
    for runtime in runtimes.RUNTIMES:
        line = subprocess.run(
            [sys.executable, __file__, "--runtime", runtime.name],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        print(line.stdout, end="")
    callback(port, pid)


def tell(what, where, figure):
    print(json.dumps({"what": f"mqtt: {what}", "where": where, "figure": figure}))


def bench_runtime(name):
    """Open one runtime and time 1000 reports, in a process of its own for its memory."""
    [kind] = [runtime for runtime in runtimes.RUNTIMES if runtime.name == name]
    wasm = WASM.read_bytes()
    before = memory()
    begun = time.perf_counter()
    runtime, problems = runtimes.open_runtime(wasm, (kind,))
    opened = time.perf_counter() - begun
    if runtime is None:
        tell("runtime", name, problems[name])
        return
    core = core_abi.Core(runtime)
    core.configure(settings.DEFAULTS)
    core.set_profile(PROFILE)
    times = []
    for step in range(1100):
        moment = core_abi.Moment(1.8e9 + 2 * step + 0.3, 2.0 * step)
        begun = time.perf_counter()
        core.ingest([report(1_800_000_000 + 2 * step, step)], moment, True)
        core.snapshot(moment.elapsed)
        times.append(time.perf_counter() - begun)
    resident = (memory() - before) / 1024
    where = f"{name}, {len(HEATERS)} heaters, full history"
    tell("a report", where, quantiles(times[100:]))
    tell("runtime", name, f"opened in {1000 * opened:.0f} ms, {resident:.1f} MB")


def callback(port, pid):
    with tempfile.TemporaryDirectory() as folder:
        service = new_service(port, folder, "bench")
        until(lambda: service.outlets["mqtt"].status["state"] == "connected")
        for label, is_stalled in (("connected", False), ("broker stalled", True)):
            if is_stalled:
                os.kill(pid, signal.SIGSTOP)
            times = called_by_two(service)
            where = f"{label}, {len(times)} calls from two threads"
            tell("OctoPrint's callback", where, quantiles(times))
        begun = time.perf_counter()
        service.stop()
        stopped = f"{time.perf_counter() - begun:.1f} s"
        tell("stopping", "broker stalled", stopped)
        os.kill(pid, signal.SIGCONT)


def called_by_two(service):
    times = []

    def call():
        for step in range(500):
            row = report(int(time.time()), step)
            begun = time.perf_counter()
            service.add_temperatures(row)
            times.append(time.perf_counter() - begun)
            time.sleep(0.02)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def new_service(port, folder, name):
    context = Context(wasm=WASM.read_bytes, folder=folder, version="bench")
    service = CalculationService(
        context, lambda wake: {"mqtt": MqttOutlet(context, wake)}
    )
    chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
    chosen["mqtt_broker_port"] = port
    service.configure(Config({**settings.DEFAULTS, **chosen}, PROFILE, name))
    return service


def report(stamp, step):
    rates = {"bed": 0.05, "chamber": 0.01}
    heaters = {
        heater: {"actual": 22.0 + rates.get(heater, 0.1) * step, "target": 270.0}
        for heater in HEATERS
    }
    return {"time": stamp, **heaters}


def quantiles(times):
    p99 = statistics.quantiles(times, n=100)[98]
    p50, p99, most = (1e6 * it for it in (statistics.median(times), p99, max(times)))
    return f"p50 {p50:.0f} µs, p99 {p99:.0f} µs, at most {most:.0f} µs"


def memory():
    """This process's resident memory, in kB."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def until(probe, seconds=20):
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            raise SystemExit("the service did not connect")
        time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "--runtime":
        bench_runtime(sys.argv[2])
    else:
        main(*map(int, sys.argv[1:]))
