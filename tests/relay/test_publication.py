"""What the broker is told, and when."""

import json
import pathlib
import re

import pytest
from broker import Listener, kept, until
from feeding import BASE, bed, heat_until, payloads

from octoprint_temp_eta import settings

# As the consumers of TempETA 0.8 know them.
ETA_KEYS = {
    "heater",
    "eta_seconds",
    "eta_kind",
    "target",
    "actual",
    "cooldown_target",
    "timestamp",
    "state",
}


@pytest.mark.everywhere
def test_the_payload_is_what_consumers_know_and_more(printer, broker, listener, clock):
    one = printer(broker.port)
    one.become("connected")
    heat_until(one, lambda: listener.of("/bed/eta"))
    heat_until(one, lambda: payloads(listener.of("/bed/eta"))[-1]["eta_seconds"])
    said = payloads(listener.of("/bed/eta"))[-1]
    assert set(said) == ETA_KEYS | {"finish_at", "reason", "source", "v"}
    assert said["heater"] == "bed" and said["target"] == 200.0
    assert (said["eta_kind"], said["state"]) == ("heating", "heating")
    assert said["cooldown_target"] is None and said["reason"] is None
    assert said["timestamp"] == clock.wall()
    moment = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d[05]\+00:00", said["finish_at"])
    assert moment, said["finish_at"]


def test_a_state_is_told_at_once_and_kept_by_nobody(printer, broker, listener, clock):
    one = printer(broker.port, mqtt_publish_interval=30.0, mqtt_retain=True)
    one.become("connected")
    for actual in (55.0, 56.0, 57.0, 58.0):
        one.hand_over(**bed(actual, 60.0))
    assert listener.of("/bed/eta") and listener.of("/state_change") == []
    clock.passed += 1
    one.hand_over(**bed(59.6, 60.0))
    [event] = payloads(listener.of("/bed/state_change"))
    assert set(event) == {
        *("heater", "state", "previous_state", "timestamp", "actual", "target")
    }
    assert (event["previous_state"], event["state"]) == ("heating", "at_target")
    assert payloads(listener.of("/bed/eta"))[-1]["state"] == "at_target"
    topics = kept(broker.port)
    assert f"{BASE}/bed/eta" in topics and f"{BASE}/bed/state_change" not in topics


def test_every_heater_has_a_clock_of_its_own(printer, broker, listener):
    # Home Assistant is told some of it twice.
    one = printer(broker.port, mqtt_homeassistant_discovery=False)
    one.become("connected")
    one.heat_for(4.2, every=0.1)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        times = [said["timestamp"] for said in payloads(listener.of(f"/{heater}/eta"))]
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        assert len(gaps) == 4 and min(gaps) > 0.98, heater


def test_a_printer_that_goes_is_told_once(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.2)
    gone = listener.count()
    one.hand_over()
    one.relay.add_progress(False, False, None)
    one.hand_over()
    last = payloads(listener.of("/eta", since=gone))
    assert len(last) == 5
    for said in last:
        assert said["eta_seconds"] is said["state"] is said["actual"] is None
    assert payloads(listener.of("/status"))[-1]["printer"] is False


def test_what_stands_still_is_told_again_before_it_expires(
    printer, broker, listener, clock
):
    one = printer(broker.port, mqtt_homeassistant_discovery=False)
    one.become("connected")
    still = bed(22.0, 0.0)
    one.hand_over(**still)
    assert len(listener.of("/bed/eta")) == 1
    for _ in range(10):
        clock.passed += 6
        one.hand_over(**still)
    assert len(listener.of("/bed/eta")) in (2, 3), "in 60 s"


def test_what_was_said_long_ago_is_not_told_again_as_if_it_were_new(
    printer, broker, listener, clock
):
    one = printer(broker.port, mqtt_homeassistant_discovery=False)
    one.become("connected")
    one.heat_for(10, every=2)
    assert listener.of("/bed/eta")
    # The printer says nothing more.
    for _ in range(20):
        one.let_pass(60)
    said = payloads(listener.of("/bed/eta"))
    assert said[-1]["eta_seconds"] is None
    assert said[-1]["reason"] == "no_recent_reading"
    assert said[-1]["timestamp"] < clock.wall() - 1000
    assert len(said) < 8


def test_names_that_are_no_topics(printer, broker, listener):
    one = printer(broker.port, name="Ender 3 / links+#")
    one.become("connected")
    names = ("dry box", "dry/box", "Süd+#", "$SYS")
    custom = {name: {"actual": 30.0, "target": 60.0} for name in names}
    heat_until(one, lambda: len(listener.of("/eta")) >= 9, **custom)
    topics = {heard.topic for heard in listener.of("/eta")}
    base = "octoprint/temp_eta/Ender_3_links"
    assert len(topics) == 9 and all(topic.startswith(base) for topic in topics)
    # Two that would else be the same, whoever comes first.
    assert [topic for topic in topics if topic.startswith(f"{base}/dry_box_")][1:]
    assert f"{base}/bed/eta" in topics
    said = {heard["heater"] for heard in payloads(listener.of("/eta"))}
    assert said >= set(names)
    [config] = payloads(listener.of("/config")[-1:])
    assert len(config["cmps"]) == 27
    assert all(re.fullmatch("[a-zA-Z0-9_-]+", name) for name in config["cmps"])


def test_settings_that_are_not_the_links_leave_it_alone(printer, broker, listener):
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    one.want(mqtt_publish_interval=0.1, mqtt_custom_identifier="unused", mqtt_qos=0)
    begun = listener.count()
    one.heat_for(1.0, every=0.1)
    # With QoS 0 nobody knows when it has arrived.
    until(lambda: len(listener.of("/bed/eta", begun)) >= 10)
    assert [heard.payload for heard in listener.of("/availability")] == ["online"]
    assert listener.of("/state_change") == []


def test_without_an_engine_it_is_told_that_it_is_there_and_nothing_else(
    printer, broker, listener
):
    one = printer(broker.port, around={"ladder": ()})
    one.become("connected")
    one.heat_for(1.0)
    assert payloads(listener.of("/status"))[-1]["engine"] is None
    topics = {heard.topic for heard in listener.messages}
    assert topics == {f"{BASE}/availability", f"{BASE}/status"}
    status = one.relay.status()
    assert status["engine"] == "" and status["missing"]


def test_qos_is_the_users(printer, broker, closing):
    for qos in (0, 2):
        one = printer(broker.port, name=f"q{qos}", mqtt_qos=qos)
        one.become("connected")
        one.heat_for(1.0)
        topic = f"octoprint/temp_eta/q{qos}/bed/eta"
        line = rf"Received PUBLISH.*\(d0, q{qos}, .*'{topic}'"
        until(lambda line=line: re.search(line, broker.log()))
        one.stop()


def test_what_a_heater_taught_is_kept(printer, broker, clock, tmp_path):
    folder = tmp_path / "kept"
    one = printer(broker.port, around={"folder": str(folder)})
    one.become("connected")

    def warm_up(steps, *printers):
        for step in range(steps):
            clock.passed += 2
            # It takes a while until a heater gets warmer.
            target = 60.0 if step > 5 else 0.0
            actual = min(60.0, 22.0 + 0.5 * max(0, step - 8))
            for it in printers:
                it.hand_over(**bed(actual, target))

    warm_up(120, one)
    file = pathlib.Path(folder / "lessons-one.json")
    lessons = json.loads(file.read_text())
    assert len(lessons["heaters"]["bed"]) > 10
    assert file.stat().st_size < 10_000
    one.stop()
    # It is a better guess than knowing nothing.
    known = printer(broker.port, around={"folder": str(folder)})
    blank = printer(broker.port, name="Blank")
    listener = Listener(broker.port)
    try:
        for other in (known, blank):
            other.want(algorithm="adaptive")
            other.become("connected")
        warm_up(14, known, blank)
        errors = []
        for name in ("Ender", "Blank"):
            said = payloads(listener.of(f"{name}/bed/eta"))[-1]
            assert said["actual"] == 24.5
            errors.append(abs(said["eta_seconds"] - (59.0 - 24.5) / 0.25))
        assert errors[0] < errors[1] and errors[0] < 15, errors
    finally:
        listener.close()


def test_all_settings_of_the_relay_are_used_somewhere():
    source = "".join(
        file.read_text("utf-8")
        for file in pathlib.Path(settings.__file__).parent.rglob("*.py")
        if file.name not in ("settings.py", "migration.py")
    )
    for key in settings.DEFINITIONS:
        if key.startswith("mqtt_"):
            assert f'"{key}"' in source, key
