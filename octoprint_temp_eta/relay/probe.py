"""Tries a broker out and says in words what is wrong with it."""

import threading
import uuid

from .client import Impossible, new_client, reason, refusal

# Long enough for a slow network, short enough for somebody who waits for the answer.
PATIENCE_S = 8.0


def probe(settings, patience=PATIENCE_S):
    """Connect to the broker of `settings` as a client that publishes nothing.

    Returns a code: "connected", or what kept it from that.
    """
    try:
        client = new_client(settings, "temp_eta_test_" + uuid.uuid4().hex[:12])
    except Impossible as error:
        return str(error)
    return _Attempt(client, settings).outcome(patience)


class _Attempt:
    def __init__(self, client, settings):
        self._answered = threading.Event()
        self._code = "timeout"
        self._settings = settings
        self._client = client
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: self._answer("closed")

    def outcome(self, patience):
        thread = threading.Thread(
            target=self._run, args=(patience,), name="temp_eta probe", daemon=True
        )
        thread.start()
        self._answered.wait(patience)
        code = self._code
        self._answered.set()
        return code

    def _run(self, patience):
        host, port = (
            self._settings["mqtt_broker_host"],
            self._settings["mqtt_broker_port"],
        )
        try:
            self._client.connect(host, port, keepalive=max(5, int(patience)))
            while not self._answered.is_set():
                if self._client.loop(timeout=0.5) != 0:
                    self._answer("closed")
            self._client.disconnect()
        except Exception as error:  # paho passes on whatever the network raises
            self._answer(reason(error))

    def _on_connect(self, client, userdata, flags, result, *_):
        self._answer(refusal(result) or "connected")

    def _answer(self, code):
        if not self._answered.is_set():
            self._code = code
            self._answered.set()
