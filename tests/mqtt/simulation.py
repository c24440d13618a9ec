"""Simulated readings, clock and delays, and what the tests do with messages."""

import json
import logging
import types

from broker import until

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi, runtimes
from octoprint_temp_eta.calculation.context import Config, Context, Sample
from octoprint_temp_eta.calculation.runner import CoreRunner
from octoprint_temp_eta.learned_data import LearnedDataFolder
from octoprint_temp_eta.mqtt.backoff import REFUSED, Backoff

BASE = "octoprint/temp_eta/Ender"

# When runners start, in s since 1970.
START_S = 1.8e9

ONE_TOOL = Config(settings.DEFAULTS, core_abi.Profile("one", 1))

# Replaces longer delays, in s.
SHORT_DELAY_S = 0.02


def payloads(messages):
    """Decode the payloads, which must be strict JSON."""

    def strict(constant):
        raise AssertionError(f"{constant} is not JSON")

    return [json.loads(message.payload, parse_constant=strict) for message in messages]


def heat_until(printer, probe, **report):
    """Report temperatures until `probe` returns something true, and return that."""

    def step():
        printer.heat(**report)
        return probe()

    return until(step)


def bed(actual, target):
    return {"bed": {"actual": actual, "target": target}}


def said(*choices):
    """Return the setting `heaters` from heaters, whether they count, and names."""
    keys = ("heater", "counted", "name")
    return [dict(zip(keys, (*choice, ""))) for choice in choices]


class Clock:
    """A clock that a test advances by `passed`."""

    def __init__(self):
        self.passed = 0.0

    def elapsed(self):
        return 1_000.0 + self.passed

    def wall(self):
        return 1_800_000_000.0 + self.passed


class FastBackoff(Backoff):
    """Records the delays and replaces them with a short one.

    Those after a refusal or a session taken over stay: no test lasts as long. `in_full`
    decides for all delays alike. `may_wait` is called when a connection has ended.
    """

    def __init__(self, in_full=None, may_wait=lambda: None):
        super().__init__()
        self.waits = []
        self._in_full = in_full
        self._may_wait = may_wait

    def after_failure(self, code):
        return self._shorten(super().after_failure(code), code in REFUSED)

    def after_connection(self, duration, now, by_us=False):
        self._may_wait()
        # Every connection counts as short, however slow the machine is.
        wait = super().after_connection(min(duration, 1.0), 0.0, by_us)
        return self._shorten(wait, self.session_taken_over)

    def _shorten(self, wait, in_full):
        self.waits.append(wait)
        in_full = in_full if self._in_full is None else self._in_full
        return wait if in_full else SHORT_DELAY_S


def sample(step, **heaters):
    row = {"time": 1_800_000_000 + 2 * step, **heaters}
    if not heaters:
        row["bed"] = {"actual": 20.0 + step, "target": 90.0}
    return Sample(core_abi.Moment(1.8e9 + 2 * step + 0.3, 2.0 * step), row=row)


def learned_in(folder):
    """The learned data in a folder, as the API and MQTT publishing share them."""
    return LearnedDataFolder(lambda: str(folder), logging.getLogger("mqtt"))


def start(
    wasm,
    folder,
    use=runtimes.RUNTIMES,
    history=(),
    config=ONE_TOOL,
    now=0.0,
    learned=None,
):
    """A runner that is configured, and its clock."""
    clock = types.SimpleNamespace(now=now)
    log = logging.getLogger("mqtt")
    context = Context(
        wasm=lambda: wasm,
        folder=str(folder),
        learned=learned,
        version="1",
        history=lambda: list(history),
        log=log,
        runtimes=use,
        elapsed=lambda: clock.now,
        wall=lambda: START_S + clock.now,
    )
    runner = CoreRunner(context)
    runner.configure(config)
    return runner, clock
