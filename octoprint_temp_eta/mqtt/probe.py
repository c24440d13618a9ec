"""Tests the connection to a broker, for the settings dialog."""

import threading
import uuid

from .client import ClientError, new_client, reason, refusal

# Long enough for a slow network, short enough for a user who waits, in s.
TIMEOUT_S = 8.0

# Held by the request that waits: several would keep the web server from answering.
_waiting = threading.Lock()


def probe(settings, timeout=TIMEOUT_S):
    """Connect to the broker in `settings` as a client that publishes nothing.

    Returns "connected", or the code of the reason why that failed: at once
    "test_running" while another call waits.
    """
    if not _waiting.acquire(blocking=False):
        return "test_running"
    try:
        return _probe(settings, timeout)
    finally:
        _waiting.release()


def _probe(settings, timeout):
    try:
        client = new_client(settings, "temp_eta_test_" + uuid.uuid4().hex[:12])
    except ClientError as error:
        return str(error)
    return _Attempt(client, settings).result(timeout)


class _Attempt:
    def __init__(self, client, settings):
        self._answered = threading.Event()
        self._code = "timeout"
        self._settings = settings
        self._client = client
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: self._answer("closed")

    def result(self, timeout):
        thread = threading.Thread(
            target=self._run, args=(timeout,), name="temp_eta probe", daemon=True
        )
        thread.start()
        self._answered.wait(timeout)
        code = self._code
        self._answered.set()
        return code

    def _run(self, timeout):
        host = self._settings["mqtt_broker_host"]
        port = self._settings["mqtt_broker_port"]
        try:
            self._client.connect(host, port, keepalive=max(5, int(timeout)))
            while not self._answered.is_set():
                if self._client.loop(timeout=0.5) != 0:
                    self._answer("closed")
            self._client.disconnect()
        except Exception as error:  # paho passes on any error of the network
            self._answer(reason(error))

    def _on_connect(self, client, userdata, flags, result, *_):
        self._answer(refusal(result) or "connected")

    def _answer(self, code):
        if not self._answered.is_set():
            self._code = code
            self._answered.set()
