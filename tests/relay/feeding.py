"""What the tests feed to a relay, and how they read what it says."""

import json

from broker import until

from octoprint_temp_eta.relay.backoff import REFUSED, Backoff

BASE = "octoprint/temp_eta/Ender"

MOMENT_S = 0.02


def payloads(messages):
    def strict(constant):
        raise AssertionError(f"{constant} is no JSON")

    return [json.loads(heard.payload, parse_constant=strict) for heard in messages]


def heat_until(one, probe, **report):
    def step():
        one.heat(**report)
        return probe()

    return until(step)


def bed(actual, target):
    return {"bed": {"actual": actual, "target": target}}


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self):
        self.passed = 0.0

    def elapsed(self):
        return 1_000.0 + self.passed

    def wall(self):
        return 1_800_000_000.0 + self.passed


class Hurried(Backoff):
    """Waits for a moment instead of what is due, and remembers what that was.

    Who was refused, or is taken for another one, waits in full: no test lasts as long.
    `in_full` is for all waits alike. `may_wait` is called when a connection has ended.
    """

    def __init__(self, in_full=None, may_wait=lambda: None):
        super().__init__()
        self.waits = []
        self._in_full, self._may_wait = in_full, may_wait

    def after_failure(self, code):
        return self._hurry(super().after_failure(code), code in REFUSED)

    def after_connection(self, lasted, now):
        self._may_wait()
        # However busy the machine is: in these tests connections are short.
        wait = super().after_connection(min(lasted, 1.0), 0.0)
        return self._hurry(wait, self.is_taken)

    def _hurry(self, wait, in_full):
        self.waits.append(wait)
        in_full = in_full if self._in_full is None else self._in_full
        return wait if in_full else MOMENT_S
