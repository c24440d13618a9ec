"""What MQTT publishing gets from outside: configuration, samples and environment."""

import logging
import random
import time
from dataclasses import dataclass, field
from typing import Callable, NamedTuple, Optional

from .. import heaters
from ..learned_data import LearnedDataFolder
from ..settings import CREDENTIALS
from .backoff import Backoff
from .core_abi import Job, Moment, Profile
from .runtimes import RUNTIMES
from .topics import base

# MQTT keep-alive interval, in s. The broker publishes the will after one and a half of it
# without a sign of life, and a silent broker counts as lost after a similar time.
KEEPALIVE_S = 30

# A change of these needs a new connection.
CONNECTION_SETTINGS = (
    *CREDENTIALS,
    "mqtt_homeassistant_discovery",
    "mqtt_discovery_prefix",
)


@dataclass(frozen=True)
class Config:
    """The plugin's settings, and what matters of OctoPrint's."""

    settings: dict
    profile: Profile = field(default_factory=Profile)
    appearance_name: str = ""

    @property
    def is_enabled(self):
        """Whether anything is to be published."""
        on = self.settings["enabled"] and self.settings["mqtt_enabled"]
        return bool(on and self.settings["mqtt_broker_host"])

    @property
    def connection_key(self):
        """Everything that the connection and its topics depend on."""
        topic = base(self.settings, self.appearance_name)
        return [topic, *(self.settings[key] for key in CONNECTION_SETTINGS)]

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
        """Return the name of `heater` in Home Assistant."""
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
    temperature history, `elapsed` a monotonic time in s, `wall` the time in s since 1970,
    `random` a number from 0 to 1, and `backoff` a new `Backoff` for a connection.
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
    random: Callable[[], float] = random.random
    keepalive: int = KEEPALIVE_S
    backoff: Callable[[], Backoff] = Backoff

    def __post_init__(self):
        if self.learned is None:
            learned = LearnedDataFolder(lambda: self.folder, self.log)
            object.__setattr__(self, "learned", learned)

    def now(self):
        """Return the current `Moment`."""
        return Moment(wall=self.wall(), elapsed=self.elapsed())
