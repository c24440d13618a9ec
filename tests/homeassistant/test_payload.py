"""The discovery payload, validated by Home Assistant's own schemas."""

import json

import pytest
import voluptuous
from hass import Core
from homeassistant.components.mqtt import discovery as received
from homeassistant.components.mqtt.event import DISCOVERY_SCHEMA as EVENT_SCHEMA
from homeassistant.components.mqtt.schemas import DEVICE_DISCOVERY_SCHEMA
from homeassistant.components.mqtt.sensor import DISCOVERY_SCHEMA as SENSOR_SCHEMA
from printer import HEATERS, OF_PRINTER, URL

from octoprint_temp_eta import heaters, settings
from octoprint_temp_eta.mqtt import discovery, publisher
from octoprint_temp_eta.mqtt.topics import Topics
from octoprint_temp_eta.outlets.payloads import encode

SCHEMAS = {"sensor": SENSOR_SCHEMA, "event": EVENT_SCHEMA}

ODD = ("Düse links", "ä/b+c", "ä#b c", "tool0x", "$SYS", "x" * 64, "a/b", "a b", "加热")


def described(ids=HEATERS, name="Ender", url=URL, tools=3, **changes):
    chosen = {**settings.DEFAULTS, **changes}
    return discovery.device(
        Topics(chosen, name, "0123456789ab"),
        {it: heaters.name(it, tools, chosen["heaters"]) for it in ids},
        identity="0123456789ab",
        name=name,
        version="1.2.3",
        url=url,
        interval=chosen["mqtt_publish_interval"],
    )


@pytest.fixture(scope="module")
def accepted(tmp_path_factory):
    """A function that returns the heaters' sensors which are made from a payload.

    It raises `voluptuous.Invalid` for what Home Assistant refuses or ignores.
    """
    core = Core(tmp_path_factory.mktemp("homeassistant"))
    yield lambda payload: core.call(understood, payload)
    core.stop()


def understood(payload):
    device = received.MQTTDiscoveryPayload(json.loads(encode(payload)))
    received._replace_all_abbreviations(device)
    DEVICE_DISCOVERY_SCHEMA(device)
    sensors = {}
    for name, config in device["components"].items():
        schema = SCHEMAS[config.pop("platform")]
        if not config:
            continue
        received._merge_common_device_options(config, device)
        config = {**config, "device": device["device"], "origin": device["origin"]}
        sensors[name] = schema(config)
        # The schema itself drops unknown keys.
        unknown = config.keys() - sensors[name].keys()
        if unknown:
            raise voluptuous.Invalid(f"{name} does not take {sorted(unknown)}")
    assert not sensors or sensors.keys() >= OF_PRINTER
    return {name: sensors[name] for name in sensors if name not in OF_PRINTER}


def test_five_heaters(accepted):
    sensors = accepted(described())
    assert len(sensors) == 15
    assert len({sensor["unique_id"] for sensor in sensors.values()}) == 15
    names = [sensor["name"] for sensor in sensors.values()]
    assert names[:3] == ["Tool 0 ready at", "Tool 0 ETA", "Tool 0 heater state"]
    for sensor in sensors.values():
        assert (
            sensor["availability"][0]["topic"] == "octoprint/temp_eta/Ender/availability"
        )
        assert sensor["expire_after"] == 60


def test_one_tool(accepted):
    sensors = accepted(described(["tool0"], tools=1))
    assert [sensor["name"] for sensor in sensors.values()] == [
        "Tool ready at",
        "Tool ETA",
        "Tool heater state",
    ]


def test_any_name_of_the_owner(accepted):
    for name in (*ODD, "Bett", "'\"{{ 1 }}"):
        own = [{"heater": "tool0", "counted": True, "name": name}]
        sensors = accepted(described(["tool0"], heaters=own))
        assert sensors["tool0_at"]["name"] == f"{name} ready at"


def test_heaters_with_odd_names_are_distinct(accepted):
    sensors = accepted(described(ODD))
    assert len(sensors) == 3 * len(ODD)
    assert len({sensor["unique_id"] for sensor in sensors.values()}) == 3 * len(ODD)
    assert len({sensor["state_topic"] for sensor in sensors.values()}) == len(ODD)


@pytest.mark.parametrize("name", ["", " ", "Ender 3 / links +1#", "Drücker" * 40])
def test_any_printer_name(accepted, name):
    payload = described(name=name)
    assert payload["dev"]["name"]
    assert len(accepted(payload)) == 15


def test_with_and_without_home_page(accepted):
    (with_url, *_) = accepted(described(url=URL)).values()
    assert with_url["origin"]["support_url"] == URL
    (without, *_) = accepted(described(url="")).values()
    assert "support_url" not in without["origin"]


@pytest.mark.parametrize("interval", [0.1, 1.0, 60.0])
def test_any_publish_interval(accepted, interval):
    (sensor, *_) = accepted(described(mqtt_publish_interval=interval)).values()
    assert sensor["expire_after"] >= max(60, 5 * interval)


def test_removed_heaters(accepted):
    everything, rest = described(), described(["tool0", "bed"])
    removal = discovery.without(rest, everything["cmps"])
    assert removal["cmps"].keys() == everything["cmps"].keys()
    assert accepted(removal) == accepted(rest)
    assert accepted(discovery.without(described([]), everything["cmps"])) == {}


def test_topic_matches_home_assistants_pattern():
    topic = Topics(settings.DEFAULTS, "Ender", publisher.new_id()).discovery
    prefix = settings.DEFAULTS["mqtt_discovery_prefix"] + "/"
    assert received.TOPIC_MATCHER.fullmatch(topic[len(prefix) :]).group("component") == (
        "device"
    )


MISSING = object()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("o", MISSING),
        ("o name", MISSING),
        ("o url", "no address"),
        ("dev", MISSING),
        ("dev ids", MISSING),
        ("cmps", MISSING),
        ("cmps bed_at p", MISSING),
        ("cmps bed_at uniq_id", MISSING),
        ("cmps bed_at stat_t", MISSING),
        ("cmps bed_at stat_t", "a/#/b"),
        ("cmps bed_at val_tpl", "{{ value_json."),
        ("cmps bed_at dev_cla", "clock"),
        ("cmps bed_at exp_aft", -1),
        ("cmps bed_at typo", 1),
        ("cmps bed_state ops", []),
        ("cmps bed_state dev_cla", MISSING),
        ("avty", [{"topic": "+#"}]),
        ("qos", 3),
        ("typo", 1),
    ],
)
def test_invalid_payloads_are_refused(accepted, path, value):
    payload = described()
    accepted(payload)
    *before, last = path.split()
    place = payload
    for key in before:
        place = place[key]
    if value is MISSING:
        del place[last]
    else:
        place[last] = value
    with pytest.raises(voluptuous.Invalid):
        accepted(payload)
