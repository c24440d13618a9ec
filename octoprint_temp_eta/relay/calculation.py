"""The calculation, behind numbers: the other side of src/bindings/relay.rs.

It says and takes what the class in the browser does, in Python's types. It is not safe
for threads: one owns it.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple, Optional

from .engines import EngineError

ABI = 1

PHASES = ("idle", "heating", "stalled", "at_target", "cooling", "cooled_down")
REASONS = (
    "no_goal",
    "near_target",
    "measuring",
    "no_progress",
    "too_slow",
    "moving_away",
    "levels_off",
    "too_long",
    "no_recent_reading",
    "printing",
    "disabled",
)
ALGORITHMS = ("linear", "exponential", "adaptive")
COOLDOWN_MODES = ("threshold", "ambient")

# In the order in which the module takes them.
SETTINGS = (
    "enabled",
    "algorithm",
    "update_interval",
    "min_rate",
    "max_eta",
    "history_size",
    "enable_heating_eta",
    "enable_cooldown_eta",
    "threshold_start",
    "target_band",
    "cooldown_mode",
    "cooldown_target_tool0",
    "cooldown_target_bed",
    "cooldown_target_chamber",
    "cooldown_ambient_temp",
    "cooldown_hysteresis_c",
    "cooldown_fit_window_seconds",
    "suppress_while_printing",
)

BED, CHAMBER, FIRST_NAMED = 256, 257, 258
MOST_TOOLS = 256

# No heater: what the module passes over.
NOBODY = -1

# Most heaters that are neither tools nor bed nor chamber, and most names in a row. No
# printer has as many; firmware chatter can have any number.
MOST_NAMED = 32
MOST_NAMES = 64

# More heaters than that do not learn something at once.
MOST_TAUGHT = 64

# Longest name of a heater, in bytes of UTF-8.
LONGEST_NAME = 64

# Stands for what there is not, and for what should be a number and is none.
ABSENT, JUNK = math.nan, math.inf


class Row(NamedTuple):
    """One heater: temperatures in °C, times in s, rate in °C/s; None where there is
    none.
    """

    heater: str
    phase: str
    actual: float
    target: float
    goal: Optional[float]
    remaining: Optional[float]
    low: Optional[float]
    high: Optional[float]
    reason: Optional[str]
    rate: Optional[float]


@dataclass(frozen=True)
class Profile:
    """What OctoPrint's printer profile says there is; `id` tells it from other
    printers'.
    """

    id: str = "_default"
    tools: int = 1
    bed: bool = True
    chamber: bool = True

    def has(self, heater):
        """Whether it has `heater`; those with a name of their own belong to every
        printer.
        """
        index = _tool(heater)
        if index is not None:
            return index < self.tools
        return {"bed": self.bed, "chamber": self.chamber}.get(heater, True)


@dataclass(frozen=True)
class Moment:
    """When something arrived: the server's clock and its elapsed time, in seconds."""

    wall: float
    elapsed: float


@dataclass(frozen=True)
class Job:
    """Whether a print job is under way, and how far its file has been read, in bytes."""

    printing: bool
    position: Optional[float] = None


class Calculation:
    """A printer's heaters, followed by an engine's wasm.

    Every method raises `EngineError` when that has broken down: then a new one is needed.
    """

    def __init__(self, engine):
        self.engine = engine
        abi = engine.call("eta_abi")
        if abi != ABI:
            raise EngineError(f"the wasm is of form {abi}, not {ABI}")
        self._mailbox = engine.call("eta_mailbox")
        self._capacity = engine.call("eta_capacity")
        self._named = []

    def configure(self, settings):
        """Follow the plugin's `settings` from now on."""
        self._send("eta_configure", [_setting(key, settings[key]) for key in SETTINGS])

    def equip(self, profile):
        """Tell only of heaters that `profile` has."""
        tools = min(profile.tools, MOST_TOOLS - 1)
        self._send("eta_equip", [tools, profile.bed, profile.chamber])

    def recall(self, heater, lessons):
        """Recall what `heater` has taught earlier; False if that cannot be true."""
        numbers = [self._number(heater), *lessons]
        return len(numbers) <= self._capacity and bool(self._call("eta_recall", numbers))

    def ingest(self, rows, moment, operational=None, job=None):
        """Take `rows` of OctoPrint's temperatures, the oldest first, that arrived at
        `moment`.

        Returns what heaters have taught with it: lists of numbers to be kept, by heater.
        """
        head = [
            moment.wall,
            moment.elapsed,
            ABSENT if operational is None else operational,
            ABSENT if job is None else job.printing,
            ABSENT if job is None or job.position is None else job.position,
        ]
        taught = {}
        numbers = list(head)
        for row in map(self._row, rows):
            if len(numbers) + len(row) > self._capacity:
                taught.update(self._ingest(numbers))
                numbers = list(head)
            numbers += row
        taught.update(self._ingest(numbers))
        return taught

    def snapshot(self, elapsed):
        """What there is to tell after `elapsed` seconds, a `Row` for each heater."""
        numbers = self._read(self.engine.call("eta_snapshot", elapsed))
        width = len(Row._fields)
        try:
            return [
                self._decoded(*numbers[start : start + width])
                for start in range(0, len(numbers), width)
            ]
        except (LookupError, TypeError, ValueError) as error:
            raise EngineError(f"a snapshot that makes no sense: {error}") from error

    def _ingest(self, numbers):
        taught = {}
        for index in range(min(self._call("eta_ingest", numbers), MOST_TAUGHT)):
            numbers = self._read(self.engine.call("eta_taught", index))
            try:
                taught[self._name(int(numbers[0]))] = list(numbers[1:])
            except (LookupError, ValueError) as error:
                raise EngineError(f"lessons that make no sense: {error}") from error
        return taught

    def _read(self, count):
        if not 0 <= count <= self._capacity:
            raise EngineError(f"{count} numbers in the mailbox")
        return self.engine.read(self._mailbox, count)

    def _send(self, function, numbers):
        if not self._call(function, numbers):
            raise EngineError(f"{function} does not take {numbers}")

    def _call(self, function, numbers):
        self.engine.write(self._mailbox, [float(number) for number in numbers])
        return self.engine.call(function, len(numbers), numbers=len(numbers))

    def _row(self, row):
        readings = []
        names = [name for name in row if name != "time"][:MOST_NAMES]
        for name in names:
            actual, target = _reading(row[name])
            # Sensors and chatter have names too, but no targets: they need no number.
            number = self._number(name, heats=math.isfinite(target))
            readings += [number, actual, target]
        return [_number(row.get("time")), len(names), *readings]

    def _number(self, name, heats=True):
        """The number of the heater that OctoPrint calls `name`."""
        if name == "bed":
            return BED
        if name == "chamber":
            return CHAMBER
        index = _tool(name)
        if index is not None:
            return index
        if name not in self._named:
            if not heats or len(self._named) == MOST_NAMED or not _is_name(name):
                return NOBODY
            self._named.append(name)
        return FIRST_NAMED + self._named.index(name)

    def _name(self, number):
        if number < MOST_TOOLS:
            return f"tool{number}"
        known = {BED: "bed", CHAMBER: "chamber"}
        return known.get(number) or self._named[number - FIRST_NAMED]

    def _decoded(self, heater, phase, actual, target, *others):
        goal, remaining, low, high, reason, rate = map(_given, others)
        return Row(
            heater=self._name(int(heater)),
            phase=PHASES[int(phase)],
            actual=actual,
            target=target,
            goal=goal,
            remaining=remaining,
            low=low,
            high=high,
            reason=None if reason is None else REASONS[int(reason)],
            rate=rate,
        )


def _tool(name):
    """The index of the tool that OctoPrint calls `name`, if it is one."""
    digits = name[4:] if isinstance(name, str) and name.startswith("tool") else ""
    if not (digits.isascii() and digits.isdigit()):
        return None
    return int(digits) if len(digits) <= 3 and int(digits) < MOST_TOOLS else None


def _is_name(name):
    try:
        return 0 < len(name.encode("utf-8")) <= LONGEST_NAME
    # It is no text, or has half a character in it.
    except (AttributeError, UnicodeError):
        return False


def _setting(key, value):
    if key == "algorithm":
        # Those of other plugins are there in the browser only, which shows linear
        # without.
        return ALGORITHMS.index(value) if value in ALGORITHMS else 0
    if key == "cooldown_mode":
        return COOLDOWN_MODES.index(value)
    return ABSENT if value is None else value


def _reading(reading):
    if reading is None:
        return ABSENT, ABSENT
    try:
        actual, target = reading.get("actual"), reading.get("target")
    except AttributeError:
        return JUNK, ABSENT
    # Some firmware says "off" for a target.
    return _number(actual), ABSENT if target == "off" else _number(target)


def _number(value):
    if value is None:
        return ABSENT
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return JUNK
    try:
        number = float(value)
    except OverflowError:
        return JUNK
    return number if math.isfinite(number) else JUNK


def _given(number):
    return None if math.isnan(number) else number
