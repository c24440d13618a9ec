"""A printer appears, disappears and changes in Home Assistant."""

import time
from datetime import datetime

from broker import retained, until
from hass import Core
from printer import HEATERS, OF_PRINTER, VERSION, Printer

from octoprint_temp_eta.mqtt.discovery import MAX_NAME_LENGTH, MIN_EXPIRY_S, SENSORS

AT = [f"{heater}_at" for heater in HEATERS]
SHOWN = {f"{heater}_{kind}" for heater in HEATERS for kind in ("at", "state")}
NOTHING = {"unknown", "unavailable"}


def all_known(core, names=SHOWN):
    """Whether each of the sensors has a value."""
    states = core.states()
    return names <= states.keys() and not NOTHING & {states[name] for name in names}


def all_are(core, state):
    return set(core.states().values()) == {state}


def has_device(core):
    return [device.name for device in core.devices()] == ["Ender"]


def test_device_appears_with_its_heaters(core, printer):
    printer.until(lambda: all_known(core))
    (device,) = core.devices()
    assert (device.name, device.sw_version) == ("Ender", VERSION)
    sensors = core.sensors()
    assert len(sensors) == len(HEATERS) * len(SENSORS)
    assert core.entities().keys() - sensors.keys() == OF_PRINTER
    assert {name for name, sensor in sensors.items() if sensor.enabled} == SHOWN
    assert sensors["bed_at"].entity_id == "sensor.ender_bed_ready_at"
    assert sensors["bed_at"].attributes["friendly_name"] == "Ender Bed ready at"
    assert core.states()["tool0_state"] == "heating"
    for name in AT:
        to_go = datetime.fromisoformat(core.states()[name]).timestamp() - time.time()
        assert 0 < to_go < 3600
    assert core.complaints == []


def test_killed_printer_comes_back(core, printer):
    printer.until(lambda: all_known(core))
    before = core.sensors()
    printer.kill()
    until(lambda: all_are(core, "unavailable"), what="end")
    printer.start()
    printer.until(lambda: all_known(core))
    assert has_device(core)
    assert {name: sensor.entity_id for name, sensor in core.sensors().items()} == {
        name: sensor.entity_id for name, sensor in before.items()
    }
    assert core.complaints == []


def test_octoprint_restarts(core, broker, printer):
    printer.until(lambda: all_known(core))
    printer.close()
    until(lambda: all_are(core, "unavailable"), what="end")
    assert has_device(core)
    printer.start()
    printer.until(lambda: all_known(core))
    assert core.complaints == []


def test_mqtt_is_disabled_and_enabled(core, broker, printer):
    printer.configure(mqtt_retain=True)
    printer.until(lambda: all_known(core))
    assert len(retained(broker.port)) == len(HEATERS) + 4
    printer.configure(mqtt_enabled=False)
    until(lambda: not core.devices() and not core.sensors(), what="end")
    assert retained(broker.port) == {}
    printer.configure(mqtt_enabled=True)
    printer.until(lambda: all_known(core))
    assert core.complaints == []


def test_discovery_is_disabled(core, broker, printer):
    printer.until(lambda: all_known(core))
    printer.configure(mqtt_homeassistant_discovery=False)
    printer.until(lambda: not core.devices() and not core.sensors())
    assert sorted(topic.split("/")[-1] for topic in retained(broker.port)) == [
        "availability",
        "status",
    ]
    assert core.complaints == []


def test_printer_is_disconnected(core, printer):
    printer.until(lambda: all_known(core))
    printer.report({})
    until(lambda: all_are(core, "unknown"), what="end")
    printer.until(lambda: all_known(core))
    assert core.complaints == []


def test_home_assistant_starts_later(core, tmp_path, broker, printer):
    printer.until(lambda: all_known(core))
    core.stop()
    later = Core(tmp_path / "later", broker.port)
    try:
        printer.until(lambda: all_known(later))
        assert later.complaints == []
    finally:
        later.stop()


def test_tool_is_removed_and_added_again(core, broker, printer):
    printer.until(lambda: all_known(core))
    left = {name for name in SHOWN if not name.startswith("tool2")}
    rest = [heater for heater in HEATERS if heater != "tool2"]
    printer.configure(tools=2)
    printer.until(lambda: core.states().keys() == left, *rest)
    assert all_known(core, left)

    def device():
        kept = retained(broker.port)
        (config,) = (text for topic, text in kept.items() if "config" in topic)
        return config

    # The sensors are first published as removed.
    printer.until(lambda: "tool2" not in device(), *rest)
    assert "tool1" in device()
    printer.configure(tools=3)
    printer.until(lambda: all_known(core))
    assert has_device(core)
    assert core.complaints == []


def test_heater_is_hidden_and_shown_again(core, printer):
    printer.until(lambda: all_known(core))
    printer.configure(heaters=[{"heater": "bed", "counted": False, "name": ""}])
    left = {name for name in SHOWN if not name.startswith("bed")}
    printer.until(lambda: core.states().keys() == left)
    printer.configure(heaters=[])
    printer.until(lambda: all_known(core))
    assert core.sensors()["bed_at"].entity_id == "sensor.ender_bed_ready_at"
    assert core.complaints == []


def test_heater_is_named(core, printer):
    def name():
        return core.sensors()["bed_at"].attributes["friendly_name"]

    printer.until(lambda: all_known(core))
    printer.configure(heaters=[{"heater": "bed", "counted": True, "name": "Bett"}])
    printer.until(lambda: name() == "Ender Bett ready at")
    printer.until(lambda: all_known(core))
    # Automations go on.
    assert core.sensors()["bed_at"].entity_id == "sensor.ender_bed_ready_at"
    assert core.complaints == []


def test_printer_is_renamed(core, broker, printer):
    printer.until(lambda: all_known(core))
    printer.configure(name="Prusa")
    printer.until(lambda: [device.name for device in core.devices()] == ["Prusa"])
    printer.until(lambda: all_known(core))
    assert not [topic for topic in retained(broker.port) if "Ender" in topic]
    assert core.complaints == []


def test_odd_names(core, broker, tmp_path):
    heaters = ("Düse links", "ä/b+c", "bed")
    name = "Drücker #1 / " + "lang " * 60
    printer = Printer(tmp_path / "odd", broker.port, name)
    try:
        counted = [{"heater": it, "counted": True, "name": ""} for it in heaters]
        printer.configure(heaters=counted)
        printer.until(lambda: len(core.states()) == 2 * len(heaters), *heaters)
        printer.until(lambda: not NOTHING & set(core.states().values()), *heaters)
        (device,) = core.devices()
        name = name[:MAX_NAME_LENGTH].strip()
        assert device.name == name
        names = [
            sensor.attributes.get("friendly_name") for sensor in core.sensors().values()
        ]
        assert f"{name} ä/b+c ready at" in names
        assert core.complaints == []
    finally:
        printer.close()


def test_unchanged_heaters_stay_available(core, printer):
    row = {heater: {"actual": 22.0, "target": 0.0} for heater in HEATERS}

    def states():
        printer.report(row)
        time.sleep(1)
        return {state for name, state in core.states().items() if "state" in name}

    # Unchanged values are republished after half of the time.
    until(lambda: states() == {"idle"}, MIN_EXPIRY_S / 2 + 10, "states")
    end = time.monotonic() + MIN_EXPIRY_S + 10
    while time.monotonic() < end:
        assert states() == {"idle"}
    assert core.complaints == []
