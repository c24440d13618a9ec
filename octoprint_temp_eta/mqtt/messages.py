"""Decides which messages are due.

Each heater has its own publish interval. Its ETA is published at most once in each
interval, at once when its phase changes, once more when the heater has gone, and
repeatedly while nothing changes, so that Home Assistant's sensors do not expire.
"""

from . import payloads
from .connection import Message
from .discovery import expiry


class MessageSchedule:
    """Turns snapshots into messages; all times are in s.

    With `previous`, changed settings apply without a change of any heater's phase.
    """

    def __init__(self, topics, settings, previous=None):
        self._topics = topics
        self._qos = settings["mqtt_qos"]
        self._retain = settings["mqtt_retain"]
        self._interval = settings["mqtt_publish_interval"]
        self._repeat_interval = expiry(self._interval) / 2
        # By heater: when the ETA was published last, and its payload.
        self._published = {}
        self._phases = previous._phases if previous else {}

    def reset(self):
        """Publish everything again: the broker or a subscriber has restarted."""
        self._published.clear()

    def due(self, rows, moment, reported_at):
        """Return the messages that are due at `moment` for the current `rows`.

        `reported_at` is when the printer last reported temperatures: older values are
        not repeated, as they may not hold any more.
        """
        messages = []
        for row in rows:
            previous = self._phases.get(row.heater)
            self._phases[row.heater] = row.phase
            has_changed = previous is not None and previous != row.phase
            if has_changed:
                change = payloads.state_change(row, previous, moment.wall)
                messages.append(self._state_change(row.heater, change))
            payload = payloads.eta(row, moment.wall)
            if has_changed or self._is_due(
                row.heater, payload, moment.elapsed, reported_at
            ):
                messages.append(self._eta(row.heater, payload, moment.elapsed))
        present = {row.heater for row in rows}
        for heater in [heater for heater in self._phases if heater not in present]:
            del self._phases[heater]
            messages.append(self.unknown(heater, moment.wall))
        return messages

    def shutdown(self, wall):
        """Return the last messages: a retained ETA would not hold any more."""
        return [self.unknown(heater, wall) for heater in self._phases if self._retain]

    def unknown(self, heater, wall):
        """Return the message for a heater that is gone."""
        self._published.pop(heater, None)
        payload = payloads.unknown(heater, wall)
        topic = self._topics.eta(heater)
        return Message(topic, payloads.encode(payload), self._qos, self._retain)

    def _is_due(self, heater, payload, elapsed, reported_at):
        if heater not in self._published:
            return True
        when, published = self._published[heater]
        # Tolerates the clocks' resolution.
        passed = elapsed - when + 0.01
        if _without_time(payload) != published:
            return passed >= self._interval
        return passed >= self._repeat_interval and reported_at > when

    def _eta(self, heater, payload, elapsed):
        self._published[heater] = (elapsed, _without_time(payload))
        topic = self._topics.eta(heater)
        return Message(topic, payloads.encode(payload), self._qos, self._retain)

    def _state_change(self, heater, payload):
        topic = self._topics.state_change(heater)
        return Message(topic, payloads.encode(payload), self._qos, False)


def _without_time(payload):
    return {**payload, "timestamp": None}
