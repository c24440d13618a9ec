"""What the calculation hands to all outlets at once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Optional

from ..calculation.context import Config
from ..calculation.core_abi import Line, Moment
from . import payloads


@dataclass
class Step:
    """One calculation: what is known at `moment`.

    `rows` are of heaters, `line` is of the whole printer, and `new_events` are those
    since the last step. `job` is what a print job is doing, one of
    `core_abi.JOB_PHASES`. `reported_at` is when the printer last reported temperatures,
    in s of the monotonic time, and `runtime` the name of what runs the module, if
    anything does.
    """

    config: Config
    moment: Moment
    rows: list
    line: Optional[Line]
    job: str
    new_events: list
    reported_at: float
    runtime: Optional[str]

    # Made once, so that all outlets say the same of a moment, and only if one needs them.
    @cached_property
    def heaters(self):
        """The payload of each heater by its ID."""
        wall = self.moment.wall
        return {row.heater: payloads.eta(row, wall) for row in self.rows}

    @cached_property
    def printer(self):
        """The payload of the printer; None if nothing is waited for."""
        return self.line and payloads.printer(self.line, self.moment.wall)

    @cached_property
    def events(self):
        """The kind and the payload of each new event."""
        return [
            (event.kind, payloads.event(event, self._name(event.heater)))
            for event in self.new_events
        ]

    def _name(self, heater):
        if heater is None:
            return self.config.appearance_name or "Printer"
        return self.config.name_of(heater)
