"""What the tests feed to a relay, and how they read what it says."""

import json
import time

from broker import until

BASE = "octoprint/temp_eta/Ender"


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


class Clock:
    """Goes ahead of this machine's by `ahead` seconds."""

    def __init__(self):
        self.ahead = 0.0

    def elapsed(self):
        return time.monotonic() + self.ahead

    def wall(self):
        return time.time() + self.ahead
