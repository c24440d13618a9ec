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

    def __init__(self, topics, settings, before=None):
        self._topics = topics
        self._qos = settings["mqtt_qos"]
        self._retain = settings["mqtt_retain"]
        self._interval = settings["mqtt_publish_interval"]
        self._repeat = expiry(self._interval) / 2
        # When a heater was told of last, and what; what it does. Other settings do not
        # make it do something else.
        self._said = {}
        self._phases = before._phases if before else {}

    def repeat(self):
        """Tell everything again: the broker, or somebody behind it, has started anew."""
        self._said.clear()

    def of(self, rows, moment, reported_at):
        """The messages that are due at `moment`, when `rows` is all there is.

        `reported_at` is when the printer last said something: nobody repeats what may not
        be true any more.
        """
        messages = []
        for row in rows:
            before = self._phases.get(row.heater)
            self._phases[row.heater] = row.phase
            changed = before is not None and before != row.phase
            if changed:
                event = payloads.state_change(row, before, moment.wall)
                messages.append(self._event(row.heater, event))
            payload = payloads.eta(row, moment.wall)
            if changed or self._is_due(row.heater, payload, moment.elapsed, reported_at):
                messages.append(self._state(row.heater, payload, moment.elapsed))
        here = {row.heater for row in rows}
        for heater in [heater for heater in self._phases if heater not in here]:
            del self._phases[heater]
            messages.append(self.gone(heater, moment.wall))
        return messages

    def farewell(self, wall):
        """What is to be said when nobody will say more: a kept message must not lie."""
        return [self.gone(heater, wall) for heater in self._phases if self._retain]

    def _is_due(self, heater, payload, elapsed, reported_at):
        if heater not in self._said:
            return True
        when, said = self._said[heater]
        # The clocks' steps are not a hair's breadth exact.
        passed = elapsed - when + 0.01
        if _without_time(payload) != said:
            return passed >= self._interval
        return passed >= self._repeat and reported_at > when

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
