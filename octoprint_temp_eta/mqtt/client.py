"""MQTT clients for paho-mqtt 1.6 and 2.x, and the codes of failed connections.

paho-mqtt is an optional dependency: it is imported when a client is created.
"""

import socket
import ssl
from contextlib import suppress

# Protocol levels, the preferred one first. In MQTT 5 the broker says what it refuses, and
# sends us nothing longer than we allow. Others have at least MQTT 3.1.1.
MQTT_5 = 5
PROTOCOLS = (MQTT_5, 4)

# Longest packet that a broker may send in MQTT 5, in bytes. Ours are shorter.
MAX_PACKET = 8192

# Longest packet that is received from a broker that ignores this or does not know it, and
# most messages with QoS 2 that it may leave unfinished: paho-mqtt keeps them in memory.
MAX_RECEIVED_PACKET = 1_000_000
MAX_UNFINISHED = 100

# What the system receives before it is looked at, in bytes. paho-mqtt reads this up to a
# hundred times before it returns.
RECEIVE_BUFFER = 32_768

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
    client = mqtt.Client(
        *([version.VERSION2] if version else []),
        client_id=client_id,
        # There is no such thing in MQTT 5, where each session ends with its connection.
        clean_session=None if protocol == MQTT_5 else True,
        protocol=protocol,
    )
    client.on_socket_open = _limit_buffer
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

    Raises `ClientError` with "too_much" if the broker sends more than fits in memory.
    """
    goes_on = client.loop(timeout) == 0
    # paho-mqtt has no limits of its own, and in 1.6 and 2 no other way to know.
    length = getattr(client, "_in_packet", {}).get("remaining_length", 0)
    unfinished = getattr(client, "_in_messages", ())
    if length > MAX_RECEIVED_PACKET or len(unfinished) > MAX_UNFINISHED:
        raise ClientError("too_much")
    return goes_on


def hang_up(client):
    """Close the socket of `client`, which would stay open until it is garbage."""
    sock = client.socket()
    if sock is not None:
        sock.close()


def tls_context(settings):
    """Create the TLS context for `settings`.

    Raises `OSError` or `ValueError` for files that are not certificates or keys.
    """
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


def _limit_buffer(client, userdata, sock):
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
