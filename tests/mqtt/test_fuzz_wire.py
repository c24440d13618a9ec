"""Whatever bytes a broker sends, in paho-mqtt and the real connection."""

import contextlib
import socket
import threading

import pytest
from broker import PATIENCE_S
from fuzzing import search
from hypothesis import strategies as st
from wire import CONNACK, CONNACK_5, packet, publish

from octoprint_temp_eta import settings
from octoprint_temp_eta.mqtt import client, connection, probe
from octoprint_temp_eta.mqtt.backoff import Backoff
from octoprint_temp_eta.mqtt.connection import Message

TOPIC = "octoprint/temp_eta/status"

# How a connection ends.
CODES = {"lost", "closed", "too_much", "refused", *client.REFUSALS.values()}

# And a test of one, which tries both protocols. Megabytes of nonsense can take longer
# than it waits.
ANSWERS = CODES - {"lost"} | {"unheard", "timeout"}

# Most bytes of the longest kind, which is more than is accepted.
LONG = client.MAX_PACKET + 100

BODIES = st.binary(max_size=40) | st.integers(0, LONG).map(bytes)

PACKETS = (
    st.sampled_from([CONNACK_5, CONNACK])
    | st.binary(max_size=40)
    | st.builds(packet, st.integers(0, 255), BODIES)
    | st.builds(packet, st.integers(0, 255), BODIES, st.integers(0, 2**28 - 1))
    | st.builds(
        publish,
        topic=st.sampled_from([TOPIC, "", "\0", "#"]),
        payload=BODIES,
        qos=st.integers(0, 3),
        message_id=st.integers(0, 65535),
        protocol=st.sampled_from([4, 5]),
        properties=BODIES | st.integers(0, 2000).map(lambda it: it * b"\x26\0\0\0\0"),
    )
)

SENT = st.tuples(
    st.sampled_from([CONNACK_5, CONNACK_5, CONNACK, b""]),
    st.lists(PACKETS, max_size=8).map(b"".join),
    # Repeated, as they may be sent without end.
    st.sampled_from([1, 1, 1, 300]),
).map(lambda it: it[0] + it[1] * it[2])


class Server:
    """Answers each connection with the same bytes, and waits until it is closed."""

    def __init__(self):
        self.sent = b""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.settings = {
            **settings.DEFAULTS,
            "mqtt_broker_host": "127.0.0.1",
            "mqtt_broker_port": self._socket.getsockname()[1],
        }
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self):
        self._socket.close()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                broker, _ = self._socket.accept()
                with broker, contextlib.suppress(OSError):
                    broker.settimeout(PATIENCE_S)
                    broker.recv(4096)
                    broker.sendall(self.sent)
                    broker.shutdown(socket.SHUT_WR)
                    while broker.recv(4096):
                        pass


class Unthreaded(connection.Connection):
    """A connection that is served by the test."""

    def _run(self):
        pass


@pytest.fixture
def server(closing):
    server = Server()
    closing(server)
    return server


def test_any_bytes(server):
    def wire(sent, protocol):
        server.sent = sent
        tested = Unthreaded(
            server.settings,
            "fuzzed",
            will=Message(TOPIC, ""),
            topics=[TOPIC],
            backoff=Backoff(),
            keepalive=30,
            wake=lambda: None,
            log=connection.logging.getLogger("mqtt"),
        )
        code, duration = tested._serve(protocol)
        assert code in CODES and (duration is None or duration >= 0)
        assert len(tested.received) <= connection.MAX_RECEIVED

    # paho-mqtt 1.6 raised an IndexError for the first, a KeyError for the second.
    known = [
        {"sent": CONNACK, "protocol": 5},
        {"sent": b"\x20\x03\0\x01\0", "protocol": 5},
    ]
    protocols = st.sampled_from(client.PROTOCOLS)
    search(wire, known=known, examples=60, sent=SENT, protocol=protocols)


def test_any_bytes_in_the_connection_test(server):
    def probed(sent):
        server.sent = sent
        assert probe.probe(server.settings, TOPIC, PATIENCE_S) in ANSWERS

    search(probed, known=[{"sent": CONNACK}], examples=40, sent=SENT)
