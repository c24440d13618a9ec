"""What Home Assistant is told."""

import pytest
from broker import Listener, kept, until
from feeding import bed, heat_until, payloads

from octoprint_temp_eta.relay.calculation import Profile
from octoprint_temp_eta.relay.publication import LISTENS_AFTER_S


@pytest.mark.everywhere
def test_home_assistant_is_told_once_and_again_when_it_is_born(printer, broker, listener):
    one = printer(broker.port, around={"chance": lambda: 0.1})
    one.become("connected")
    one.heat_for(1.4)
    assert len(listener.of("/config")) == 1
    born = listener.count()
    listener.publish("homeassistant/status", "online")
    heat_until(one, lambda: listener.of("/config", since=born))
    assert len(listener.of("/eta", since=born)) >= 5
    assert len(listener.of("/config")) == 2
    listener.publish("homeassistant/status", "offline")
    one.heat_for(1.0)
    assert len(listener.of("/config")) == 2


def test_home_assistant_hears_what_was_said_before_it_listened(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.hand_over(**bed(22.0, 0.0))
    assert len(listener.of("/bed/eta")) == 1
    one.let_pass(LISTENS_AFTER_S - 0.1)
    assert len(listener.of("/bed/eta")) == 1
    one.let_pass(0.2)
    assert len(listener.of("/bed/eta")) == 2
    [config] = payloads(listener.of("/config"))
    assert {sensor["qos"] for sensor in config["cmps"].values()} == {1}


def test_a_birth_that_was_long_ago_is_none(printer, broker, listener):
    listener.publish("homeassistant/status", "online", retain=True)
    one = printer(broker.port, around={"chance": lambda: 0.1})
    one.become("connected")
    one.heat_for(1.4)
    assert len(listener.of("/config")) == 1


def test_a_heater_that_the_printer_has_no_more_is_taken_away(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    one.want(Profile("one", tools=1, bed=True, chamber=False))
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


def test_what_goes_is_taken_away_also_when_each_report_says_something(
    printer, broker, listener
):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    one.want(Profile("one", tools=1, bed=True, chamber=False))
    # Beyond the interval, so that there are times to be told.
    one.heat_for(25, every=2.5)
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
    begun = listener.count()
    heat_until(again, lambda: listener.of("/tool0/eta", begun), heaters=["tool0"])
    assert len(payloads(listener.of("/config"))[-1]["cmps"]) == 15
    again.heat_for(1.0)
    status = again.relay.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_another_password_takes_nothing_away(printer, broker, listener):
    one = printer(broker.port)
    one.become("connected")
    one.heat_for(1.0)
    changed = listener.count()
    one.want(mqtt_username="somebody")
    heat_until(one, lambda: listener.of("/availability", changed)[1:])
    config = [heard.payload for heard in listener.of("/config")]
    assert "" not in config, "Home Assistant would forget what was set up there"
    told = [heard.payload for heard in listener.of("/availability", changed)]
    assert told == ["offline", "online"]


def test_a_new_id_is_a_new_device_and_the_old_one_is_gone(printer, broker):
    one = printer(broker.port)
    one.become("connected")

    def devices():
        return [topic for topic in kept(broker.port) if topic.endswith("/config")]

    heat_until(one, devices)
    [before] = devices()
    one.relay.renew_id()
    heat_until(one, lambda: devices() and before not in devices())
    one.heat_for(1.0)
    assert len(devices()) == 1
    status = one.relay.status()
    assert (status["is_twin"], status["is_shared"]) == (False, False)


def test_a_heater_is_taken_away_also_when_the_connection_is_lost_meanwhile(
    printer, lasting, closing
):
    one = printer(lasting.port)
    one.become("connected")
    one.heat_for(1.0)
    lasting.save()
    lasting.pause()
    one.want(Profile("one", tools=1, bed=True, chamber=True))
    one.heat_for(1.0, arrives=False)
    lasting.kill()
    until(lambda: one.state != "connected")
    lasting.start()
    listener = Listener(lasting.port)
    closing(listener)
    heat_until(one, lambda: len(listener.of("/config")) >= 2)
    configs = payloads(listener.of("/config"))
    assert {"p": "sensor"} in [it["cmps"].get("tool1_at") for it in configs]
    heat_until(
        one, lambda: "tool1_at" not in payloads(listener.of("/config"))[-1]["cmps"]
    )
