"""Home Assistant's MQTT discovery."""

import json

import pytest
from broker import retained, until
from simulation import BASE, bed, heat_until, payloads, said

from octoprint_temp_eta.calculation.core_abi import Profile
from octoprint_temp_eta.mqtt.publisher import SUBSCRIBE_DELAY_S

# What the device has besides the sensors of heaters, by the beginning of its ID.
PRINTER = {"printer", "event"}


@pytest.mark.everywhere
def test_discovery_is_published_once_and_after_each_birth_message(
    make_printer, broker, listener
):
    printer = make_printer(broker.port, context={"random": lambda: 0.1})
    printer.wait_for_state("connected")
    printer.heat_for(1.4)
    assert len(listener.of("/config")) == 1
    since = listener.count()
    listener.publish("homeassistant/status", "online")
    heat_until(printer, lambda: listener.of("/config", since=since))
    assert len(listener.of_heaters(since)) >= 5
    assert len(listener.of("/config")) == 2
    listener.publish("homeassistant/status", "offline")
    printer.heat_for(1.0)
    assert len(listener.of("/config")) == 2


def test_etas_are_republished_when_home_assistant_has_subscribed(
    make_printer, broker, listener
):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.report_row(**bed(22.0, 0.0))
    assert len(listener.of("/bed/eta")) == 1
    printer.wait(SUBSCRIBE_DELAY_S - 0.1)
    assert len(listener.of("/bed/eta")) == 1
    printer.wait(0.2)
    assert len(listener.of("/bed/eta")) == 2
    [config] = payloads(listener.of("/config"))
    assert {sensor["qos"] for sensor in config["cmps"].values()} == {1}


def test_retained_birth_message_is_ignored(make_printer, broker, listener):
    listener.publish("homeassistant/status", "online", retain=True)
    printer = make_printer(broker.port, context={"random": lambda: 0.1})
    printer.wait_for_state("connected")
    printer.heat_for(1.4)
    assert len(listener.of("/config")) == 1


def test_heater_missing_from_the_profile_is_removed(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(Profile("one", tools=1, bed=True, chamber=False))
    heat_until(printer, lambda: len(listener.of("/config")) == 3)
    removal, final = payloads(listener.of("/config")[1:])
    removed = {name for name in removal["cmps"] if len(removal["cmps"][name]) == 1}
    assert removed == {
        f"{heater}_{kind}"
        for heater in ("tool1", "tool2", "chamber")
        for kind in ("at", "eta", "state")
    }
    assert {removal["cmps"][name]["p"] for name in removed} == {"sensor"}
    assert set(final["cmps"]) == set(removal["cmps"]) - removed
    assert final["cmps"]["tool0_at"]["name"] == "Tool ready at"
    assert payloads(listener.of("/tool1/eta"))[-1]["state"] is None
    printer.heat_for(1.0)
    assert len(listener.of("/config")) == 3


def components(listener):
    """Return the names of the sensors in the newest discovery message, by component."""
    config = payloads(listener.of("/config")[-1:])
    return {key: it.get("name") for one in config for key, it in one["cmps"].items()}


def test_only_what_is_counted_is_published(make_printer, broker, listener):
    counted = said(("dryer", True), ("tool1", False))
    printer = make_printer(broker.port, mqtt_retain=True, heaters=counted)
    printer.wait_for_state("connected")
    others = {name: {"actual": 30.0, "target": 60.0} for name in ("dryer", "rpi", "W")}
    heat_until(printer, lambda: listener.of("/dryer/eta"), **others)
    printer.heat_for(1.0)
    heaters = {"tool0", "tool2", "bed", "chamber", "dryer"}
    assert {it["heater"] for it in payloads(listener.of_heaters())} == heaters
    assert {key.rsplit("_", 1)[0] for key in components(listener)} == heaters | PRINTER


def test_heater_that_is_not_counted_any_more_is_removed(make_printer, broker, listener):
    others = {"dryer": {"actual": 30.0, "target": 60.0}}
    printer = make_printer(broker.port, mqtt_retain=True, heaters=said(("dryer", True)))
    printer.wait_for_state("connected")
    heat_until(printer, lambda: f"{BASE}/dryer/eta" in retained(broker.port), **others)
    printer.configure(heaters=said(("tool0", False)))
    gone = {f"{BASE}/{heater}/eta" for heater in ("tool0", "dryer")}
    heat_until(printer, lambda: not gone & set(retained(broker.port)), **others)
    assert payloads(listener.of("/dryer/eta")[:-1])[-1]["state"] is None
    heaters = {"tool1", "tool2", "bed", "chamber"}
    assert {key.rsplit("_", 1)[0] for key in components(listener)} == heaters | PRINTER
    since = listener.count()
    printer.configure(heaters=[])
    heat_until(printer, lambda: f"{BASE}/tool0/eta" in retained(broker.port), **others)
    assert "tool0_at" in components(listener)
    assert {it.payload for it in listener.of("/dryer/eta", since)} <= {""}, "cleared"


def test_sensor_published_by_an_earlier_version_is_removed(
    make_printer, broker, listener, tmp_path
):
    topics = [f"{BASE}/rpi/eta", f"{BASE}/availability"]
    for topic in topics:
        listener.publish(topic, "{}", retain=True)
    folder = tmp_path / "data"
    folder.mkdir()
    stored = {"id": "0123456789ab", "heaters": ["bed", "rpi"], "instances": []}
    stored["brokers"] = {f"127.0.0.1:{broker.port}": topics}
    (folder / "mqtt.json").write_text(json.dumps(stored))
    context = {"folder": str(folder)}
    printer = make_printer(broker.port, context=context, mqtt_retain=True)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: f"{BASE}/rpi/eta" not in retained(broker.port))
    heat_until(printer, lambda: "rpi_at" not in components(listener))
    removal = payloads(listener.of("/config")[:1])[0]["cmps"]
    assert removal["rpi_at"] == {"p": "sensor"} and removal["bed_at"]["name"]
    assert "rpi" not in json.loads((folder / "mqtt.json").read_text())["heaters"]


def test_name_of_the_owner_is_published_when_it_changes(make_printer, broker, listener):
    printer = make_printer(broker.port, heaters=said(("bed", True, "Bett")))
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    assert components(listener)["bed_at"] == "Bett ready at"
    assert components(listener)["tool0_at"] == "Tool 0 ready at"
    topics = {message.topic for message in listener.of_heaters()}
    printer.configure(heaters=said(("bed", True, "Plate"), ("tool0", True, "Left")))
    printer.heat_for(1.0)
    assert len(listener.of("/config")) == 2
    assert components(listener)["bed_state"] == "Plate heater state"
    assert components(listener)["tool0_eta"] == "Left ETA"
    assert {message.topic for message in listener.of_heaters()} == topics


def test_heater_is_removed_while_messages_are_in_flight(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(Profile("one", tools=1, bed=True, chamber=False))
    # Longer than the publish interval, so that each report is published.
    printer.heat_for(25, every=2.5)
    assert len(listener.of("/config")) == 3


def test_heater_not_reported_yet_stays_after_a_restart(
    make_printer, broker, listener, tmp_path
):
    folder = {"folder": str(tmp_path / "data")}
    printer = make_printer(broker.port, context=folder)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.stop()
    again = make_printer(broker.port, context=folder)
    again.wait_for_state("connected")
    since = listener.count()
    heat_until(again, lambda: listener.of("/tool0/eta", since), heaters=["tool0"])
    assert len(payloads(listener.of("/config"))[-1]["cmps"]) == 5 * 3 + len(PRINTER)
    again.heat_for(1.0)
    status = again.service.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_changing_the_login_removes_no_device(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    changed = listener.count()
    printer.configure(mqtt_username="somebody")
    heat_until(printer, lambda: listener.of("/availability", changed)[1:])
    config = [message.payload for message in listener.of("/config")]
    assert "" not in config, "the user's changes in Home Assistant would be lost"
    availability = [it.payload for it in listener.of("/availability", changed)]
    assert availability == ["offline", "online"]


def test_new_id_replaces_the_device(make_printer, broker):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")

    def devices():
        return [topic for topic in retained(broker.port) if topic.endswith("/config")]

    heat_until(printer, devices)
    [before] = devices()
    printer.renew_id()
    heat_until(printer, lambda: devices() and before not in devices())
    printer.heat_for(1.0)
    assert len(devices()) == 1
    status = printer.service.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_heater_is_removed_after_a_lost_connection(make_printer, lasting, monkeypatch):
    printer = make_printer(lasting.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    lasting.save()
    lasting.pause()
    printer.configure(Profile("one", tools=1, bed=True, chamber=True))
    printer.heat_for(1.0, acknowledges=False)
    lasting.kill()
    until(lambda: printer.state != "connected")
    # Whoever subscribes after the restart may miss the first of them.
    sent, connection = [], printer.service.connection
    send = connection.send
    monkeypatch.setattr(connection, "send", lambda it: (sent.append(it), send(it)))
    lasting.start()

    def removals():
        configs = payloads([it for it in sent if it.topic.endswith("/config")])
        return [it for it in configs if it["cmps"].get("tool1_at") == {"p": "sensor"}]

    heat_until(printer, removals)

    def is_removed():
        kept = retained(lasting.port)
        [config] = [text for topic, text in kept.items() if topic.endswith("/config")]
        return "tool1_at" not in json.loads(config)["cmps"]

    heat_until(printer, is_removed)
