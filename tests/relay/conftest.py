"""What the tests of the relay share: its module, a broker, and relays."""

import contextlib
import importlib.metadata
import logging
import os
import pathlib

import pytest
import wasmtime
from broker import PATIENCE_S, Broker, Listener, until
from feeding import Clock, Hurried

from octoprint_temp_eta import settings
from octoprint_temp_eta.relay import engines, link, worker
from octoprint_temp_eta.relay.calculation import Profile
from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted

ROOT = pathlib.Path(__file__).parent.parent.parent
WASM = ROOT / "static" / "wasm" / "temp_eta_relay.wasm"

HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")

# A round of tests may be for one engine, or one version of paho-mqtt.
ENGINE = os.environ.get("TEMP_ETA_ENGINE", "wasmtime")
PAHO = os.environ.get("TEMP_ETA_PAHO")

# Whoever waits for that waits longer than any test.
NEVER_S = 2 * int(PATIENCE_S)

# How much of a broker's log a failure shows, in lines.
LOG_TAIL = 60


def pytest_sessionstart():
    found = importlib.metadata.version("paho-mqtt")
    if PAHO and found != PAHO:
        raise pytest.UsageError(f"this is paho-mqtt {found}, not {PAHO}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A failure shows what the brokers of the test have logged last, without what has
    to do with listeners.
    """
    report = yield
    folder = item.funcargs.get("tmp_path")
    if report.failed and folder:
        for file in sorted(folder.glob("mosquitto-*.log")):
            lines = file.read_text("utf-8", "replace").splitlines()
            told = [line for line in lines if "listener" not in line][-LOG_TAIL:]
            report.sections.append((f"End of {file.name}", "\n".join(told)))
    return report


@pytest.fixture(autouse=True)
def logged(caplog):
    """A failure shows all that the relay has logged; `caplog` itself has what is at
    least a warning, unless a test asks for more.
    """
    logging.getLogger("relay").setLevel(logging.DEBUG)
    caplog.handler.setLevel(logging.WARNING)


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """Compiling takes longer than most tests."""
    compile_module, known = wasmtime.Module, {}

    def module(engine, wasm):
        for compiled in known.setdefault(bytes(wasm), []):
            # It may be for another kind of engine.
            with contextlib.suppress(wasmtime.WasmtimeError):
                return compile_module.deserialize(engine, compiled)
        compiled = compile_module(engine, wasm)
        known[bytes(wasm)].append(compiled.serialize())
        return compiled

    wasmtime.Module = module
    yield
    wasmtime.Module = compile_module


@pytest.fixture(scope="session")
def wasm():
    return WASM.read_bytes()


@pytest.fixture
def closing():
    """Takes what is to be closed after the test, the last first."""
    things = []
    yield things.append
    for thing in reversed(things):
        getattr(thing, "close", None) and thing.close()
        getattr(thing, "stop", None) and thing.stop()


@pytest.fixture
def broker(tmp_path, closing):
    broker = Broker(tmp_path)
    closing(broker)
    return broker


@pytest.fixture
def lasting(tmp_path, closing):
    """A broker that has what it keeps also after it was stopped."""
    broker = Broker(tmp_path, lasting=True)
    closing(broker)
    return broker


@pytest.fixture
def listener(broker, closing):
    listener = Listener(broker.port)
    closing(listener)
    return listener


@pytest.fixture
def clock():
    """The time of all relays of a test."""
    return Clock()


class Watched(worker.Relay):
    """A relay that tells how far it is."""

    is_at_work, steps = False, 0
    # What it has done last, and with which link.
    followed = link = due_in = None

    def _step(self, work):
        self.is_at_work, wanted = True, self._wanted
        try:
            return super()._step(work)
        finally:
            self.link, self.due_in = work.publication._link, work.due_in
            self.followed = wanted
            self.is_at_work, self.steps = False, self.steps + 1


class Printer:
    """A relay, what is wanted of it, and heaters that warm up."""

    def __init__(self, surroundings, clock, profile, name, **changes):
        self.wanted = Wanted(settings.DEFAULTS, profile, name)
        self.relay = Watched(surroundings)
        self.clock = clock
        self.step = 0
        self.want(**{"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1", **changes})

    def want(self, profile=None, settles=True, **changes):
        changed = {**self.wanted.settings, **changes}
        profile = profile or self.wanted.profile
        self.wanted = Wanted(changed, profile, self.wanted.appearance_name)
        self.relay.follow(self.wanted)
        if settles:
            self.settle(arrives=False)

    def report(self, heaters=HEATERS, **other):
        """One report, in which every heater is a little warmer."""
        self.step += 1
        rates = {"bed": 0.5, "chamber": 0.1}
        row = {}
        for heater in heaters:
            actual = 22.0 + rates.get(heater, 2.0) * self.step
            row[heater] = {"actual": actual, "target": 200.0}
        row = {"time": int(self.clock.wall()), **row, **other}
        self.relay.add_temperatures(row)

    def hand_over(self, arrives=True, **row):
        """One report, which is `row`."""
        self.relay.add_temperatures({"time": int(self.clock.wall()), **row})
        self.settle(arrives)

    def heat(self, heaters=HEATERS, every=0.2, arrives=True, **other):
        """One report after `every` seconds, and all that is published because of it."""
        self.clock.passed += every
        self.report(heaters, **other)
        self.settle(arrives)

    def heat_for(self, seconds, every=0.2, arrives=True):
        for _ in range(round(seconds / every)):
            self.heat(every=every, arrives=arrives)

    def let_pass(self, seconds):
        """Time passes in which the printer says nothing."""
        self.clock.passed += seconds
        self.relay.add_progress(True, False, None)
        self.relay._awake.set()
        self.settle()

    def settle(self, arrives=True):
        """Wait until the relay has done all that it was asked for, without being woken.

        A broker that stands still lets nothing `arrives`.
        """
        relay = self.relay

        def until_relay(probe):
            until(lambda: relay._thread is None or probe(), what="step of the relay")

        until_relay(lambda: not relay._samples and relay.followed is self.wanted)
        # The step that took the last of them may still be at it.
        steps = relay.steps
        until_relay(lambda: not relay.is_at_work or relay.steps > steps)
        if arrives:
            until(self._has_arrived, what="acknowledgement")

    def _has_arrived(self):
        at = self.relay.link
        if at is None or not at.is_connected:
            return True
        flying = list(at._flying.values())
        return not at._waiting and all(map(link._has_arrived, flying))

    def become(self, state):
        until(lambda: self.state == state, what=lambda: f"{state} ({self.state})")

    @property
    def state(self):
        # The whole status takes a while: it looks at what is installed.
        return self.relay._told["state"]

    @property
    def waits(self):
        """How long the link has waited, or should have."""
        return self.relay.link._backoff.waits

    def stop(self):
        """Returns when its thread has ended."""
        self.relay.stop(PATIENCE_S)
        assert self.relay._thread is None or not self.relay._thread.is_alive()


@pytest.fixture
def printer(tmp_path, wasm, clock, closing, monkeypatch):
    """Makes relays with a broker's port, a name, and changed settings."""
    # What happens must wake them: they do not look up by themselves.
    monkeypatch.setattr(worker, "IDLE_S", 3600.0)
    made = []

    def make(port, name="Ender", around=(), tools=3, **changes):
        usual = {
            "wasm": lambda: wasm,
            "folder": str(tmp_path / f"data{len(made)}"),
            "version": "1.2.3",
            "clock": clock.elapsed,
            "wall": clock.wall,
            "keepalive": NEVER_S,
            "backoff": Hurried,
            "log": logging.getLogger("relay"),
            "ladder": [it for it in engines.LADDER if it.name == ENGINE],
        }
        surroundings = Surroundings(**{**usual, **dict(around)})
        profile = Profile("one", tools, bed=True, chamber=True)
        changes = {"mqtt_broker_port": port, **changes}
        printer = Printer(surroundings, clock, profile, name, **changes)
        made.append(printer)
        closing(printer)
        return printer

    return make


@pytest.fixture
def noticing(monkeypatch):
    """Makes `around` for who notices after so many seconds that nobody answers."""
    new_client = link.new_client

    def make(seconds):
        def new_client_with_timeout(*arguments):
            client = new_client(*arguments)
            client._connect_timeout = float(seconds)
            return client

        monkeypatch.setattr(link, "new_client", new_client_with_timeout)
        monkeypatch.setattr(link, "LOOP_S", 0.1)
        return {"keepalive": seconds}

    return make
