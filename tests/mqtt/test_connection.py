"""The connection: logging in, TLS, and brokers that are away, slow or stalled."""

import gc
import logging
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import weakref

import pytest
from broker import PATIENCE_S, Broker, Listener, free_port, retained, until
from conftest import NEVER_S
from simulation import BASE, FastBackoff, heat_until, payloads
from wire import CONNACK, CONNACK_5

from octoprint_temp_eta.calculation import service
from octoprint_temp_eta.mqtt import connection, publisher
from octoprint_temp_eta.mqtt.backoff import TAKEN_OVER_FIRST_S
from octoprint_temp_eta.mqtt.client import MAX_PACKET


@pytest.fixture
def restricted(tmp_path, closing):
    """A broker with the users `octo`, who may publish, and `viewer`, who may read."""
    passwords = tmp_path / "passwords"
    passwords.touch()
    for user, password in (("octo", "s3cret"), ("viewer", "v1ew")):
        command = ["mosquitto_passwd", "-b", str(passwords), user, password]
        subprocess.run(command, check=True)
    rights = tmp_path / "rights"
    rights.write_text(
        "user octo\ntopic readwrite octoprint/temp_eta/#\n"
        "topic readwrite homeassistant/device/#\ntopic read homeassistant/status\n"
        "user viewer\ntopic read #\ntopic readwrite listener/#\n"
    )
    files = [f"password_file {passwords}", f"acl_file {rights}"]
    broker = Broker(tmp_path, "allow_anonymous false", *files)
    closing(broker)
    return broker


def threads():
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.everywhere
def test_everything_is_published_and_offline_at_the_end(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(2.6)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        # At 0.2, 1.2 and 2.2 s; the last is for Home Assistant, which has subscribed.
        assert len(listener.of(f"/{heater}/eta")) == 3, heater
    assert len(listener.of("/config")) == 1
    assert [message.payload for message in listener.of("/availability")] == ["online"]
    printer.stop()
    assert listener.of("/availability")[-1].payload == "offline"
    until(lambda: not threads() & {"temp_eta server", "temp_eta broker"})


@pytest.mark.everywhere
def test_ended_connections_leave_nothing_to_the_garbage_collector(
    make_printer, tmp_path, closing, monkeypatch
):
    """paho-mqtt closes some of its sockets only with the client."""
    made, classes, new_client = [], set(), connection.new_client

    def noted(*arguments):
        client = new_client(*arguments)
        made.append(weakref.ref(client))
        classes.add(type(client))
        return client

    monkeypatch.setattr(connection, "new_client", noted)
    broker = Broker(tmp_path)
    closing(broker)
    gc.disable()
    try:
        printer = make_printer(broker.port)
        printer.wait_for_state("connected")
        broker.stop()
        printer.wait_for_state("connection_refused")
        broker.start()
        printer.wait_for_state("connected")
        printer.stop()
        until(lambda: [client for client in made if client()] == [])
    finally:
        gc.enable()
    assert len(made) > 2
    assert len(classes) == 1


def test_what_is_sent_as_a_connection_ends_is_not_done(
    make_printer, tmp_path, closing, monkeypatch
):
    """While it counts as connected, topics to be cleared would be forgotten otherwise."""
    made, seen = [], []

    class Noted(connection.Connection):
        def __init__(self, *arguments, **options):
            made.append(self)
            super().__init__(*arguments, **options)

    def send():
        (it,) = made
        it.send(connection.Message(f"{BASE}/cleared", "", 1, True))
        seen.append((it.is_connected, it.is_idle()))

    monkeypatch.setattr(publisher, "Connection", Noted)
    broker = Broker(tmp_path)
    closing(broker)
    printer = make_printer(
        broker.port, context={"backoff": lambda: FastBackoff(may_wait=send)}
    )
    printer.wait_for_state("connected")
    broker.stop()
    until(lambda: seen)
    assert seen == [(True, False)]


def test_no_caller_waits_for_the_service(make_printer, broker, monkeypatch):
    """Whatever blocks its thread does not block OctoPrint's threads."""
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    is_blocked, may_continue, has_continued = (threading.Event() for _ in range(3))

    def block(*_, **__):
        is_blocked.set()
        may_continue.wait(PATIENCE_S)
        has_continued.set()

    monkeypatch.setattr(publisher.Publisher, "publish", block)
    printer.report()
    assert is_blocked.wait(PATIENCE_S)
    for _ in range(1000):
        printer.report()
        printer.service.add_progress(True, True, 5)
    printer.service.configure(printer.config)
    printer.renew_id()
    assert printer.service.status()["state"] == "connected"
    printer.service.stop(0.01)
    assert not has_continued.is_set(), "a caller has waited"
    may_continue.set()
    # Within the time that OctoPrint allows, in s.
    assert publisher.SHUTDOWN_TIMEOUT_S < service.STOP_TIMEOUT_S < 2.5


def test_password_and_access_rights(make_printer, restricted, closing):
    viewer = Listener(restricted.port, "viewer", "v1ew")
    closing(viewer)
    login = {"mqtt_username": "octo", "mqtt_password": "s3cret"}
    printer = make_printer(restricted.port, **login)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    assert viewer.of("/bed/eta") and viewer.of("/config")


def test_wrong_password_is_logged_once_and_not_retried_soon(
    make_printer, restricted, caplog, closing
):
    caplog.set_level(logging.INFO)
    viewer = Listener(restricted.port, "viewer", "v1ew")
    closing(viewer)
    login = {"mqtt_username": "octo", "mqtt_password": "wrong"}
    printer = make_printer(restricted.port, **login)
    printer.wait_for_state("forbidden")
    printer.heat_for(3.0)
    assert caplog.messages == [f"MQTT broker 127.0.0.1:{restricted.port}: forbidden"]
    assert restricted.log().count("not authorised") == 1 and printer.waits == [60]
    assert viewer.of("") == []
    # Changed settings apply at once.
    printer.configure(mqtt_password="s3cret")
    printer.wait_for_state("connected")
    printer.stop()


def test_connection_refused_and_unknown_host(make_printer):
    # Stopping does not wait for the next attempt.
    context = {"backoff": lambda: FastBackoff(in_full=True)}
    printer = make_printer(free_port(), context=context)
    printer.wait_for_state("connection_refused")
    printer.heat_for(1.0)
    other = make_printer(1, context=context, mqtt_broker_host="no-such-host.invalid")
    other.wait_for_state("unknown_host")
    for waiting in (printer, other):
        waiting.stop()


def test_broker_that_starts_later_is_found(make_printer, tmp_path, closing):
    broker = Broker(tmp_path, started=False)
    printer = make_printer(broker.port)
    printer.wait_for_state("connection_refused")
    until(lambda: len(printer.waits) > 3)
    assert printer.waits[:4] == [1, 2, 4, 8]
    broker.start()
    closing(broker)
    printer.wait_for_state("connected")


def test_restarted_broker_gets_everything_but_no_old_values(
    make_printer, broker, clock, closing
):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.4)
    broker.stop()
    until(lambda: printer.state != "connected")
    printer.heat_for(2.0)
    assert printer.service.due_in == service.IDLE_S, "it spins meanwhile"
    broker.start()
    listener = Listener(broker.port)
    closing(listener)
    back = clock.wall()
    printer.wait_for_state("connected")
    printer.heat_for(1.4)
    assert listener.of("/availability")[0].payload == "online"
    assert listener.of("/config")
    for payload in payloads(listener.of_heaters()):
        assert payload["timestamp"] >= back, "old value"


def test_stalled_broker_is_detected_and_blocks_nothing(
    make_printer, broker, clock, closing, noticing
):
    printer = make_printer(broker.port, context=noticing(1), mqtt_publish_interval=0.1)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    broker.pause()
    # Each step ends, although the broker is stalled.
    until(lambda: printer.heat(acknowledges=False) or printer.state != "connected")
    printer.heat_for(1.0, acknowledges=False)
    broker.resume()
    printer.wait_for_state("connected")
    listener = Listener(broker.port)
    closing(listener)
    back = clock.wall()
    heat_until(printer, lambda: listener.of("/bed/eta"))
    for payload in payloads(listener.of("/bed/eta")):
        assert payload["timestamp"] >= back


def test_stalled_broker_does_not_delay_stopping(make_printer, broker, monkeypatch):
    monkeypatch.setattr(publisher, "SHUTDOWN_TIMEOUT_S", 0.1)
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    broker.pause()
    printer.heat_for(0.4, acknowledges=False)
    # Returns while the broker is still stalled.
    printer.stop()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_server_that_never_answers(make_printer, tls, noticing, monkeypatch):
    monkeypatch.setattr(publisher, "SHUTDOWN_TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as hole:
        port = hole.getsockname()[1]
        printer = make_printer(port, context=noticing(NEVER_S), mqtt_use_tls=tls)
        printer.heat_for(1.0)
        assert printer.state == "connecting"
        printer.stop()
        # Without an answer it gives up, and tries again.
        other = make_printer(port, context=noticing(1), mqtt_use_tls=tls)
        until(lambda: len(other.waits) > 1)
        other.heat_for(1.0)
        other.stop()


def test_slow_broker_gets_only_the_newest_values(make_printer, broker, listener, clock):
    discovery = {"mqtt_homeassistant_discovery": False}
    printer = make_printer(broker.port, mqtt_publish_interval=0.1, **discovery)
    printer.wait_for_state("connected")
    printer.heat()
    before = listener.count()
    broker.pause()
    sent = printer.service.status()["sent"]
    printer.heat_for(10.0, acknowledges=False)
    # One message for each heater and the printer is in flight.
    assert printer.service.status()["sent"] == sent + 6
    broker.resume()
    printer.settle()
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        first, last = payloads(listener.of(f"/{heater}/eta", before))
        assert first["timestamp"] < clock.wall() - 9.0
        assert last["timestamp"] == clock.wall()
    assert printer.service.status()["sent"] == sent + 12
    assert printer.state == "connected" and printer.waits == []


@pytest.mark.everywhere
def test_will_is_published_when_the_process_is_killed(broker, listener, tmp_path):
    script = pathlib.Path(__file__).parent / "publishing_process.py"
    child = subprocess.Popen(
        [sys.executable, str(script), str(broker.port), str(tmp_path / "data")]
    )
    try:
        until(lambda: listener.of("/bed/eta"))
        assert listener.of("/availability")[-1].payload == "online"
    finally:
        child.kill()
        child.wait()
    until(lambda: listener.of("/availability")[-1].payload == "offline")
    assert retained(broker.port)[f"{BASE}/availability"] == "offline"


def devices(broker):
    return sum(topic.endswith("/config") for topic in retained(broker.port))


def test_client_id_conflict_is_detected_and_ends(make_printer, broker, tmp_path):
    # Neither disconnects the other before that one has published its status.
    is_connected, is_detected = threading.Event(), threading.Event()

    def waits_for(event):
        return {"backoff": lambda: FastBackoff(may_wait=lambda: event.wait(PATIENCE_S))}

    printer = make_printer(broker.port, context=waits_for(is_connected))
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    folder = {"folder": str(tmp_path / "copy")}
    other = make_printer(broker.port, context={**folder, **waits_for(is_detected)})
    other.wait_for_state("connected")
    other.heat()
    is_connected.set()
    # The copy publishes to the same topic, so its status shows the conflict.
    until(lambda: printer.service.status()["is_twin"])
    is_detected.set()
    # They disconnect each other in turns, and the first one backs off.
    printer.wait_for_state("taken")
    assert (printer.waits, other.waits) == ([1, 2, TAKEN_OVER_FIRST_S], [1, 2])
    other.wait_for_state("connected")
    printer.renew_id()
    printer.wait_for_state("connected")
    other.heat_for(0.4)
    heat_until(printer, lambda: devices(broker) == 2)
    printer.heat_for(0.4)
    assert devices(broker) == 2, "the other's device is cleared"


def test_suspected_client_id_conflict_clears_no_topics(make_printer, broker, tmp_path):
    """A copy with another name: neither receives the other's status."""
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    other = make_printer(
        broker.port, name="Copy", context={"folder": str(tmp_path / "copy")}
    )
    printer.wait_for_state("taken")
    other.wait_for_state("connected")
    other.heat_for(0.4)
    printer.renew_id()
    printer.wait_for_state("connected")
    heat_until(printer, lambda: devices(broker) == 2)
    printer.heat_for(0.4)
    assert devices(broker) == 2


def test_reconnects_to_a_broker_that_restarts_repeatedly(make_printer, broker):
    printer = make_printer(
        broker.port, context={"backoff": lambda: FastBackoff(in_full=False)}
    )
    for _ in range(3):
        printer.wait_for_state("connected")
        broker.stop()
        until(lambda: printer.state != "connected")
        broker.start()
    printer.wait_for_state("connected")
    assert TAKEN_OVER_FIRST_S in printer.waits
    assert not printer.service.status()["is_twin"]


def test_error_in_a_callback_does_not_end_the_connection(
    make_printer, broker, listener, monkeypatch
):
    def broken(*_):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(connection.Connection, "_on_message", broken)
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    listener.publish("homeassistant/status", "online")
    printer.heat_for(1.4)
    received = len(listener.of("/bed/eta"))
    printer.heat_for(2.4)
    assert printer.state == "connected" and len(listener.of("/bed/eta")) > received


def test_long_messages_are_not_looked_at(make_printer, broker, listener, monkeypatch):
    """Decoding a very long one would stop OctoPrint for seconds."""
    looked_at, receive = [], connection.Received

    def received(topic, payload, retained):
        looked_at.append(len(payload))
        return receive(topic, payload, retained)

    monkeypatch.setattr(connection, "Received", received)
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    for topic in ("homeassistant/status", f"{BASE}/status", f"{BASE}/availability"):
        listener.publish(topic, "\u20ac" * connection.MAX_PAYLOAD)
    listener.publish("homeassistant/status", "x" * connection.MAX_PAYLOAD)
    until(lambda: connection.MAX_PAYLOAD in looked_at)
    assert max(looked_at) == connection.MAX_PAYLOAD


OTHER_VERSION = b"\x20\x02\x00\x01"

# The first connections of brokers without MQTT 5, as they answer them.
WITHOUT_MQTT_5 = {"refuses": OTHER_VERSION, "closes": b"", "takes it for 3.1.1": CONNACK}


def protocol_level(client):
    """Return the protocol level in the CONNECT that `client` sends."""
    connect = client.recv(4096)
    return connect[connect.index(b"MQTT") + 4]


def test_a_second_answer_to_connecting_ends_the_connection(make_printer):
    """Otherwise a broker that repeats it would be sent everything each time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        printer = make_printer(server.getsockname()[1])
        client, _ = server.accept()
        with client:
            client.sendall(100 * CONNACK_5)
            printer.wait_for_state("lost")
    assert printer.service.connection.state.number == 1


@pytest.mark.everywhere
@pytest.mark.parametrize("answer", WITHOUT_MQTT_5.values(), ids=WITHOUT_MQTT_5)
def test_a_broker_without_mqtt_5_is_asked_in_mqtt_3_1_1_at_once(make_printer, answer):
    with socket.create_server(("127.0.0.1", 0)) as server:
        printer = make_printer(server.getsockname()[1])
        first, _ = server.accept()
        with first:
            assert protocol_level(first) == 5
            first.sendall(answer)
            if answer:
                # What it says next is no answer that MQTT 5 knows.
                first.settimeout(PATIENCE_S)
                while first.recv(4096):
                    pass
        second, _ = server.accept()
        with second:
            assert protocol_level(second) == 4
            second.sendall(CONNACK)
            printer.wait_for_state("connected")
        # The next connection begins with what has worked.
        third, _ = server.accept()
        with third:
            assert protocol_level(third) == 4


def test_the_broker_is_told_the_longest_packet(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    client = printer.service.connection._client
    seen = []
    on_message = client.on_message
    client.on_message = lambda *given: (seen.append(given[2].topic), on_message(*given))
    listener.publish("homeassistant/status", "x" * MAX_PACKET)
    listener.publish(f"{BASE}/availability", "online")
    until(lambda: f"{BASE}/availability" in seen)
    assert "homeassistant/status" not in seen


def test_what_the_broker_refuses_is_logged_once(make_printer, tmp_path, closing, caplog):
    rights = tmp_path / "rights"
    rights.write_text("topic read #\n")
    broker = Broker(tmp_path, f"acl_file {rights}")
    closing(broker)
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    refusals = lambda: [it for it in caplog.messages if "refuses some of" in it]  # noqa: E731
    heat_until(printer, refusals, acknowledges=False)
    printer.heat_for(1.0, acknowledges=False)
    assert len(refusals()) == 1


def test_without_paho_the_rest_works(make_printer, broker, monkeypatch):
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    printer = make_printer(broker.port)
    printer.wait_for_state("no_client")
    printer.heat_for(0.4)
    status = printer.service.status()
    assert status["engine"] and status["missing"] == ["paho-mqtt>=1.6.1,<3"]
    # Installed, but not usable.
    line = "-m pip install --force-reinstall 'paho-mqtt>=1.6.1,<3'"
    assert status["install"] == f"{sys.executable} {line}"
