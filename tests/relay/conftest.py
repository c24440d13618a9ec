"""What the tests of the relay share: its module, a broker, and relays."""

import importlib.metadata
import logging
import os
import pathlib
import time

import pytest
from broker import Broker, Listener, until

from octoprint_temp_eta import settings
from octoprint_temp_eta.relay import engines
from octoprint_temp_eta.relay.calculation import Profile
from octoprint_temp_eta.relay.surroundings import Surroundings, Wanted
from octoprint_temp_eta.relay.worker import Relay

ROOT = pathlib.Path(__file__).parent.parent.parent
WASM = ROOT / "static" / "wasm" / "temp_eta_relay.wasm"

HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")

# A round of tests may be for one engine, or one version of paho-mqtt.
ENGINE = os.environ.get("TEMP_ETA_ENGINE", "wasmtime")
PAHO = os.environ.get("TEMP_ETA_PAHO")


def pytest_sessionstart():
    found = importlib.metadata.version("paho-mqtt")
    if PAHO and found != PAHO:
        raise pytest.UsageError(f"this is paho-mqtt {found}, not {PAHO}")


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


class Printer:
    """A relay, what is wanted of it, and heaters that warm up."""

    def __init__(self, surroundings, profile, name, **changes):
        self.wanted = Wanted(settings.DEFAULTS, profile, name)
        self.relay = Relay(surroundings)
        self.step = 0
        # Longest that handing over a sample took, in s.
        self.slowest = 0.0
        self.want(**{"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1", **changes})

    def want(self, **changes):
        changed = {**self.wanted.settings, **changes}
        name = self.wanted.appearance_name
        self.wanted = Wanted(changed, self.wanted.profile, name)
        self.relay.follow(self.wanted)

    def heat(self, heaters=HEATERS, **other):
        """One report, in which every heater is a little warmer."""
        self.step += 1
        rates = {"bed": 0.5, "chamber": 0.1}
        row = {"time": int(time.time())}
        for heater in heaters:
            actual = 22.0 + rates.get(heater, 2.0) * self.step
            row[heater] = {"actual": actual, "target": 200.0}
        self.hand_over({**row, **other})

    def hand_over(self, row):
        begun = time.perf_counter()
        self.relay.add_temperatures(row)
        self.slowest = max(self.slowest, time.perf_counter() - begun)

    def heat_for(self, seconds, every=0.2):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.heat()
            time.sleep(every)

    def become(self, state, seconds=10.0):
        until(lambda: self.state == state, seconds, f"{state} ({self.state})")

    @property
    def state(self):
        return self.relay.status()["state"]

    def stop(self):
        self.relay.stop()


@pytest.fixture
def printer(tmp_path, wasm, closing):
    """Makes relays with a broker's port, a name, and changed settings."""
    made = []

    def make(port, name="Ender", around=(), tools=3, **changes):
        usual = {
            "wasm": lambda: wasm,
            "folder": str(tmp_path / f"data{len(made)}"),
            "version": "1.2.3",
            "keepalive": 5,
            "waits": (0.2, 1.0),
            "log": logging.getLogger("relay"),
            "ladder": [it for it in engines.LADDER if it.name == ENGINE],
        }
        surroundings = Surroundings(**{**usual, **dict(around)})
        profile = Profile("one", tools, bed=True, chamber=True)
        printer = Printer(surroundings, profile, name, mqtt_broker_port=port, **changes)
        made.append(printer)
        closing(printer)
        return printer

    return make
