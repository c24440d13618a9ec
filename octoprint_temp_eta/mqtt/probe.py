"""Tests the connection to a broker, for the settings dialog.

A broker may accept a user and drop what is sent, silently in MQTT 3.1.1. So a message is
published and waited for.
"""

import threading
import time
import uuid

from .client import (
    OTHER_PROTOCOL,
    PROTOCOLS,
    connect,
    hang_up,
    is_refused,
    new_client,
    reason,
    refusal,
    serve,
)

# Long enough for a slow network, short enough for a user who waits, in s.
TIMEOUT_S = 8.0

# Held by the request that waits: several would keep the web server from answering.
_waiting = threading.Lock()


def probe(settings, topic, timeout=TIMEOUT_S):
    """Connect to the broker in `settings`, publish to `topic`, and read that back.

    Returns "connected", "unheard" if the message did not come back, or the code of the
    reason why there is no connection: at once "test_running" while another call waits.
    """
    if not _waiting.acquire(blocking=False):
        return "test_running"
    try:
        return _probe(settings, topic, timeout)
    finally:
        _waiting.release()


def _probe(settings, topic, timeout):
    deadline = time.monotonic() + timeout
    for protocol in PROTOCOLS:
        remaining = max(0.0, deadline - time.monotonic())
        code = _Attempt(settings, topic, protocol).result(remaining)
        if code not in OTHER_PROTOCOL:
            break
    return code


class _Attempt:
    def __init__(self, settings, topic, protocol):
        # Tells our message from that of another test.
        self._mark = uuid.uuid4().hex
        self._topic = topic
        self._protocol = protocol
        self._answered = threading.Event()
        self._is_connected = self._is_published = False
        self._code = None
        self._settings = settings

    def result(self, timeout):
        thread = threading.Thread(
            target=self._run, args=(timeout,), name="temp_eta probe", daemon=True
        )
        thread.start()
        self._answered.wait(timeout)
        self._answer("unheard" if self._is_connected else "timeout")
        return self._code

    def _run(self, timeout):
        try:
            name = "temp_eta_test_" + uuid.uuid4().hex[:12]
            client = new_client(self._settings, name, self._protocol)
            client.on_connect = self._on_connect
            client.on_subscribe = self._on_subscribe
            client.on_publish = self._on_publish
            client.on_message = self._on_message
            client.on_disconnect = lambda *_: self._answer_closed()
            self._serve(client, max(5, int(timeout)))
        except Exception as error:  # paho passes on any error of the network
            self._answer(reason(error))

    def _serve(self, client, keepalive):
        try:
            connect(client, self._settings, self._protocol, keepalive)
            while not self._answered.is_set():
                if not serve(client, 0.5):
                    self._answer_closed()
            client.disconnect()
        finally:
            hang_up(client)

    def _on_connect(self, client, userdata, flags, result, *_):
        code = refusal(result)
        if self._is_connected:
            # There is one answer on each connection, see connection.py.
            self._answer_closed()
        elif code:
            self._answer(code)
        else:
            self._is_connected = True
            client.subscribe(self._topic, 1)

    def _on_subscribe(self, client, userdata, message_id, reasons, *_):
        if is_refused(reasons):
            self._answer("unheard")
        elif not self._is_published:
            self._is_published = True
            client.publish(self._topic, self._mark, 1)

    def _on_publish(self, client, userdata, message_id, reasons=None, *_):
        if is_refused(reasons):
            self._answer("unheard")

    def _on_message(self, client, userdata, message):
        if message.payload == self._mark.encode():
            self._answer("connected")

    def _answer_closed(self):
        # Some brokers close the connection when something is not allowed.
        self._answer("unheard" if self._is_connected else "closed")

    def _answer(self, code):
        if not self._answered.is_set():
            self._code = code
            self._answered.set()
