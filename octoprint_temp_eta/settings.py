"""Every setting once: key, type, default, range.

A definition knows its default and checks a value: `check` returns the value to store or
raises `ValueError`, whose text says what would be right.
"""

import math
import re
from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Switch:
    default: bool

    def check(self, value):
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`, both included, in `unit` (empty if it has none).

    If the default is None there need not be one.
    """

    default: Optional[float]
    least: float
    most: float
    unit: str

    def check(self, value):
        if self.default is None and value in (None, ""):
            return None
        # The form sends what was typed, as text; a bool would pass as a number.
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError("must be a number")
        try:
            number = float(value)
        except (ValueError, OverflowError):
            raise ValueError("must be a number") from None
        if math.isnan(number) or not self.least <= number <= self.most:
            limits = f"from {self.least} to {self.most} {self.unit}"
            raise ValueError("must be " + limits.rstrip())
        return number


@dataclass(frozen=True)
class Choice:
    default: str
    values: tuple

    def check(self, value):
        if value not in self.values:
            raise ValueError("must be one of " + ", ".join(self.values))
        return value


@dataclass(frozen=True)
class Colour:
    default: str

    def check(self, value):
        if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
            raise ValueError("must be a colour like #5cb85c")
        return value


DEFINITIONS = {
    "enabled": Switch(True),
    "algorithm": Choice("linear", ("linear", "exponential", "adaptive")),
    "update_interval": Number(1.0, 0.1, 5.0, "s"),
    "min_rate": Number(0.1, 0.01, 1.0, "°C/s"),
    "cooldown_mode": Choice("threshold", ("threshold", "ambient")),
    "cooldown_target_tool0": Number(50.0, 0.0, 400.0, "°C"),
    "cooldown_target_bed": Number(40.0, 0.0, 200.0, "°C"),
    "cooldown_target_chamber": Number(30.0, 0.0, 100.0, "°C"),
    "cooldown_ambient_temp": Number(None, 0.0, 80.0, "°C"),
    "cooldown_hysteresis_c": Number(1.0, 0.1, 20.0, "°C"),
    "cooldown_fit_window_seconds": Number(120.0, 10.0, 1800.0, "s"),
    "suppress_while_printing": Switch(False),
    "show_in_temperature_tab": Switch(True),
    "show_in_sidebar": Switch(True),
    "show_in_navbar": Switch(True),
    "show_in_tab": Switch(True),
    "show_progress_bars": Switch(True),
    "show_historical_graph": Switch(True),
    "show_forecast": Switch(True),
    "show_finish_time": Switch(True),
    "historical_graph_window_seconds": Number(180.0, 30.0, 1800.0, "s"),
    "temp_display": Choice("octoprint", ("octoprint", "c", "cf")),
    "color_mode": Choice("bands", ("bands", "status")),
    "color_heating": Colour("#5cb85c"),
    "color_cooling": Colour("#337ab7"),
    "color_idle": Colour("#777777"),
    "sound_enabled": Switch(False),
    "sound_target_reached": Switch(False),
    "sound_cooldown_finished": Switch(False),
    "sound_volume": Number(0.5, 0.0, 1.0, ""),
    "sound_min_interval_s": Number(10.0, 0.0, 300.0, "s"),
    "notification_enabled": Switch(False),
    "notification_target_reached": Switch(False),
    "notification_cooldown_finished": Switch(False),
    "notification_timeout_s": Number(6.0, 1.0, 60.0, "s"),
    "notification_min_interval_s": Number(10.0, 0.0, 300.0, "s"),
}

DEFAULTS = {key: definition.default for key, definition in DEFINITIONS.items()}


def checked(data):
    """Split what is to be saved into accepted values and refused keys with the reason.

    Keys that are not ours (OctoPrint adds some) are passed on as they are.
    """
    accepted, refused = {}, {}
    for key, value in data.items():
        try:
            known = DEFINITIONS.get(key)
            accepted[key] = known.check(value) if known else value
        except ValueError as error:
            refused[key] = str(error)
    return accepted, refused


def usable(data):
    """What is stored, with the default in place of each value that is not possible.

    Values come from hand-edited files too, and one bad value must not cost the rest.
    """
    accepted, refused = checked(data)
    return {**accepted, **{key: DEFAULTS[key] for key in refused}}
