"""A relay in a process of its own, which can be killed.

As a program it does what it is told, one line of JSON each: {"row": what OctoPrint says
of its temperatures} or {"wanted": the arguments of `Wanted`}. Its argument is a folder
for what is kept.
"""

import json
import pathlib
import subprocess
import sys
import time

VERSION, URL = "1.2.3", "https://example.invalid/plugin"

HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")

# °C per second; a chamber that warms up faster than that would be a sauna.
RATES = {"bed": 0.5, "chamber": 0.2}
RATE, START, TARGET = 2.0, 22.0, 200.0

# OctoPrint's usual pace is one report in 2 s.
EVERY_S = 0.5


class Printer:
    """Heaters that warm up, and the relay that publishes them to a broker's `port`."""

    def __init__(self, folder, port, name="Ender"):
        self._folder = folder
        self._process = None
        self._begun = time.monotonic()
        self._wanted = {"appearance_name": name, "tools": 3}
        self._changes = {"mqtt_enabled": True, "mqtt_broker_port": port}
        self.start()

    def start(self):
        program = [sys.executable, __file__, str(self._folder)]
        self._process = subprocess.Popen(program, stdin=subprocess.PIPE, text=True)
        self.want()

    def want(self, name=None, tools=None, **changes):
        """Change the printer's name, how many tools it has, or settings."""
        given = {"appearance_name": name, "tools": tools}
        self._wanted.update({key: value for key, value in given.items() if value})
        self._changes.update(changes)
        self._tell(wanted={**self._wanted, "settings": self._changes})

    def heat(self, *heaters):
        """One report of `heaters`, each of them as warm as it has become by now."""
        passed = time.monotonic() - self._begun
        row = {}
        for heater in heaters or HEATERS:
            actual = min(START + RATES.get(heater, RATE) * passed, TARGET)
            row[heater] = {"actual": actual, "target": TARGET}
        self.report(row)

    def report(self, row):
        """What OctoPrint says; nothing of any heater when the printer has gone."""
        self._tell(row={"time": int(time.time()), **row})

    def until(self, probe, *heaters, seconds=20.0, what="answer"):
        """Heats until there is a true answer from `probe`, and returns that."""
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
        """End as OctoPrint does, with a good-bye to the broker."""
        if self._process.poll() is None:
            self._process.stdin.close()
            self._process.wait(10)

    def _tell(self, **what):
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()


def main(folder):
    import without_octoprint

    from octoprint_temp_eta import settings
    from octoprint_temp_eta.relay.calculation import Profile
    from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted
    from octoprint_temp_eta.relay.worker import Relay

    wasm = without_octoprint.WASM.read_bytes
    relay = Relay(Surroundings(wasm=wasm, folder=folder, version=VERSION, url=URL))
    for line in sys.stdin:
        told = json.loads(line)
        if "row" in told:
            relay.add_temperatures(told["row"])
            continue
        wanted = told["wanted"]
        usual = {**settings.DEFAULTS, "mqtt_broker_host": "127.0.0.1"}
        relay.follow(
            Wanted(
                {**usual, **wanted["settings"]},
                Profile(tools=wanted["tools"]),
                wanted["appearance_name"],
            )
        )
    relay.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    main(sys.argv[1])
