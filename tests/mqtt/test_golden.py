"""The server's module gives the same bits as the browser's, in every runtime."""

import csv
import fcntl
import itertools
import json
import os
import pathlib
import re
import struct
import subprocess

import pytest
from simulation import said

from octoprint_temp_eta import heaters, settings, values
from octoprint_temp_eta.calculation import core_abi, runtimes

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
DATA = ROOT / "tests" / "data"
TRACES = sorted((DATA / "traces").glob("*.csv"))
PROFILE = core_abi.Profile(id="golden", tools=2, bed=True, chamber=True)

# Of the odd session.
OWN = said(("dry box", True), ("W", True), ("tool1", False))

ALGORITHMS = tuple(settings.DEFINITIONS["algorithm"].options)

VARIANTS = {
    **{name: {"algorithm": name} for name in ALGORITHMS},
    "other": {
        "algorithm": "adaptive",
        "cooldown_mode": "ambient",
        "cooldown_ambient_temp": 19.5,
        "cooldown_hysteresis_c": 2.5,
        "cooldown_fit_window_seconds": 300.0,
        "threshold_start": 20.0,
        "target_band": 2.5,
        "history_size": 25,
        "max_eta": 600.0,
        "min_rate": 0.3,
    },
    "suppressed": {
        "algorithm": "exponential",
        "enable_cooldown_eta": False,
        "suppress_while_printing": True,
        "cooldown_target_tool0": 70.0,
        "cooldown_target_bed": 45.0,
        "cooldown_target_chamber": 25.0,
    },
    "no heating": {"enable_heating_eta": False, "update_interval": 0.5},
    "off": {"enabled": False},
}


def another(key):
    """Return a valid value of a setting that is not the default."""
    definition = settings.DEFINITIONS[key]
    if isinstance(definition, values.Switch):
        return not definition.default
    if isinstance(definition, values.Choice):
        return next(it for it in definition.options if it != definition.default)
    least, most = definition.least, definition.most
    return least if definition.default is None else (definition.default + most) / 2


# What nobody has thought about above.
for key in set(core_abi.SETTINGS).difference(*VARIANTS.values()):
    VARIANTS["other"][key] = another(key)


def recorded(file):
    """Yield the messages of a recorded session, each with the page's elapsed seconds."""
    with open(file, encoding="utf-8", newline="") as lines:
        readings = list(csv.DictReader(lines))
    # The first message is OctoPrint's history.
    by_time = [
        (float(time), list(rows))
        for time, rows in itertools.groupby(readings, lambda reading: reading["time"])
    ]
    base = 1.8e9
    rows = [
        {
            "time": int(base + time),
            **{
                reading["heater"]: {
                    "actual": float(reading["actual"]),
                    "target": float(reading["target"]),
                }
                for reading in readings
            },
        }
        for time, readings in by_time
    ]
    stamps = [time for time, _ in by_time]
    history, stamps = rows[:20], stamps[19:]
    yield message(base + stamps[0] + 0.25, history), stamps[0]
    for row, stamp in zip(rows[20:], stamps[1:]):
        yield message(base + stamp + 0.25, [row]), stamp


def message(server_time, rows, operational=True, printing=False, position=None):
    return {
        "serverTime": server_time,
        "temps": rows,
        "state": {"flags": {"operational": operational, "printing": printing}},
        "progress": {"filepos": position},
    }


def odd():
    """Yield a session with every kind of odd reading."""
    base, at = 1.8e9, 0.0
    for step in range(150):
        at += 2.0
        stamp = base + at + (3600 if step > 120 else 0)
        row = {
            "time": int(stamp),
            "tool0": {"actual": 25 + 1.7 * step, "target": 210.0},
            "tool1": {"actual": None, "target": None},
            "tool7": {"actual": 30.0, "target": 200.0},
            "bed": {"actual": 21.5 + 0.4 * step, "target": 60 if step > 4 else "off"},
            "chamber": {"actual": 22.0 + 0.05 * step, "target": 40.0},
            "W": {"actual": step, "target": None},
            "dry box": {"actual": 25 + 0.2 * step, "target": 55.0},
            "junk": {"actual": "warm", "target": 12},
            "nothing": None,
            "x" * 65: {"actual": 20.0, "target": 30.0},
            "": {"actual": 20.0, "target": 30.0},
        }
        if step % 10 == 3:
            row["bed"] = {"actual": row["bed"]["actual"], "target": "hot"}
        if step % 10 == 5:
            row["tool0"] = {"actual": True, "target": 210.0}
        if step % 10 == 7:
            row["chamber"] = 5
        if step % 10 == 8:
            row["chamber"] = {"actual": f" {row['chamber']['actual']} ", "target": "40.0"}
        if step % 10 == 9:
            row["bed"] = {"actual": 1023.75, "target": -28416}
        if step > 130:
            row["bed"]["target"] = (" OFF ", "None", "-", "")[step % 4]
        printing = 60 < step < 100
        yield message(stamp + 0.3, [row], True, printing, 100 * step), at
        if step == 40:
            yield message(stamp + 0.4, [{"time": int(stamp)}], False), at + 0.1
        if step == 90:
            yield message(stamp - 7200, [row], True), at + 0.2


SESSIONS = {file.stem.split("-")[0]: list(recorded(file)) for file in TRACES}
SESSIONS["odd"] = list(odd())
CASES = sorted(
    {(session, name) for session in SESSIONS for name in ALGORITHMS}
    | {(session, variant) for session in ("robowraith", "odd") for variant in VARIANTS}
)


def in_browser():
    """Return the results of the browser's module for each case, as JSON."""
    inputs = [
        {
            "settings": {**settings.DEFAULTS, **VARIANTS[variant], "heaters": OWN},
            "profile": {"id": PROFILE.id, "tools": 2, "bed": True, "chamber": True},
            "messages": SESSIONS[session],
        }
        for session, variant in CASES
    ]
    answer = subprocess.run(
        ["node", str(HERE / "browser.mjs")],
        input=json.dumps(inputs),
        capture_output=True,
        encoding="utf-8",
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.fixture(scope="session")
def golden(tmp_path_factory):
    """The results of the browser's module by case, calculated once."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with open(folder / "golden.json", "a+", encoding="utf-8") as file:
        # Released when the file is closed.
        fcntl.flock(file, fcntl.LOCK_EX)
        if not os.fstat(file.fileno()).st_size:
            file.write(in_browser())
        file.seek(0)
        return dict(zip(CASES, json.load(file)))


def bits(number):
    return None if number is None else struct.pack(">d", number).hex()


def encoded(row):
    numbers = (row.actual, row.target, row.goal, row.remaining, row.low, row.high)
    return [row.heater, row.phase, row.reason, [*map(bits, numbers), bits(row.rate)]]


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES, ids=lambda it: it.name)
@pytest.mark.parametrize(("session", "variant"), CASES)
def test_the_same_bits(session, variant, runtime, golden, wasm):
    expected = golden[session, variant]
    core = core_abi.Core(runtime(wasm))
    core.configure({**settings.DEFAULTS, **VARIANTS[variant]})
    core.set_profile(PROFILE)
    core.set_choices(heaters.choices(OWN))
    for (message, local), rows in zip(SESSIONS[session], expected):
        flags = message["state"]["flags"]
        job = core_abi.Job(flags["printing"], message["progress"]["filepos"])
        moment = core_abi.Moment(message["serverTime"], local)
        core.ingest(message["temps"], moment, flags["operational"], job)
        actual = [encoded(row) for row in core.snapshot(local)]
        assert sorted(actual) == sorted(rows), message


def test_the_settings_are_those_of_the_browser():
    types = (ROOT / "static/wasm/temp_eta.d.ts").read_text("utf-8")
    declared = types.split("interface Settings {")[1].split("\n}")[0]
    keys = set(re.findall(r"^ {4}(\w+)\?:", declared, re.MULTILINE))
    assert keys == set(core_abi.SETTINGS)


@pytest.mark.parametrize(
    ("file", "name", "codes"),
    [
        ("phase/machine.rs", "Phase", core_abi.PHASES),
        ("model/estimator.rs", "Reason", core_abi.REASONS),
    ],
)
def test_codes_stand_in_the_order_of_the_calculation(file, name, codes):
    source = (ROOT / "src/core" / file).read_text("utf-8")
    declared = source.split(f"pub enum {name} {{")[1].split("\n}")[0]
    variants = re.findall(r"^ {4}(\w+),$", declared, re.MULTILINE)
    snake = [re.sub(r"(?<!^)([A-Z])", r"_\1", it).lower() for it in variants]
    assert snake == list(codes)


def test_an_algorithm_has_the_key_of_the_calculation():
    keys = json.loads((DATA / "algorithm-ids.json").read_text("utf-8"))["keys"]
    for algorithm, key in keys.items():
        assert core_abi.algorithm_key(algorithm) == key


def test_sessions_cover_phases_and_reasons(golden):
    """Otherwise the comparison would show nothing."""
    phases, reasons, times = set(), set(), 0
    for messages in golden.values():
        for rows in messages:
            for _, phase, reason, numbers in rows:
                phases.add(phase)
                reasons.add(reason)
                times += numbers[3] is not None
    assert phases >= set(core_abi.PHASES) - {"stalled"}
    reasons_covered = {"no_goal", "measuring", "disabled", "printing", "too_long"}
    assert reasons >= {None, "implausible", *reasons_covered}
    assert times > 2000
