"""The connection to the broker, served by a thread of its own that reconnects forever.

The service's thread owns a `Connection` and alone calls its methods. The network thread
only reads and writes the network. Neither waits for the other longer than a timeout.
"""

import logging
import random
import threading
import time
from collections import deque
from typing import Callable, NamedTuple, Optional

from .backoff import Backoff
from .client import (
    OTHER_PROTOCOL,
    PROTOCOLS,
    ClientError,
    address,
    connect,
    hang_up,
    is_refused,
    longest_packet,
    new_client,
    reason,
    refusal,
    serve,
)
from .pace import Pace

# MQTT keep-alive interval, in s. The broker publishes the will after one and a half of it
# without a sign of life, and a silent broker counts as lost after a similar time.
KEEPALIVE_S = 30

# How long the network thread waits for data, in s; a request to stop is noticed after.
LOOP_S = 1.0

# Limit of unprocessed messages from the broker; the oldest are dropped.
MAX_RECEIVED = 100

# Most bytes of a packet before topic and payload: kind, length, that of the topic, number
# and properties, of which there are none.
PACKET_HEAD = 1 + 4 + 2 + 2 + 1

# Longest payload that is looked at, in bytes; what we subscribe to is much shorter.
MAX_PAYLOAD = 4000


class Network(NamedTuple):
    """How connections are made, which tests change.

    `keepalive` is in s, `backoff` returns a new `Backoff` for a connection, and `random`
    a number from 0 to 1.
    """

    keepalive: int = KEEPALIVE_S
    backoff: Callable[[], Backoff] = Backoff
    random: Callable[[], float] = random.random


class Message(NamedTuple):
    """A message to publish."""

    topic: str
    payload: str
    qos: int = 1
    retain: bool = False


class Received(NamedTuple):
    """A message from the broker, and whether it was retained there."""

    topic: str
    payload: str
    retained: bool


class ConnectionState(NamedTuple):
    """`code` is "connecting", "connected", or the reason why there is no connection."""

    code: str
    # Number of connections so far: what was published on an earlier one may be lost.
    number: int = 0
    # The error message of the network library.
    detail: str = ""


class Connection:
    """Connects to the broker of `settings`, and again whenever that fails, until closed.

    `will` is the message that the broker publishes if the connection breaks, `topics`
    are subscribed to, `keepalive` is in s, and `wake` is called after each change.
    """

    def __init__(
        self,
        settings,
        client_id,
        *,
        will,
        topics,
        backoff,
        keepalive,
        wake,
        log,
    ):
        self.state = ConnectionState("connecting")
        self.received = deque(maxlen=MAX_RECEIVED)
        self.sent = 0
        # The number of the connection on which the broker refused something; the first is
        # logged.
        self._refused_on = None
        self._settings = settings
        self._client_id = client_id
        self._will = will
        self._topics = topics
        self._address = address(settings)
        self._wake = wake
        self._log = log
        self._keepalive = keepalive
        self._backoff = backoff
        self._client: Optional[object] = None
        # Longest packet that the broker takes, in bytes, if it says so.
        self._longest = None
        # The last one that worked comes first.
        self._protocols = PROTOCOLS
        self._closing = threading.Event()
        self._abandoned = threading.Event()
        # Whether each acknowledgement wakes the service, which waits for it.
        self.wakes_on_acknowledgement = False
        # For the connection with this number, by topic: messages to publish, and paho's
        # information on the last one that was published.
        self._number = 0
        self._pending = {}
        self._in_flight = {}
        self._thread = threading.Thread(
            target=self._run, name="temp_eta broker", daemon=True
        )
        self._thread.start()

    # ~~ Called by the service's thread

    @property
    def is_connected(self):
        return self.state.code == "connected"

    @property
    def is_refused(self):
        """Whether the broker, which has MQTT 5, refuses some of what is sent to it."""
        return self.is_connected and self._refused_on == self.state.number

    @property
    def session_taken_over(self):
        """Whether another client seems to use the same client id."""
        return self._backoff.is_taken_over(time.monotonic())

    def send(self, message):
        """Publish `message` once the previous one of its topic is acknowledged.

        A newer message replaces one that still waits, except that a message to be
        retained is only replaced by another one to be retained. Nothing waits longer than
        the connection lasts.
        """
        self._drop_outdated()
        first = self._pending.get(message.topic, [])[:1]
        keeps_first = first and first[0].retain and not message.retain
        self._pending[message.topic] = [*first, message] if keeps_first else [message]
        self.pump()

    def pump(self):
        """Publish the messages that need not wait any longer."""
        self._drop_outdated()
        client = self._client
        if not self.is_connected or client is None:
            self._pending.clear()
            return
        for topic in list(self._pending):
            if not self._is_in_flight(topic):
                message, *rest = self._pending.pop(topic)
                if rest:
                    self._pending[topic] = rest
                self._publish(client, message)

    def _publish(self, client, message):
        longest = self._longest
        if longest is not None and length_of(message) > longest:
            # It would end the connection.
            self._set_refused("takes no packets of more than %s bytes", longest)
            return
        self._in_flight[message.topic] = client.publish(*message)
        self.sent += 1

    def _drop_outdated(self):
        """Drop what belongs to an earlier connection."""
        if self._number != self.state.number:
            self._number = self.state.number
            self._pending.clear()
            self._in_flight.clear()

    def drop_pending(self):
        """Drop the messages that are not published yet."""
        self._pending.clear()

    def is_idle(self):
        """Whether all messages of this connection are acknowledged."""
        self._drop_outdated()
        return not self._pending and all(map(_is_acknowledged, self._in_flight.values()))

    def close(self, final=(), timeout=2.0):
        """Publish the `final` messages and disconnect, giving up after `timeout` s."""
        deadline = time.monotonic() + timeout
        self.drop_pending()
        if self.is_connected:
            for message in final:
                self.send(message)
            while self.is_connected and not self.is_idle():
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
                self.pump()
        self._closing.set()
        client = self._client
        if client is not None:
            # The network thread writes it: nothing here waits for the network.
            client.disconnect()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        self._abandoned.set()

    def _is_in_flight(self, topic):
        info = self._in_flight.get(topic)
        return info is not None and _is_acknowledged(info) is False

    # ~~ The network thread

    def _run(self):
        while not self._closing.is_set():
            delay = self._connect_once()
            # paho-mqtt closes its other sockets once nothing refers to the client. Not
            # earlier: while the state is "connected", what is sent is not yet done.
            self._client = None
            self._closing.wait(delay)

    def _connect_once(self):
        """Serve one connection until it ends, and return the delay before the next."""
        detail = ""
        try:
            code, duration = self._serve_in_any_protocol()
        # paho passes on any error of the network, and has some of its own.
        except Exception as error:
            code, duration = reason(error), None
            detail = _detail(error)
        if self._closing.is_set():
            return 0.0
        if duration is None:
            delay = self._backoff.after_failure(code)
        else:
            by_us = code != "lost"
            delay = self._backoff.after_connection(duration, time.monotonic(), by_us)
            if self._backoff.session_taken_over and not by_us:
                code = "taken"
        self._set_state(code, detail)
        return delay

    def _serve_in_any_protocol(self):
        """Connect as in `_serve`, in the protocol that the broker has."""
        for protocol in self._protocols:
            code, duration = self._serve(protocol)
            if duration is not None:
                others = [it for it in self._protocols if it != protocol]
                self._protocols = (protocol, *others)
            if duration is not None or code not in OTHER_PROTOCOL:
                break
        return code, duration

    def _serve(self, protocol):
        """Connect, and return the code and duration in s when the connection has ended.

        The duration is None if there was no connection.
        """
        # Not reused: an old client would publish now what it was given long ago.
        client = new_client(self._settings, self._client_id, protocol)
        refused, connected, repeated = [], [], []
        client.will_set(*self._will)
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_subscribe = self._on_subscribe
        # Otherwise paho would write to the network in the service's thread.
        client.on_socket_register_write = lambda *_: None

        def on_connect(client, userdata, flags, result, *others):
            code = refusal(result)
            if connected:
                # There is one answer on each connection (MQTT 3.1.1, 3.2.0-2).
                repeated.append(result)
            elif code:
                refused.append(code)
            else:
                connected.append(time.monotonic())
                self._backoff.connected(connected[0])
                self._longest = longest_packet(*others)
                for topic in self._topics:
                    client.subscribe(topic, 1)
                self._set_state("connected")

        client.on_connect = on_connect
        connect(client, self._settings, protocol, self._keepalive)
        if self._closing.is_set():
            # CONNECT is not written yet, so the broker has no will to publish.
            return "closed", None
        self._client = client
        pace = Pace(time.thread_time(), time.monotonic())
        ended = None
        try:
            while not (refused or repeated or self._abandoned.is_set()):
                if not serve(client, LOOP_S):
                    break
                # What the broker sends waits in the meantime, and so does the broker.
                self._closing.wait(pace.rest(time.thread_time(), time.monotonic()))
        except ClientError as error:
            ended = str(error)
        finally:
            hang_up(client)
        if refused:
            return refused[0], None
        if not connected:
            return ended or "closed", None
        return ended or "lost", time.monotonic() - connected[0]

    def _on_subscribe(self, client, userdata, message_id, reasons, *_):
        self._note_refusal(reasons, "what we subscribe to")

    def _on_publish(self, client, userdata, message_id, reasons=None, *_):
        self._note_refusal(reasons, "what is published")
        if self._pending or self.wakes_on_acknowledgement:
            self._wake()

    def _note_refusal(self, reasons, what):
        if is_refused(reasons):
            self._set_refused("refuses some of %s: %s", what, str(reasons)[:200])

    def _set_refused(self, words, *details):
        if self._refused_on is None:
            self._log.warning("MQTT broker %s " + words, self._address, *details)
        self._refused_on = self.state.number

    def _on_message(self, client, userdata, message):
        # Anyone at the broker may send anything: decoding it all could take seconds.
        if len(message.payload) > MAX_PAYLOAD:
            return
        payload = message.payload.decode("utf-8", "replace")
        self.received.append(Received(message.topic, payload, bool(message.retain)))
        self._wake()

    def _set_state(self, code, detail=""):
        previous = self.state
        number = previous.number + (code == "connected")
        self.state = ConnectionState(code, number, detail)
        if code != previous.code:
            level = logging.INFO if code == "connected" else logging.WARNING
            words = code.replace("_", " ") + (f" ({detail})" if detail else "")
            self._log.log(level, "MQTT broker %s: %s", self._address, words)
        self._wake()


def length_of(message):
    """Return the most bytes that a `Message` takes as a packet."""
    return len(message.topic.encode()) + len(message.payload.encode()) + PACKET_HEAD


def _is_acknowledged(info):
    """Whether a message is acknowledged; None if it never will be."""
    try:
        return info.is_published()
    # paho's answer for a message that was lost.
    except (RuntimeError, ValueError):
        return None


def _detail(error):
    """Return the first line of what led to `error`."""
    cause = error.__cause__ if isinstance(error, ClientError) else error
    return (str(cause or "").splitlines() or [""])[0][:200]
