"""A printer at the port RECORDED that says what is in tests/data/printers, for the
end-to-end tests.

`POST /api/plugin/recorded_printer` with the command `play` chooses the `file` that the
next connection plays, `speed` times as fast as it was. What was said before second
`since` has happened already: it is in OctoPrint's temperature history. With `held` the
rest begins with the command `start`, which goes on at another `speed` if one is given.
`GET` returns how many lines are left.
"""

import time
from collections import deque
from pathlib import Path
from threading import Condition

import flask
import octoprint.plugin

PORT = "RECORDED"
COMMAND = "> "


class Recording:
    """The lines of a file, as far as they are not said yet, and when they are due."""

    def __init__(self, file, since, speed, held):
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        said = [line.split("\t", 1) for line in lines]
        self.lines = deque((float(at), text) for at, text in said)
        self._since, self._speed = since, speed
        self._begun, self._is_held = time.time(), held

    def start(self, speed=None):
        now = time.time()
        if not self._is_held:
            self._since += (now - self._begun) * self._speed
        self._begun, self._is_held = now, False
        self._speed = speed or self._speed

    def due(self, at):
        """The time when what was said at second `at` is due, in s since 1970."""
        return self._begun + (at - self._since) / self._speed

    def take_past(self):
        """The due times and texts of what has happened already."""
        while self.lines and self.lines[0][0] < self._since:
            at, text = self.lines.popleft()
            if text.startswith(COMMAND):
                raise ValueError(f"a command before second {self._since}: {text}")
            yield self.due(at), text

    def wait(self):
        """Seconds until the next line is due; None if that is not known."""
        if self._is_held or not self.lines:
            return None
        return self.due(self.lines[0][0]) - time.time()


class RecordedSerial:
    """What OctoPrint needs of a serial port. All it sends is acknowledged at once."""

    def __init__(self, recording, send):
        self.port, self.baudrate = PORT, 115200
        self.timeout, self.write_timeout = 1.0, 1.0
        self._recording, self._send = recording, send
        self._answers = deque()
        self._news = Condition()
        self._is_open = True

    def write(self, data):
        with self._news:
            self._answers.append("ok")
            self._news.notify()
        return len(data)

    def readline(self, *args):
        end = time.time() + (self.timeout or 1.0)
        with self._news:
            while self._is_open and time.time() < end:
                text = self._next()
                if text is not None:
                    return f"{text}\n".encode()
                left = self._recording.wait()
                until_end = end - time.time()
                self._news.wait(until_end if left is None else min(left, until_end))
        return b""

    def _next(self):
        if self._answers:
            return self._answers.popleft()
        left = self._recording.wait()
        if left is None or left > 0:
            return None
        _, text = self._recording.lines.popleft()
        if text.startswith(COMMAND):
            self._send(text[len(COMMAND) :])
            return None
        return text

    def close(self):
        with self._news:
            self._is_open = False
            self._news.notify()


class RecordedPrinter(octoprint.plugin.SimpleApiPlugin):
    _wanted = None
    _recording = None

    def is_api_protected(self):
        return True

    def get_api_commands(self):
        return {"play": ["file"], "start": []}

    def on_api_command(self, command, data):
        if command == "start":
            self._recording.start(data.get("speed"))
        else:
            since, speed = data.get("since", 0), data.get("speed", 1)
            self._wanted = (data["file"], since, speed, data.get("held", False))
        return flask.jsonify({})

    def on_api_get(self, request):
        return flask.jsonify({"left": len(self._recording.lines)})

    def connect(self, comm, port, *args):
        if port != PORT:
            return None
        self._recording = recording = Recording(*self._wanted)
        history = self._printer._temps
        history._data.clear()
        for due, text in recording.take_past():
            comm._processTemperatures(text)
            history.append({"time": int(due), **values(comm.last_temperature)})
        return RecordedSerial(recording, self._printer.commands)

    def port_names(self, *args):
        return [PORT]


def values(record):
    """The temperatures of a row of OctoPrint's history."""
    heaters = {f"tool{number}": pair for number, pair in record.tools.items()}
    heaters.update(bed=record.bed, chamber=record.chamber, **record.custom)
    return {
        name: {"actual": actual, "target": target}
        for name, (actual, target) in heaters.items()
    }


__plugin_name__ = "Recorded printer"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = RecordedPrinter()
__plugin_hooks__ = {
    "octoprint.comm.transport.serial.factory": __plugin_implementation__.connect,
    "octoprint.comm.transport.serial.additional_port_names": (
        __plugin_implementation__.port_names
    ),
}
