"""The service and its outlets, without a module: what each gets, and that all end."""

import threading
import time

import pytest

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import service
from octoprint_temp_eta.calculation.context import OUTLETS, Config, Context
from octoprint_temp_eta.calculation.core_abi import Event, Line, Moment, Row
from octoprint_temp_eta.outlets import payloads
from octoprint_temp_eta.outlets.events import EventOutlet
from octoprint_temp_eta.outlets.rest import STARTING, RestOutlet
from octoprint_temp_eta.outlets.step import Step

# Longest time that a test waits, in s.
PATIENCE_S = 60.0

BED = Row("bed", "heating", 31.5, 60.0, None, 85.24, 80.0, 90.0, None, 0.3, 600.0)
LINE = Line("heating", 685.24, None, ["tool1"])
REACHED = Event("target_reached", "bed", 59.2, 60.0, 1.8e9, 121.96, 130.0)
READY = Event("printer_ready", None, None, None, 1.8e9, None, None)


def step(name="", **changes):
    own = [{"heater": "bed", "counted": True, "name": "Bett"}]
    config = Config({**settings.DEFAULTS, "heaters": own}, appearance_name=name)
    usual = {
        **{"rows": [BED], "line": LINE, "job": "none", "new_events": []},
        **{"reported_at": 5.0, "runtime": "wasm3"},
    }
    return Step(config, Moment(1.8e9 + 0.1234, 7.0), **{**usual, **changes})


def until(probe):
    deadline = time.monotonic() + PATIENCE_S
    while not probe():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_rest_has_the_payloads_of_the_step():
    outlet = RestOutlet()
    assert outlet.etas == STARTING
    now = step()
    outlet.publish(now)
    assert outlet.etas["heaters"]["bed"] is now.heaters["bed"], "the same as MQTT"
    assert outlet.etas == {
        "state": "on",
        "timestamp": 1.8e9 + 0.123,
        "heaters": {"bed": payloads.eta(BED, now.moment.wall)},
        "printer": {
            **{"eta_seconds": 685.2, "state": "heating", "without": ["tool1"]},
            **{"timestamp": 1.8e9 + 0.123, "finish_at": "2027-01-15T08:11:25+00:00"},
            **{"reason": None, "source": "server", "v": 1},
        },
    }
    assert outlet.etas["heaters"]["bed"]["soak_seconds"] == 600.0
    outlet.publish(step(rows=[], line=None, runtime=None))
    etas = outlet.etas
    assert (etas["state"], etas["heaters"], etas["printer"]) == ("unavailable", {}, None)
    assert outlet.end() and outlet.etas == STARTING


def test_events_have_names_that_octoprint_registers_and_all_times():
    fired = []
    outlet = EventOutlet(lambda *event: fired.append(event))
    outlet.publish(step())
    assert fired == []
    outlet.publish(step("Ender", new_events=[REACHED, READY]))
    times = {"duration": 122.0, "predicted": 130.0, "timestamp": 1.8e9}
    bed = {"heater": "bed", "name": "Bett", "actual": 59.2, "target": 60.0}
    ready = {"name": "Ender", "timestamp": 1.8e9}
    assert fired == [
        ("plugin_temp_eta_target_reached", {**bed, **times}),
        ("plugin_temp_eta_printer_ready", ready),
    ]
    assert step(new_events=[READY]).events[0][1]["name"] == "Printer"


class Outlet:
    """Records its calls; raises while `is_broken`, and takes a while to end."""

    due_in = None

    def __init__(self):
        self.calls, self.is_broken, self.ends = [], False, True

    def publish(self, step):
        self.calls.append("publish")
        if self.is_broken:
            raise RuntimeError("broken outlet")

    def end(self):
        self.calls.append("end")
        return self.ends

    def close(self, clear_all):
        self.calls.append(f"close {clear_all}")


@pytest.fixture
def running(tmp_path, monkeypatch):
    """A service with an `Outlet` for each name; no runtime is there."""
    outlets = {name: Outlet() for name in OUTLETS}
    wasm = dict.fromkeys(["wasm"], bytes)
    context = Context(**wasm, folder=str(tmp_path), version="1", runtimes=())
    made = service.CalculationService(context, lambda wake: outlets)

    def configure(*on):
        switches = {f"{name}_enabled": name in on for name in OUTLETS}
        broker = {"mqtt_broker_host": "broker.invalid"}
        made.configure(Config({**settings.DEFAULTS, **broker, **switches}))

    yield made, outlets, configure
    made.stop(PATIENCE_S)


def threads():
    return [it.name for it in threading.enumerate() if it.name == "temp_eta server"]


def report(made, outlet):
    """Report a temperature, and wait until `outlet` is called because of that."""
    count = len(outlet.calls)
    made.add_temperatures({"time": 1})
    until(lambda: len(outlet.calls) > count)


@pytest.mark.parametrize("name", OUTLETS)
def test_each_outlet_runs_alone_and_leaves_no_thread(running, name):
    made, outlets, configure = running
    configure()
    assert threads() == []
    configure(name)
    until(lambda: "publish" in outlets[name].calls)
    assert made.status()["outlets"] == [name]
    others = [outlets[other].calls for other in OUTLETS if other != name]
    assert "publish" not in sum(others, [])
    configure()
    until(lambda: threads() == [])
    assert outlets[name].calls[-1] == "end"
    assert made.status() == {"outlets": []}


def test_one_that_is_switched_off_may_take_its_time(running):
    made, outlets, configure = running
    outlets["mqtt"].ends = False
    configure("mqtt", "rest")
    until(lambda: "publish" in outlets["mqtt"].calls)
    configure("rest")
    until(lambda: "end" in outlets["mqtt"].calls)
    report(made, outlets["rest"])
    configure()
    until(lambda: "end" in outlets["rest"].calls)
    assert threads() == ["temp_eta server"], "until it has ended"
    outlets["mqtt"].ends = True
    made._awake.set()
    until(lambda: threads() == [])


def test_an_outlet_that_fails_does_not_stop_the_others(running, caplog, monkeypatch):
    monkeypatch.setattr(service, "ERROR_DELAY_S", 0.0)
    made, outlets, configure = running
    outlets["events"].is_broken = True
    configure("events", "rest")
    for _ in range(3):
        report(made, outlets["rest"])
    assert outlets["events"].calls.count("publish") >= 3
    broken = [it for it in caplog.messages if "events continues after an error" in it]
    assert len(broken) == 1
    outlets["events"].is_broken = False
    made.stop(PATIENCE_S)
    assert outlets["events"].calls[-1] == "close False"
    assert outlets["mqtt"].calls[-1] == "close True"


def test_an_outlet_that_fails_is_left_alone_for_a_while(running):
    made, outlets, configure = running
    outlets["events"].is_broken = True
    configure("events", "rest")
    for _ in range(3):
        report(made, outlets["rest"])
    assert outlets["events"].calls == ["publish"]
