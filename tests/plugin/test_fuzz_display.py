"""The printer's display, with generated lines of the terminal and results."""

import re

from fuzzing import TEXTS, search
from hypothesis import strategies as st

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi
from octoprint_temp_eta.calculation.context import Config
from octoprint_temp_eta.outlets.display import (
    INTERVAL_S,
    LONGEST_QUEUED_S,
    DisplayOutlet,
)
from octoprint_temp_eta.outlets.step import Step

LENGTHS = settings.DEFINITIONS["display_length"]

# What firmware takes, and no more than fits.
COMMAND = re.compile(r"M117( [ -)+-:<-~]+)?")

PROFILE = core_abi.Profile("fuzzed", tools=2, bed=True, chamber=True)

ROWS = st.lists(
    st.builds(
        core_abi.Row,
        heater=st.sampled_from(["tool0", "tool1", "bed", "chamber"]) | TEXTS,
        phase=st.sampled_from(core_abi.PHASES),
        actual=st.floats(-50, 400) | st.just(float("nan")),
        target=st.sampled_from([0.0, 60.0, 200.0]),
        goal=st.none() | st.floats(0, 400),
        remaining=st.none() | st.floats(0, 86_400),
        low=st.none(),
        high=st.none(),
        reason=st.none() | st.sampled_from(core_abi.REASONS),
        rate=st.none(),
        soak=st.just(0.0) | st.floats(0, 86_400),
    ),
    max_size=4,
)

# As OctoPrint's terminal has them, or nearly.
PARTS = [
    ["Send: ", ">>> ", "Recv: ", ""],
    ["", "N5 ", "N "],
    ["M117", "M118 ", "G28"],
    ["", " ", " Bed 1:20", " x", "*"],
    ["", "*77", "*"],
]
LINES = TEXTS | st.tuples(*map(st.sampled_from, PARTS)).map("".join)

STEPS = st.lists(
    st.tuples(st.just("line"), LINES)
    | st.tuples(st.just("rows"), st.tuples(ROWS, st.sampled_from(core_abi.JOB_PHASES)))
    | st.tuples(st.just("wait"), st.floats(0, 600))
    | st.tuples(st.just("takes"), st.booleans()),
    max_size=30,
)


class Fuzzed:
    """The outlet, and a printer that takes commands or does not."""

    def __init__(self, length):
        self.now, self.sent, self.takes = 0.0, [], True
        config = {**settings.DEFAULTS, "display_length": length}
        self.config = Config(config, PROFILE)
        self.outlet = DisplayOutlet(self._send, lambda: self.now, lambda: None)

    def _send(self, command):
        assert COMMAND.fullmatch(command), command
        assert len(command) <= len("M117 ") + self.config.settings["display_length"]
        self.sent.append((self.now, command))
        return self.takes

    def publish(self, rows, job):
        moment = core_abi.Moment(1.8e9 + self.now, self.now)
        of = {"line": None, "new_events": [], "reported_at": self.now, "runtime": "wasm3"}
        self.outlet.publish(Step(self.config, moment, rows, job=job, **of))

    def do(self, kind, value):
        if kind == "line":
            self.outlet.log(value)
        elif kind == "rows":
            self.publish(*value)
        elif kind == "wait":
            self.now += value
        else:
            self.takes = value


def test_any_terminal_and_results():
    def display(length, steps):
        fuzzed = Fuzzed(length)
        for kind, value in steps:
            fuzzed.do(kind, value)
        times = [at for at, _ in fuzzed.sent]
        assert all(two - one >= INTERVAL_S for one, two in zip(times, times[1:]))
        # Whatever was queued is done with by then.
        fuzzed.do("takes", True)
        fuzzed.do("wait", LONGEST_QUEUED_S + 1.0)
        bed = core_abi.Row("bed", "heating", 20.0, 60.0, 60.0, 77.0, *[None] * 4)
        fuzzed.publish([bed], "none")
        fuzzed.outlet.log(f"Send: {fuzzed.sent[-1][1]}")
        assert fuzzed.sent[-1][1] == "M117 Bed 1:17"
        fuzzed.outlet.end()
        assert fuzzed.sent[-1][1] == "M117"

    lengths = st.integers(LENGTHS.least, LENGTHS.most)
    search(display, known=[], examples=60, length=lengths, steps=STEPS)
