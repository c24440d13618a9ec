"""What a setting may be: one class a kind of value.

Each has a `default`, the `label` and the `help` of the form, and `check`, which returns
the value to store or raises `ValueError`, whose text says what would be right.
"""

import math
import os
import re
from dataclasses import dataclass
from typing import Optional, Union

# What float() takes besides is no number to a person: underscores, other scripts' digits.
NUMBER = re.compile(
    r"[+-]?([0-9]{1,300}\.?[0-9]{0,300}|\.[0-9]{1,300})([eE][+-]?[0-9]{1,3})?"
)

# Control characters, those that turn the direction of reading, and what is no character.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def N_(text):
    """Marks a text for the translators; the template translates it."""
    return text


@dataclass(frozen=True)
class Switch:
    """On or off."""

    default: bool
    label: str
    help: str = ""

    def check(self, value):
        if not isinstance(value, bool):
            raise ValueError("must be true or false")
        return value


@dataclass(frozen=True)
class Number:
    """A number from `least` to `most`, both included, in `unit` (empty if it has none).

    If the default is None there need not be one. A `difference` of temperatures has no
    zero point: 1 °C of it is 1.8 °F.
    """

    default: Optional[float]
    label: str
    help: str = ""
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
        # The form sends what was typed, as text; a bool would pass as a number.
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
class Choice:
    """One of the keys of `options`, whose values are their labels.

    `others` describes further values, which this side knows only by their form.
    """

    default: Union[str, int]
    label: str
    options: dict
    help: str = ""
    others: Optional[str] = None

    def check(self, value):
        for option in self.options:
            # The form sends text, also for a number.
            if type(value) in (str, int) and str(value) == str(option):
                return option
        if self.others and isinstance(value, str) and re.fullmatch(self.others, value):
            return value
        raise ValueError("must be one of " + ", ".join(map(str, self.options)))


@dataclass(frozen=True)
class Colour:
    """As in CSS, of three or six hexadecimal digits; six are stored."""

    default: str
    label: str
    help: str = ""

    def check(self, value):
        if isinstance(value, str) and re.fullmatch("#[0-9a-fA-F]{3}", value):
            value = "#" + "".join(2 * digit for digit in value[1:])
        if not isinstance(value, str) or not re.fullmatch("#[0-9a-fA-F]{6}", value):
            raise ValueError("must be a colour like #5cb85c")
        return value


@dataclass(frozen=True)
class Text:
    """A line of at most `longest` characters; a `secret` one is never shown again.

    `pattern` is a regular expression for Python and for browsers alike, and `hint` says
    it in words.
    """

    default: str
    label: str
    help: str = ""
    longest: int = 255
    pattern: Optional[str] = None
    hint: str = ""
    secret: bool = False

    def check(self, value):
        if not isinstance(value, str):
            raise ValueError("must be a text")
        if len(value) > self.longest:
            raise ValueError(f"must be no longer than {self.longest} characters")
        if UNPRINTABLE.search(value):
            raise ValueError("must be one line of characters that can be shown")
        if not self.secret:
            value = value.strip()
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise ValueError(self.hint)
        return value


@dataclass(frozen=True)
class File(Text):
    """The path of a file on the server, or nothing."""

    longest: int = 1000
    hint: str = N_("must be a file that OctoPrint can read")

    def accept(self, value):
        """Like `check`, and refuses a file that cannot be read now."""
        path = self.check(value)
        if path and not (os.path.isfile(path) and os.access(path, os.R_OK)):
            raise ValueError(self.hint)
        return path
