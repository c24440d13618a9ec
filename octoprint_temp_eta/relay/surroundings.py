"""What the relay is to do, and where it lives: all that its parts are told from
outside.
"""

import logging
import random
import time
from dataclasses import dataclass, field
from typing import Callable, NamedTuple, Optional

from .backoff import Backoff
from .calculation import Job, Moment, Profile
from .engines import LADDER

# How often broker and client tell each other that they are there, in s: after one and a
# half of it the broker publishes the will, and after as long a silent one counts as gone.
KEEPALIVE_S = 30


@dataclass(frozen=True)
class Wanted:
    """What is to be done: the plugin's settings, and those of OctoPrint that matter."""

    settings: dict
    profile: Profile = field(default_factory=Profile)
    appearance_name: str = ""

    @property
    def runs(self):
        """Whether there is anything to do at all."""
        on = self.settings["enabled"] and self.settings["mqtt_enabled"]
        return bool(on and self.settings["mqtt_broker_host"])


class Sample(NamedTuple):
    """What OctoPrint said at a moment: temperatures, or how the printer and its job
    are.
    """

    moment: Moment
    row: Optional[dict] = None
    operational: Optional[bool] = None
    job: Optional[Job] = None


@dataclass(frozen=True)
class Surroundings:
    """Where the relay lives: what it reads, where it writes, what it says of itself.

    `clock` gives elapsed seconds, `wall` seconds since 1970, `chance` a number from 0
    to 1.
    """

    wasm: Callable[[], bytes]
    folder: str
    version: str
    url: str = ""
    history: Callable[[], list] = list
    log: logging.Logger = logging.getLogger(__name__)
    ladder: tuple = LADDER
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random
    keepalive: int = KEEPALIVE_S
    # Makes what says how long to wait until the broker is tried again.
    backoff: Callable[[], Backoff] = Backoff

    def now(self):
        """The time on the wall, in s since 1970, and that which has passed, in s."""
        return Moment(wall=self.wall(), elapsed=self.clock())
