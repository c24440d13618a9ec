"""What runs the calculation: the ladder, and what happens when a rung breaks."""

import json
import logging
import pathlib
import re
import subprocess
import sys
import types

import pytest
from broker import PATIENCE_S
from conftest import WASM

from octoprint_temp_eta import settings
from octoprint_temp_eta.relay import calculation, engines, needs
from octoprint_temp_eta.relay.estimates import Estimates
from octoprint_temp_eta.relay.lessons import Store
from octoprint_temp_eta.relay.surroundings import Sample, Surroundings, Wanted

wasmtime = pytest.importorskip("wasmtime")

EVERY = pytest.mark.parametrize("engine", engines.LADDER, ids=lambda it: it.name)
WANTED = Wanted(settings.DEFAULTS, calculation.Profile("one", 1))


def module(ingest):
    """A module of our form in which `eta_ingest` does something else."""
    return bytes(
        wasmtime.wat2wasm(
            f"""(module
            (memory (export "memory") 1)
            (func (export "eta_abi") (result i32) i32.const {calculation.ABI})
            (func (export "eta_mailbox") (result i32) i32.const 0)
            (func (export "eta_capacity") (result i32) i32.const 4096)
            (func (export "eta_configure") (param i32) (result i32) i32.const 1)
            (func (export "eta_equip") (param i32) (result i32) i32.const 1)
            (func (export "eta_snapshot") (param f64) (result i32) i32.const 0)
            (func $ingest (export "eta_ingest") (param i32) (result i32) {ingest}))"""
        )
    )


BROKEN = {
    "trap": "unreachable",
    "out of bounds": "i32.const 0x7fffffff i32.load",
    "recursion": "local.get 0 call $ingest",
    "no end": "(loop $again br $again) i32.const 0",
}


def test_the_module_needs_nothing_and_is_what_it_should_be(wasm):
    parsed = wasmtime.Module(wasmtime.Engine(), wasm)
    assert list(parsed.imports) == []
    names = {export.name for export in parsed.exports if export.name[:4] == "eta_"}
    source = (WASM.parent.parent.parent / "src/bindings/relay.rs").read_text("utf-8")
    assert names == {part.split("(")[0] for part in source.split('extern "C" fn ')[1:]}


def test_it_is_as_small_as_it_can_be(wasm):
    # The whole calculation is in it; what it costs is written in docs/mqtt.md.
    assert len(wasm) < 80_000


def test_the_best_that_works_is_taken(wasm):
    engine, problems = engines.open_engine(wasm)
    assert (engine.name, problems) == ("wasmtime", {})


@pytest.mark.parametrize("error", [ImportError, RuntimeError, OSError, SyntaxError])
def test_whatever_is_wrong_with_one_the_next_is_taken(wasm, monkeypatch, error):
    class Broken(types.ModuleType):
        def __getattr__(self, name):
            raise error("wrong machine")

    monkeypatch.setitem(sys.modules, "wasmtime", Broken("wasmtime"))
    engine, problems = engines.open_engine(wasm)
    assert engine.name == "wasm3"
    assert set(problems) == {"wasmtime", "wasmtime-pulley"}
    assert "wrong machine" in problems["wasmtime"]


def test_an_old_wasmtime_is_not_taken(wasm, monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", types.SimpleNamespace(Config=object))
    engine, problems = engines.open_engine(wasm)
    assert engine.name == "wasm3" and "older than 45" in problems["wasmtime"]


def test_none_is_an_answer(wasm, monkeypatch, caplog, tmp_path):
    caplog.set_level(logging.INFO)
    for package in ("wasmtime", "wasm3"):
        monkeypatch.setitem(sys.modules, package, None)
    estimates, _ = begun(wasm, tmp_path)
    assert estimates.engine is None and len(caplog.messages) == 1
    estimates.take([sample(0)])
    assert estimates.rows(sample(0).moment) == []
    assert len(caplog.messages) == 1


def test_where_memory_may_not_be_made_executable_pulley_runs(tmp_path):
    """As systemd's MemoryDenyWriteExecute= has it: PR_SET_MDWE of Linux 6.3."""
    script = (
        "import ctypes, sys, without_octoprint\n"
        "if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0): sys.exit(77)\n"
        "from octoprint_temp_eta.relay.engines import open_engine\n"
        "engine, problems = open_engine(open(sys.argv[1], 'rb').read())\n"
        "print(engine.name, engine.call('eta_abi'), problems)\n"
    )
    folder = pathlib.Path(__file__).parent.parent / "homeassistant"
    run = subprocess.run(
        [sys.executable, "-c", script, str(WASM)],
        capture_output=True,
        cwd=folder,
        encoding="utf-8",
    )
    if run.returncode == 77:
        pytest.skip("this kernel does not know PR_SET_MDWE")
    assert run.stdout.startswith(f"wasmtime-pulley {calculation.ABI}"), run.stderr
    assert "executable" in run.stdout


@pytest.mark.parametrize(("engine", "megabytes"), [("wasmtime", 25), ("wasm3", 5)])
def test_a_guest_that_keeps_still(engine, megabytes, broker):
    """The whole relay at work: two threads, no signal handlers, no gigabytes."""
    here = pathlib.Path(__file__).parent
    command = [sys.executable, str(here / "measuring.py"), str(broker.port), engine]
    answer = subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=5 * PATIENCE_S
    )
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout)
    assert said["names"] == ["temp_eta broker", "temp_eta relay"]
    before, after = said["before"], said["after"]
    assert after["SigCgt"] == before["SigCgt"]
    assert int(after["Threads"]) - int(before["Threads"]) == 2
    assert int(after["VmRSS"]) - int(before["VmRSS"]) <= megabytes * 1024
    # Without gigabytes that are set aside; a thread's stack counts as 8 MB here, and
    # its arena of the C library as 64.
    assert int(after["VmSize"]) - int(before["VmSize"]) < 256 * 1024


def sample(step, **heaters):
    row = {"time": 1_800_000_000 + 2 * step, **heaters}
    if not heaters:
        row["bed"] = {"actual": 20.0 + step, "target": 90.0}
    return Sample(calculation.Moment(1.8e9 + 2 * step + 0.3, 2.0 * step), row=row)


def begun(wasm, folder, ladder=engines.LADDER, history=(), wanted=WANTED, now=0.0):
    """Estimates that have begun, and the clock they go by."""
    clock = types.SimpleNamespace(now=now)
    log = logging.getLogger("relay")
    around = Surroundings(
        wasm=lambda: wasm,
        folder=str(folder),
        version="1",
        history=lambda: list(history),
        log=log,
        ladder=ladder,
        clock=lambda: clock.now,
        wall=lambda: 1.8e9 + clock.now,
    )
    estimates = Estimates(around, Store(str(folder), log))
    estimates.follow(wanted)
    return estimates, clock


@pytest.mark.parametrize("broken", BROKEN)
@EVERY
def test_a_breakdown_is_one_line_and_a_new_beginning(engine, broken, caplog, tmp_path):
    if (engine, broken) == (engines.Wasm3, "no end"):
        pytest.skip("wasm3 has no fuel; the module is ours")
    estimates, clock = begun(module(BROKEN[broken]), tmp_path, (engine,))
    # The history that it is begun with breaks it already.
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    estimates.take([sample(1), sample(2)])
    assert len(caplog.records) == 1 and estimates.engine is None
    breakdowns = 1
    for second in range(1, 16):
        clock.now = float(second)
        estimates.take([sample(second)])
        breakdowns = len(caplog.records)
    # Tried again after 1, 2, 4 and 8 seconds.
    assert breakdowns == 5


@pytest.mark.parametrize("count", [-1, 9, 10, 4097, 2**31 - 1])
@EVERY
def test_numbers_that_make_no_sense_are_a_breakdown(
    engine, count, wasm, tmp_path, monkeypatch, caplog
):
    estimates, _ = begun(wasm, tmp_path, (engine,))
    call = engine.call
    monkeypatch.setattr(
        engine,
        "call",
        lambda self, function, *arguments, **options: (
            count
            if function == "eta_snapshot"
            else call(self, function, *arguments, **options)
        ),
    )
    estimates.take([sample(0)._replace(row={"time": 1.8e9, "bed": None})])
    estimates._calculation.engine.write(estimates._calculation._mailbox, [1e9] * 10)
    assert estimates.rows(sample(0).moment) == []
    assert estimates.engine is None and len(caplog.messages) == 1


def test_a_module_that_was_not_built_is_told_once(tmp_path, caplog):
    def missing():
        raise FileNotFoundError("no such file: temp_eta_relay.wasm")

    log = logging.getLogger("relay")
    around = Surroundings(wasm=missing, folder=str(tmp_path), version="1", log=log)
    estimates = Estimates(around, Store(str(tmp_path), log))
    estimates.follow(WANTED)
    for step in range(5):
        estimates.take([sample(step)])
        assert estimates.rows(sample(step).moment) == []
    assert len(caplog.messages) == 1 and "temp_eta_relay.wasm" in caplog.messages[0]
    assert "temp_eta_relay.wasm" in estimates.problems["the module"]


@EVERY
def test_after_a_breakdown_it_goes_on(engine, wasm, tmp_path, monkeypatch, caplog):
    estimates, clock = begun(wasm, tmp_path, (engine,))
    estimates.take([sample(step) for step in range(5)])
    assert estimates.rows(sample(4).moment)[0].remaining
    call = engine.call

    def breaks(self, function, *arguments, **options):
        if function == "eta_snapshot":
            raise engines.EngineError("on purpose")
        return call(self, function, *arguments, **options)

    monkeypatch.setattr(engine, "call", breaks)
    assert estimates.rows(sample(5).moment) == []
    monkeypatch.setattr(engine, "call", call)
    clock.now = 2.0
    estimates.take([sample(step) for step in range(5, 10)])
    assert estimates.rows(sample(9).moment)[0].remaining
    assert len(caplog.messages) == 1 and "on purpose" in caplog.messages[0]


@EVERY
def test_a_module_of_another_form_is_not_used(
    engine, wasm, tmp_path, caplog, monkeypatch
):
    monkeypatch.setattr(calculation, "ABI", 99)
    estimates, _ = begun(wasm, tmp_path, (engine,))
    assert estimates.engine is None
    assert "of form 1, not 99" in caplog.messages[0]


@EVERY
def test_the_history_gives_times_at_once(engine, wasm, tmp_path):
    history = [sample(step).row for step in range(35)]
    estimates, _ = begun(wasm, tmp_path, (engine,), history, now=69.0)
    [row] = estimates.rows(calculation.Moment(1.8e9 + 69, 69.0))
    assert (row.heater, row.phase) == ("bed", "heating")
    assert abs(row.remaining - 2 * (89 - 54)) < 1


def test_half_an_hour_of_history_fits(wasm, tmp_path):
    heaters = [f"tool{index}" for index in range(8)] + ["bed", "chamber", "dryer"]
    history = [
        sample(
            step,
            **{name: {"actual": 20.0 + 0.05 * step, "target": 150.0} for name in heaters},
        ).row
        for step in range(900)
    ]
    wanted = Wanted(settings.DEFAULTS, calculation.Profile("one", 8))
    only = (engines.Wasmtime,)
    estimates, _ = begun(wasm, tmp_path, only, history, wanted, now=1800.0)
    rows = estimates.rows(calculation.Moment(1.8e9 + 1800, 1800.0))
    assert {row.heater for row in rows} == set(heaters)
    # With the fuel that it is given, and within the memory.
    assert estimates.engine == "wasmtime"


def test_junk_names_and_values_do_no_harm(wasm, tmp_path):
    estimates, _ = begun(wasm, tmp_path)
    junk = {f"junk{number}": {"actual": 1.0, "target": 2.0} for number in range(1000)}
    odd = {"a": 5, "b": [1], "c": {"actual": {}, "target": "x"}, "": {}, "é" * 99: {}}
    heaters = {"bed": {"actual": 10**400, "target": 60}, 5: {"actual": 1, "target": 2}}
    for step in range(5):
        estimates.take([sample(step, **{"tool0": {"actual": 20.0 + step, "target": 99}})])
        estimates.take([sample(step)._replace(row={"time": "now", **heaters})])
        estimates.take([sample(step)._replace(row={**sample(step).row, **odd, **junk})])
        estimates.take([sample(step)._replace(row={})])
    rows = estimates.rows(sample(5).moment)
    assert estimates.engine == "wasmtime"
    assert len(rows) <= 40


def test_what_it_costs_is_told_where_that_is_wanted(wasm, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    estimates, clock = begun(wasm, tmp_path)
    for step in range(35):
        clock.now = 2.0 * step
        estimates.take([sample(step)])
        estimates.rows(sample(step).moment)
    told = [text for text in caplog.messages if "messages for MQTT" in text]
    assert len(told) == 1
    assert re.fullmatch(
        r"31 messages for MQTT: [\d.]+ ms mean, [\d.]+ ms worst; \d+ KiB", told[0]
    )


def test_another_printer_has_taught_something_else(wasm, tmp_path):
    store = Store(str(tmp_path), logging.getLogger("relay"))
    store.write("lessons-one", {"version": 1, "heaters": {"bed": [1.0, 2.0]}})
    history = [sample(step).row for step in range(35)]
    estimates, _ = begun(wasm, tmp_path, history=history, now=69.0)
    assert estimates.rows(calculation.Moment(1.8e9 + 69, 69.0))
    # What makes no sense is forgotten.
    assert store.read("lessons-one", lambda data: data)["heaters"] == {}
    other = Wanted(settings.DEFAULTS, calculation.Profile("../two", 1))
    estimates.follow(other)
    assert estimates.engine == "wasmtime"
    # Its history is the other printer's.
    assert estimates.rows(calculation.Moment(1.8e9 + 70, 70.0)) == []
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*"))


def test_what_is_missing_and_how_to_get_it(monkeypatch):
    both = {"paho-mqtt": "2.2.0", "wasmtime": "50.0.1"}
    assert needs.missing(both) == []
    assert needs.missing({}) == [needs.CLIENT, needs.ENGINE]
    for version in ("1.5.1", "3.0.0"):
        assert needs.missing({**both, "paho-mqtt": version}) == [needs.CLIENT]
    assert needs.missing({**both, "paho-mqtt": "1.6.1"}) == []
    # It is installed, and yet it does not run.
    assert needs.missing(both, "no_client", "wasmtime") == [needs.CLIENT]
    assert needs.missing(both, "connected", "") == [needs.SMALL_ENGINE]
    assert needs.missing({**both, "wasmtime": "9.0"}, None, "") == [needs.ENGINE]
    assert needs.missing({**both, "pywasm3": "0.5"}, None, "") == [needs.ENGINE]
    assert needs.missing(both, "connected", "wasm3") == []
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert needs.missing({}) == [needs.CLIENT, needs.SMALL_ENGINE]


def test_the_line_that_installs_it(monkeypatch):
    assert needs.install_line([]) == ""
    line = needs.install_line([needs.CLIENT])
    assert line == f"{sys.executable} -m pip install 'paho-mqtt>=1.6.1,<3'"
    monkeypatch.setattr(needs, "versions", lambda: {"paho-mqtt": "2.2.0"})
    report = needs.report("no_client", "wasm3")
    assert report["missing"] == [needs.CLIENT]
    assert " --force-reinstall 'paho-mqtt" in report["install"]
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\python.exe")
    monkeypatch.setattr(needs.os, "name", "nt")
    assert needs.install_line([needs.CLIENT, needs.ENGINE]) == (
        r'"C:\Program Files\python.exe" -m pip install '
        '"paho-mqtt>=1.6.1,<3" "wasmtime>=45"'
    )


def test_the_extra_is_what_is_said_to_be_missing():
    root = pathlib.Path(settings.__file__).parent.parent
    declared = (root / "pyproject.toml").read_text("utf-8")
    for package in (needs.CLIENT, needs.ENGINE, needs.SMALL_ENGINE):
        assert f'"{package}' in declared
