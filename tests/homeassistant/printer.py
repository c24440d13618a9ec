"""An MQTT service in a process of its own, which can be killed.

As a program it reads commands, one line of JSON each: {"row": OctoPrint's temperatures}
or {"config": the arguments of `Config`}. Its argument is the data folder.
"""

import json
import pathlib
import subprocess
import sys
import time

VERSION, URL = "1.2.3", "https://example.invalid/plugin"

# The entities of the whole printer, by their unique ids without the printer's.
OF_PRINTER = {"printer_at", "event"}

HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")

# Heating rates in °C/s.
RATES = {"bed": 0.5, "chamber": 0.2}
RATE, START, TARGET = 2.0, 22.0, 200.0

# Time between two reports, in s; OctoPrint's default is 2 s.
EVERY_S = 0.5


class Printer:
    """Heaters that warm up, published to the broker at `port`."""

    def __init__(self, folder, port, name="Ender"):
        self._folder = folder
        self._process = None
        self._begun = time.monotonic()
        self._config = {"appearance_name": name, "tools": 3}
        self._changes = {"mqtt_enabled": True, "mqtt_broker_port": port}
        self.start()

    def start(self):
        program = [sys.executable, __file__, str(self._folder)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, text=True)
        self.configure()

    def configure(self, name=None, tools=None, **changes):
        """Change the printer's name, its number of tools, or settings."""
        given = {"appearance_name": name, "tools": tools}
        self._config.update({key: value for key, value in given.items() if value})
        self._changes.update(changes)
        self._send(config={**self._config, "settings": self._changes})

    def heat(self, *heaters):
        """Report the current temperatures of `heaters`."""
        passed = time.monotonic() - self._begun
        row = {}
        for heater in heaters or HEATERS:
            actual = min(START + RATES.get(heater, RATE) * passed, TARGET)
            row[heater] = {"actual": actual, "target": TARGET}
        self.report(row)

    def report(self, row):
        """Report `row`; an empty one means that the printer is disconnected."""
        self._send(row={"time": int(time.time()), **row})

    def until(self, probe, *heaters, seconds=20.0, what="answer"):
        """Heat until `probe` returns something true, and return that."""
        deadline = time.monotonic() + seconds
        while True:
            self.heat(*heaters)
            answer = probe()
            if answer:
                return answer
            assert time.monotonic() < deadline, f"no {what} within {seconds} s"
            time.sleep(EVERY_S)

    def kill(self):
        self._process.kill()
        self._process.wait(10)

    def close(self):
        """End like OctoPrint, which goes offline at the broker."""
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(10)

    def _send(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


def main(folder):
    import without_octoprint

    from octoprint_temp_eta import settings
    from octoprint_temp_eta.calculation.context import Config, Context
    from octoprint_temp_eta.calculation.core_abi import Profile

    wasm = without_octoprint.WASM.read_bytes
    service = without_octoprint.mqtt_service(
        Context(wasm=wasm, folder=folder, version=VERSION, url=URL)
    )
    for line in sys.stdin:
        command = json.loads(line)
        if "row" in command:
            service.add_temperatures(command["row"])
            continue
        config = command["config"]
        usual = {**settings.DEFAULTS, "mqtt_broker_host": "127.0.0.1"}
        service.configure(
            Config(
                {**usual, **config["settings"]},
                Profile(tools=config["tools"]),
                config["appearance_name"],
            )
        )
    service.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    main(sys.argv[1])
