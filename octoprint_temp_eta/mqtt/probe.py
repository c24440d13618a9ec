"""Tests the connection to a broker, for the settings dialog.

A broker may accept a user and drop what is sent, silently in MQTT 3.1.1. So a message is
published and waited for.
"""

import threading
import uuid

from .client import ClientError, new_client, reason, refusal

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
    try:
        client = new_client(settings, "temp_eta_test_" + uuid.uuid4().hex[:12])
    except ClientError as error:
        return str(error)
    return _Attempt(client, settings, topic).result(timeout)


class _Attempt:
    def __init__(self, client, settings, topic):
        # Tells our message from that of another test.
        self._mark = uuid.uuid4().hex
        self._topic = topic
        self._answered = threading.Event()
        self._is_connected = False
        self._code = None
        self._settings = settings
        self._client = client
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_disconnect = lambda *_: self._answer_closed()

    def result(self, timeout):
        thread = threading.Thread(
            target=self._run, args=(timeout,), name="temp_eta probe", daemon=True
        )
        thread.start()
        self._answered.wait(timeout)
        self._answer("unheard" if self._is_connected else "timeout")
        return self._code

    def _run(self, timeout):
        host = self._settings["mqtt_broker_host"]
        port = self._settings["mqtt_broker_port"]
        try:
            self._client.connect(host, port, keepalive=max(5, int(timeout)))
            while not self._answered.is_set():
                if self._client.loop(timeout=0.5) != 0:
                    self._answer_closed()
            self._client.disconnect()
        except Exception as error:  # paho passes on any error of the network
            self._answer(reason(error))

    def _on_connect(self, client, userdata, flags, result, *_):
        code = refusal(result)
        if code:
            self._answer(code)
            return
        self._is_connected = True
        client.subscribe(self._topic, 1)

    def _on_subscribe(self, client, *_):
        client.publish(self._topic, self._mark, 1)

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
