"""The core in wasm: Python's side of the interface in src/bindings/server.rs.

`Core` takes and returns the same as the browser's class, in Python's types. It is not
thread-safe: one thread owns it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Optional

from ..heaters import MAX_TOOLS, is_valid, tool_index
from ..settings import DEFINITIONS
from ..values import Choice
from .runtimes import WasmError

ABI = 5

PHASES = (
    "idle",
    "heating",
    "stalled",
    "at_target",
    "cooling",
    "cooled_down",
    "untargeted",
    "soaking",
)
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
    "implausible",
    "unsteady",
)

# What a print job is doing: nothing, as there is none; its start, with the waits for
# temperature; it waits later, or it prints.
JOB_PHASES = ("none", "start", "waits", "prints")

# What happens once: to a heater, or to the printer (`PRINTER_READY`).
PRINTER_READY = "printer_ready"
EVENTS = ("target_reached", "cooled_down", "soaked", "heater_stalled", PRINTER_READY)

# In the order of the interface.
SETTINGS = sorted(key for key, it in DEFINITIONS.items() if it.core)

# The numbers of heaters; a tool's is its index.
BED = 256
CHAMBER = 257
FIRST_CUSTOM = 258

# The number of a reading that the core ignores.
IGNORED = -1

# Limits: heaters other than tools, bed and chamber, as many as the owner can have said
# something about; and names in one row, against firmware chatter.
MAX_CUSTOM = 64
MAX_NAMES_IN_ROW = 64

# No more heaters than this can learn something from one message.
MAX_LEARNED = 64

# Numbers that stand for a missing value and for an invalid one.
ABSENT = math.nan
INVALID = math.inf

# How firmware and plugins spell that a heater has no target.
OFF = ("off", "none", "-", "")


class Row(NamedTuple):
    """A heater in the snapshot: °C, s, and °C/s for `rate`; None for what is unknown.

    With the reason `implausible`, `actual` is no temperature, and NaN if it is no number.
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
    # What a heat soak takes after the arrival; 0 for none.
    soak: float = 0.0


class Line(NamedTuple):
    """What the whole printer is waited for: "heating" or "cooling", and s to go.

    `without` are the heaters whose time is not known.
    """

    phase: str
    remaining: Optional[float]
    reason: Optional[str]
    without: list


class Event(NamedTuple):
    """Something of `EVENTS` that has happened `at` a time in s since 1970.

    `duration` is how long it took and `predicted` what was first shown, in s; None if
    unknown. An event of the printer has no heater, and no temperatures.
    """

    kind: str
    heater: Optional[str]
    actual: Optional[float]
    target: Optional[float]
    at: float
    duration: Optional[float]
    predicted: Optional[float]


@dataclass(frozen=True)
class Profile:
    """The heaters of OctoPrint's printer profile with this `id`."""

    id: str = "_default"
    tools: int = 1
    bed: bool = True
    chamber: bool = True

    def has(self, heater):
        """Whether the printer has `heater`, a tool, bed or chamber."""
        index = tool_index(heater)
        if index is not None:
            return index < self.tools
        return {"bed": self.bed, "chamber": self.chamber}.get(heater, False)


@dataclass(frozen=True)
class Moment:
    """A time: `wall` in s since 1970, and `elapsed`, which is monotonic, in s."""

    wall: float
    elapsed: float


@dataclass(frozen=True)
class Job:
    """Whether a print job is in progress, and the position in its file in bytes."""

    printing: bool
    position: Optional[float] = None


class Core:
    """The core, run by a WebAssembly `runtime`.

    Every method raises `WasmError` when the module has failed; it is unusable then.
    """

    def __init__(self, runtime):
        self.runtime = runtime
        abi = runtime.call("eta_abi")
        if abi != ABI:
            raise WasmError(f"the module has interface version {abi}, not {ABI}")
        self._mailbox = runtime.call("eta_mailbox")
        self._capacity = runtime.call("eta_capacity")
        # Custom heaters; the index of a name is its number minus `FIRST_CUSTOM`.
        self._custom = []

    def configure(self, settings):
        """Apply the plugin's `settings`."""
        self._send("eta_configure", [_setting(key, settings[key]) for key in SETTINGS])

    def set_profile(self, profile):
        """Limit the snapshot to the heaters of `profile`."""
        tools = min(profile.tools, MAX_TOOLS - 1)
        self._send("eta_equip", [tools, profile.bed, profile.chamber])

    def set_choices(self, choices):
        """Apply the owner's `choices`: whether heaters are counted, by heater."""
        numbers = [(self._number(heater), choices[heater]) for heater in choices]
        known = [choice for choice in numbers if choice[0] != IGNORED]
        self._send("eta_choose", [number for choice in known for number in choice])

    def load(self, heater, numbers):
        """Load the state of `heater`, at any time; returns whether it is valid."""
        numbers = [self._number(heater), *numbers]
        return len(numbers) <= self._capacity and bool(self._call("eta_recall", numbers))

    def forget(self):
        """Forget everything learned, from all heaters."""
        self.runtime.call("eta_forget")

    def ingest(self, rows, moment, operational=None, job=None):
        """Take `rows` of OctoPrint's temperatures, oldest first, received at `moment`.

        Returns the states of heaters that have learned something, as lists of numbers.
        """
        head = [
            moment.wall,
            moment.elapsed,
            _flag(operational),
            ABSENT if job is None else _flag(job.printing),
            ABSENT if job is None else _number(job.position),
        ]
        learned = {}
        numbers = list(head)
        for row in map(self._row, filter(_is_row, rows)):
            if len(numbers) + len(row) > self._capacity:
                learned.update(self._ingest(numbers))
                numbers = list(head)
            numbers += row
        learned.update(self._ingest(numbers))
        return learned

    def snapshot(self, elapsed):
        """Return a `Row` for each heater, at `elapsed` seconds of the monotonic time."""
        return self._table("eta_snapshot", len(Row._fields), self._decoded, elapsed)

    def printer(self, elapsed):
        """Return the printer's `Line` or None, and what a print job is doing.

        That is one of `JOB_PHASES`. `elapsed` is as for `snapshot`.
        """
        job, *line = self._read(self.runtime.call("eta_printer", elapsed))
        try:
            return (self._line(*line) if line else None), JOB_PHASES[int(job)]
        except (LookupError, TypeError, ValueError) as error:
            raise WasmError(f"invalid line: {error}") from error

    def events(self):
        """Return each `Event` since the last call."""
        return self._table("eta_events", len(Event._fields), self._event)

    def _ingest(self, numbers):
        learned = {}
        for index in range(min(self._call("eta_ingest", numbers), MAX_LEARNED)):
            numbers = self._read(self.runtime.call("eta_taught", index))
            try:
                learned[self._name(int(numbers[0]))] = list(numbers[1:])
            except (LookupError, ValueError) as error:
                raise WasmError(f"invalid state: {error}") from error
        return learned

    def _table(self, function, width, decoded, *arguments):
        numbers = self._read(self.runtime.call(function, *arguments))
        try:
            return [
                decoded(*numbers[start : start + width])
                for start in range(0, len(numbers), width)
            ]
        except (LookupError, TypeError, ValueError) as error:
            raise WasmError(f"{function} returned {numbers}: {error}") from error

    def _read(self, count):
        if not 0 <= count <= self._capacity:
            raise WasmError(f"{count} numbers in the mailbox")
        return self.runtime.read(self._mailbox, count)

    def _send(self, function, numbers):
        if not self._call(function, numbers):
            raise WasmError(f"{function} does not accept {numbers}")

    def _call(self, function, numbers):
        self.runtime.write(self._mailbox, [float(number) for number in numbers])
        return self.runtime.call(function, len(numbers), numbers=len(numbers))

    def _row(self, row):
        # Sensors and firmware chatter get no number: the owner has said nothing about
        # them, so they are not counted.
        names = [name for name in row if name != "time"]
        numbers = {name: self._number(name, is_new=False) for name in names}
        names.sort(key=lambda name: numbers[name] == IGNORED)
        names = names[:MAX_NAMES_IN_ROW]
        readings = [it for name in names for it in (numbers[name], *_reading(row[name]))]
        return [_number(row.get("time")), len(names), *readings]

    def _number(self, name, is_new=True):
        """Return the number of the heater that OctoPrint calls `name`.

        A custom heater without one gets one only if `is_new` is set.
        """
        if name == "bed":
            return BED
        if name == "chamber":
            return CHAMBER
        index = tool_index(name)
        if index is not None:
            return index
        if name not in self._custom:
            if not is_new or len(self._custom) == MAX_CUSTOM or not is_valid(name):
                return IGNORED
            self._custom.append(name)
        return FIRST_CUSTOM + self._custom.index(name)

    def _name(self, number):
        if number < MAX_TOOLS:
            return f"tool{number}"
        fixed = {BED: "bed", CHAMBER: "chamber"}
        return fixed.get(number) or self._custom[number - FIRST_CUSTOM]

    def _line(self, phase, remaining, reason, *without):
        return Line(
            phase=PHASES[int(phase)],
            remaining=_optional(remaining),
            reason=_reason(reason),
            without=[self._name(int(number)) for number in without],
        )

    def _event(self, kind, heater, actual, target, at, *times):
        duration, predicted = map(_optional, times)
        return Event(
            kind=EVENTS[int(kind)],
            heater=None if math.isnan(heater) else self._name(int(heater)),
            actual=_optional(actual),
            target=_optional(target),
            at=at,
            duration=duration,
            predicted=predicted,
        )

    def _decoded(self, heater, phase, actual, target, *others):
        goal, remaining, low, high, reason, rate, soak = others
        return Row(
            heater=self._name(int(heater)),
            phase=PHASES[int(phase)],
            actual=actual,
            target=target,
            goal=_optional(goal),
            remaining=_optional(remaining),
            low=_optional(low),
            high=_optional(high),
            reason=_reason(reason),
            rate=_optional(rate),
            soak=_optional(soak),
        )


def _setting(key, value):
    if key == "algorithm":
        # Plugin algorithms exist only in the browser; the core then uses the default.
        return algorithm_key(value)
    definition = DEFINITIONS[key]
    if isinstance(definition, Choice):
        return list(definition.options).index(value)
    return ABSENT if value is None else value


def algorithm_key(algorithm):
    """Return the 32-bit FNV-1a hash of an algorithm's ID, its key in the core."""
    key = 0x811C9DC5
    for byte in algorithm.encode():
        key = (key ^ byte) * 0x01000193 % 2**32
    return key


def _is_row(row):
    # Plugins can put anything into what OctoPrint passes on. Its own are frozendicts,
    # which are no dicts in Python 3.9 and 3.10.
    return isinstance(row, Mapping)


def _flag(value):
    return float(value) if isinstance(value, bool) else ABSENT


def _reading(reading):
    if reading is None:
        return ABSENT, ABSENT
    try:
        actual, target = reading.get("actual"), reading.get("target")
    except AttributeError:
        return INVALID, ABSENT
    is_off = isinstance(target, str) and target.strip().lower() in OFF
    return _field(actual), ABSENT if is_off else _field(target)


def _field(value):
    """Return the number that is the value of a reading; it may be a text."""
    try:
        return _number(float(value) if isinstance(value, str) else value)
    except ValueError:
        return INVALID


def _number(value):
    if value is None:
        return ABSENT
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return INVALID
    try:
        number = float(value)
    except OverflowError:
        return INVALID
    return number if math.isfinite(number) else INVALID


def _optional(number):
    return None if math.isnan(number) else number


def _reason(number):
    return None if math.isnan(number) else REASONS[int(number)]
