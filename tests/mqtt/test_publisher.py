"""What is published, and when."""

import json
import pathlib
import re

import pytest
from broker import Listener, retained, until
from simulation import BASE, bed, heat_until, payloads, said

from octoprint_temp_eta import settings

# The keys of TempETA 0.8.
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
def test_payload_has_all_keys_of_tempeta_0_8(make_printer, broker, listener, clock):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: listener.of("/bed/eta"))
    heat_until(printer, lambda: payloads(listener.of("/bed/eta"))[-1]["eta_seconds"])
    payload = payloads(listener.of("/bed/eta"))[-1]
    assert set(payload) == ETA_KEYS | {
        *("finish_at", "soak_seconds", "reason", "source", "v")
    }
    assert payload["heater"] == "bed" and payload["target"] == 200.0
    assert (payload["eta_kind"], payload["state"]) == ("heating", "heating")
    assert payload["cooldown_target"] is None and payload["reason"] is None
    assert payload["timestamp"] == clock.wall()
    moment = re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d[05]\+00:00", payload["finish_at"]
    )
    assert moment, payload["finish_at"]


def test_state_change_is_published_at_once_and_not_retained(
    make_printer, broker, listener, clock
):
    printer = make_printer(broker.port, mqtt_publish_interval=30.0, mqtt_retain=True)
    printer.wait_for_state("connected")
    for actual in (55.0, 56.0, 57.0, 58.0):
        printer.report_row(**bed(actual, 60.0))
    assert listener.of("/bed/eta") and listener.of("/state_change") == []
    clock.passed += 1
    printer.report_row(**bed(59.6, 60.0))
    [event] = payloads(listener.of("/bed/state_change"))
    assert set(event) == {
        *("heater", "state", "previous_state", "timestamp", "actual", "target")
    }
    assert (event["previous_state"], event["state"]) == ("heating", "at_target")
    assert payloads(listener.of("/bed/eta"))[-1]["state"] == "at_target"
    topics = retained(broker.port)
    assert f"{BASE}/bed/eta" in topics and f"{BASE}/bed/state_change" not in topics


def test_each_heater_has_its_own_publish_interval(make_printer, broker, listener):
    # Discovery would republish some of it.
    printer = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    printer.wait_for_state("connected")
    printer.heat_for(4.2, every=0.1)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        times = [it["timestamp"] for it in payloads(listener.of(f"/{heater}/eta"))]
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        assert len(gaps) == 4 and min(gaps) > 0.98, heater


def test_disconnected_printer_is_published_once(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.2)
    since = listener.count()
    printer.report_row()
    printer.service.add_progress(False, False, None)
    printer.report_row()
    last = payloads(listener.of_heaters(since))
    assert len(last) == 5
    for payload in last:
        assert payload["eta_seconds"] is payload["state"] is payload["actual"] is None
    assert payloads(listener.of("/status"))[-1]["printer"] is False


def test_unchanged_values_are_republished_before_they_expire(
    make_printer, broker, listener, clock
):
    printer = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    printer.wait_for_state("connected")
    unchanged = bed(22.0, 0.0)
    printer.report_row(**unchanged)
    assert len(listener.of("/bed/eta")) == 1
    for _ in range(10):
        clock.passed += 6
        printer.report_row(**unchanged)
    assert len(listener.of("/bed/eta")) in (2, 3), "in 60 s"


def test_old_values_are_not_republished(make_printer, broker, listener, clock):
    printer = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    printer.wait_for_state("connected")
    printer.heat_for(10, every=2)
    assert listener.of("/bed/eta")
    # The printer reports nothing more.
    for _ in range(20):
        printer.wait(60)
    published = payloads(listener.of("/bed/eta"))
    assert published[-1]["eta_seconds"] is None
    assert published[-1]["reason"] == "no_recent_reading"
    assert published[-1]["timestamp"] < clock.wall() - 1000
    assert len(published) < 8


@pytest.mark.parametrize(
    "actual", [1023.75, -14.0, "1023.75", "nan", "open", float("nan")]
)
def test_a_reading_that_makes_no_sense_is_no_temperature(
    make_printer, broker, listener, clock, actual
):
    printer = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    printer.wait_for_state("connected")
    printer.heat_for(10, every=2)
    clock.passed += 2
    printer.report_row(**bed(actual, 200.0))
    odd = payloads(listener.of("/bed/eta"))[-1]
    assert (odd["actual"], odd["reason"]) == (None, "implausible")
    assert odd["eta_seconds"] is odd["finish_at"] is None
    assert (odd["state"], odd["target"]) == ("heating", 200.0)
    clock.passed += 2
    # What is off now was never seen to be.
    printer.report_row(**bed(actual, 0.0))
    [change] = payloads(listener.of("/bed/state_change"))
    assert (change["state"], change["actual"]) == ("idle", None)
    # One good report may be chance.
    for actual in (28.5, 29.0):
        clock.passed += 2
        printer.report_row(**bed(actual, 0.0))
    assert payloads(listener.of("/bed/eta"))[-1]["actual"] == 29.0


def test_a_target_that_makes_no_sense_is_off(make_printer, broker, listener, clock):
    printer = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    printer.wait_for_state("connected")
    for target in (-28416.0, 32767, "off", " OFF ", "None", "-", "", "hot", None):
        clock.passed += 2
        printer.report_row(**bed("32.11", target))
        last = payloads(listener.of("/bed/eta"))[-1]
        assert (last["actual"], last["target"]) == (32.11, 0.0), target
    clock.passed += 2
    printer.report_row(**bed(32.11, " 60.0"))
    assert payloads(listener.of("/bed/eta"))[-1]["target"] == 60.0


def test_names_that_are_not_valid_topics(make_printer, broker, listener):
    names = ("dry box", "dry/box", "Süd+#", "$SYS")
    counted = said(*((name, True) for name in names))
    printer = make_printer(broker.port, name="Ender 3 / links+#", heaters=counted)
    printer.wait_for_state("connected")
    custom = {name: {"actual": 30.0, "target": 60.0} for name in names}
    heat_until(printer, lambda: len(listener.of_heaters()) >= 9, **custom)
    topics = {message.topic for message in listener.of_heaters()}
    base = "octoprint/temp_eta/Ender_3_links"
    assert len(topics) == 9 and all(topic.startswith(base) for topic in topics)
    # Two names that would become the same level.
    assert [topic for topic in topics if topic.startswith(f"{base}/dry_box_")][1:]
    assert f"{base}/bed/eta" in topics
    heaters = {it["heater"] for it in payloads(listener.of_heaters())}
    assert heaters >= set(names)
    [config] = payloads(listener.of("/config")[-1:])
    assert len(config["cmps"]) == 9 * 3 + 2
    assert all(re.fullmatch("[a-zA-Z0-9_-]+", name) for name in config["cmps"])


def test_other_settings_keep_the_connection(make_printer, broker, listener):
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(
        mqtt_publish_interval=0.1, mqtt_custom_identifier="unused", mqtt_qos=0
    )
    since = listener.count()
    printer.heat_for(1.0, every=0.1)
    # With QoS 0 there is no acknowledgement.
    until(lambda: len(listener.of("/bed/eta", since)) >= 10)
    assert [message.payload for message in listener.of("/availability")] == ["online"]
    assert listener.of("/state_change") == []


def test_without_a_runtime_only_availability_and_status_are_published(
    make_printer, broker, listener
):
    printer = make_printer(broker.port, context={"runtimes": ()})
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    assert payloads(listener.of("/status"))[-1]["engine"] is None
    topics = {message.topic for message in listener.messages}
    assert topics == {f"{BASE}/availability", f"{BASE}/status"}
    status = printer.service.status()
    assert status["engine"] == "" and status["missing"]


def test_qos_of_the_settings_is_used(make_printer, broker, closing):
    for qos in (0, 2):
        printer = make_printer(broker.port, name=f"q{qos}", mqtt_qos=qos)
        printer.wait_for_state("connected")
        printer.heat_for(1.0)
        topic = f"octoprint/temp_eta/q{qos}/bed/eta"
        line = rf"Received PUBLISH.*\(d0, q{qos}, .*'{topic}'"
        until(lambda line=line: re.search(line, broker.log()))
        printer.stop()


def test_learned_model_is_stored_and_used(make_printer, broker, clock, tmp_path):
    folder = tmp_path / "data"
    printer = make_printer(broker.port, context={"folder": str(folder)})
    printer.wait_for_state("connected")

    def warm_up(steps, *printers):
        for step in range(steps):
            clock.passed += 2
            # A heater responds with a delay.
            target = 60.0 if step > 5 else 0.0
            actual = min(60.0, 22.0 + 0.5 * max(0, step - 8))
            for it in printers:
                it.report_row(**bed(actual, target))

    warm_up(120, printer)
    file = pathlib.Path(folder / "lessons-one.json")
    stored = json.loads(file.read_text())
    assert len(stored["heaters"]["bed"]["numbers"]) > 10
    assert file.stat().st_size < 10_000
    printer.stop()
    # The stored model improves the estimate.
    known = make_printer(broker.port, context={"folder": str(folder)})
    blank = make_printer(broker.port, name="Blank")
    listener = Listener(broker.port)
    try:
        for other in (known, blank):
            other.configure(algorithm="adaptive")
            other.wait_for_state("connected")
        warm_up(14, known, blank)
        errors = []
        for name in ("Ender", "Blank"):
            payload = payloads(listener.of(f"{name}/bed/eta"))[-1]
            assert payload["actual"] == 24.5
            errors.append(abs(payload["eta_seconds"] - (59.0 - 24.5) / 0.25))
        assert errors[0] < errors[1] and errors[0] < 15, errors
    finally:
        listener.close()


def test_all_mqtt_settings_are_used():
    source = "".join(
        file.read_text("utf-8")
        for file in pathlib.Path(settings.__file__).parent.rglob("*.py")
        if file.name not in ("settings.py", "migration.py")
    )
    # Those of the outlets are read by their names.
    for key in settings.DEFINITIONS:
        if key.startswith("mqtt_") and key != "mqtt_enabled":
            assert f'"{key}"' in source, key
