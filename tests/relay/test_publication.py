"""What the broker is told, what it keeps, and what is taken back."""

import json
import logging
import pathlib
import re
import threading
import time

import pytest
from broker import Broker, Listener, kept, until

from octoprint_temp_eta import settings
from octoprint_temp_eta.relay.calculation import Profile
from octoprint_temp_eta.relay.surroundings import Wanted

BASE = "octoprint/temp_eta/Ender"

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


def payloads(messages):
    def strict(constant):
        raise AssertionError(f"{constant} is no JSON")

    return [json.loads(heard.payload, parse_constant=strict) for heard in messages]


def heat_until(one, probe, seconds=10.0, **report):
    def step():
        one.heat(**report)
        time.sleep(0.15)
        return probe()

    return until(step, seconds)


def bed(actual, target):
    return {"bed": {"actual": actual, "target": target}}


def test_the_payload_is_what_consumers_know_and_more(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    heat_until(one, lambda: payloads(listener.of("/bed/eta")[-1:])[0:])
    heat_until(one, lambda: payloads(listener.of("/bed/eta"))[-1]["eta_seconds"])
    said = payloads(listener.of("/bed/eta"))[-1]
    assert set(said) == ETA_KEYS | {"finish_at", "reason", "source", "v"}
    assert said["heater"] == "bed" and said["target"] == 200.0
    assert (said["eta_kind"], said["state"]) == ("heating", "heating")
    assert said["cooldown_target"] is None and said["reason"] is None
    assert abs(said["timestamp"] - time.time()) < 5
    moment = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d[05]\+00:00", said["finish_at"])
    assert moment, said["finish_at"]


def test_a_state_is_told_at_once_and_kept_by_nobody(printer, broker, listener):
    one = printer(broker.port, mqtt_publish_interval=30.0, mqtt_retain=True)
    one.become("connected")
    for actual in (55.0, 56.0, 57.0, 58.0):
        one.hand_over({"time": int(time.time()), **bed(actual, 60.0)})
        time.sleep(0.1)
    until(lambda: listener.of("/bed/eta"))
    assert listener.of("/state_change") == []
    one.hand_over({"time": int(time.time()) + 1, **bed(59.6, 60.0)})
    [event] = until(lambda: payloads(listener.of("/bed/state_change")))
    assert set(event) == {
        *("heater", "state", "previous_state", "timestamp", "actual", "target")
    }
    assert (event["previous_state"], event["state"]) == ("heating", "at_target")
    until(lambda: payloads(listener.of("/bed/eta"))[-1]["state"] == "at_target")
    topics = kept(broker.port)
    assert f"{BASE}/bed/eta" in topics and f"{BASE}/bed/state_change" not in topics


def test_every_heater_has_a_clock_of_its_own(printer, broker, listener):
    # Home Assistant is told some of it twice.
    one = printer(broker.port, mqtt_homeassistant_discovery=False)
    one.become("connected")
    one.heat_for(4.2, every=0.1)
    for heater in ("tool0", "tool1", "tool2", "bed", "chamber"):
        times = [heard.time for heard in listener.of(f"/{heater}/eta")]
        assert 4 <= len(times) <= 6, heater
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        assert min(gaps) > 0.8, heater


def test_a_printer_that_goes_is_told_once(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.2)
    gone = time.monotonic()
    one.hand_over({"time": int(time.time())})
    one.relay.add_progress(False, False, None)
    one.hand_over({"time": int(time.time())})
    until(lambda: len(listener.of("/eta", since=gone)) >= 5)
    time.sleep(0.5)
    last = payloads(listener.of("/eta", since=gone))
    assert len(last) == 5
    for said in last:
        assert said["eta_seconds"] is said["state"] is said["actual"] is None
    assert payloads(listener.of("/status"))[-1]["printer"] is False


def test_what_stands_still_is_told_again_before_it_expires(printer, broker, listener):
    clock = Clock()
    around = {"clock": clock.elapsed, "wall": clock.wall}
    one = printer(broker.port, around=around, mqtt_homeassistant_discovery=False)
    one.become("connected")
    still = bed(22.0, 0.0)
    one.hand_over({"time": int(clock.wall()), **still})
    until(lambda: listener.of("/bed/eta"))
    for _ in range(10):
        clock.ahead += 6
        one.hand_over({"time": int(clock.wall()), **still})
        time.sleep(0.1)
    assert len(listener.of("/bed/eta")) in (2, 3), "in 60 s"


def test_what_was_said_long_ago_is_not_told_again_as_if_it_were_new(
    printer, broker, listener
):
    clock = Clock()
    around = {"clock": clock.elapsed, "wall": clock.wall}
    one = printer(broker.port, around=around, mqtt_homeassistant_discovery=False)
    one.become("connected")
    for _ in range(5):
        clock.ahead += 2
        one.heat()
        time.sleep(0.1)
    until(lambda: listener.of("/bed/eta"))
    # The printer says nothing more.
    for _ in range(20):
        clock.ahead += 60
        one.relay.add_progress(True, False, None)
        one.relay._awake.set()
        time.sleep(0.05)
    said = payloads(listener.of("/bed/eta"))
    assert said[-1]["eta_seconds"] is None
    assert said[-1]["reason"] == "no_recent_reading"
    assert said[-1]["timestamp"] < clock.wall() - 1000
    assert len(said) < 8


class Clock:
    """Goes ahead of this machine's by `ahead` seconds."""

    def __init__(self):
        self.ahead = 0.0

    def elapsed(self):
        return time.monotonic() + self.ahead

    def wall(self):
        return time.time() + self.ahead


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


def test_home_assistant_is_told_once_and_again_when_it_is_born(printer, broker, listener):
    one = printer(broker.port, around={"chance": lambda: 0.1})
    one.become("connected")
    one.heat_for(1.5)
    assert len(listener.of("/config")) == 1
    born = time.monotonic()
    listener.publish("homeassistant/status", "online")
    heat_until(one, lambda: listener.of("/config", since=born))
    until(lambda: len(listener.of("/eta", since=born)) >= 5)
    assert len(listener.of("/config")) == 2
    listener.publish("homeassistant/status", "offline")
    one.heat_for(1.0)
    assert len(listener.of("/config")) == 2


def test_home_assistant_hears_what_was_said_before_it_listened(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.hand_over({"time": int(time.time()), **bed(22.0, 0.0)})
    until(lambda: len(listener.of("/bed/eta")) == 2, 4.0)
    [first, second] = [heard.time for heard in listener.of("/bed/eta")]
    assert 1.5 < second - first < 3.5
    [config] = payloads(listener.of("/config"))
    assert {sensor["qos"] for sensor in config["cmps"].values()} == {1}


def test_a_birth_that_was_long_ago_is_none(printer, broker, listener):
    listener.publish("homeassistant/status", "online", retain=True)
    one = printer(broker.port, around={"chance": lambda: 0.0})
    one.become("connected")
    one.heat_for(1.5)
    assert len(listener.of("/config")) == 1


def test_a_heater_that_the_printer_has_no_more_is_taken_away(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    profile = Profile("one", tools=1, bed=True, chamber=False)
    one.relay.follow(Wanted(one.wanted.settings, profile, "Ender"))
    heat_until(one, lambda: len(listener.of("/config")) == 3)
    removing, final = payloads(listener.of("/config")[1:])
    gone = {name for name in removing["cmps"] if len(removing["cmps"][name]) == 1}
    assert gone == {
        f"{heater}_{kind}"
        for heater in ("tool1", "tool2", "chamber")
        for kind in ("at", "eta", "state")
    }
    assert {removing["cmps"][name]["p"] for name in gone} == {"sensor"}
    assert set(final["cmps"]) == set(removing["cmps"]) - gone
    assert final["cmps"]["tool0_at"]["name"] == "Tool ready at"
    assert payloads(listener.of("/tool1/eta"))[-1]["state"] is None
    one.heat_for(1.0)
    assert len(listener.of("/config")) == 3


def test_after_a_restart_a_heater_that_is_not_there_yet_stays(
    printer, broker, listener, tmp_path
):
    folder = {"folder": str(tmp_path / "kept")}
    one = printer(broker.port, around=folder)
    one.become("connected")
    one.heat_for(1.0)
    one.stop()
    again = printer(broker.port, around=folder)
    again.become("connected")
    begun = time.monotonic()
    heat_until(again, lambda: listener.of("/tool0/eta", begun), heaters=["tool0"])
    assert len(payloads(listener.of("/config"))[-1]["cmps"]) == 15
    again.heat_for(1.0)
    status = again.relay.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


@pytest.mark.parametrize("retain", [False, True])
def test_switched_off_nothing_is_left(printer, broker, listener, retain):
    one = printer(broker.port, mqtt_retain=retain)
    one.become("connected")
    one.heat_for(1.2)
    assert len(kept(broker.port)) == (8 if retain else 3)
    asked = time.monotonic()
    one.want(mqtt_enabled=False)
    assert time.monotonic() - asked < 0.2
    one.become("off")
    assert kept(broker.port) == {}
    # And back.
    one.want(mqtt_enabled=True)
    one.become("connected")
    one.heat_for(1.0)
    assert len(kept(broker.port)) == (8 if retain else 3)


def test_switched_off_and_on_in_one_go_it_goes_on(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.5)
    for _ in range(5):
        one.want(mqtt_enabled=False)
        time.sleep(0.02)
        one.want(mqtt_enabled=True)
        time.sleep(0.05)
    one.become("connected")
    begun = time.monotonic()
    heat_until(one, lambda: listener.of("/bed/eta", begun))
    assert len(kept(broker.port)) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"mqtt_base_topic": "other/place"},
        {"mqtt_use_appearance_name": False, "mqtt_custom_identifier": "Mine"},
        {"mqtt_discovery_prefix": "ha"},
        {"mqtt_homeassistant_discovery": False},
        {"mqtt_retain": False},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_with_another_place_nothing_is_left_at_the_old_one(printer, broker, changes):
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    before = set(kept(broker.port))
    one.want(**changes)
    heat_until(one, lambda: set(kept(broker.port)) != before)
    one.heat_for(1.2)
    expected = before
    if "mqtt_base_topic" in changes:
        expected = {
            topic.replace("octoprint/temp_eta", "other/place") for topic in before
        }
    elif "mqtt_custom_identifier" in changes:
        expected = {topic.replace("/Ender/", "/Mine/") for topic in before}
    elif "mqtt_discovery_prefix" in changes:
        expected = {topic.replace("homeassistant/", "ha/") for topic in before}
    elif "mqtt_homeassistant_discovery" in changes:
        expected = {topic for topic in before if not topic.endswith("/config")}
    elif "mqtt_retain" in changes:
        expected = {topic for topic in before if not topic.endswith("/eta")}
    assert set(kept(broker.port)) == expected


def test_another_broker_gets_all_and_the_old_one_keeps_nothing(
    printer, broker, tmp_path, closing
):
    other = Broker(tmp_path)
    closing(other)
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    one.want(mqtt_broker_port=other.port)
    heat_until(one, lambda: len(kept(other.port)) == 8)
    assert kept(broker.port) == {}


def test_another_password_takes_nothing_away(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    changed = time.monotonic()
    one.want(mqtt_username="somebody")
    heat_until(one, lambda: listener.of("/availability", changed)[1:])
    config = [heard.payload for heard in listener.of("/config")]
    assert "" not in config, "Home Assistant would forget what was set up there"
    told = [heard.payload for heard in listener.of("/availability", changed)]
    assert told == ["offline", "online"]


def test_what_was_left_while_octoprint_was_away_is_taken_back(printer, broker, tmp_path):
    folder = {"folder": str(tmp_path / "kept")}
    one = printer(broker.port, around=folder, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    one.stop()
    assert kept(broker.port)[f"{BASE}/availability"] == "offline"
    for topic, payload in kept(broker.port).items():
        if topic.endswith("/eta"):
            assert json.loads(payload)["eta_seconds"] is None, "nobody counts down"
    # The configuration was edited meanwhile.
    again = printer(broker.port, around=folder, mqtt_base_topic="new")
    again.become("connected")
    again.heat_for(1.0)
    assert not [topic for topic in kept(broker.port) if topic.startswith("octoprint/")]


def test_a_new_id_is_a_new_device_and_the_old_one_is_gone(printer, broker):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    [before] = [topic for topic in kept(broker.port) if topic.endswith("/config")]
    one.relay.renew_id()

    def devices():
        return [topic for topic in kept(broker.port) if topic.endswith("/config")]

    heat_until(one, lambda: devices() and before not in devices())
    one.heat_for(1.0)
    assert len(devices()) == 1
    status = one.relay.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_switched_off_while_the_broker_is_away_it_forgets_us_later(printer, lasting):
    one = printer(lasting.port)
    one.become("connected")
    one.heat_for(1.0)
    lasting.stop()
    until(lambda: one.state != "connected")
    one.want(mqtt_enabled=False)
    one.become("off")
    time.sleep(0.5)
    lasting.start()
    until(lambda: kept(lasting.port) == {}, 15.0)
    until(lambda: "temp_eta relay" not in threads())


def threads():
    return {thread.name for thread in threading.enumerate()}


def test_a_broker_that_was_away_when_another_one_was_chosen_is_not_forgotten(
    printer, lasting, tmp_path, closing
):
    other = Broker(tmp_path)
    closing(other)
    one = printer(lasting.port)
    one.become("connected")
    one.heat_for(1.0)
    lasting.stop()
    until(lambda: one.state != "connected")
    one.want(mqtt_broker_port=other.port, mqtt_base_topic="other")
    one.become("connected")
    one.heat_for(0.5)
    lasting.start()
    assert len(kept(lasting.port)) == 3
    # Back again, with other topics: the old ones go.
    one.want(mqtt_broker_port=lasting.port)
    one.become("connected")
    heat_until(one, lambda: all("octoprint/" not in it for it in kept(lasting.port)))


def test_a_broker_that_stands_still_for_a_moment_forgets_us_all_the_same(printer, broker):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    broker.pause()
    one.want(mqtt_enabled=False)
    one.become("off")
    time.sleep(3.0)
    broker.resume()
    until(lambda: kept(broker.port) == {}, 15.0)


def test_settings_that_are_not_the_links_leave_it_alone(printer, broker, listener):
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    one.want(mqtt_publish_interval=0.1, mqtt_custom_identifier="unused", mqtt_qos=0)
    begun = time.monotonic()
    one.heat_for(1.0, every=0.1)
    assert len(listener.of("/bed/eta", begun)) >= 5
    assert [heard.payload for heard in listener.of("/availability")] == ["online"]
    assert listener.of("/state_change") == []


def test_a_heater_is_taken_away_also_when_the_connection_is_lost_meanwhile(
    printer, lasting, closing
):
    one = printer(lasting.port)
    one.become("connected")
    one.heat_for(1.0)
    lasting.save()
    lasting.pause()
    profile = Profile("one", tools=1, bed=True, chamber=True)
    one.relay.follow(Wanted(one.wanted.settings, profile, "Ender"))
    one.heat_for(1.0)
    lasting.kill()
    until(lambda: one.state != "connected")
    lasting.start()
    listener = Listener(lasting.port)
    closing(listener)
    heat_until(one, lambda: len(listener.of("/config")) >= 2)
    configs = payloads(listener.of("/config"))
    assert {"p": "sensor"} in [it["cmps"].get("tool1_at") for it in configs]
    until(lambda: "tool1_at" not in payloads(listener.of("/config"))[-1]["cmps"])


def test_chatter_does_not_fill_what_is_kept(printer, broker, tmp_path):
    folder = tmp_path / "kept"
    for session in range(3):
        one = printer(broker.port, around={"folder": str(folder)})
        one.become("connected")
        junk = {
            f"junk{session}_{number}": {"actual": 20.0, "target": 30.0}
            for number in range(50)
        }
        for _ in range(3):
            one.heat(**junk)
            time.sleep(0.2)
        one.stop()
    heaters = json.loads((folder / "mqtt.json").read_text())["heaters"]
    assert 30 < len(heaters) <= 40


def test_without_an_engine_it_is_told_that_it_is_there_and_nothing_else(
    printer, broker, listener
):
    one = printer(broker.port, around={"ladder": ()})
    one.become("connected")
    one.heat_for(1.0)
    until(lambda: listener.of("/status"))
    assert payloads(listener.of("/status"))[-1]["engine"] is None
    topics = {heard.topic for heard in listener.messages}
    assert topics == {f"{BASE}/availability", f"{BASE}/status"}
    status = one.relay.status()
    assert status["engine"] == "" and status["missing"]


def test_who_goes_from_a_shared_topic_leaves_it_to_the_other(printer, broker):
    one, other = printer(broker.port), printer(broker.port)
    one.become("connected")
    other.become("connected")

    def both():
        other.heat()
        one.heat()
        time.sleep(0.2)
        return one.relay.status()["is_shared"] and other.relay.status()["is_shared"]

    until(both)
    other.want(mqtt_use_appearance_name=False, mqtt_custom_identifier="Other")
    other.become("connected")
    one.heat_for(1.5)
    left = kept(broker.port)
    assert left[f"{BASE}/availability"] == "online"
    assert f"{BASE}/status" in left
    other.stop()
    one.heat_for(0.5)
    assert kept(broker.port)[f"{BASE}/availability"] == "online"


def test_another_printer_below_the_same_topic_is_noticed(
    printer, broker, listener, caplog
):
    caplog.set_level(logging.WARNING)
    one, other = printer(broker.port), printer(broker.port)
    one.become("connected")
    other.become("connected")

    def both():
        one.heat()
        other.heat()
        time.sleep(0.2)
        return one.relay.status()["is_shared"] and other.relay.status()["is_shared"]

    until(both)
    told = [text for text in caplog.messages if "Another OctoPrint publishes" in text]
    assert len(told) == 2 and BASE in told[0]
    statuses = len(listener.of("/status"))
    one.heat_for(1.0)
    assert len(listener.of("/status")) - statuses <= 1, "they do not answer for ever"


def test_qos_is_the_users(printer, broker, closing):
    for qos in (0, 2):
        one = printer(broker.port, name=f"q{qos}", mqtt_qos=qos)
        one.become("connected")
        one.heat_for(1.0)
        topic = f"octoprint/temp_eta/q{qos}/bed/eta"
        assert re.search(rf"Received PUBLISH.*\(d0, q{qos}, .*'{topic}'", broker.log())
        one.stop()


def test_a_file_that_was_spoilt_costs_the_id_only(printer, broker, tmp_path, caplog):
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "mqtt.json").write_text('{"id": 5')
    (folder / "lessons-one.json").write_text("[]")
    one = printer(broker.port, around={"folder": str(folder)})
    one.become("connected")
    one.heat_for(0.6)
    names = {file.name for file in folder.iterdir()}
    assert {"mqtt.json", "mqtt.json.aside", "lessons-one.json.aside"} <= names
    assert json.loads((folder / "mqtt.json").read_text())["heaters"]
    assert len([text for text in caplog.messages if "was set aside" in text]) == 2


def test_a_folder_that_cannot_be_written_costs_nothing_else(
    printer, broker, listener, tmp_path, caplog
):
    (tmp_path / "file").write_text("")
    one = printer(broker.port, around={"folder": str(tmp_path / "file" / "folder")})
    one.become("connected")
    heat_until(one, lambda: listener.of("/bed/eta"))
    told = [text for text in caplog.messages if "could not be read" in text]
    assert len(told) == len(caplog.messages) == 2, "each file once"


def test_what_a_heater_taught_is_kept(printer, broker, tmp_path):
    clock = Clock()
    around = {"clock": clock.elapsed, "wall": clock.wall}
    folder = tmp_path / "kept"
    one = printer(broker.port, around={**around, "folder": str(folder)})
    one.become("connected")

    def warm_up(steps, *printers):
        for step in range(steps):
            clock.ahead += 2
            # It takes a while until a heater gets warmer.
            target = 60.0 if step > 5 else 0.0
            actual = min(60.0, 22.0 + 0.5 * max(0, step - 8))
            for it in printers:
                it.hand_over({"time": int(clock.wall()), **bed(actual, target)})
            if step % 5 == 0:
                time.sleep(0.1)

    warm_up(120, one)
    file = pathlib.Path(folder / "lessons-one.json")
    lessons = json.loads(until(lambda: file.exists() and file.read_text()))
    assert len(lessons["heaters"]["bed"]) > 10
    assert file.stat().st_size < 10_000
    one.stop()
    # It is a better guess than knowing nothing.
    known = printer(broker.port, around={**around, "folder": str(folder)})
    blank = printer(broker.port, name="Blank", around=around)
    listener = Listener(broker.port)
    try:
        for other in (known, blank):
            other.want(algorithm="adaptive")
            other.become("connected")
        warm_up(14, known, blank)
        errors = []
        for name in ("Ender", "Blank"):

            def last(name=name):
                said = payloads(listener.of(f"{name}/bed/eta")[-1:])
                return said and said[0]["actual"] == 24.5 and said[0]

            truth = (59.0 - 24.5) / 0.25
            errors.append(abs(until(last)["eta_seconds"] - truth))
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
