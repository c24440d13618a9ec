"""Tells Home Assistant of the printer's heaters, and of those that have gone."""

from . import discovery
from .link import Message
from .payloads import encoded


class Announcement:
    """The device at one topic: told when it changes.

    What goes is taken away first, and is only forgotten when that has arrived.
    """

    def __init__(self, topics, describe):
        self._topic = topics.discovery
        self._describe = describe
        self._told = []

    def repeat(self):
        """Tell it again: the broker, or Home Assistant, has started anew."""
        self._told = []

    def next(self, heaters, profile, has_arrived):
        """What is to be said now of `heaters`, those that were told of and new ones.

        Returns a message or None, and the heaters that need not be remembered any more.
        `has_arrived` says that all that was said has.
        """
        here = [heater for heater in heaters if profile.has(heater)]
        gone = [heater for heater in heaters if not profile.has(heater)]
        if not heaters:
            return None, []
        # Without any heater there is no device.
        device = self._describe(here) if here else None
        if not gone:
            return self._say(device), []
        going = device
        if here:
            going = discovery.without(device, self._describe(heaters)["cmps"])
        if self._told != [going]:
            return self._say(going), []
        return (self._say(device), gone) if has_arrived else (None, [])

    def _say(self, device):
        if self._told == [device]:
            return None
        self._told = [device]
        return Message(self._topic, encoded(device) if device else "", 1, True)
