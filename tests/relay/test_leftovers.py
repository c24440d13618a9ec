"""What brokers and files keep, and what is taken back."""

import json
import threading

import pytest
from broker import PATIENCE_S, Broker, kept, until
from feeding import BASE, heat_until

from octoprint_temp_eta.relay import publication, worker
from octoprint_temp_eta.relay.calculation import Profile
from octoprint_temp_eta.relay.publication import ANSWER_EVERY_S


@pytest.mark.everywhere
@pytest.mark.parametrize("retain", [False, True])
def test_switched_off_nothing_is_left(printer, broker, listener, retain):
    one = printer(broker.port, mqtt_retain=retain)
    one.become("connected")
    heat_until(one, lambda: len(kept(broker.port)) == (8 if retain else 3))
    one.want(mqtt_enabled=False)
    one.become("off")
    until(lambda: kept(broker.port) == {})
    # And back.
    one.want(mqtt_enabled=True)
    one.become("connected")
    heat_until(one, lambda: len(kept(broker.port)) == (8 if retain else 3))


def test_switched_off_and_on_in_one_go_it_goes_on(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.4)
    for turn in range(8):
        # With and without something done about it meanwhile.
        one.want(mqtt_enabled=False, settles=turn % 2)
        one.want(mqtt_enabled=True, settles=turn % 4 > 1)
    one.settle(arrives=False)
    one.become("connected")
    begun = listener.count()
    heat_until(one, lambda: listener.of("/bed/eta", begun))
    heat_until(one, lambda: len(kept(broker.port)) == 3)


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
    heat_until(one, lambda: len(kept(broker.port)) == 8)
    expected = before = set(kept(broker.port))
    one.want(**changes)
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
    heat_until(one, lambda: set(kept(broker.port)) == expected)
    one.heat_for(0.4)
    assert set(kept(broker.port)) == expected, "nor later"


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
    until(lambda: kept(broker.port) == {})


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
    heat_until(again, lambda: all("octoprint/" not in it for it in kept(broker.port)))


def test_switched_off_while_the_broker_is_away_it_forgets_us_later(printer, lasting):
    one = printer(lasting.port)
    one.become("connected")
    one.heat_for(1.0)
    lasting.stop()
    until(lambda: one.state != "connected")
    one.want(mqtt_enabled=False)
    one.become("off")
    lasting.start()
    until(lambda: kept(lasting.port) == {})
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
    one.heat_for(0.4)
    lasting.start()
    until(lambda: len(kept(lasting.port)) == 3)
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
    broker.resume()
    until(lambda: kept(broker.port) == {})


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
        one.stop()
    heaters = json.loads((folder / "mqtt.json").read_text())["heaters"]
    assert 30 < len(heaters) <= 40


def test_who_goes_from_a_shared_topic_leaves_it_to_the_other(printer, broker):
    one, other = printer(broker.port), printer(broker.port)
    one.become("connected")
    other.become("connected")

    def both():
        other.heat()
        one.heat()
        return one.relay.status()["is_shared"] and other.relay.status()["is_shared"]

    until(both)
    other.want(mqtt_use_appearance_name=False, mqtt_custom_identifier="Other")
    other.become("connected")
    heat_until(one, lambda: f"{BASE}/status" in kept(broker.port))
    one.heat_for(2 * ANSWER_EVERY_S)
    left = kept(broker.port)
    assert left[f"{BASE}/availability"] == "online"
    assert f"{BASE}/status" in left
    other.stop()
    one.heat_for(0.4)
    assert kept(broker.port)[f"{BASE}/availability"] == "online"


def test_another_printer_below_the_same_topic_is_noticed(
    printer, broker, listener, caplog
):
    one, other = printer(broker.port), printer(broker.port)
    one.become("connected")
    other.become("connected")

    def both():
        one.heat()
        other.heat()
        return one.relay.status()["is_shared"] and other.relay.status()["is_shared"]

    until(both)
    told = [text for text in caplog.messages if "Another OctoPrint publishes" in text]
    assert len(told) == 2 and BASE in told[0]
    both()
    statuses = len(listener.of("/status"))
    for _ in range(5):
        both()
    assert len(listener.of("/status")) == statuses, "they do not answer for ever"


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


def test_a_leave_waits_for_the_broker_and_does_not_spin(printer, broker, lasting):
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    one.want(mqtt_enabled=False)
    until(lambda: kept(broker.port) == {})
    until(lambda: "temp_eta relay" not in threads())
    other = printer(lasting.port, name="Other")
    other.become("connected")
    other.heat_for(0.4)
    lasting.pause()
    other.want(mqtt_enabled=False)
    assert other.relay.due_in == worker.IDLE_S
    lasting.resume()
    until(lambda: kept(lasting.port) == {})


def test_octoprint_that_stops_while_the_broker_forgets_writes_nothing_back(
    printer, broker, monkeypatch
):
    monkeypatch.setattr(publication, "FAREWELL_S", PATIENCE_S)
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    broker.pause()
    one.want(mqtt_enabled=False)

    def resume():
        one.relay._stopping.wait(PATIENCE_S)
        broker.resume()

    threading.Thread(target=resume, daemon=True).start()
    one.stop()
    until(lambda: kept(broker.port) == {})


def test_a_stop_right_after_it_was_switched_off_leaves_nothing(printer, broker):
    one = printer(broker.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    assert kept(broker.port)
    one.want(mqtt_enabled=False, settles=False)
    one.stop()
    assert kept(broker.port) == {}
    assert "temp_eta relay" not in threads()


def test_what_was_not_forgotten_before_the_connection_broke_is_so_later(printer, lasting):
    one = printer(lasting.port, mqtt_retain=True)
    one.become("connected")
    one.heat_for(1.0)
    lasting.save()
    lasting.pause()
    one.want(mqtt_retain=False)
    one.heat_for(0.4, arrives=False)
    lasting.kill()
    until(lambda: one.state != "connected")
    lasting.start()
    one.become("connected")

    def etas():
        return [topic for topic in kept(lasting.port) if topic.endswith("/eta")]

    heat_until(one, lambda: not etas())


def test_a_time_that_follows_does_not_overtake_what_is_taken_back(printer, broker):
    one = printer(broker.port, mqtt_retain=True, mqtt_publish_interval=0.1)
    one.become("connected")
    one.heat_for(0.4)
    broker.pause()
    one.heat(arrives=False)
    one.want(mqtt_retain=False)
    one.heat_for(1.0, arrives=False)
    broker.resume()
    heat_until(one, lambda: not any(it.endswith("/eta") for it in kept(broker.port)))
    one.heat_for(1.0)
    assert not any(it.endswith("/eta") for it in kept(broker.port)), "nor later"


def test_a_broker_that_comes_back_with_what_it_knew_long_ago_is_no_twin(
    printer, lasting, tmp_path
):
    folder = {"folder": str(tmp_path / "kept")}
    first = printer(lasting.port, around=folder)
    first.become("connected")
    first.heat_for(0.4)
    lasting.save()
    first.stop()
    again = printer(lasting.port, around=folder)
    again.become("connected")
    again.heat_for(1.0)
    lasting.kill()
    until(lambda: again.state != "connected")
    lasting.start()
    again.become("connected")
    again.heat_for(1.4)
    status = again.relay.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_restart_after_restart_nobody_is_a_twin(printer, broker, tmp_path):
    for _ in range(4):
        one = printer(broker.port, around={"folder": str(tmp_path / "kept")})
        one.become("connected")
        one.heat_for(0.8)
        status = one.relay.status()
        assert (status["is_twin"], status["is_shared"]) == (False, False)
        one.stop()


def test_who_is_contradicted_for_ever_is_not_answered_for_ever(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.4)
    topic = f"{BASE}/availability"
    begun = listener.count()
    for _ in range(20):
        listener.publish(topic, "offline")
        one.heat()
    said = [heard.payload for heard in listener.of("/availability", begun)]
    # Once in two of the four seconds.
    assert said.count("offline") == 20 and 1 <= said.count("online") <= 3
    one.let_pass(ANSWER_EVERY_S)
    until(lambda: listener.of("/availability")[-1].payload == "online")


def test_nonsense_below_our_topics_stops_nothing(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(0.4)
    for text in ("[" * 100_000, "{}", "5", "null"):
        listener.publish(f"{BASE}/status", text)
    begun = listener.count()
    one.heat_for(1.4)
    assert listener.of("/bed/eta", begun)
    assert not one.relay.status()["is_shared"]


def test_a_heater_that_has_gone_leaves_nothing_also_without_home_assistant(
    printer, broker
):
    quiet = {"mqtt_homeassistant_discovery": False, "mqtt_retain": True}
    one = printer(broker.port, **quiet)
    one.become("connected")
    one.heat_for(1.0)
    one.want(Profile("one", tools=1, bed=True, chamber=False))
    heat_until(one, lambda: len(kept(broker.port)) == 4)
    assert f"{BASE}/tool1/eta" not in kept(broker.port)
