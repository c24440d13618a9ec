"""The printer's display: the time left, by M117, while a heater is waited for.

While the firmware waits for a temperature itself (M109, M190), it takes no other command,
and what is sent waits in OctoPrint's queue. So a message is only sent when the previous
one has left that queue. And as the display shows the same all the while, a countdown
would be wrong: in a print job it is the time of day at which the heater is ready.
"""

import re
import unicodedata
from datetime import datetime

from ..heaters import tool_index

# Shortest time between two messages, in s.
INTERVAL_S = 5.0

WAITS_IN = ("heating", "stalled", "soaking")

# What OctoPrint's terminal says of a command that was sent, before 2.0 and since, with a
# line number and a checksum or without.
SENT = re.compile(r"(?:Send:|>>>) (?:N\d+ )?(\w+) ?(.*?)(?:\*\d+)?$")

# Once this many others were sent, or after so many s without a print job, a message is
# not in the queue any more: a plugin has removed or changed it.
MOST_BETWEEN = 20
LONGEST_QUEUED_S = 60.0

# Why a heater on its way is not waited for: it is too near, or its owner wants no time.
NOT_AWAITED = ("near_target", "disabled", "printing")

# Firmware takes no others, or they end a command.
UNPRINTABLE = re.compile(r"[^ -~]|[;*]")


class DisplayOutlet:
    """Sends the times to the display, and clears it at the end.

    `send` takes a command, and returns whether that was queued. `elapsed` is a monotonic
    time in s. `wake` is called when there is something to do.
    """

    def __init__(self, send, elapsed, wake):
        self._send = send
        self._elapsed = elapsed
        self._wake = wake
        self._sent_at = None
        # What we have queued, and how many other commands were sent after that; and what
        # of ours the display shows.
        self._queued = None
        self._others = 0
        self._shown = ""
        # What it is to show.
        self._wanted = ""

    def log(self, line):
        """Take a `line` of OctoPrint's terminal; may be called from any thread."""
        match = SENT.match(line)
        if not match:
            return
        command, text = match.groups()
        # A line may be sent again; another's text is not ours to clear.
        if command == "M117" and text != self._shown:
            self._shown = text if text == self._queued else ""
        if command == "M117" and text == self._queued:
            self._queued = None
            self._wake()
        elif self._queued is not None:
            self._others += 1

    @property
    def due_in(self):
        if self._wanted == self._shown or self._queued is not None:
            return None
        return self._wait()

    def publish(self, step):
        if not step.rows:
            # No printer: what it shows, and what was queued, is gone.
            self._forget()
        self._wanted = "" if step.job in ("waits", "prints") else text(step)
        if self._is_lost(step.job):
            self._queued = None
        if self._wanted != self._shown and self._queued is None and not self._wait():
            self._queue()

    def end(self):
        """Clear the display, if it shows something of ours or is about to."""
        shows = self._shown if self._queued is None else self._queued
        if shows:
            self._send("M117")
        self._forget()
        return True

    def close(self, clear_all):
        self.end()

    def _is_lost(self, job):
        """Whether what was queued never went out."""
        if self._queued is None:
            return False
        waited = self._elapsed() - self._sent_at
        return self._others >= MOST_BETWEEN or (
            job == "none" and waited >= LONGEST_QUEUED_S
        )

    def _forget(self):
        self._queued, self._shown, self._wanted = None, "", ""

    def _wait(self):
        """Return the seconds until the next message may be sent."""
        if self._sent_at is None:
            return 0.0
        return max(0.0, self._sent_at + INTERVAL_S - self._elapsed())

    def _queue(self):
        # Before that, as it may be sent at once.
        self._queued, self._others = self._wanted, 0
        # If it is refused, that is tried again as late as after another.
        self._sent_at = self._elapsed()
        if not self._send(f"M117 {self._wanted}".rstrip()):
            self._queued = None


def text(step):
    """Return what the display is to show; empty if no heater is waited for.

    If that does not fit, it is what takes longest.
    """
    rows = [row for row in step.rows if _is_awaited(row)]
    rows.sort(key=_remaining, reverse=True)
    if step.job != "none":
        rows = [row for row in rows if row.remaining is not None]
    length = step.config.settings["display_length"]
    shown = ""
    for row in rows:
        time = _time(row) if step.job == "none" else _ready_at(row, step.moment.wall)
        part = f"{label(row.heater, step.config)} {time}"
        longer = f"{shown} {part}" if shown else part[-length:]
        if len(longer) > length:
            break
        shown = longer
    return shown


def label(heater, config):
    """Return the short name of `heater`, in ASCII."""
    index = tool_index(heater)
    if index is not None:
        return f"T{index}" if config.profile.tools > 1 else "T"
    if heater in ("bed", "chamber"):
        return {"bed": "Bed", "chamber": "Ch"}[heater]
    return _printable(config.name_of(heater)) or _printable(heater) or "?"


def _printable(name):
    # "Düse" as "Duse".
    plain = unicodedata.normalize("NFKD", name)
    return UNPRINTABLE.sub("", plain).strip()


def _is_awaited(row):
    is_on_its_way = row.phase in WAITS_IN or (row.phase == "cooling" and row.target > 0)
    return is_on_its_way and row.reason not in NOT_AWAITED


def _remaining(row):
    """The seconds until the heater is ready, and soaked."""
    return float("inf") if row.remaining is None else row.remaining + (row.soak or 0.0)


def _time(row):
    if row.remaining is None:
        return "?"
    minutes, seconds = divmod(round(_remaining(row)), 60)
    hours, minutes_of_hour = divmod(minutes, 60)
    return f"{hours}h{minutes_of_hour:02}" if hours else f"{minutes}:{seconds:02}"


def _ready_at(row, wall):
    return datetime.fromtimestamp(wall + _remaining(row)).strftime("@%H:%M")
