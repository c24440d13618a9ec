"""The types of settings.

Each type has the method `check`, which returns the value to store or raises `ValueError`
with the reason.
"""

import math
import os
import re
from dataclasses import dataclass, field
from typing import Any, Optional

from . import heaters
from .form import Part

# float() also accepts underscores and digits of other scripts.
NUMBER = re.compile(
    r"[+-]?([0-9]{1,300}\.?[0-9]{0,300}|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?"
)

# The last two code points of each Unicode plane are noncharacters.
_PLANE_ENDS = "".join(
    chr(end - 2) + chr(end - 1) for end in range(0x10000, 0x110001, 0x10000)
)

# Control characters, those that change the text direction, lone surrogates and
# noncharacters: unfit for a line of text, and for MQTT's topics (3.1.1, 1.5.3).
UNFIT = (
    r"\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + _PLANE_ENDS
)

UNPRINTABLE = re.compile(f"[{UNFIT}]")

# What every object in JavaScript has. OctoPrint's page does not start if a setting of any
# plugin has such a value, as ko.mapping looks values up in an object.
RESERVED = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "__proto__",
    }
)


def N_(text):
    """Mark a text for translation; the template translates it."""
    return text


@dataclass(frozen=True)
class Setting(Part):
    """What all settings have.

    `label` and `help` are the form's words. `core` says that the calculation takes the
    setting, and `live` that a change of it does not start the countdowns anew. `control`
    names a macro of templates/snippets/special.jinja2 that draws it instead of the one
    for its type.
    """

    key: str
    default: Any
    label: str
    help: str = ""
    core: bool = False
    live: bool = False
    control: str = ""


@dataclass(frozen=True)
class Switch(Setting):
    """On or off."""

    def check(self, value):
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value


@dataclass(frozen=True)
class Number(Setting):
    """A number from `least` to `most`, both included, in `unit`, which may be empty.

    With the default None, the value may be empty. `difference` marks a temperature
    difference, of which 1 °C is 1.8 °F.
    """

    least: float = -math.inf
    most: float = math.inf
    unit: str = ""
    whole: bool = False
    difference: bool = False

    def check(self, value):
        if self.default is None and (value is None or value == ""):
            return None
        number = self._number(value)
        if not self.least <= number <= self.most:
            raise ValueError(
                f"must be from {self.least:g} to {self.most:g} {self.unit}".strip()
            )
        if not self.whole:
            return number
        if number != int(number):
            raise ValueError("must be a whole number")
        return int(number)

    def _number(self, value):
        # The form sends the typed text. A bool is an int in Python.
        typed = isinstance(value, str) and NUMBER.fullmatch(value.strip())
        given = isinstance(value, (int, float)) and not isinstance(value, bool)
        try:
            number = float(value) if typed or given else math.nan
        except OverflowError:
            number = math.nan
        if math.isnan(number):
            raise ValueError("must be a number")
        return number


@dataclass(frozen=True)
class Choice(Setting):
    """One of the keys of `options`, whose values are their labels.

    `others` is a regular expression for further values.
    """

    options: dict = field(default_factory=dict)
    others: Optional[str] = None

    def check(self, value):
        for option in self.options:
            # The form sends a number as text.
            if type(value) in (str, int) and str(value) == str(option):
                return option
        if self.others and isinstance(value, str) and re.fullmatch(self.others, value):
            return value
        raise ValueError("must be one of " + ", ".join(map(str, self.options)))


@dataclass(frozen=True)
class Color(Setting):
    """A CSS color of three or six hexadecimal digits; it is stored with six."""

    def check(self, value):
        if isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{3}", value):
            value = "#" + "".join(2 * digit for digit in value[1:])
        if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
            raise ValueError("must be a color like #5cb85c")
        return value


@dataclass(frozen=True)
class Text(Setting):
    """A line of at most `longest` characters.

    `pattern` is a regular expression that Python and browsers understand, and `hint`
    describes it for the user. The characters of `around` are left out at the ends.
    """

    longest: int = 255
    around: str = ""
    pattern: Optional[str] = None
    hint: str = ""

    def check(self, value):
        if not isinstance(value, str):
            raise ValueError("must be text")
        if len(value) > self.longest:
            raise ValueError(f"must be no longer than {self.longest} characters")
        if UNPRINTABLE.search(value):
            raise ValueError("must be one line of printable characters")
        value = self.trimmed(value)
        if value in RESERVED:
            raise ValueError("must not be a word that JavaScript reserves")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise ValueError(self.hint)
        return value

    def trimmed(self, value):
        return value.strip().strip(self.around)


@dataclass(frozen=True)
class Secret(Text):
    """A text that is kept as entered and never sent to the browser."""

    def trimmed(self, value):
        return value


@dataclass(frozen=True)
class File(Text):
    """The path of a file on the server; may be empty."""

    longest: int = 1000
    hint: str = N_("must be a file that OctoPrint can read")

    def accept(self, value):
        """Like `check`, but also refuse a file that is not readable."""
        path = self.check(value)
        if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
            raise ValueError(self.hint)
        return path


@dataclass(frozen=True)
class Heaters(Setting):
    """What the owner has said about heaters, see heaters.py.

    An entry that says nothing else than what holds without it is left out.
    """

    most: int = 64
    longest: int = 40

    def check(self, value):
        if not isinstance(value, list):
            raise ValueError("must be a list")
        if len(value) > self.most:
            raise ValueError(f"must have no more than {self.most} entries")
        entries = [self._entry(it) for it in value]
        if len({entry["heater"] for entry in entries}) < len(entries):
            raise ValueError("must have each heater once")
        return [entry for entry in entries if self._says_something(entry)]

    def _entry(self, value):
        if not isinstance(value, dict):
            raise ValueError("must be a list of heaters")
        heater, counted = value.get("heater"), value.get("counted")
        if not heaters.is_valid(heater) or UNPRINTABLE.search(heater):
            raise ValueError("must have heaters as the printer reports them")
        if heater in RESERVED:
            raise ValueError("must have no heater with a name that JavaScript reserves")
        if not isinstance(counted, bool):
            raise ValueError("must say whether a heater is counted, true or false")
        name = Text("name", "", "", longest=self.longest).check(value.get("name", ""))
        # In the order of config.yaml.
        return {"counted": counted, "heater": heater, "name": name}

    def _says_something(self, entry):
        is_default = entry["counted"] != heaters.is_custom(entry["heater"])
        return bool(entry["name"]) or not is_default
