"""What is sent to the printer's display, and when."""

import re
from datetime import datetime

import pytest

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation.context import Config
from octoprint_temp_eta.calculation.core_abi import Moment, Profile, Row
from octoprint_temp_eta.outlets.display import (
    INTERVAL_S,
    LONGEST_QUEUED_S,
    MOST_BETWEEN,
    DisplayOutlet,
)
from octoprint_temp_eta.outlets.step import Step

ONE_TOOL = Profile("one", 1)


def row(heater, phase="heating", remaining=80.0, target=60.0, reason=None, soak=0.0):
    others = {"goal": None, "low": None, "high": None, "rate": None}
    others.update(reason=reason, soak=soak)
    return Row(heater, phase, 30.0, target, remaining=remaining, **others)


class Display:
    """The outlet, with a printer whose queue stands still while it is `busy`."""

    def __init__(self, profile=ONE_TOOL, **changes):
        self.now, self.sent, self.queue = 0.0, [], []
        self.is_busy, self.is_there, self.woken = False, True, 0
        self.config = Config({**settings.DEFAULTS, **changes}, profile)
        self.outlet = DisplayOutlet(self._take, lambda: self.now, self._wake)

    def show(self, *rows, job="none", after=INTERVAL_S):
        """Publish `rows` after a time in s; returns what was sent because of that."""
        self.now += after
        before = len(self.sent)
        step = Step(
            self.config,
            Moment(1.8e9, self.now),
            list(rows) or [row("bed", "idle", None, 0.0)],
            line=None,
            job=job,
            new_events=[],
            reported_at=self.now,
            runtime="wasm3",
        )
        self.outlet.publish(step)
        return self.sent[before:]

    def lose(self, *rows):
        """Publish `rows`; what is queued because of that never goes out by itself."""
        self.is_busy = True
        self.show(*rows)
        self.queue.clear()
        self.is_busy = False

    def go_on(self):
        """Send what is queued."""
        self.is_busy = False
        while self.queue:
            self.send(self.queue.pop(0))

    def send(self, command, as_line="Send: {}"):
        """Send a command, which the terminal shows."""
        self.sent.append(command)
        self.outlet.log(as_line.format(command))
        self.outlet.log("Recv: ok")

    def _take(self, command):
        if not self.is_there:
            return False
        self.queue.append(command)
        if not self.is_busy:
            self.go_on()
        return True

    def _wake(self):
        self.woken += 1


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ([row("tool0", remaining=45.0), row("bed")], "Bed 1:20 T 0:45"),
        ([row("bed", "stalled", None), row("tool0", remaining=45.0)], "Bed ? T 0:45"),
        ([row("bed", "soaking", 3725.0)], "Bed 1h02"),
        ([row("chamber", "cooling", 59.6, target=40.0)], "Ch 1:00"),
        ([row("chamber", "cooling", target=0.0), row("bed", "at_target")], ""),
        ([row("dry; box\n*", remaining=5.0)], "dry box 0:05"),
        ([row("D\u00fcse", remaining=5.0)], "Duse 0:05"),
        ([row("\u041a", remaining=5.0)], "? 0:05"),
        ([row("x" * 40, remaining=5.0)], "x" * 15 + " 0:05"),
        # Those that nobody waits for.
        ([row("bed", remaining=None, reason="disabled"), row("tool0")], "T 1:20"),
        ([row("bed", remaining=None, reason="near_target")], ""),
        # The soak to come is waited for as well.
        ([row("bed", soak=600.0), row("tool0", remaining=90.0)], "Bed 11:20 T 1:30"),
        # What does not fit is what takes less long.
        ([row("tool0", remaining=5.0), row("bed"), row("chamber")], "Bed 1:20 Ch 1:20"),
    ],
)
def test_text(rows, shown):
    sent = Display().show(*rows)
    assert sent == ([f"M117 {shown}"] if shown else [])
    assert all(len(command) <= len("M117 ") + 20 for command in sent)


def test_names_of_several_tools_and_length_of_the_settings():
    display = Display(Profile("two", 2), display_length=16)
    rows = row("tool0"), row("tool1", remaining=70.0), row("bed", remaining=60.0)
    assert display.show(*rows) == ["M117 T0 1:20 T1 1:10"]


def test_is_sent_when_changed_and_not_too_often():
    display = Display()
    assert display.show(row("bed", remaining=80.0)) == ["M117 Bed 1:20"]
    assert display.show(row("bed", remaining=80.0)) == []
    assert display.show(row("bed", remaining=79.0)) == ["M117 Bed 1:19"]
    assert display.show(row("bed", remaining=77.0), after=2.0) == []
    assert display.outlet.due_in == INTERVAL_S - 2.0
    assert display.show(row("bed", remaining=74.0), after=3.0) == ["M117 Bed 1:14"]
    assert display.outlet.due_in is None


def test_is_cleared_once_at_the_end():
    display = Display()
    display.show(row("bed"))
    assert display.show(row("bed", "at_target", None)) == ["M117"]
    assert display.show(row("bed", "at_target", None)) == []
    assert display.outlet.end() and display.sent[-1] == "M117"
    assert len(display.sent) == 2


def test_shows_nothing_during_a_print_but_clears():
    display = Display()
    assert display.show(row("bed"), job="prints") == []
    assert display.show(row("bed")) == ["M117 Bed 1:20"]
    assert display.show(row("bed", remaining=60.0), job="prints") == ["M117"]
    assert display.show(row("bed", remaining=50.0), job="prints") == []


def test_in_the_start_of_a_job_it_is_the_time_of_day_as_that_stays_true():
    sent = Display().show(row("bed", remaining=80.0), job="start")
    assert re.fullmatch(r"M117 Bed @\d\d:\d\d", *sent)
    at = datetime.fromtimestamp(1.8e9 + 80.0)
    assert sent == [f"M117 Bed @{at:%H:%M}"]
    unknown = row("tool0", remaining=None, reason="measuring")
    assert Display().show(unknown, job="start") == []
    assert Display().show(row("bed"), job="waits") == []


def test_a_refused_message_is_not_tried_again_at_once():
    display = Display()
    display.is_there = False
    assert display.show(row("bed")) == []
    assert display.outlet.due_in == INTERVAL_S
    display.is_there = True
    assert display.show(row("bed")) == ["M117 Bed 1:20"]


def test_a_line_that_is_sent_again_is_still_ours():
    display = Display()
    display.show(row("bed"))
    display.send("M117 Bed 1:20", as_line="Send: N7 {}*93")
    assert display.show(row("bed", "at_target", None)) == ["M117"]


def test_a_lost_message_is_given_up_where_nothing_else_is_sent():
    display = Display()
    display.lose(row("bed"))
    assert display.show(row("bed", remaining=70.0)) == []
    sent = display.show(row("bed", remaining=9.0), after=LONGEST_QUEUED_S)
    assert sent == ["M117 Bed 0:09"]


def test_text_of_others_is_not_cleared():
    display = Display()
    display.show(row("bed"))
    display.send("M117 Layer 1", as_line=">>> N7 {}*93")
    assert display.show(row("bed", "at_target", None)) == []
    assert display.outlet.end() and display.sent[-1] == "M117 Layer 1"


def test_own_text_is_known_by_line_number_and_checksum():
    display = Display()
    display.lose(row("bed"))
    display.is_busy = True
    display.send("M117 Bed 1:20", as_line=">>> N7 {}*93")
    assert display.woken == 1
    assert display.show(row("bed", "at_target", None)) == []
    assert display.queue == ["M117"]


def test_one_message_at_most_waits_while_the_firmware_is_busy():
    display = Display()
    display.show(row("bed"))
    display.is_busy = True
    for remaining in range(75, 25, -5):
        display.show(row("bed", remaining=float(remaining)))
        display.outlet.log("Recv: echo:busy: processing")
    assert display.queue == ["M117 Bed 1:15"]
    display.show(row("bed", "at_target", None))
    display.go_on()
    assert display.outlet.due_in == 0.0, "the old text is cleared at once"
    assert display.show(row("bed", "at_target", None), after=0.0) == ["M117"]


def test_goes_on_after_a_message_that_was_never_sent():
    display = Display()
    display.lose(row("bed"))
    for _ in range(MOST_BETWEEN):
        assert display.show(row("bed", remaining=70.0), after=1.0) == []
        display.send("M105")
    assert display.show(row("bed", remaining=70.0)) == ["M117 Bed 1:10"]


def test_is_cleared_when_switched_off_also_what_is_still_queued():
    display = Display()
    display.is_busy = True
    display.show(row("bed"))
    assert display.outlet.end()
    display.go_on()
    assert display.sent == ["M117 Bed 1:20", "M117"]
    assert display.outlet.end() and display.queue == []


def test_without_a_printer_nothing_is_sent_and_nothing_remembered():
    display = Display()
    display.is_there = False
    assert display.show(row("bed")) == []
    display.is_there = True
    assert display.show(row("bed")) == ["M117 Bed 1:20"]
    step_without_rows = [row("bed")][:0]
    display.outlet.publish(
        Step(
            display.config,
            Moment(1.8e9, 99.0),
            step_without_rows,
            None,
            "none",
            [],
            0,
            "",
        )
    )
    assert display.outlet.end() and display.sent == ["M117 Bed 1:20"]
    assert display.show(row("bed")) == ["M117 Bed 1:20"]
