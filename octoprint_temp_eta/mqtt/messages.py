"""Decides which messages are due.

Each heater has its own publish interval. Its ETA is published at most once in each
interval, at once when its phase changes, once more when the heater has gone, and
repeatedly while nothing changes, so that Home Assistant's sensors do not expire. So is
the ETA of the whole printer.
"""

from ..outlets import payloads
from .connection import Message
from .discovery import expiry

# Stands for the printer among the heaters.
PRINTER = None


class MessageSchedule:
    """Turns steps into messages; all times are in s.

    With `previous`, changed settings apply without a change of any heater's phase.
    """

    def __init__(self, topics, settings, previous=None):
        self._topics = topics
        self._qos = settings["mqtt_qos"]
        self._retain = settings["mqtt_retain"]
        self._interval = settings["mqtt_publish_interval"]
        self._repeat_interval = expiry(self._interval) / 2
        # By heater, or `PRINTER`: when the ETA was published last, and its payload.
        self._published = {}
        self._phases = previous._phases if previous else {}
        self._printer_phase = previous._printer_phase if previous else None

    def reset(self):
        """Publish everything again: the broker or a subscriber has restarted."""
        self._published.clear()

    def due(self, step):
        """Return the messages that are due for `step`.

        Values from before the printer's last report are not repeated, as they may not
        hold any more.
        """
        moment = step.moment
        messages = [self._event(*event) for event in step.events]
        for row in step.rows:
            previous = self._phases.get(row.heater)
            self._phases[row.heater] = row.phase
            has_changed = previous is not None and previous != row.phase
            if has_changed:
                change = payloads.state_change(row, previous, moment.wall)
                messages.append(self._state_change(row.heater, change))
            payload = step.heaters[row.heater]
            if has_changed or self._is_due(row.heater, payload, step):
                messages.append(self._eta(row.heater, payload, moment.elapsed))
        present = step.heaters
        for heater in [heater for heater in self._phases if heater not in present]:
            del self._phases[heater]
            messages.append(self.unknown(heater, moment.wall))
        return messages + self._printer(step)

    def shutdown(self, wall):
        """Return the last messages: a retained ETA would not hold any more."""
        if not self._retain:
            return []
        heaters = [self.unknown(heater, wall) for heater in self._phases]
        return [*heaters, self.idle_printer(wall)]

    def unknown(self, heater, wall):
        """Return the message for a heater that is gone."""
        self._published.pop(heater, None)
        payload = payloads.unknown(heater, wall)
        return self._message(self._topics.eta(heater), payload)

    def idle_printer(self, wall):
        """Return the message for a printer that is waited for no longer."""
        return self._message(self._topics.printer, payloads.idle_printer(wall))

    def _printer(self, step):
        if not step.rows and self._printer_phase is None:
            return []
        payload = step.printer or payloads.idle_printer(step.moment.wall)
        has_changed = payload["state"] != self._printer_phase
        self._printer_phase = payload["state"]
        if has_changed or self._is_due(PRINTER, payload, step):
            return [self._eta(PRINTER, payload, step.moment.elapsed)]
        return []

    def _is_due(self, heater, payload, step):
        if heater not in self._published:
            return True
        when, published = self._published[heater]
        # Tolerates the clocks' resolution.
        passed = step.moment.elapsed - when + 0.01
        if _without_time(payload) != published:
            return passed >= self._interval
        return passed >= self._repeat_interval and step.reported_at > when

    def _eta(self, heater, payload, elapsed):
        self._published[heater] = (elapsed, _without_time(payload))
        topics = self._topics
        topic = topics.printer if heater is PRINTER else topics.eta(heater)
        return self._message(topic, payload)

    def _message(self, topic, payload):
        return Message(topic, payloads.encode(payload), self._qos, self._retain)

    def _state_change(self, heater, payload):
        topic = self._topics.state_change(heater)
        return Message(topic, payloads.encode(payload), self._qos, False)

    def _event(self, kind, payload):
        text = payloads.encode({"event_type": kind, **payload})
        return Message(self._topics.event, text, self._qos, False)


def _without_time(payload):
    return {**payload, "timestamp": None}
