"""What the relay costs: engines, the callback while the broker stands still, a farm.

Arguments: port and pid of a mosquitto on this machine. Needs the module that
`npm run build` makes. Prints what, where and figure of each, a line of JSON for one.
"""

import json
import os
import pathlib
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
from octoprint_temp_eta.relay import calculation, engines  # noqa: E402
from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted  # noqa: E402
from octoprint_temp_eta.relay.worker import Relay  # noqa: E402

WASM = ROOT / "static" / "wasm" / "temp_eta_relay.wasm"
HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")
PROFILE = calculation.Profile("bench", tools=3)


def main(port, pid):
    for engine in engines.LADDER:
        line = subprocess.run(
            [sys.executable, __file__, "--engine", engine.name],
            check=True,
            capture_output=True,
            encoding="utf-8",
        )
        print(line.stdout, end="")
    callback(port, pid)
    farm(port)


def tell(what, where, figure):
    print(json.dumps({"what": f"relay: {what}", "where": where, "figure": figure}))


def bench_engine(name):
    """Opens one engine and times 1000 reports; a process of its own, for its memory."""
    [kind] = [engine for engine in engines.LADDER if engine.name == name]
    wasm = WASM.read_bytes()
    size, resident = memory()
    begun = time.perf_counter()
    engine, problems = engines.open_engine(wasm, (kind,))
    opened = time.perf_counter() - begun
    if engine is None:
        tell("engine", name, problems[name])
        return
    relay = calculation.Calculation(engine)
    relay.configure(settings.DEFAULTS)
    relay.equip(PROFILE)
    times = []
    for step in range(1100):
        moment = calculation.Moment(1.8e9 + 2 * step + 0.3, 2.0 * step)
        begun = time.perf_counter()
        relay.ingest([report(1_800_000_000 + 2 * step, step)], moment, True)
        relay.snapshot(moment.elapsed)
        times.append(time.perf_counter() - begun)
    larger, more = memory()
    where = f"{name}, {len(HEATERS)} heaters, full history"
    tell("a report", where, quantiles(times[100:]))
    resident, virtual = (more - resident) / 1024, (larger - size) / 1024
    memory_used = f"{resident:.1f} MB resident, {virtual:.1f} MB virtual"
    tell("engine", name, f"opened in {1000 * opened:.0f} ms, {memory_used}")


def callback(port, pid):
    with tempfile.TemporaryDirectory() as folder:
        relay = new_relay(port, folder, "bench")
        until(lambda: relay.status()["state"] == "connected")
        for label, stands_still in (("connected", False), ("broker stands still", True)):
            if stands_still:
                os.kill(pid, signal.SIGSTOP)
            times = called_by_two(relay)
            where = f"{label}, {len(times)} calls from two threads"
            tell("OctoPrint's callback", where, quantiles(times))
        begun = time.perf_counter()
        relay.stop()
        stopped = f"{time.perf_counter() - begun:.1f} s"
        tell("stopping", "broker stands still", stopped)
        os.kill(pid, signal.SIGCONT)


def called_by_two(relay):
    times = []

    def call():
        for step in range(500):
            row = report(int(time.time()), step)
            begun = time.perf_counter()
            relay.add_temperatures(row)
            times.append(time.perf_counter() - begun)
            time.sleep(0.02)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def farm(port, many=100, seconds=20):
    with tempfile.TemporaryDirectory() as folder:
        before = memory()[1]
        relays = [
            new_relay(port, f"{folder}/{number}", f"Printer {number}")
            for number in range(many)
        ]
        until(lambda: all(it.status()["state"] == "connected" for it in relays), 120)
        added = memory()[1] - before
        cpu, begun = time.process_time(), time.perf_counter()
        step = 0
        while time.perf_counter() - begun < seconds:
            for relay in relays:
                relay.add_temperatures(report(int(time.time()), step))
            step += 1
            time.sleep(2)
        passed = time.perf_counter() - begun
        used = (time.process_time() - cpu) / passed / many
        sent = sum(relay.status()["sent"] for relay in relays)
        where = f"{many} in one process, a report each 2 s, {sent} messages sent"
        figure = f"{1000 * used:.2f} ms of CPU a second, {added / many / 1024:.2f} MB"
        tell("each of a farm", where, figure)
        for relay in relays:
            threading.Thread(target=relay.stop).start()


def new_relay(port, folder, name):
    surroundings = Surroundings(wasm=WASM.read_bytes, folder=folder, version="bench")
    relay = Relay(surroundings)
    chosen = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
    chosen["mqtt_broker_port"] = port
    relay.follow(Wanted({**settings.DEFAULTS, **chosen}, PROFILE, name))
    return relay


def report(stamp, step):
    rates = {"bed": 0.05, "chamber": 0.01}
    heaters = {
        heater: {"actual": 22.0 + rates.get(heater, 0.1) * step, "target": 300.0}
        for heater in HEATERS
    }
    return {"time": stamp, **heaters}


def quantiles(times):
    p99 = statistics.quantiles(times, n=100)[98]
    p50, p99, most = (1e6 * it for it in (statistics.median(times), p99, max(times)))
    return f"p50 {p50:.0f} µs, p99 {p99:.0f} µs, at most {most:.0f} µs"


def memory():
    """This process's virtual and resident memory, in kB."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    table = dict(line.split(":", 1) for line in lines)
    return [int(table[name].split()[0]) for name in ("VmSize", "VmRSS")]


def until(probe, seconds=20):
    deadline = time.monotonic() + seconds
    while not probe():
        if time.monotonic() > deadline:
            raise SystemExit("the relay did not connect")
        time.sleep(0.05)


if __name__ == "__main__":
    if sys.argv[1] == "--engine":
        bench_engine(sys.argv[2])
    else:
        main(*map(int, sys.argv[1:]))
