"""A client for the broker, the same on paho-mqtt 1.6 and 2.x; what keeps it out, as a
code.

paho-mqtt is imported when a client is made: the plugin does not need it.
"""

import socket
import ssl

# CONNACK's return codes, MQTT 3.1.1 §3.2.2.3.
REFUSALS = {
    1: "version",
    2: "client_id",
    3: "busy",
    4: "credentials",
    5: "forbidden",
}

# paho 2 tells MQTT 5's reason codes for them.
_OF_MQTT_5 = {128: 5, 132: 1, 133: 2, 134: 4, 135: 5, 136: 3}


# OpenSSL's X509_V_ERR_…: not yet valid, expired; another host name, another address.
CERTIFICATES = {
    9: "certificate_expired",
    10: "certificate_expired",
    62: "certificate_name",
    64: "certificate_name",
}


class Impossible(Exception):
    """No client can be made of these settings, or here; the text is the code of why."""


def library():
    """paho-mqtt.

    Raises `Impossible` with "no_client" where it is missing or broken.
    """
    try:
        import paho.mqtt.client as mqtt
    except Exception as error:  # whatever a broken package raises
        raise Impossible("no_client") from error
    return mqtt


def address(settings):
    """Which broker that is, for people and for what is kept of it."""
    return f"{settings['mqtt_broker_host']}:{settings['mqtt_broker_port']}"


def new_client(settings, client_id):
    """A client that is not connected, for the broker of `settings`.

    Raises `Impossible` if paho-mqtt is missing, or a file for the encryption is no good.
    """
    if not settings["mqtt_broker_host"]:
        raise Impossible("no_host")
    mqtt = library()
    version = getattr(mqtt, "CallbackAPIVersion", None)
    client = mqtt.Client(
        *([version.VERSION2] if version else []),
        client_id=client_id,
        clean_session=True,
        protocol=mqtt.MQTTv311,
    )
    # An error in a callback would end the thread that serves the connection.
    client.suppress_exceptions = True
    if settings["mqtt_username"]:
        client.username_pw_set(settings["mqtt_username"], settings["mqtt_password"])
    if settings["mqtt_use_tls"]:
        try:
            client.tls_set_context(tls_context(settings))
        except (OSError, ValueError) as error:
            raise Impossible("tls_files") from error
        client.tls_insecure_set(settings["mqtt_tls_insecure"])
    return client


def tls_context(settings):
    """What `settings` ask of an encrypted connection.

    Raises `OSError` or `ValueError` for files that are no certificates or keys.
    """
    context = ssl.create_default_context(cafile=settings["mqtt_tls_ca_file"] or None)
    if settings["mqtt_tls_insecure"]:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if settings["mqtt_tls_client_cert"]:
        key = settings["mqtt_tls_client_key"] or None
        # A key with a passphrase would ask for it on the server's console.
        context.load_cert_chain(settings["mqtt_tls_client_cert"], key, password="")
    return context


def refusal(result):
    """The code of why the broker answered with `result`; None if it let the client in."""
    number = getattr(result, "value", result)
    number = _OF_MQTT_5.get(number, number)
    return REFUSALS.get(number, "refused") if number else None


def reason(error):
    """The code of what kept a connection from being made."""
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
