"""Tries a broker out and says in words what is wrong with it."""

import socket
import ssl
import threading
import uuid

# Long enough for a slow network, short enough for somebody who waits for the answer.
PATIENCE_S = 8.0

# CONNACK's return codes, MQTT 3.1.1 §3.2.2.3.
REFUSALS = {
    1: "version",
    2: "client_id",
    3: "busy",
    4: "credentials",
    5: "forbidden",
}


def probe(settings, patience=PATIENCE_S):
    """Connect to the broker of `settings` as a client that publishes nothing.

    Returns a code: "connected", or what kept it from that.
    """
    if not settings["mqtt_broker_host"]:
        return "no_host"
    try:
        import paho.mqtt.client as mqtt
    except Exception:  # whatever a broken package raises
        return "no_client"
    try:
        context = tls_context(settings) if settings["mqtt_use_tls"] else None
    except (OSError, ValueError):
        return "tls_files"
    return _Attempt(mqtt, settings, context).outcome(patience)


def tls_context(settings):
    """What `settings` ask of an encrypted connection."""
    context = ssl.create_default_context(cafile=settings["mqtt_tls_ca_file"] or None)
    if settings["mqtt_tls_insecure"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings["mqtt_tls_client_cert"]:
        key = settings["mqtt_tls_client_key"] or None
        # A key with a passphrase would ask for it on the server's console.
        context.load_cert_chain(settings["mqtt_tls_client_cert"], key, password="")
    return context


class _Attempt:
    def __init__(self, mqtt, settings, context):
        self._answered = threading.Event()
        self._code = "timeout"
        self._settings = settings
        version = getattr(mqtt, "CallbackAPIVersion", None)
        kind = [version.VERSION2] if version else []
        name = "temp_eta_test_" + uuid.uuid4().hex[:12]
        self._client = client = mqtt.Client(*kind, client_id=name, clean_session=True)
        client.suppress_exceptions = True
        client.on_connect = self._on_connect
        client.on_disconnect = lambda *_: self._answer("closed")
        if settings["mqtt_username"]:
            client.username_pw_set(settings["mqtt_username"], settings["mqtt_password"])
        if context:
            client.tls_set_context(context)

    def outcome(self, patience):
        thread = threading.Thread(target=self._run, args=(patience,), daemon=True)
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
        # paho 2 has a reason code for a number; for MQTT 3.1.1 it is made from it.
        number = getattr(result, "value", result)
        number = {128: 5, 132: 1, 133: 2, 134: 4, 135: 5, 136: 3}.get(number, number)
        self._answer(REFUSALS.get(number, "refused") if number else "connected")

    def _answer(self, code):
        if not self._answered.is_set():
            self._code = code
            self._answered.set()


def reason(error):
    """The code of what kept a connection from being made."""
    kinds = [
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "tls"),
        (socket.gaierror, "unknown_host"),
        (UnicodeError, "unknown_host"),
        (ConnectionRefusedError, "connection_refused"),
        (ConnectionResetError, "closed"),
        (TimeoutError, "timeout"),
        (socket.timeout, "timeout"),
    ]
    for kind, code in kinds:
        if isinstance(error, kind):
            return code
    return "unreachable"
