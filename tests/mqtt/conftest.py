"""Fixtures of the MQTT tests: the module, a broker, and simulated printers."""

import contextlib
import importlib.metadata
import logging
import os
import pathlib

import pytest
import wasmtime
from broker import PATIENCE_S, Broker, Listener, until
from simulation import Clock, FastBackoff

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import requirements, runtimes, service
from octoprint_temp_eta.calculation.context import Config, Context
from octoprint_temp_eta.calculation.core_abi import Profile
from octoprint_temp_eta.mqtt import connection
from octoprint_temp_eta.mqtt.connection import Network
from octoprint_temp_eta.mqtt.outlet import MqttOutlet

ROOT = pathlib.Path(__file__).parent.parent.parent
WASM = ROOT / "static" / "wasm" / "temp_eta_server.wasm"

HEATERS = ("tool0", "tool1", "tool2", "bed", "chamber")

# A run of the tests may be for one runtime, or one version of paho-mqtt.
RUNTIME = os.environ.get("TEMP_ETA_RUNTIME", "wasmtime")
PAHO = os.environ.get("TEMP_ETA_PAHO")

# Longer than any test runs, in s.
NEVER_S = 2 * int(PATIENCE_S)

# How much of a broker's log a failure shows, in lines.
LOG_TAIL = 60


def pytest_sessionstart():
    found = importlib.metadata.version("paho-mqtt")
    if PAHO and found != PAHO:
        raise pytest.UsageError(f"this is paho-mqtt {found}, not {PAHO}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Show the end of the brokers' logs with a failure, without the listeners' lines."""
    report = yield
    folder = item.funcargs.get("tmp_path")
    if report.failed and folder:
        for file in sorted(folder.glob("mosquitto-*.log")):
            lines = file.read_text("utf-8", "replace").splitlines()
            shown = [line for line in lines if "listener" not in line][-LOG_TAIL:]
            report.sections.append((f"End of {file.name}", "\n".join(shown)))
    return report


@pytest.fixture(autouse=True)
def logged(caplog):
    """Show all that is logged with a failure; `caplog` itself starts at warnings."""
    logging.getLogger("mqtt").setLevel(logging.DEBUG)
    caplog.handler.setLevel(logging.WARNING)


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """Compile each module once: that takes longer than most tests."""
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
    """A function that takes what is to be closed after the test, the last first."""
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
    """A broker that keeps retained messages when it is stopped."""
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
    """The clock of all printers of a test."""
    return Clock()


class ObservedService(service.CalculationService):
    """A service that shows its progress, with MQTT as its only outlet."""

    is_working = False
    steps = 0
    # The configuration and connection of the last step.
    applied = connection = detector = due_in = None

    def __init__(self, context, network):
        def outlets(wake):
            return {"mqtt": MqttOutlet(context, wake, network)}

        super().__init__(context, outlets)
        self.mqtt = self.outlets["mqtt"]

    def status(self):
        status = {**self.mqtt.status, **super().status()}
        return {**status, **requirements.report(status["state"], status.get("engine"))}

    def _step(self, worker):
        self.is_working, config = True, self._config
        try:
            return super()._step(worker)
        finally:
            publisher = self.mqtt._publisher
            self.connection = publisher and publisher._connection
            self.detector = getattr(publisher, "_conflicts", None)
            self.due_in = worker.due_in
            self.applied = config
            self.is_working, self.steps = False, self.steps + 1


class Printer:
    """A printer whose heaters warm up, with an MQTT service and its configuration."""

    def __init__(self, context, network, clock, profile, name, **changes):
        self.config = Config(settings.DEFAULTS, profile, name)
        self.service = ObservedService(context, network)
        self.clock = clock
        self.step = 0
        changes = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1", **changes}
        self.configure(**changes)

    def configure(self, profile=None, settles=True, **changes):
        """Change the profile, or settings."""
        changed = {**self.config.settings, **changes}
        profile = profile or self.config.profile
        self.config = Config(changed, profile, self.config.appearance_name)
        self.service.configure(self.config)
        if settles:
            self.settle(acknowledges=False)

    def report(self, heaters=HEATERS, **other):
        """Report temperatures; with each report the heaters are a little warmer."""
        self.step += 1
        rates = {"bed": 0.5, "chamber": 0.1}
        row = {}
        for heater in heaters:
            actual = 22.0 + rates.get(heater, 2.0) * self.step
            row[heater] = {"actual": actual, "target": 200.0}
        row = {"time": int(self.clock.wall()), **row, **other}
        self.service.add_temperatures(row)

    def report_row(self, acknowledges=True, **row):
        """Report `row`, and wait until the result is published."""
        self.service.add_temperatures({"time": int(self.clock.wall()), **row})
        self.settle(acknowledges)

    def heat(self, heaters=HEATERS, every=0.2, acknowledges=True, **other):
        """Report after `every` seconds, and wait until the result is published."""
        self.clock.passed += every
        self.report(heaters, **other)
        self.settle(acknowledges)

    def heat_for(self, seconds, every=0.2, acknowledges=True):
        for _ in range(round(seconds / every)):
            self.heat(every=every, acknowledges=acknowledges)

    def wait(self, seconds):
        """Let time pass without temperatures."""
        self.clock.passed += seconds
        self.service.add_progress(True, False, None)
        self.service._awake.set()
        self.settle()

    def settle(self, acknowledges=True):
        """Wait until the service has processed everything, without waking it.

        A stalled broker does not acknowledge, so that is not waited for.
        """
        service = self.service

        def until_service(probe):
            until(lambda: service._thread is None or probe(), what="step of the service")

        until_service(lambda: not service._samples and service.applied is self.config)
        # The step that took the last sample may not have ended.
        steps = service.steps
        until_service(lambda: not service.is_working or service.steps > steps)
        if acknowledges:
            until(self._is_acknowledged, what="acknowledgement")

    def _is_acknowledged(self):
        current = self.service.connection
        if current is None or not current.is_connected:
            return True
        in_flight = list(current._in_flight.values())
        return not current._pending and all(map(connection._is_acknowledged, in_flight))

    def wait_for_state(self, state):
        until(lambda: self.state == state, what=lambda: f"{state} ({self.state})")

    @property
    def status(self):
        """MQTT's; that of the service takes longer, as it looks up installed packages."""
        return self.service.mqtt.status

    @property
    def state(self):
        return self.status["state"]

    def renew_id(self):
        self.service.mqtt.renew_id()

    @property
    def waits(self):
        """The delays of the connection in s, in full."""
        return self.service.connection._backoff.waits

    def stop(self):
        """Stop the service, and check that its thread has ended."""
        self.service.stop(PATIENCE_S)
        assert self.service._thread is None or not self.service._thread.is_alive()


@pytest.fixture
def make_printer(tmp_path, wasm, clock, closing, monkeypatch):
    """Make a printer for a broker's port, with a name and changed settings."""
    # Events must wake the service: it does not look up by itself.
    monkeypatch.setattr(service, "IDLE_S", 3600.0)
    made = []

    def make(port, name="Ender", context=(), tools=3, **changes):
        usual = {
            "wasm": lambda: wasm,
            "folder": str(tmp_path / f"data{len(made)}"),
            "version": "1.2.3",
            "elapsed": clock.elapsed,
            "wall": clock.wall,
            "keepalive": NEVER_S,
            "backoff": FastBackoff,
            "log": logging.getLogger("mqtt"),
            "runtimes": [it for it in runtimes.RUNTIMES if it.name == RUNTIME],
        }
        changed = {**usual, **dict(context)}
        network = {key: changed.pop(key) for key in Network._fields if key in changed}
        context = Context(**changed)
        profile = Profile("one", tools, bed=True, chamber=True)
        changes = {"mqtt_broker_port": port, **changes}
        printer = Printer(context, Network(**network), clock, profile, name, **changes)
        made.append(printer)
        closing(printer)
        return printer

    return make


@pytest.fixture
def noticing(monkeypatch):
    """Make the `context` of a service that gives up on a silent broker after seconds."""
    new_client = connection.new_client

    def make(seconds):
        def new_client_with_timeout(*arguments):
            client = new_client(*arguments)
            client._connect_timeout = float(seconds)
            return client

        monkeypatch.setattr(connection, "new_client", new_client_with_timeout)
        monkeypatch.setattr(connection, "LOOP_S", 0.1)
        return {"keepalive": seconds}

    return make
