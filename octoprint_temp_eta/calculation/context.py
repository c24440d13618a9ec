"""What the calculation gets from outside: configuration, samples and environment."""

import logging
import time
from dataclasses import dataclass, field
from typing import Callable, NamedTuple, Optional

from .. import heaters
from ..learned_data import LearnedDataFolder
from .core_abi import Job, Moment, Profile
from .runtimes import RUNTIMES

OUTLETS = ("events", "rest", "display", "mqtt")


@dataclass(frozen=True)
class Config:
    """The plugin's settings, and what matters of OctoPrint's."""

    settings: dict
    profile: Profile = field(default_factory=Profile)
    appearance_name: str = ""

    @property
    def outlets(self):
        """The names of the outlets that are on."""
        return [name for name in OUTLETS if self.is_on(name)]

    def is_on(self, outlet):
        """Whether the outlet with this name is on."""
        on = self.settings["enabled"] and self.settings[f"{outlet}_enabled"]
        return bool(on and (outlet != "mqtt" or self.settings["mqtt_broker_host"]))

    def counts(self, heater):
        """Whether `heater` is counted, as src/core/input/counted.rs decides it.

        Only such heaters have rows. This also tells what was published earlier and has to
        be removed.
        """
        wanted = heaters.choices(self.settings["heaters"]).get(heater)
        if heaters.is_custom(heater):
            return wanted is True
        return self.profile.has(heater) and wanted is not False

    def name_of(self, heater):
        """Return the name of `heater`, the owner's if there is one, else in English."""
        return heaters.name(heater, self.profile.tools, self.settings["heaters"])


class Sample(NamedTuple):
    """What OctoPrint reported at a moment: temperatures, or the state of the job."""

    moment: Moment
    row: Optional[dict] = None
    operational: Optional[bool] = None
    job: Optional[Job] = None


@dataclass(frozen=True)
class Context:
    """The environment: files, clocks and other functions that tests replace.

    `wasm` returns the module or raises `OSError`, `learned` is shared with browsers (by
    default `folder` is all that is shared), `history` returns OctoPrint's
    temperature history, `elapsed` a monotonic time in s, and `wall` the time in s since
    1970.
    """

    wasm: Callable[[], bytes]
    folder: str
    version: str
    url: str = ""
    learned: Optional[LearnedDataFolder] = None
    history: Callable[[], list] = list
    log: logging.Logger = logging.getLogger(__name__)
    runtimes: tuple = RUNTIMES
    elapsed: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time

    def __post_init__(self):
        if self.learned is None:
            learned = LearnedDataFolder(lambda: self.folder, self.log)
            object.__setattr__(self, "learned", learned)

    def now(self):
        """Return the current `Moment`."""
        return Moment(wall=self.wall(), elapsed=self.elapsed())
