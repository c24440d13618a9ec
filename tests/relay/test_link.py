"""The connection: whom the broker lets in, and what happens when it is away.

Every broker here is a mosquitto of its own.
"""

import logging
import pathlib
import shutil
import socket
import subprocess
import sys
import threading

import pytest
from broker import PATIENCE_S, Broker, Listener, free_port, kept, until
from certificates import Authority
from conftest import NEVER_S
from feeding import BASE, Hurried, heat_until, payloads

from octoprint_temp_eta.relay import link, publication, worker
from octoprint_temp_eta.relay.backoff import TAKEN_FIRST_S


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
        "user viewer\ntopic read #\ntopic readwrite listener/#\n"
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


def threads():
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.everywhere
def test_everything_arrives_and_then_a_goodbye(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(2.6)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        # At 0.2, 1.2 and 2.2 s, of which the last is told Home Assistant again.
        assert len(listener.of(f"/{heater}/eta")) == 3, heater
    assert len(listener.of("/config")) == 1
    assert [heard.payload for heard in listener.of("/availability")] == ["online"]
    one.stop()
    assert listener.of("/availability")[-1].payload == "offline"
    until(lambda: not threads() & {"temp_eta relay", "temp_eta broker"})


def test_nobody_waits_for_the_relay(printer, broker, monkeypatch):
    """Whatever keeps its thread, OctoPrint's own go on."""
    one = printer(broker.port)
    one.become("connected")
    is_held, may_go_on, goes_on = (threading.Event() for _ in range(3))

    def hold(*_, **__):
        is_held.set()
        may_go_on.wait(PATIENCE_S)
        goes_on.set()

    monkeypatch.setattr(publication.Publication, "publish", hold)
    one.report()
    assert is_held.wait(PATIENCE_S)
    for _ in range(1000):
        one.report()
        one.relay.add_progress(True, True, 5)
    one.relay.follow(one.wanted)
    one.relay.renew_id()
    assert one.relay.status()["state"] == "connected"
    one.relay.stop(0.01)
    assert not goes_on.is_set(), "one of them has waited until the end"
    may_go_on.set()
    # What OctoPrint itself waits for, in s.
    assert publication.FAREWELL_S < worker.PATIENCE_S < 2.5


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
    assert walled.log().count("not authorised") == 1 and one.waits == [60]
    assert viewer.of("") == []
    # Somebody has thought of the right one: there is no waiting for the next try.
    one.want(mqtt_password="s3cret")
    one.become("connected")
    one.stop()


@pytest.mark.everywhere
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
    assert until_state(one, "closed", "tls")
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
    return until(lambda: one.state in states, what=lambda: f"{states} ({one.state})")


def test_nobody_there(printer):
    # Who stops does not wait for the next try.
    around = {"backoff": lambda: Hurried(in_full=True)}
    one = printer(free_port(), around=around)
    one.become("connection_refused")
    one.heat_for(1.0)
    other = printer(1, around=around, mqtt_broker_host="no-such-host.invalid")
    other.become("unknown_host")
    for waiting in (one, other):
        waiting.stop()


def test_a_broker_that_comes_later_is_found(printer, tmp_path, closing):
    broker = Broker(tmp_path, started=False)
    one = printer(broker.port)
    one.become("connection_refused")
    until(lambda: len(one.waits) > 3)
    assert one.waits[:4] == [1, 2, 4, 8]
    broker.start()
    closing(broker)
    one.become("connected")


def test_after_a_restart_all_is_told_anew_and_nothing_old(
    printer, broker, clock, closing
):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.4)
    broker.stop()
    until(lambda: one.state != "connected")
    one.heat_for(2.0)
    assert one.relay.due_in == worker.IDLE_S, "it does not spin meanwhile"
    broker.start()
    listener = Listener(broker.port)
    closing(listener)
    back = clock.wall()
    one.become("connected")
    one.heat_for(1.4)
    assert listener.of("/availability")[0].payload == "online"
    assert listener.of("/config")
    for said in payloads(listener.of("/eta")):
        assert said["timestamp"] >= back, "of before"


def test_a_broker_that_stands_still_is_noticed_and_holds_nobody_up(
    printer, broker, clock, closing, noticing
):
    one = printer(broker.port, around=noticing(1), mqtt_publish_interval=0.1)
    one.become("connected")
    one.heat_for(1.0)
    broker.pause()
    # Each time the relay has done its work, though the broker still stands.
    until(lambda: one.heat(arrives=False) or one.state != "connected")
    one.heat_for(1.0, arrives=False)
    broker.resume()
    one.become("connected")
    listener = Listener(broker.port)
    closing(listener)
    back = clock.wall()
    heat_until(one, lambda: listener.of("/bed/eta"))
    for said in payloads(listener.of("/bed/eta")):
        assert said["timestamp"] >= back


def test_a_broker_that_stands_still_does_not_keep_octoprint_from_stopping(
    printer, broker, monkeypatch
):
    monkeypatch.setattr(publication, "FAREWELL_S", 0.1)
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.4)
    broker.pause()
    one.heat_for(0.4, arrives=False)
    # The broker still stands when that returns.
    one.stop()


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_a_black_hole(printer, tls, noticing, monkeypatch):
    monkeypatch.setattr(publication, "FAREWELL_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as hole:
        port = hole.getsockname()[1]
        one = printer(port, around=noticing(NEVER_S), mqtt_use_tls=tls)
        one.heat_for(1.0)
        assert one.state == "connecting"
        one.stop()
        # What never answers is given up, and tried again.
        other = printer(port, around=noticing(1), mqtt_use_tls=tls)
        until(lambda: len(other.waits) > 1)
        other.heat_for(1.0)
        other.stop()


def test_while_the_broker_is_slow_the_newest_goes_first(printer, broker, listener, clock):
    discovery = {"mqtt_homeassistant_discovery": False}
    one = printer(broker.port, mqtt_publish_interval=0.1, **discovery)
    one.become("connected")
    one.heat()
    before = listener.count()
    broker.pause()
    sent = one.relay.status()["sent"]
    one.heat_for(10.0, arrives=False)
    # One of each heater is on its way at a time.
    assert one.relay.status()["sent"] == sent + 5
    broker.resume()
    one.settle()
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        first, last = payloads(listener.of(f"/{heater}/eta", before))
        assert first["timestamp"] < clock.wall() - 9.0
        assert last["timestamp"] == clock.wall()
    assert one.relay.status()["sent"] == sent + 10
    assert one.state == "connected" and one.waits == []


@pytest.mark.everywhere
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
    until(lambda: listener.of("/availability")[-1].payload == "offline")
    assert kept(broker.port)[f"{BASE}/availability"] == "offline"


def devices(broker):
    return sum(topic.endswith("/config") for topic in kept(broker.port))


def test_two_with_the_same_id_are_told_and_do_not_fight_for_long(
    printer, broker, tmp_path
):
    # Neither throws the other one out before that one has been heard.
    is_there, is_heard = threading.Event(), threading.Event()

    def waits_for(event):
        return {"backoff": lambda: Hurried(may_wait=lambda: event.wait(PATIENCE_S))}

    one = printer(broker.port, around=waits_for(is_there))
    one.become("connected")
    one.heat_for(0.4)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    folder = {"folder": str(tmp_path / "copy")}
    other = printer(broker.port, around={**folder, **waits_for(is_heard)})
    other.become("connected")
    other.heat()
    is_there.set()
    # The copy is below the same topic, so it is known for certain.
    until(lambda: one.relay.status()["is_twin"])
    is_heard.set()
    # They throw each other out in turns, and the first one gives in.
    one.become("taken")
    assert (one.waits, other.waits) == ([1, 2, TAKEN_FIRST_S], [1, 2])
    other.become("connected")
    assert one.relay.renew_id()
    one.become("connected")
    other.heat_for(0.4)
    heat_until(one, lambda: devices(broker) == 2)
    one.heat_for(0.4)
    assert devices(broker) == 2, "the other one's is still there"


def test_a_suspicion_takes_nothing_away_from_the_other_one(printer, broker, tmp_path):
    """A copy with another name: neither hears what the other one says of itself."""
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.4)
    shutil.copytree(tmp_path / "data0", tmp_path / "copy")
    other = printer(broker.port, name="Copy", around={"folder": str(tmp_path / "copy")})
    one.become("taken")
    other.become("connected")
    other.heat_for(0.4)
    assert one.relay.renew_id()
    one.become("connected")
    heat_until(one, lambda: devices(broker) == 2)
    one.heat_for(0.4)
    assert devices(broker) == 2


def test_a_broker_that_is_restarted_on_and_on_is_found_again(printer, broker):
    one = printer(broker.port, around={"backoff": lambda: Hurried(in_full=False)})
    for _ in range(3):
        one.become("connected")
        broker.stop()
        until(lambda: one.state != "connected")
        broker.start()
    one.become("connected")
    assert TAKEN_FIRST_S in one.waits
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
    one.heat_for(1.4)
    heard = len(listener.of("/bed/eta"))
    one.heat_for(2.4)
    assert one.state == "connected" and len(listener.of("/bed/eta")) > heard


def test_without_the_package_all_else_goes_on(printer, broker, monkeypatch):
    monkeypatch.setitem(sys.modules, "paho.mqtt.client", None)
    one = printer(broker.port)
    one.become("no_client")
    one.heat_for(0.4)
    status = one.relay.status()
    assert status["engine"] and status["missing"] == ["paho-mqtt>=1.6.1,<3"]
    # It is there, but of no use.
    line = "-m pip install --force-reinstall 'paho-mqtt>=1.6.1,<3'"
    assert status["install"] == f"{sys.executable} {line}"
