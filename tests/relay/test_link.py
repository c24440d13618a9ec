"""The connection: whom the broker lets in, and what happens when it is away.

Every broker here is a mosquitto of its own.
"""

import contextlib
import logging
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest
from broker import Broker, Listener, free_port, kept, until
from certificates import Authority
from feeding import BASE, heat_until, payloads

from octoprint_temp_eta.relay import link


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def walled(tmp_path, closing):
    """A broker that lets in `octo`, who may publish, and `viewer`, who may read."""
    passwords = tmp_path / "passwords"
    passwords.touch()
    for user, password in (("octo", "s3cret"), ("viewer", "v1ew")):
        command = ["mosquitto_passwd", "-b", str(passwords), user, password]
        subprocess.run(command, check=True)
    rights = tmp_path / "rights"
    rights.write_text(
        "user octo\ntopic readwrite octoprint/temp_eta/#\n"
        "topic readwrite homeassistant/device/#\ntopic read homeassistant/status\n"
        "user viewer\ntopic read #\ntopic write homeassistant/status\n"
    )
    files = [f"password_file {passwords}", f"acl_file {rights}"]
    broker = Broker(tmp_path, "allow_anonymous false", *files)
    closing(broker)
    return broker


@pytest.fixture
def encrypted(tmp_path, closing, authority):
    """Makes brokers that only speak TLS."""

    def make(*lines):
        certificate, key = authority.issue("server", "server")
        files = [f"cafile {authority.file}", f"certfile {certificate}", f"keyfile {key}"]
        broker = Broker(tmp_path, *files, *lines)
        closing(broker)
        return broker

    return make


def test_everything_arrives(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(2.5)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        assert 2 <= len(listener.of(f"/{heater}/eta")) <= 5, heater
    assert len(listener.of("/config")) == 1
    assert [heard.payload for heard in listener.of("/availability")] == ["online"]
    stopped = time.monotonic()
    one.stop()
    assert time.monotonic() - stopped < 1
    until(lambda: listener.of("/availability")[-1].payload == "offline", 0.5)
    names = {thread.name for thread in threading.enumerate()}
    assert not names & {"temp_eta relay", "temp_eta broker"}


def test_a_password_and_rights(printer, walled, closing):
    viewer = Listener(walled.port, "viewer", "v1ew")
    closing(viewer)
    login = {"mqtt_username": "octo", "mqtt_password": "s3cret"}
    one = printer(walled.port, **login)
    one.become("connected")
    one.heat_for(1.0)
    assert viewer.of("/bed/eta") and viewer.of("/config")


def test_a_wrong_password_is_told_once_and_not_tried_on_and_on(
    printer, walled, caplog, closing
):
    caplog.set_level(logging.INFO)
    viewer = Listener(walled.port, "viewer", "v1ew")
    closing(viewer)
    login = {"mqtt_username": "octo", "mqtt_password": "wrong"}
    one = printer(walled.port, **login)
    one.become("forbidden")
    one.heat_for(3.0)
    assert caplog.messages == [f"MQTT broker 127.0.0.1:{walled.port}: forbidden"]
    assert walled.log().count("not authorised") == 1
    assert viewer.messages == []
    # Somebody has thought of the right one: there is no waiting for the next try.
    one.want(mqtt_password="s3cret")
    one.become("connected", 2.0)
    stopped = time.monotonic()
    one.stop()
    assert time.monotonic() - stopped < 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_tls_with_an_authority_of_ones_own(printer, encrypted, authority, host):
    one = printer(
        encrypted().port,
        mqtt_use_tls=True,
        mqtt_tls_ca_file=str(authority.file),
        mqtt_broker_host=host,
    )
    one.become("connected")


def test_tls_with_an_unknown_authority(printer, encrypted):
    broker = encrypted()
    one = printer(broker.port, mqtt_use_tls=True)
    one.become("certificate")
    status = one.relay.status()
    assert status["sent"] == 0 and "CERTIFICATE_VERIFY_FAILED" in status["detail"]
    assert "temp_eta_" not in broker.log()
    one.want(mqtt_tls_insecure=True)
    one.become("connected")


def test_tls_with_a_certificate_for_another_or_of_long_ago(
    printer, tmp_path, closing, authority
):
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    for role, days, host, code in (
        ("other", 30, "other.invalid", "certificate_name"),
        ("old", -1, "localhost", "certificate_expired"),
    ):
        certificate, key = authority.issue(role, "server", host, days)
        files = [f"cafile {authority.file}", f"certfile {certificate}", f"keyfile {key}"]
        broker = Broker(tmp_path, *files)
        closing(broker)
        one = printer(broker.port, **trusted, mqtt_broker_host="localhost")
        one.become(code)


def test_tls_that_asks_for_a_certificate(printer, encrypted, authority):
    broker = encrypted("require_certificate true", "use_identity_as_username true")
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    one = printer(broker.port, **trusted)
    until(lambda: one.state in ("closed", "tls"))
    certificate, key = authority.issue("client", "client")
    one.want(mqtt_tls_client_cert=str(certificate), mqtt_tls_client_key=str(key))
    one.become("connected")
    one.want(mqtt_tls_client_key=str(authority.file))
    one.become("tls_files")


def test_encryption_on_one_side_only(printer, encrypted, broker, authority):
    assert until_state(printer(encrypted().port), "closed")
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    assert until_state(printer(broker.port, **trusted), "closed", "tls")


def until_state(one, *states):
    return until(lambda: one.state in states and one.state, what=f"{states} {one.state}")


def test_nobody_there(printer):
    one = printer(free_port())
    one.become("connection_refused")
    one.heat_for(1.0)
    other = printer(1, mqtt_broker_host="no-such-host.invalid")
    other.become("unknown_host")
    for waiting in (one, other):
        stopped = time.monotonic()
        waiting.stop()
        assert time.monotonic() - stopped < 1


def test_a_broker_that_comes_later_is_found(printer, tmp_path, closing):
    broker = Broker(tmp_path, started=False)
    one = printer(broker.port)
    one.become("connection_refused")
    time.sleep(1.5)
    broker.start()
    closing(broker)
    one.become("connected", 3.0)


def test_after_a_restart_all_is_told_anew_and_nothing_old(printer, broker, closing):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.5)
    broker.stop()
    until(lambda: one.state != "connected")
    one.heat_for(2.0)
    broker.start()
    listener = Listener(broker.port)
    closing(listener)
    back = time.time()
    one.become("connected")
    one.heat_for(1.5)
    assert listener.of("/availability")[0].payload == "online"
    assert listener.of("/config")
    for heard in listener.of("/eta"):
        assert payloads([heard])[0]["timestamp"] > back - 0.3, "of before"


def test_a_broker_that_stands_still_is_noticed_and_holds_nobody_up(printer, broker):
    one = printer(broker.port, mqtt_publish_interval=0.1)
    one.become("connected")
    one.heat_for(1.0)
    broker.pause()
    try:
        noticed = time.monotonic()
        while one.state == "connected":
            one.heat()
            time.sleep(0.1)
            assert time.monotonic() - noticed < 15
        one.heat_for(1.0)
        # Nothing that is measured here: waiting for the broker would take seconds.
        assert one.slowest < 0.5
    finally:
        broker.resume()
    one.become("connected", 12.0)
    listener = Listener(broker.port)
    try:
        back = time.time()
        one.heat_for(1.0, every=0.1)
        assert listener.of("/bed/eta")
        for heard in listener.of("/bed/eta"):
            assert payloads([heard])[0]["timestamp"] > back - 0.5
    finally:
        listener.close()


def test_a_broker_that_stands_still_does_not_keep_octoprint_from_stopping(
    printer, broker
):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.5)
    broker.pause()
    one.heat_for(0.5)
    stopped = time.monotonic()
    one.stop()
    assert time.monotonic() - stopped < 2.5


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_black_hole(printer, tls):
    with socket.create_server(("127.0.0.1", 0)) as hole:
        one = printer(hole.getsockname()[1], mqtt_use_tls=tls)
        one.heat_for(1.0)
        assert one.state == "connecting" and one.slowest < 0.5
        # What never answers is given up, and tried again.
        until(lambda: one.state != "connecting", 15.0)
        assert one.slowest < 0.5
        stopped = time.monotonic()
        one.stop()
        assert time.monotonic() - stopped < 2.5


@contextlib.contextmanager
def slow_line(port, bytes_a_second):
    """A way to the broker that takes its time; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # What is on its way must not hide in buffers.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)

        def pass_on(source, target, rate):
            with contextlib.suppress(OSError):
                while True:
                    data = source.recv(64)
                    if not data:
                        break
                    target.sendall(data)
                    time.sleep(len(data) / rate)
            for end in (source, target):
                with contextlib.suppress(OSError):
                    end.close()

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    broker = socket.create_connection(("127.0.0.1", port))
                    for ends in ((client, broker, bytes_a_second), (broker, client, 1e6)):
                        threading.Thread(target=pass_on, args=ends, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_on_a_slow_line_the_newest_goes_first(printer, broker, listener):
    discovery = {"mqtt_homeassistant_discovery": False}
    with slow_line(broker.port, 1500) as port:
        one = printer(port, mqtt_publish_interval=0.1, **discovery)
        one.become("connected")
        one.heat_for(12.0, every=0.1)
        assert one.state == "connected"
        ages = [
            time.time()
            - time.monotonic()
            + heard.time
            - payloads([heard])[0]["timestamp"]
            for heard in listener.of("/eta", since=time.monotonic() - 6.0)
        ]
        assert len(ages) > 10
        # Five heaters' messages are 1.3 kB: one of each is on its way at a time.
        assert max(ages) < 4.0, ages
        assert one.relay.status()["sent"] < 200


def test_a_relay_that_is_killed_leaves_its_will(broker, listener, tmp_path):
    script = pathlib.Path(__file__).parent / "publishing.py"
    child = subprocess.Popen(
        [sys.executable, str(script), str(broker.port), str(tmp_path / "data")]
    )
    try:
        until(lambda: listener.of("/bed/eta"))
        assert listener.of("/availability")[-1].payload == "online"
    finally:
        child.kill()
        child.wait()
    until(lambda: listener.of("/availability")[-1].payload == "offline", 1.0)
    assert kept(broker.port)[f"{BASE}/availability"] == "offline"


def devices(broker):
    return sum(topic.endswith("/config") for topic in kept(broker.port))


def test_two_with_the_same_id_are_told_and_do_not_fight_for_long(
    printer, broker, tmp_path
):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.5)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    other = printer(broker.port, around={"folder": str(tmp_path / "copy")})
    # The copy is below the same topic, so both know for certain.
    until(lambda: any(it.relay.status().get("is_twin") for it in (one, other)), 20.0)
    until(lambda: "taken" in (one.state, other.state), 20.0)
    tries = broker.log().count("New client connected")
    time.sleep(3.0)
    assert broker.log().count("New client connected") - tries <= 2
    renewed, left = (one, other) if one.state == "taken" else (other, one)
    assert renewed.relay.renew_id()
    until(lambda: one.state == other.state == "connected", 40.0)
    left.heat_for(0.5)
    heat_until(renewed, lambda: devices(broker) == 2)
    renewed.heat_for(0.5)
    assert devices(broker) == 2, "the other one's is still there"


def test_a_suspicion_takes_nothing_away_from_the_other_one(printer, broker, tmp_path):
    """A copy with another name: neither hears what the other one says of itself."""
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.5)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    other = printer(broker.port, name="Copy", around={"folder": str(tmp_path / "copy")})
    until(lambda: "taken" in (one.state, other.state), 20.0)
    renewed, left = (one, other) if one.state == "taken" else (other, one)
    until(lambda: left.state == "connected")
    left.heat_for(0.5)
    assert renewed.relay.renew_id()
    renewed.become("connected", 5.0)
    heat_until(renewed, lambda: devices(broker) == 2)
    renewed.heat_for(0.5)
    assert devices(broker) == 2


def test_a_broker_that_is_restarted_on_and_on_is_found_again(printer, broker):
    one = printer(broker.port)
    for _ in range(3):
        one.become("connected")
        broker.stop()
        until(lambda: one.state != "connected")
        broker.start()
    one.become("connected", 20.0)
    assert not one.relay.status()["is_twin"]


def test_an_error_in_a_callback_costs_nothing_but_that_message(
    printer, broker, listener, monkeypatch
):
    def broken(*_):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(link.Link, "_on_message", broken)
    one = printer(broker.port)
    one.become("connected")
    listener.publish("homeassistant/status", "online")
    one.heat_for(1.5)
    heard = len(listener.of("/bed/eta"))
    one.heat_for(2.5)
    assert one.state == "connected" and len(listener.of("/bed/eta")) > heard


def test_without_the_package_all_else_goes_on(printer, broker, monkeypatch):
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    one = printer(broker.port)
    one.become("no_client")
    one.heat_for(0.5)
    status = one.relay.status()
    assert status["engine"] and status["missing"] == ["paho-mqtt>=1.6.1,<3"]
    # It is there, but of no use.
    line = "-m pip install --force-reinstall 'paho-mqtt>=1.6.1,<3'"
    assert status["install"] == f"{sys.executable} {line}"
