"""Retained messages and stored files: what is kept, and what is cleared."""

import json
import threading

import pytest
from broker import PATIENCE_S, Broker, retained, until
from simulation import BASE, heat_until

from octoprint_temp_eta.calculation import service
from octoprint_temp_eta.calculation.core_abi import Profile
from octoprint_temp_eta.mqtt import publisher
from octoprint_temp_eta.mqtt.publisher import CORRECTION_INTERVAL_S


@pytest.mark.everywhere
@pytest.mark.parametrize("retain", [False, True])
def test_disabling_clears_all_retained_messages(make_printer, broker, listener, retain):
    printer = make_printer(broker.port, mqtt_retain=retain)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: len(retained(broker.port)) == (9 if retain else 3))
    printer.configure(mqtt_enabled=False)
    printer.wait_for_state("off")
    until(lambda: retained(broker.port) == {})
    printer.configure(mqtt_enabled=True)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: len(retained(broker.port)) == (9 if retain else 3))


def test_publishing_continues_when_disabled_and_enabled_again(
    make_printer, broker, listener
):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    for turn in range(8):
        # With and without a step in between.
        printer.configure(mqtt_enabled=False, settles=turn % 2)
        printer.configure(mqtt_enabled=True, settles=turn % 4 > 1)
    printer.settle(acknowledges=False)
    printer.wait_for_state("connected")
    since = listener.count()
    heat_until(printer, lambda: listener.of("/bed/eta", since))
    heat_until(printer, lambda: len(retained(broker.port)) == 3)


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
def test_topics_no_longer_used_are_cleared(make_printer, broker, changes):
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: len(retained(broker.port)) == 9)
    expected = before = set(retained(broker.port))
    printer.configure(**changes)
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
    heat_until(printer, lambda: set(retained(broker.port)) == expected)
    printer.heat_for(0.4)
    assert set(retained(broker.port)) == expected, "later"


def test_changing_the_broker_clears_the_old_one(make_printer, broker, tmp_path, closing):
    other = Broker(tmp_path)
    closing(other)
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(mqtt_broker_port=other.port)
    heat_until(printer, lambda: len(retained(other.port)) == 9)
    until(lambda: retained(broker.port) == {})


def test_topics_changed_while_stopped_are_cleared_at_the_next_start(
    make_printer, broker, tmp_path
):
    folder = {"folder": str(tmp_path / "data")}
    printer = make_printer(broker.port, context=folder, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.stop()
    assert retained(broker.port)[f"{BASE}/availability"] == "offline"
    for topic, payload in retained(broker.port).items():
        if topic.endswith("/eta"):
            assert json.loads(payload)["eta_seconds"] is None, "outdated ETA"
    # The settings have changed meanwhile.
    again = make_printer(broker.port, context=folder, mqtt_base_topic="new")
    again.wait_for_state("connected")
    heat_until(again, lambda: all("octoprint/" not in it for it in retained(broker.port)))


def test_disabling_while_the_broker_is_away_clears_later(make_printer, lasting):
    printer = make_printer(lasting.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    lasting.stop()
    until(lambda: printer.state != "connected")
    printer.configure(mqtt_enabled=False)
    printer.wait_for_state("off")
    lasting.start()
    until(lambda: retained(lasting.port) == {})
    until(lambda: "temp_eta server" not in threads())


def threads():
    return {thread.name for thread in threading.enumerate()}


def test_old_broker_is_cleared_when_it_is_used_again(
    make_printer, lasting, tmp_path, closing
):
    other = Broker(tmp_path)
    closing(other)
    printer = make_printer(lasting.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    lasting.stop()
    until(lambda: printer.state != "connected")
    printer.configure(mqtt_broker_port=other.port, mqtt_base_topic="other")
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    lasting.start()
    until(lambda: len(retained(lasting.port)) == 3)
    # With other topics now: the old ones are cleared.
    printer.configure(mqtt_broker_port=lasting.port)
    printer.wait_for_state("connected")
    heat_until(
        printer, lambda: all("octoprint/" not in it for it in retained(lasting.port))
    )


def test_stalled_broker_is_cleared_when_it_continues(make_printer, broker):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    broker.pause()
    printer.configure(mqtt_enabled=False)
    printer.wait_for_state("off")
    broker.resume()
    until(lambda: retained(broker.port) == {})


def test_leaving_a_shared_topic_keeps_the_other_printer_online(make_printer, broker):
    printer, other = make_printer(broker.port), make_printer(broker.port)
    printer.wait_for_state("connected")
    other.wait_for_state("connected")

    def both():
        other.heat()
        printer.heat()
        return (
            printer.service.status()["is_shared"] and other.service.status()["is_shared"]
        )

    until(both)
    other.configure(mqtt_use_appearance_name=False, mqtt_custom_identifier="Other")
    other.wait_for_state("connected")
    heat_until(printer, lambda: f"{BASE}/status" in retained(broker.port))
    printer.heat_for(2 * CORRECTION_INTERVAL_S)
    payloads = retained(broker.port)
    assert payloads[f"{BASE}/availability"] == "online"
    assert f"{BASE}/status" in payloads
    other.stop()
    printer.heat_for(0.4)
    assert retained(broker.port)[f"{BASE}/availability"] == "online"


def test_shared_topic_is_detected_by_both(make_printer, broker, listener, caplog):
    printer, other = make_printer(broker.port), make_printer(broker.port)
    printer.wait_for_state("connected")
    other.wait_for_state("connected")

    def both():
        printer.heat()
        other.heat()
        return (
            printer.service.status()["is_shared"] and other.service.status()["is_shared"]
        )

    until(both)
    logged = [text for text in caplog.messages if "Another OctoPrint publishes" in text]
    assert len(logged) == 2 and BASE in logged[0]
    both()
    statuses = len(listener.of("/status"))
    for _ in range(5):
        both()
    assert len(listener.of("/status")) == statuses, "they answer each other without end"


def test_invalid_files_are_set_aside(make_printer, broker, tmp_path, caplog):
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "mqtt.json").write_text('{"id": 5')
    (folder / "lessons-one.json").write_text("[]")
    printer = make_printer(broker.port, context={"folder": str(folder)})
    printer.wait_for_state("connected")
    printer.heat_for(0.6)
    names = {file.name for file in folder.iterdir()}
    assert {"mqtt.json", "mqtt.json.aside", "lessons-one.json.aside"} <= names
    assert json.loads((folder / "mqtt.json").read_text())["heaters"]
    assert len([text for text in caplog.messages if "was set aside" in text]) == 2


def test_publishing_works_without_a_writable_folder(
    make_printer, broker, listener, tmp_path, caplog
):
    (tmp_path / "file").write_text("")
    printer = make_printer(
        broker.port, context={"folder": str(tmp_path / "file" / "folder")}
    )
    printer.wait_for_state("connected")
    heat_until(printer, lambda: listener.of("/bed/eta"))
    logged = [text for text in caplog.messages if "could not be read" in text]
    assert len(logged) == len(caplog.messages) == 2, "once for each file"
    assert printer.status["is_kept"] is False


def test_without_a_file_there_is_no_new_device_at_each_start(
    make_printer, broker, listener, tmp_path, caplog
):
    (tmp_path / "file").write_text("")
    folder = {"folder": str(tmp_path / "file" / "folder")}
    for _ in range(3):
        printer = make_printer(
            broker.port, context=folder, mqtt_homeassistant_discovery=True
        )
        printer.wait_for_state("connected")
        heat_until(printer, lambda: listener.of("/bed/eta"))
        printer.heat_for(1.0)
        assert not printer.status["is_shared"]
        # As if OctoPrint were killed: its status stays at the broker.
        printer.service.connection._client.socket().close()
        printer.stop()
    assert listener.of("/config") == []
    assert not [text for text in caplog.messages if "Another OctoPrint" in text]


def test_clearing_waits_for_the_broker_without_spinning(make_printer, broker, lasting):
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(mqtt_enabled=False)
    until(lambda: retained(broker.port) == {})
    until(lambda: "temp_eta server" not in threads())
    other = make_printer(lasting.port, name="Other")
    other.wait_for_state("connected")
    other.heat_for(0.4)
    lasting.pause()
    other.configure(mqtt_enabled=False)
    assert other.service.due_in == service.IDLE_S
    lasting.resume()
    until(lambda: retained(lasting.port) == {})


def test_stopping_while_clearing_publishes_nothing(make_printer, broker, monkeypatch):
    monkeypatch.setattr(publisher, "SHUTDOWN_TIMEOUT_S", PATIENCE_S)
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    broker.pause()
    printer.configure(mqtt_enabled=False)

    def resume():
        printer.service._stopping.wait(PATIENCE_S)
        broker.resume()

    threading.Thread(target=resume, daemon=True).start()
    printer.stop()
    until(lambda: retained(broker.port) == {})


def test_stopping_right_after_disabling_clears_everything(make_printer, broker):
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    assert retained(broker.port)
    printer.configure(mqtt_enabled=False, settles=False)
    printer.stop()
    assert retained(broker.port) == {}
    assert "temp_eta server" not in threads()


def test_clearing_is_repeated_after_a_lost_connection(make_printer, lasting):
    printer = make_printer(lasting.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    lasting.save()
    lasting.pause()
    printer.configure(mqtt_retain=False)
    printer.heat_for(0.4, acknowledges=False)
    lasting.kill()
    until(lambda: printer.state != "connected")
    lasting.start()
    printer.wait_for_state("connected")

    def etas():
        return [topic for topic in retained(lasting.port) if topic.endswith("/eta")]

    heat_until(printer, lambda: not etas())


def test_later_eta_does_not_overtake_the_clearing_of_a_topic(make_printer, broker):
    printer = make_printer(broker.port, mqtt_retain=True, mqtt_publish_interval=0.1)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    broker.pause()
    printer.heat(acknowledges=False)
    printer.configure(mqtt_retain=False)
    printer.heat_for(1.0, acknowledges=False)
    broker.resume()
    heat_until(
        printer, lambda: not any(it.endswith("/eta") for it in retained(broker.port))
    )
    printer.heat_for(1.0)
    assert not any(it.endswith("/eta") for it in retained(broker.port)), "later"


def test_retained_status_of_an_earlier_instance_is_no_conflict(
    make_printer, lasting, tmp_path
):
    folder = {"folder": str(tmp_path / "data")}
    first = make_printer(lasting.port, context=folder)
    first.wait_for_state("connected")
    first.heat_for(0.4)
    lasting.save()
    first.stop()
    again = make_printer(lasting.port, context=folder)
    again.wait_for_state("connected")
    again.heat_for(1.0)
    lasting.kill()
    until(lambda: again.state != "connected")
    lasting.start()
    again.wait_for_state("connected")
    again.heat_for(1.4)
    status = again.service.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_restarts_are_no_conflict(make_printer, broker, tmp_path):
    for _ in range(4):
        printer = make_printer(broker.port, context={"folder": str(tmp_path / "data")})
        printer.wait_for_state("connected")
        printer.heat_for(0.8)
        status = printer.service.status()
        assert (status["is_twin"], status["is_shared"]) == (False, False)
        printer.stop()


def test_corrections_are_limited_in_rate(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    topic = f"{BASE}/availability"
    since = listener.count()
    for _ in range(20):
        listener.publish(topic, "offline")
        printer.heat()
    payloads = [message.payload for message in listener.of("/availability", since)]
    # Within 4 s, one in 2 s.
    assert payloads.count("offline") == 20 and 1 <= payloads.count("online") <= 3
    printer.wait(CORRECTION_INTERVAL_S)
    until(lambda: listener.of("/availability")[-1].payload == "online")


def test_invalid_statuses_are_ignored(make_printer, broker, listener):
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    printer.heat_for(0.4)
    for text in ("[" * 100_000, "{}", "5", "null"):
        listener.publish(f"{BASE}/status", text)
    since = listener.count()
    printer.heat_for(1.4)
    assert listener.of("/bed/eta", since)
    assert not printer.service.status()["is_shared"]


def test_removed_heater_is_cleared_without_discovery_too(make_printer, broker):
    settings = {"mqtt_homeassistant_discovery": False, "mqtt_retain": True}
    printer = make_printer(broker.port, **settings)
    printer.wait_for_state("connected")
    printer.heat_for(1.0)
    printer.configure(Profile("one", tools=1, bed=True, chamber=False))
    heat_until(printer, lambda: len(retained(broker.port)) == 5)
    assert f"{BASE}/tool1/eta" not in retained(broker.port)
