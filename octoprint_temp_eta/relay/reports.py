"""When what is published: each heater has a clock of its own.

A heater is told of at most every `interval` seconds, at once when it does something
else, once more when there is nothing to tell any more, and every now and then when
nothing changes.
"""

from . import payloads
from .discovery import expiry
from .link import Message


class Reports:
    """Turns snapshots into messages; all times are seconds."""

    def __init__(self, topics, settings):
        self._topics = topics
        self._qos = settings["mqtt_qos"]
        self._retain = settings["mqtt_retain"]
        self._interval = settings["mqtt_publish_interval"]
        self._repeat = expiry(self._interval) / 2
        self._said = {}
        self._phases = {}

    @property
    def heaters(self):
        """Those that were told of and are there."""
        return list(self._phases)

    def repeat(self):
        """Tell everything again: the broker, or somebody behind it, has started anew."""
        self._said.clear()

    def of(self, rows, elapsed, wall):
        """The messages that are due after `elapsed`, at `wall`, when `rows` is all
        there is.
        """
        messages = []
        for row in rows:
            before = self._phases.get(row.heater)
            self._phases[row.heater] = row.phase
            changed = before is not None and before != row.phase
            if changed:
                event = payloads.state_change(row, before, wall)
                messages.append(self._event(row.heater, event))
            payload = payloads.eta(row, wall)
            if changed or self._is_due(row.heater, payload, elapsed):
                messages.append(self._state(row.heater, payload, elapsed))
        here = {row.heater for row in rows}
        for heater in [heater for heater in self._phases if heater not in here]:
            del self._phases[heater]
            messages.append(self.gone(heater, wall))
        return messages

    def farewell(self, wall):
        """What is to be said when nobody will say more: a kept message must not lie."""
        return [self.gone(heater, wall) for heater in self._phases if self._retain]

    def kept_topics(self):
        """Where the broker keeps something of these."""
        return [self._topics.eta(heater) for heater in self._phases if self._retain]

    def _is_due(self, heater, payload, elapsed):
        if heater not in self._said:
            return True
        when, said = self._said[heater]
        # The clocks' steps are not a hair's breadth exact.
        passed = elapsed - when + 0.01
        if passed >= self._repeat:
            return True
        return passed >= self._interval and _without_time(payload) != said

    def _state(self, heater, payload, elapsed):
        self._said[heater] = (elapsed, _without_time(payload))
        topic = self._topics.eta(heater)
        return Message(topic, payloads.encoded(payload), self._qos, self._retain)

    def _event(self, heater, payload):
        topic = self._topics.state_change(heater)
        return Message(topic, payloads.encoded(payload), self._qos, False)

    def gone(self, heater, wall):
        """What is said of a heater that nobody knows anything of any more."""
        self._said.pop(heater, None)
        payload = payloads.nothing_known(heater, wall)
        topic = self._topics.eta(heater)
        return Message(topic, payloads.encoded(payload), self._qos, self._retain)


def _without_time(payload):
    return {**payload, "timestamp": None}
