"""MQTT clients for paho-mqtt 1.6 and 2.x, and the codes of failed connections.

paho-mqtt is an optional dependency: it is imported when a client is created.
"""

import functools
import socket
import ssl
from contextlib import suppress

from .. import storage

# Protocol levels, the preferred one first. In MQTT 5 the broker says what it refuses, and
# sends us nothing longer than we allow. Others have at least MQTT 3.1.1.
MQTT_5 = 5
PROTOCOLS = (MQTT_5, 4)

# Longest packet that is accepted, in bytes; in MQTT 5 the broker is told. What we need is
# shorter, and decoding a long one can take minutes.
MAX_PACKET = 8192

# In MQTT 3.1.1 a broker passes on whatever a client has published. This much is received,
# and dropped.
MAX_MESSAGE = 1_000_000

# What paho-mqtt may keep: messages with QoS 2 that the broker leaves unfinished, and
# packets that it does not take.
MAX_UNFINISHED = 100
MAX_UNSENT = 1000

# What the system keeps for each direction, in bytes. paho-mqtt reads this up to a hundred
# times before it returns.
SOCKET_BUFFER = 32_768

# The kind of a packet with a message, MQTT 3.1.1 §2.2.1.
PUBLISH = 0x30

# Largest certificate file, in bytes.
MAX_TLS_FILE = 1_000_000

# Codes of brokers that do not have MQTT 5. Some just close the connection.
OTHER_PROTOCOL = ("version", "closed")

# CONNACK return codes, MQTT 3.1.1 §3.2.2.3.
REFUSALS = {
    1: "version",
    2: "client_id",
    3: "busy",
    4: "credentials",
    5: "forbidden",
}

# paho 2 reports the reason codes of MQTT 5 instead.
_FROM_MQTT_5 = {128: 5, 132: 1, 133: 2, 134: 4, 135: 5, 136: 3}

# OpenSSL's X509_V_ERR_*: not yet valid, expired; host name mismatch, IP mismatch.
CERTIFICATES = {
    9: "certificate_expired",
    10: "certificate_expired",
    62: "certificate_name",
    64: "certificate_name",
}


class ClientError(Exception):
    """No client can be created from these settings or on this system, or it had to end.

    Its text is the code of the reason.
    """


def library():
    """Import and return paho-mqtt.

    Raises `ClientError` with "no_client" if it is missing or broken.
    """
    try:
        import paho.mqtt.client as mqtt
    except Exception as error:  # a broken package may raise anything
        raise ClientError("no_client") from error
    return mqtt


def address(settings):
    """Return the broker's host and port, as shown to users and stored in files."""
    return f"{settings['mqtt_broker_host']}:{settings['mqtt_broker_port']}"


def new_client(settings, client_id, protocol):
    """Create a client for the broker in `settings`, not connected yet.

    `protocol` is one of `PROTOCOLS`.

    Raises `ClientError` if there is no host, if paho-mqtt is missing, or if a TLS file
    is invalid.
    """
    if not settings["mqtt_broker_host"]:
        raise ClientError("no_host")
    mqtt = library()
    version = getattr(mqtt, "CallbackAPIVersion", None)
    client = _limited(mqtt.Client)(
        *([version.VERSION2] if version else []),
        client_id=client_id,
        # There is no such thing in MQTT 5, where each session ends with its connection.
        clean_session=None if protocol == MQTT_5 else True,
        protocol=protocol,
    )
    client.max_message = MAX_PACKET if protocol == MQTT_5 else MAX_MESSAGE
    client.on_socket_open = _limit_buffers
    # Otherwise an exception in a callback ends the network thread.
    client.suppress_exceptions = True
    if settings["mqtt_username"]:
        client.username_pw_set(settings["mqtt_username"], settings["mqtt_password"])
    if settings["mqtt_use_tls"]:
        try:
            client.tls_set_context(tls_context(settings))
        except (OSError, ValueError) as error:
            raise ClientError("tls_files") from error
        client.tls_insecure_set(settings["mqtt_tls_insecure"])
    return client


def connect(client, settings, protocol, keepalive):
    """Connect `client` to the broker in `settings`; raises any error of the network."""
    properties = None
    if protocol == MQTT_5:
        from paho.mqtt.packettypes import PacketTypes
        from paho.mqtt.properties import Properties

        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = MAX_PACKET
    client.connect(
        settings["mqtt_broker_host"],
        settings["mqtt_broker_port"],
        keepalive,
        properties=properties,
    )


def serve(client, timeout):
    """Wait up to `timeout` s for the network, read and write; whether it goes on.

    Raises `ClientError`: "too_much" if the broker sends or leaves more than is kept, and
    "closed" if it sends what is no MQTT.
    """
    goes_on = client.loop(timeout) == 0
    _require_limits(client)
    return goes_on


@functools.cache
def _limited(client_class):
    """Return paho-mqtt's client, which has no limits of its own, with ours.

    There is no other way in its versions 1.6 and 2; tests show that it works in both.
    Made once: only the garbage collector would free a class.
    """

    class LimitedClient(client_class):
        def _packet_handle(self):
            _require_limits(self)
            try:
                return super()._packet_handle()
            # Of decoding: those in our callbacks are suppressed.
            except Exception as error:
                raise ClientError("closed") from error

    return LimitedClient


def _require_limits(client):
    packet = client._in_packet
    is_message = packet["command"] & 0xF0 == PUBLISH
    longest = client.max_message if is_message else MAX_PACKET
    if (
        packet["remaining_length"] > longest
        or len(client._in_messages) > MAX_UNFINISHED
        or len(client._out_packet) > MAX_UNSENT
    ):
        raise ClientError("too_much")


def hang_up(client):
    """Close the socket of `client`, which would stay open until it is garbage."""
    sock = client.socket()
    if sock is not None:
        sock.close()


def tls_context(settings):
    """Create the TLS context for `settings`.

    Raises `OSError` or `ValueError` for files that are not certificates or keys.
    """
    for key in ("mqtt_tls_ca_file", "mqtt_tls_client_cert", "mqtt_tls_client_key"):
        if settings[key]:
            # OpenSSL would wait for somebody to write to a pipe.
            storage.require_regular(settings[key], MAX_TLS_FILE)
    context = ssl.create_default_context(cafile=settings["mqtt_tls_ca_file"] or None)
    if settings["mqtt_tls_insecure"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings["mqtt_tls_client_cert"]:
        key = settings["mqtt_tls_client_key"] or None
        # Without a password here, OpenSSL would ask for one on the server's console.
        context.load_cert_chain(settings["mqtt_tls_client_cert"], key, password="")
    return context


def refusal(result):
    """Return the code for the broker's CONNACK `result`; None if it was accepted."""
    number = getattr(result, "value", result)
    number = _FROM_MQTT_5.get(number, number)
    return REFUSALS.get(number, "refused") if number else None


def longest_packet(properties=None, *_):
    """Return the longest packet in bytes that the broker takes; None if it says nothing.

    `properties` are those of its CONNACK, in MQTT 5.
    """
    return getattr(properties, "MaximumPacketSize", None)


def is_refused(reasons):
    """Whether one of the reason codes of a SUBACK or PUBACK refuses something.

    paho 1.6 has numbers, or nothing.
    """
    if not isinstance(reasons, (list, tuple)):
        reasons = [reasons]
    numbers = [getattr(it, "value", it) for it in reasons]
    return any(isinstance(it, int) and it >= 0x80 for it in numbers)


def reason(error):
    """Return the code for the exception that a connection attempt raised."""
    if isinstance(error, ClientError):
        return str(error)
    if isinstance(error, ssl.SSLCertVerificationError):
        return CERTIFICATES.get(getattr(error, "verify_code", None), "certificate")
    kinds = [
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


def _limit_buffers(client, userdata, sock):
    with suppress(OSError):
        for buffer in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, buffer, SOCKET_BUFFER)
