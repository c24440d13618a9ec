"""MQTT topics, and testing the connection to a broker."""

import contextlib
import json
import pathlib
import socket
import ssl
import sys
import threading

import pytest

from octoprint_temp_eta import settings
from octoprint_temp_eta.api import test_mqtt as try_broker
from octoprint_temp_eta.mqtt import probe, topics

DATA = pathlib.Path(__file__).parent.parent / "data"
CASES = json.loads((DATA / "topics.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["base"])
def test_topics_match_the_form(case):
    assert topics.base(case["settings"], case["appearance"]) == case["base"]


@contextlib.contextmanager
def broker(answer):
    """A broker that sends `answer`; yields its port and what it received."""
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(1)
                    received.append(connection.recv(4096))
                    connection.sendall(answer)
                    connection.recv(4096 if answer else 0)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1], received


def with_broker(port, **changes):
    return {
        **settings.DEFAULTS,
        "mqtt_broker_host": "127.0.0.1",
        "mqtt_broker_port": port,
        **changes,
    }


CONNACK = b"\x20\x02\x00"

TOPIC = "octoprint/temp_eta/connection_test"


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (CONNACK + b"\x00", "unheard"),
        (CONNACK + b"\x01", "version"),
        (CONNACK + b"\x02", "client_id"),
        (CONNACK + b"\x03", "busy"),
        (CONNACK + b"\x04", "credentials"),
        (CONNACK + b"\x05", "forbidden"),
        (b"", "closed"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "closed"),
    ],
)
def test_connack_codes(answer, result):
    with broker(answer) as (port, received):
        entered = with_broker(port, mqtt_username="octo", mqtt_password="s3cret")
        assert probe.probe(entered, TOPIC) == result
    assert b"octo" in received[0] and b"s3cret" in received[0]


def test_a_broker_that_repeats_its_answer_is_asked_once():
    connack = b"\x20\x03\x00\x00\x00"
    received = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(4096)
                connection.sendall(500 * connack)
                while data := connection.recv(65536):
                    received.append(data)

        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        entered = with_broker(server.getsockname()[1])
        assert probe.probe(entered, TOPIC) == "unheard"
        serving.join(60)
    # One SUBSCRIBE at most.
    assert b"".join(received).count(TOPIC.encode()) <= 1


def test_timeout_without_an_answer():
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert (
            probe.probe(with_broker(server.getsockname()[1]), TOPIC, timeout=0.5)
            == "timeout"
        )


def test_one_test_at_a_time_keeps_the_web_server_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        entered = with_broker(server.getsockname()[1])
        results = []
        first = threading.Thread(
            target=lambda: results.append(probe.probe(entered, TOPIC))
        )
        first.start()
        silent, _ = server.accept()
        with silent:
            assert [probe.probe(entered, TOPIC) for _ in range(30)] == [
                "test_running"
            ] * 30
        first.join()
    assert results == ["closed"]
    with broker(CONNACK + b"\x00") as (port, _):
        assert probe.probe(with_broker(port), TOPIC) == "unheard"


def test_refused_connection_and_unknown_host():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert probe.probe(with_broker(port), TOPIC) == "connection_refused"
    assert probe.probe(with_broker(port, mqtt_broker_host=""), TOPIC) == "no_host"
    for host in ("no.such.host.invalid", "ä" * 70):
        assert (
            probe.probe(with_broker(port, mqtt_broker_host=host), TOPIC) == "unknown_host"
        )


def test_tls_errors(tmp_path):
    junk = tmp_path / "junk.pem"
    junk.write_text("no certificate")
    for key in ("mqtt_tls_ca_file", "mqtt_tls_client_cert"):
        files = with_broker(1, mqtt_use_tls=True, **{key: str(junk)})
        assert probe.probe(files, TOPIC) == "tls_files"
    with broker(CONNACK + b"\x00") as (port, _):
        assert probe.probe(with_broker(port, mqtt_use_tls=True), TOPIC) == "tls"


def test_certificate_errors():
    assert probe.reason(ssl.SSLCertVerificationError("self-signed")) == "certificate"
    assert probe.reason(OSError("no route")) == "unreachable"


def test_missing_paho(monkeypatch):
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    assert probe.probe(with_broker(1), TOPIC) == "no_client"


def test_stored_password_is_not_sent_to_another_broker():
    with broker(CONNACK + b"\x00") as (port, received):
        stored = with_broker(port, mqtt_username="octo", mqtt_password="s3cret")
        other = {"mqtt_broker_host": "localhost"}
        assert try_broker(stored, other) == {"result": "password_needed"}
        wrong = {"mqtt_qos": 7, "junk": 1}
        expected = {
            "result": "impossible",
            "refused": {"mqtt_qos": "must be one of 0, 1, 2"},
        }
        assert try_broker(stored, wrong) == expected
        assert received == []
        assert try_broker(stored, {}) == {"result": "unheard"}
    assert b"s3cret" in received[0]
    with broker(CONNACK + b"\x00") as (port, received):
        typed = {"mqtt_broker_port": port, "mqtt_password": "other"}
        assert try_broker(stored, typed) == {"result": "unheard"}
    assert b"other" in received[0] and b"s3cret" not in received[0]
