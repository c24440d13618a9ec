"""What OctoPrint passes on from the printer, with generated values, in the real core."""

import json
import tempfile
import types

from fuzzing import ANYTHING, NUMBERS, SCALARS, TEXTS, nearly, search
from hypothesis import strategies as st
from simulation import START_S, start

from octoprint_temp_eta.calculation import core_abi, service
from octoprint_temp_eta.outlets import payloads
from octoprint_temp_eta.printer_listener import PrinterListener

TEMPERATURES = st.floats(-50, 400) | NUMBERS | TEXTS

ROW = {
    "time": st.integers(1_800_000_000, 1_800_001_000),
    "bed": {"actual": TEMPERATURES, "target": st.sampled_from([0, 60.0, 90, None])},
    "tool0": {"actual": 21.5, "target": 0.0},
    "dryer": {"actual": TEMPERATURES, "target": TEMPERATURES},
}

CURRENT = {
    "state": {
        "text": "Operational",
        "flags": {"operational": SCALARS, "printing": True, "pausing": SCALARS},
    },
    "progress": {"filepos": NUMBERS, "completion": None},
    "job": {},
    "temps": [],
}

STEPS = st.lists(
    st.tuples(st.just("temperature"), nearly(ROW))
    | st.tuples(st.just("current"), nearly(CURRENT))
    | st.tuples(st.just("wait"), st.floats(0, 1e5)),
    max_size=12,
)


def listening(context):
    """A listener as OctoPrint calls it, and its service, whose thread is not started."""
    listener = PrinterListener(types.SimpleNamespace())
    listener.service = service.CalculationService(context, lambda wake: {})
    return listener


def taken(listener):
    """The samples that the service's thread would take now."""
    samples = listener.service._samples
    assert len(samples) <= service.MAX_SAMPLES
    return [samples.popleft() for _ in range(len(samples))]


def assert_published(rows, wall):
    assert len(rows) <= core_abi.MAX_TOOLS + core_abi.MAX_CUSTOM
    for row in rows:
        payload = payloads.encode(payloads.eta(row, wall))
        assert json.loads(payload)["heater"] == row.heater


def heats(runner, listener, clock, made=dict):
    """Whether a heater that warms up gets a time; reports are `made` of dicts."""
    for step in range(12):
        clock.now += 1.0
        bed = made({"actual": 22.0 + step, "target": 90.0})
        row = {"time": int(START_S + clock.now), "bed": bed}
        listener.on_printer_add_temperature(made(row))
        runner.ingest(taken(listener))
    [bed] = [it for it in rows_of(runner, clock) if it.heater == "bed"]
    return bed.remaining is not None


def rows_of(runner, clock):
    moment = core_abi.Moment(START_S + clock.now, clock.now)
    return runner.results(moment).rows


def test_reports_are_used_that_are_no_dicts(wasm, tmp_path):
    # OctoPrint's are frozendicts, whose type depends on the version of Python.
    frozen = types.MappingProxyType
    runner, clock = start(wasm, tmp_path)
    listener = listening(runner._context)
    flags = frozen({"operational": True, "printing": True})
    state, progress = frozen({"flags": flags}), frozen({"filepos": 7})
    listener.on_printer_send_current_data(frozen({"state": state, "progress": progress}))
    [told] = taken(listener)
    assert (told.operational, told.job) == (True, core_abi.Job(True, 7))
    assert heats(runner, listener, clock, frozen)


def test_any_report(wasm, tmp_path):
    def socket(steps):
        # Without what an earlier one has learned.
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            assert_survives(start(wasm, folder), steps)

    def assert_survives(started, steps):
        runner, clock = started
        listener = listening(runner._context)
        for kind, value in steps:
            if kind == "wait":
                clock.now += value
            elif kind == "temperature":
                listener.on_printer_add_temperature(value)
            else:
                listener.on_printer_send_current_data(value)
            runner.ingest(taken(listener))
            # The core has neither refused nor trapped.
            assert runner.runtime
            assert_published(rows_of(runner, clock), START_S + clock.now)
        # The clocks go on, whatever was reported.
        clock.now += 1e4
        listener.on_printer_send_current_data(
            {"state": {"flags": {"operational": True, "printing": False}}}
        )
        assert heats(runner, listener, clock)

    flags = {"operational": "yes", "printing": []}
    found = [
        ("temperature", None),
        ("temperature", "bed"),
        ("current", []),
        ("current", {"state": "Operational"}),
        ("current", {"state": {"flags": [1]}}),
        ("current", {"state": {"flags": flags}}),
        ("current", {"progress": 5}),
        ("current", {"progress": {"filepos": "far"}}),
        ("current", {"progress": {"filepos": 10**400}}),
    ]
    # All of them raised an error in the callback or in the service's thread, which then
    # dropped the reports of ten seconds.
    known = [{"steps": [step]} for step in found]
    search(socket, known=known, examples=30, steps=STEPS)


def test_any_history(wasm, tmp_path):
    def history(rows):
        runner, clock = start(wasm, tmp_path, history=rows)
        assert runner.runtime
        assert_published(rows_of(runner, clock), START_S)

    rows = st.lists(nearly(ROW), max_size=8) | st.lists(ANYTHING, max_size=4)
    search(history, known=[{"rows": [None]}], examples=20, rows=rows)
