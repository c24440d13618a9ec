"""Brokers that send too much, take too little, or send what is no MQTT."""

import contextlib
import os
import socket

import pytest
from broker import PATIENCE_S, Broker, until
from simulation import heat_until
from wire import CONNACK, CONNACK_5, packet, publish

from octoprint_temp_eta import settings
from octoprint_temp_eta.mqtt import connection, pace, probe
from octoprint_temp_eta.mqtt.client import MAX_MESSAGE, MAX_PACKET

BIRTH = "homeassistant/status"

# A property that anybody may add to a message, 250 kB of them.
USER_PROPERTIES = 50_000 * b"\x26\x00\x00\x00\x00"

TOO_MUCH = {
    "a message": publish(BIRTH, bytes(MAX_PACKET)),
    "a message that has only begun": packet(0x30, length=MAX_MESSAGE + 1),
    "properties": publish(BIRTH, b"online", properties=USER_PROPERTIES),
    "subscriptions": packet(0x90, b"\x00\x01\x00" + 300_000 * b"\x87"),
    "unfinished messages": b"".join(
        publish("t", b"", qos=2, message_id=it) for it in range(1, 65536)
    ),
}


@contextlib.contextmanager
def connecting(make_printer):
    """A printer, and the socket of the broker that it has sent CONNECT to."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # It takes little at a time.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        printer = make_printer(server.getsockname()[1])
        broker, _ = server.accept()
        with broker:
            broker.settimeout(PATIENCE_S)
            assert broker.recv(4096)
            yield printer, broker


@pytest.mark.everywhere
@pytest.mark.parametrize("sent", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_broker_that_sends_too_much_is_hung_up_on(make_printer, sent):
    """paho-mqtt would keep all of it in memory, and take minutes to decode it."""
    with connecting(make_printer) as (printer, broker):
        with contextlib.suppress(ConnectionError):
            broker.sendall(CONNACK_5 + sent)
            while broker.recv(4096):
                pass
        printer.wait_for_state("too_much")


@pytest.mark.everywhere
def test_a_broker_that_takes_nothing_is_hung_up_on(make_printer, monkeypatch):
    """Each of its messages is to be acknowledged."""
    monkeypatch.setattr(pace, "SHARE", 100.0)
    with connecting(make_printer) as (printer, broker):
        broker.sendall(CONNACK_5)
        ids = (1 + it % 65535 for it in range(1_000_000))
        with contextlib.suppress(ConnectionError):
            for message_id in ids:
                broker.sendall(publish("t", b"", qos=1, message_id=message_id))
        printer.wait_for_state("too_much")


@pytest.mark.everywhere
def test_what_is_no_mqtt_ends_the_connection(make_printer):
    with connecting(make_printer) as (printer, broker):
        # A SUBACK with an unknown reason.
        broker.sendall(CONNACK_5 + packet(0x90, b"\x00\x01\x00\x7f"))
        printer.wait_for_state("closed")


@pytest.mark.everywhere
def test_a_long_message_in_mqtt_3_1_1_is_dropped(make_printer, monkeypatch):
    """A broker without MQTT 5 passes on what others publish."""
    looked_at, received = [], connection.Received

    def look(*message):
        looked_at.append(message[:2])
        return received(*message)

    monkeypatch.setattr(connection, "Received", look)
    with socket.create_server(("127.0.0.1", 0)) as server:
        printer = make_printer(server.getsockname()[1])
        server.accept()[0].close()
        broker, _ = server.accept()
        with broker:
            long = publish(BIRTH, bytes(MAX_MESSAGE // 2), protocol=4)
            broker.sendall(CONNACK + long + publish(BIRTH, b"online", protocol=4))
            until(lambda: looked_at)
            printer.wait_for_state("connected")
    assert looked_at == [(BIRTH, "online")]


def test_what_is_too_long_for_the_broker_is_not_sent(make_printer, tmp_path, caplog):
    """It would end each connection, as if another client had our ID."""
    broker = Broker(tmp_path, "max_packet_size 3000")
    try:
        printer = make_printer(broker.port)
        printer.wait_for_state("connected")
        heat_until(printer, lambda: printer.status["is_refused"])
        printer.heat_for(1.0)
        assert printer.state == "connected"
        said = [it for it in caplog.messages if "no packets of more than 3000" in it]
        assert len(said) == 1
    finally:
        broker.stop()


def test_a_certificate_that_is_no_file_is_not_waited_for(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    chosen = {"mqtt_broker_host": "127.0.0.1", "mqtt_use_tls": True}
    for key in ("mqtt_tls_ca_file", "mqtt_tls_client_cert"):
        entered = {**settings.DEFAULTS, **chosen, key: str(pipe)}
        assert probe.probe(entered, "test", PATIENCE_S) == "tls_files"
