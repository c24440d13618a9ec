"""What MQTT publishing gets from outside: configuration, samples and environment."""

import logging
import random
import time
from dataclasses import dataclass, field
from typing import Callable, NamedTuple, Optional

from .backoff import Backoff
from .core_abi import Job, Moment, Profile
from .runtimes import RUNTIMES

# MQTT keep-alive interval, in s. The broker publishes the will after one and a half of it
# without a sign of life, and a silent broker counts as lost after a similar time.
KEEPALIVE_S = 30


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


class Sample(NamedTuple):
    """What OctoPrint reported at a moment: temperatures, or the state of the job."""

    moment: Moment
    row: Optional[dict] = None
    operational: Optional[bool] = None
    job: Optional[Job] = None


@dataclass(frozen=True)
class Context:
    """The environment: files, clocks and other functions that tests replace.

    `wasm` returns the module or raises `OSError`, `history` returns OctoPrint's
    temperature history, `elapsed` a monotonic time in s, `wall` the time in s since 1970,
    `random` a number from 0 to 1, and `backoff` a new `Backoff` for a connection.
    """

    wasm: Callable[[], bytes]
    folder: str
    version: str
    url: str = ""
    history: Callable[[], list] = list
    log: logging.Logger = logging.getLogger(__name__)
    runtimes: tuple = RUNTIMES
    elapsed: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    random: Callable[[], float] = random.random
    keepalive: int = KEEPALIVE_S
    backoff: Callable[[], Backoff] = Backoff

    def now(self):
        """Return the current `Moment`."""
        return Moment(wall=self.wall(), elapsed=self.elapsed())
