"""OctoPrint events, for its Event Manager and for other plugins."""

from ..calculation.core_abi import EVENTS

# What OctoPrint prefixes the names of our events with when it registers them.
PREFIX = "plugin_temp_eta_"


class EventOutlet:
    """Fires an event when a heater or the printer has got somewhere.

    `fire` gets the event's name and its payload, and returns at once.
    """

    due_in = None

    def __init__(self, fire):
        self._fire = fire

    def publish(self, step):
        for kind, payload in step.events:
            self._fire(PREFIX + kind, payload)

    def end(self):
        return True

    def close(self, clear_all):
        """Nothing is left to be done."""


def names():
    """Return the names that OctoPrint registers, without its prefix."""
    return list(EVENTS)
