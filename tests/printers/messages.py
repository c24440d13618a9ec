"""Turns what printers said into the socket messages that OctoPrint would have sent.

Reads ``[{"file": …, "profile": {…}}, …]`` from standard input, and writes a list of
messages for each: ``{"at": seconds, "message": …}``. OctoPrint's own code decides what a
line means, and what a command that it sends changes. ``tests/data/printers/README.md``
is about the files.
"""

import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace

from octoprint.util.comm import MachineCom, TemperatureRecord

from tests.printers.from_serial_log import reports_temperatures

START = 1_800_000_000  # server time of second 0 of a recording
DELAY = 0.3  # s from a line to the message with its temperatures


class WithoutPort(MachineCom):
    """Its usual constructor starts threads, and asks for settings and plugins."""

    def __init__(self):
        self._currentTool = 0
        self._temperature_hooks = {}
        self._firmware_capabilities = {}
        self._capability_support = {}
        self._known_invalid_custom_temps = set()
        self._logger = logging.getLogger("octoprint.util.comm")
        self.last_temperature = TemperatureRecord()

    def __del__(self):
        pass


class Listener:
    """Hears lines, and keeps the messages that OctoPrint would send."""

    def __init__(self, profile):
        self.messages = []
        self._at = 0.0
        printer_profile = {
            "extruder": {
                "count": profile.get("tools", 1),
                "sharedNozzle": profile.get("shared", False),
            },
            "heatedBed": profile.get("bed", True),
            "heatedChamber": profile.get("chamber", False),
        }
        self._com = WithoutPort()
        self._com._callback = SimpleNamespace(on_comm_temperature_update=self._send)
        self._com._printerProfileManager = SimpleNamespace(
            get_current_or_default=lambda: printer_profile
        )

    def hear(self, at, line):
        self._at = at
        if line.startswith("> "):
            self._note_command(line[2:])
        elif reports_temperatures(line):
            self._com._processTemperatures(line)
            record = self._com.last_temperature
            self._send(record.tools, record.bed, record.chamber, record.custom)

    def _note_command(self, command):
        code = command.split()[0]
        if code[0] == "T":
            self._com._currentTool = int(code[1:])
        else:
            getattr(self._com, f"_gcode_{code}_sent")(command)

    def _send(self, tools, bed, chamber, custom):
        heaters = {f"tool{number}": values for number, values in tools.items()}
        heaters.update(bed=bed, chamber=chamber, **custom)
        row = {
            name: {"actual": actual, "target": target}
            for name, (actual, target) in heaters.items()
        }
        flags = {"operational": True, "printing": False}
        message = {
            "serverTime": START + self._at + DELAY,
            "temps": [{"time": int(START + self._at), **row}],
            "state": {"flags": flags},
            "progress": {"filepos": None},
        }
        self.messages.append({"at": self._at, "message": message})


def convert(file, profile):
    listener = Listener(profile)
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        at, said = line.split("\t", 1)
        listener.hear(float(at), said)
    return listener.messages


if __name__ == "__main__":
    # Names that OctoPrint does not take, such as C without a chamber.
    logging.disable()
    json.dump([convert(**recording) for recording in json.load(sys.stdin)], sys.stdout)
