"""The connection to the broker, kept for ever: one thread that does nothing else.

The link belongs to the worker, which alone calls its methods; the thread in here only
reads and writes the network. Neither waits for the other for longer than it is told to.
"""

import logging
import threading
import time
from collections import deque
from typing import NamedTuple, Optional

from .client import Impossible, address, new_client, reason, refusal

# How long the network is waited for at a time, in which a request to stop is noticed
# late.
LOOP_S = 1.0

# Messages from the broker that nobody has looked at yet; more are news of no use.
MOST_HEARD = 100


class Message(NamedTuple):
    """What is published."""

    topic: str
    payload: str
    qos: int = 1
    retain: bool = False


class Heard(NamedTuple):
    """What the broker has said, and whether it was kept there until now."""

    topic: str
    payload: str
    retained: bool


class State(NamedTuple):
    """`code` is "connecting", "connected", or what keeps the link from being so."""

    code: str
    # Counts the connections: what was published on an earlier one may be lost.
    connection: int = 0
    # What the network said, in its own words.
    detail: str = ""


class Link:
    """A client of the broker of `settings` that connects until it is closed.

    `will` is published by the broker if the link breaks, `topics` are listened to, and
    `wake` is called when something has changed. `keepalive` is in seconds.
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
        self.state = State("connecting")
        self.heard = deque(maxlen=MOST_HEARD)
        self.sent = 0
        self._settings, self._client_id = settings, client_id
        self._will, self._topics = will, topics
        self._address = address(settings)
        self._wake, self._log = wake, log
        self._keepalive, self._backoff = keepalive, backoff
        self._client: Optional[object] = None
        self._closing = threading.Event()
        self._abandoned = threading.Event()
        # Whether the worker waits for what it sent to arrive.
        self.tells_arrivals = False
        # Of the connection with this number: messages by topic, and what became of the
        # last.
        self._served = 0
        self._waiting = {}
        self._flying = {}
        self._thread = threading.Thread(
            target=self._run, name="temp_eta broker", daemon=True
        )
        self._thread.start()

    # ~~ The worker's side

    @property
    def is_connected(self):
        return self.state.code == "connected"

    @property
    def is_taken(self):
        """Whether somebody else seems to be there with the same id."""
        return self._backoff.is_taken

    def send(self, message):
        """Publish `message` when the last one of its topic has arrived, if by then it
        is the newest; never, if the connection is gone by then.

        What the broker is to keep is replaced only by what it is to keep instead.
        """
        self._serve()
        first = self._waiting.get(message.topic, [])[:1]
        is_kept = first and first[0].retain and not message.retain
        self._waiting[message.topic] = [*first, message] if is_kept else [message]
        self.pump()

    def pump(self):
        """Publish what can be published now."""
        self._serve()
        client = self._client
        if not self.is_connected or client is None:
            self._waiting.clear()
            return
        for topic in list(self._waiting):
            if not self._is_flying(topic):
                message, *rest = self._waiting.pop(topic)
                if rest:
                    self._waiting[topic] = rest
                self._flying[topic] = client.publish(*message)
                self.sent += 1

    def _serve(self):
        """Forget what was for an earlier connection."""
        if self._served != self.state.connection:
            self._served = self.state.connection
            self._waiting.clear()
            self._flying.clear()

    def drop(self):
        """Forget what has not been published."""
        self._waiting.clear()

    def is_idle(self):
        """Whether all that was sent on this connection has arrived."""
        self._serve()
        return not self._waiting and all(map(_has_arrived, self._flying.values()))

    def close(self, farewell=(), patience=2.0):
        """Publish `farewell` and disconnect, within `patience` seconds or not at all."""
        deadline = time.monotonic() + patience
        self.drop()
        if self.is_connected:
            for message in farewell:
                self.send(message)
            while self.is_connected and not self.is_idle():
                if time.monotonic() > deadline:
                    break
                time.sleep(0.01)
                self.pump()
        self._closing.set()
        client = self._client
        if client is not None:
            # It is written by the other thread: nothing here waits for the network.
            client.disconnect()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        self._abandoned.set()

    def _is_flying(self, topic):
        info = self._flying.get(topic)
        return info is not None and _has_arrived(info) is False

    # ~~ The thread's side

    def _run(self):
        while not self._closing.is_set():
            wait = self._connect_once()
            self._closing.wait(wait)

    def _connect_once(self):
        """Hold one connection as long as it lasts; returns how long to wait then."""
        detail = ""
        try:
            code, lasted = self._hold()
        except Impossible as error:
            code, lasted, detail = str(error), None, _first_line(error.__cause__)
        # paho passes on whatever the network raises, and has errors of its own.
        except Exception as error:
            code, lasted, detail = reason(error), None, _first_line(error)
        if self._closing.is_set():
            return 0.0
        if lasted is None:
            wait = self._backoff.after_failure(code)
        else:
            wait = self._backoff.after_connection(lasted, time.monotonic())
            code = "taken" if self._backoff.is_taken else code
        self._become(code, detail)
        self._client = None
        return wait

    def _hold(self):
        # A new client each time: an old one would publish now what it was given long ago.
        client = new_client(self._settings, self._client_id)
        refused, connected = [], []
        client.will_set(*self._will)
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        # Otherwise publishing writes to the network from the worker's thread.
        client.on_socket_register_write = lambda *_: None

        def on_connect(client, userdata, flags, result, *_):
            code = refusal(result)
            if code:
                refused.append(code)
                return
            connected.append(time.monotonic())
            for topic in self._topics:
                client.subscribe(topic, 1)
            self._become("connected")

        client.on_connect = on_connect
        host = self._settings["mqtt_broker_host"]
        client.connect(host, self._settings["mqtt_broker_port"], self._keepalive)
        if self._closing.is_set():
            # Nothing was said yet, so there is no will that somebody would publish.
            return "closed", None
        self._client = client
        while not refused and not self._abandoned.is_set():
            if client.loop(LOOP_S) != 0:
                break
        if refused:
            return refused[0], None
        if not connected:
            return "closed", None
        return "lost", time.monotonic() - connected[0]

    def _on_publish(self, *_):
        if self._waiting or self.tells_arrivals:
            self._wake()

    def _on_message(self, client, userdata, message):
        payload = message.payload.decode("utf-8", "replace")
        self.heard.append(Heard(message.topic, payload, bool(message.retain)))
        self._wake()

    def _become(self, code, detail=""):
        before = self.state
        number = before.connection + (code == "connected")
        self.state = State(code, number, detail)
        if code != before.code:
            level = logging.INFO if code == "connected" else logging.WARNING
            words = code.replace("_", " ") + (f" ({detail})" if detail else "")
            self._log.log(level, "MQTT broker %s: %s", self._address, words)
        self._wake()


def _has_arrived(info):
    """Whether a message has arrived; None if it never will."""
    try:
        return info.is_published()
    # That is how paho tells that.
    except (RuntimeError, ValueError):
        return None


def _first_line(error):
    return (str(error or "").splitlines() or [""])[0][:200]
