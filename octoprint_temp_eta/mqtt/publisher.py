"""Publishes availability, status and ETAs, and clears retained messages."""

from ..outlets.payloads import encode
from ..settings import CREDENTIALS
from . import discovery
from .client import address
from .conflicts import STATUS_INTERVAL_S, ConflictDetector
from .connection import Connection, Message
from .messages import MessageSchedule
from .retained import RetainedState, new_id
from .topics import Topics, base

# A change of these needs a new connection.
CONNECTION_SETTINGS = (
    *CREDENTIALS,
    "mqtt_homeassistant_discovery",
    "mqtt_discovery_prefix",
)

# How long closing a connection may wait for the broker, in s.
SHUTDOWN_TIMEOUT_S = 1.8

# How long clearing the retained messages waits for a broker that is away, in s.
CLEAR_TIMEOUT_S = 3600.0

# Longest random delay before publishing again when Home Assistant has started, in s, so
# that not all printers do so at once.
BIRTH_DELAY_S = 5.0

# Home Assistant subscribes to a new device's topics within this time, in s.
SUBSCRIBE_DELAY_S = 2.0

# How long the broker may take to send us our own status, in s.
ECHO_TIMEOUT_S = 20.0

# Shortest time between two corrections of availability or status, in s.
CORRECTION_INTERVAL_S = 2.0

ONLINE = "online"
OFFLINE = "offline"


class Publisher:
    """Publishes according to its configuration; owned by one thread.

    `wake` is called from other threads when there is something to do.
    """

    def __init__(self, context, store, wake, network):
        self._context = context
        self._network = network
        self._wake = wake
        self._log = context.log
        self._retained = RetainedState(store)
        self._config = None
        self._connection = None
        # While retained messages are being cleared: the start in s, and the number of the
        # connection on which that was published.
        self._clearing = None

    @property
    def is_open(self):
        """Whether there is a `Connection`, connected or not."""
        return self._connection is not None

    @property
    def is_clearing(self):
        """Whether retained messages are being cleared before the connection ends."""
        return self._clearing is not None

    @property
    def due_in(self):
        """Seconds until there is something to do; None if that is not known."""
        # Nothing is corrected while the broker is away.
        is_correcting = self._needs_correction and self._connection.is_connected
        correct_at = self._corrected_at + CORRECTION_INTERVAL_S if is_correcting else None
        times = (self._birth_at, self._subscribed_at, correct_at)
        due = [time for time in times if time is not None]
        if self._clearing is not None or not due:
            return None
        return max(0.0, min(due) - self._context.elapsed())

    def status(self):
        """Return the state of the connection, for the settings dialog."""
        now, state = self._context.elapsed(), self._connection.state
        return {
            "state": "unheard" if self._is_unheard(now) else state.code,
            "detail": state.detail,
            "broker": self._broker,
            "is_kept": self._retained.is_kept,
            "sent": self._connection.sent,
            "is_refused": self._connection.is_refused,
            "is_shared": self._conflicts.is_topic_shared(now),
            "is_twin": self._conflicts.is_id_shared(now),
        }

    def configure(self, config, renew_id=False):
        """Apply `config`, with a new id if `renew_id` is set."""
        previous, self._config = self._config, config
        if self._clearing is not None:
            # Everything may be cleared already, so it is published again.
            self._clearing = None
            self._greeted = 0
        if self._connection is not None:
            if not renew_id and _connection_key(previous) == _connection_key(config):
                self._apply_settings()
                return
            self._close_for_change(previous, renew_id)
        if renew_id:
            self._retained.id = new_id()
        self._open()

    def publish(self, step):
        """Publish what is due of `step`, and our status if it has changed."""
        moment = step.moment
        connection = self._connection
        connection.pump()
        self._process_received(moment.elapsed)
        present = set(step.heaters)
        # The state of this step: the network's thread may change it at any moment.
        state = connection.state
        is_connected = state.code == "connected"
        is_greeted = state.number == self._greeted
        # Evaluated before the next messages are sent: there are some with each report.
        is_acknowledged = is_connected and is_greeted and connection.is_idle()
        if is_acknowledged and self._clearing_topics:
            self._retained.discard(
                self._broker, self._clearing_topics - self._retained_topics()
            )
            self._clearing_topics = set()
        if is_connected and not is_greeted:
            self._greeted = state.number
            self._greet(present, moment.wall)
        self._repeat_if_due(moment.elapsed)
        messages = self._messages.due(step)
        if not is_connected:
            # These are dropped; once connected, everything is published.
            self._messages.reset()
            return
        known = self._retained.heaters
        self._retained.heaters = known + [it for it in present if it not in known]
        self._retained.add(self._broker, self._retained_topics())
        for message in messages:
            connection.send(message)
        # Last: it clears what was just published for a heater that is gone.
        self._publish_discovery(moment.elapsed, is_acknowledged)
        self._correct(moment.elapsed)
        self._publish_status(step, moment.elapsed)

    def close(self, clear_all=False, clear=frozenset()):
        """Close the connection.

        `clear` are topics whose retained messages are removed first; with `clear_all`
        these are all of ours.
        """
        connection = self._connection
        if connection is None:
            return
        if clear_all:
            clear = self._own_topics()
        self._connection = None
        final = self._messages.shutdown(self._context.wall())
        final.append(self._availability(OFFLINE))
        remaining = self._retained.topics(self._broker) - clear
        final = [message for message in final if message.topic in remaining]
        final += [_cleared(topic) for topic in sorted(clear)]
        was_connected = connection.is_connected
        connection.close(final, SHUTDOWN_TIMEOUT_S)
        if was_connected and connection.is_idle():
            self._retained.discard(self._broker, clear)

    def clear_retained(self):
        """Clear all retained messages, then close the connection.

        Returns whether that is done. To be called until it is, also while the broker is
        away.
        """
        connection, now = self._connection, self._context.elapsed()
        if connection is None:
            return True
        topics = self._own_topics()
        if self._clearing is None:
            self._clearing = now, 0
        since, number = self._clearing
        if connection.is_connected and number != connection.state.number:
            self._clearing = since, connection.state.number
            connection.wakes_on_acknowledgement = True
            connection.drop_pending()
            for topic in sorted(topics):
                connection.send(_cleared(topic))
        connection.pump()
        is_done = connection.is_connected and connection.is_idle()
        if is_done:
            self._retained.discard(self._broker, self._retained.topics(self._broker))
            self._retained.heaters = []
        elif topics and now - since < CLEAR_TIMEOUT_S:
            return False
        self._connection = None
        connection.close()
        self._clearing = None
        return True

    def _open(self):
        config = self._config
        settings, identity = config.settings, self._retained.id
        self._broker = address(settings)
        self._topics = topics = Topics(settings, config.appearance_name, identity)
        retained = self._retained
        earlier = retained.earlier if retained.has_kept_id else None
        self._conflicts = ConflictDetector(identity, retained.instance, earlier)
        self._messages = MessageSchedule(topics, settings)
        self._discovery = discovery.Discovery(topics, self._device)
        # The number of the connection on which everything was published.
        self._greeted = 0
        # Topics whose clearing is not acknowledged yet.
        self._clearing_topics = set()
        # Whether somebody else has published a wrong availability or status, and when it
        # was corrected last.
        self._needs_correction = False
        self._corrected_at = 0.0
        # When to publish everything again: Home Assistant has started, or subscribes to
        # a new device.
        self._birth_at = self._subscribed_at = None
        self._status = None
        self._status_at = 0.0
        # Since when our status is to come back.
        self._echo_since = None
        subscriptions = [topics.status, topics.availability]
        if settings["mqtt_homeassistant_discovery"]:
            subscriptions.append(topics.birth)
        self._connection = Connection(
            settings,
            f"temp_eta_{identity}",
            will=self._availability(OFFLINE),
            topics=subscriptions,
            backoff=self._network.backoff(),
            keepalive=self._network.keepalive,
            wake=self._wake,
            log=self._log,
        )

    def _apply_settings(self):
        """Apply settings that do not need a new connection."""
        settings = self._config.settings
        self._messages = MessageSchedule(self._topics, settings, self._messages)
        self._clear(self._retained.topics(self._broker) - self._retained_topics())

    def _close_for_change(self, previous, renew_id):
        """Close the connection before one with another broker, id or topics."""
        clear = self._own_topics()
        if renew_id or address(previous.settings) != address(self._config.settings):
            self._retained.discard(self._broker, self._contested_topics())
        else:
            config = self._config
            new = Topics(config.settings, config.appearance_name, self._retained.id)
            clear -= self._retained_topics(new)
        self.close(clear=clear)

    def _own_topics(self):
        """Return the topics that the broker retains for us and for nobody else.

        On a shared base topic the other OctoPrint corrects what we clear.
        """
        return self._retained.topics(self._broker) - self._contested_topics()

    def _contested_topics(self):
        """Return the topics that another OctoPrint with our id, if any, still needs."""
        is_id_shared = self._conflicts.is_id_shared(self._context.elapsed())
        has_conflict = is_id_shared or self._connection.session_taken_over
        return {self._topics.discovery} if has_conflict else set()

    def _retained_topics(self, topics=None):
        """Return the topics with retained messages under the current settings."""
        topics, settings = topics or self._topics, self._config.settings
        return topics.retained(settings, self._retained.heaters)

    def _clear(self, topics):
        """Clear the retained messages of `topics`.

        The topics are forgotten when the broker has acknowledged that.
        """
        if self._connection.is_connected:
            for topic in sorted(topics):
                self._connection.send(_cleared(topic))
            self._clearing_topics |= topics

    def _greet(self, present, wall):
        """Publish everything from the start on a new connection."""
        retained = self._retained_topics()
        self._connection.send(self._availability(ONLINE))
        self._clearing_topics = set()
        self._clear(self._retained.topics(self._broker) - retained)
        self._retained.add(self._broker, retained)
        for heater in self._retained.heaters:
            if heater not in present:
                self._connection.send(self._messages.unknown(heater, wall))
        if self._retained.heaters and not present:
            self._connection.send(self._messages.idle_printer(wall))
        self._status = None
        self._echo_since = None
        self._conflicts.has_echo = False
        self._discovery.reset()
        self._messages.reset()

    def _repeat_if_due(self, elapsed):
        if self._birth_at is not None and elapsed >= self._birth_at:
            self._birth_at = None
            self._discovery.reset()
            self._messages.reset()
        if self._subscribed_at is not None and elapsed >= self._subscribed_at:
            self._subscribed_at = None
            self._messages.reset()

    def _publish_discovery(self, elapsed, is_acknowledged):
        config, heaters = self._config, self._retained.heaters
        message, removed = None, [it for it in heaters if not config.counts(it)]
        if self._uses_discovery:
            message, removed = self._discovery.update(heaters, removed, is_acknowledged)
        if message:
            self._subscribed_at = elapsed + SUBSCRIBE_DELAY_S
            self._connection.send(message)
        if removed:
            self._retained.heaters = [it for it in heaters if it not in removed]
            topics = {self._topics.eta(heater) for heater in removed}
            self._clear(topics & self._retained.topics(self._broker))

    @property
    def _uses_discovery(self):
        # Otherwise each start would be a new device in Home Assistant.
        wanted = self._config.settings["mqtt_homeassistant_discovery"]
        return wanted and self._retained.has_kept_id

    def _device(self, heaters):
        config = self._config
        return discovery.device(
            self._topics,
            {heater: config.name_of(heater) for heater in sorted(heaters)},
            identity=self._retained.id,
            name=self._topics.name,
            version=self._context.version,
            url=self._context.url,
            interval=config.settings["mqtt_publish_interval"],
        )

    def _publish_status(self, step, elapsed):
        status = {
            "engine": step.runtime,
            "printer": bool(step.rows),
            "id": self._retained.id,
            "instance": self._retained.instance,
            "version": self._context.version,
            "v": 1,
        }
        if status != self._status or elapsed - self._status_at >= STATUS_INTERVAL_S:
            self._status = status
            self._status_at = elapsed
            # Rights may be taken away at any time. One that is missing stays so.
            if self._conflicts.has_echo or self._echo_since is None:
                self._conflicts.has_echo = False
                self._echo_since = elapsed
            self._retained.retry()
            payload = encode(status)
            self._connection.send(
                Message(self._topics.status, payload, qos=1, retain=True)
            )

    def _process_received(self, elapsed):
        while self._connection.received:
            received = self._connection.received.popleft()
            if received.topic == self._topics.birth and received.payload == ONLINE:
                # A retained birth message is from an earlier start.
                if not received.retained:
                    delay = BIRTH_DELAY_S * self._network.random()
                    self._birth_at = elapsed + delay
            elif received.topic == self._topics.status:
                self._process_status(received, elapsed)
            # Another OctoPrint on the same base topic has gone offline.
            elif not received.retained and received.payload != ONLINE:
                self._needs_correction |= received.topic == self._topics.availability

    def _is_unheard(self, elapsed):
        """Whether our own status does not come back: the broker drops what is sent."""
        if self._conflicts.has_echo or not self._connection.is_connected:
            return False
        since = self._echo_since
        return since is not None and elapsed - since > ECHO_TIMEOUT_S

    def _process_status(self, received, elapsed):
        if self._conflicts.receive(received.payload, received.retained, elapsed):
            self._log.warning(
                "Another OctoPrint publishes to %s%s",
                self._topics.base,
                ", with the same client ID"
                if self._conflicts.is_id_shared(elapsed)
                else "",
            )
            # Published again, so that the other one detects the conflict too.
            self._status = None
        elif not received.payload and not received.retained:
            self._needs_correction = True

    def _correct(self, elapsed):
        """Publish our availability and status again, limited in rate.

        Otherwise two that do not agree would answer each other without end.
        """
        is_due = elapsed - self._corrected_at >= CORRECTION_INTERVAL_S
        if self._needs_correction and is_due:
            self._needs_correction = False
            self._corrected_at = elapsed
            self._connection.send(self._availability(ONLINE))
            self._status = None

    def _availability(self, payload):
        return Message(self._topics.availability, payload, qos=1, retain=True)


def _connection_key(config):
    """Return everything that the connection and its topics depend on."""
    topic = base(config.settings, config.appearance_name)
    return [topic, *(config.settings[key] for key in CONNECTION_SETTINGS)]


def _cleared(topic):
    """Return the message that clears the retained one of `topic`."""
    return Message(topic, "", qos=1, retain=True)
