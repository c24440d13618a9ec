"""The WebAssembly runtimes, the core in them, and their failures."""

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
from simulation import ONE_TOOL, said, sample, start

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi, requirements, runtimes
from octoprint_temp_eta.calculation.context import Config, Context
from octoprint_temp_eta.calculation.runner import CoreRunner

wasmtime = pytest.importorskip("wasmtime")

EVERY = pytest.mark.parametrize("runtime", runtimes.RUNTIMES, ids=lambda it: it.name)


def module(ingest):
    """A module with our interface in which `eta_ingest` does something else."""
    return bytes(
        wasmtime.wat2wasm(
            f"""(module
            (memory (export "memory") 1)
            (func (export "eta_abi") (result i32) i32.const {core_abi.ABI})
            (func (export "eta_mailbox") (result i32) i32.const 0)
            (func (export "eta_capacity") (result i32) i32.const 4096)
            (func (export "eta_configure") (param i32) (result i32) i32.const 1)
            (func (export "eta_equip") (param i32) (result i32) i32.const 1)
            (func (export "eta_choose") (param i32) (result i32) i32.const 1)
            (func (export "eta_forget"))
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


def test_module_has_no_imports_and_the_expected_exports(wasm):
    parsed = wasmtime.Module(wasmtime.Engine(), wasm)
    assert list(parsed.imports) == []
    names = {export.name for export in parsed.exports if export.name[:4] == "eta_"}
    source = (WASM.parent.parent.parent / "src/bindings/server.rs").read_text("utf-8")
    assert names == {part.split("(")[0] for part in source.split('extern "C" fn ')[1:]}


def test_module_is_small(wasm):
    # It contains the whole calculation; docs/mqtt.md gives its cost.
    assert len(wasm) < 106_000


def test_preferred_runtime_is_used(wasm):
    runtime, problems = runtimes.open_runtime(wasm)
    assert (runtime.name, problems) == ("wasmtime", {})


@pytest.mark.parametrize("error", [ImportError, RuntimeError, OSError, SyntaxError])
def test_next_runtime_is_used_after_any_error(wasm, monkeypatch, error):
    class Broken(types.ModuleType):
        def __getattr__(self, name):
            raise error("wrong machine")

    monkeypatch.setitem(sys.modules, "wasmtime", Broken("wasmtime"))
    runtime, problems = runtimes.open_runtime(wasm)
    assert runtime.name == "wasm3"
    assert set(problems) == {"wasmtime", "wasmtime-pulley"}
    assert "wrong machine" in problems["wasmtime"]


def test_old_wasmtime_is_not_used(wasm, monkeypatch):
    monkeypatch.setitem(sys.modules, "wasmtime", types.SimpleNamespace(Config=object))
    runtime, problems = runtimes.open_runtime(wasm)
    assert runtime.name == "wasm3" and "older than 45" in problems["wasmtime"]


def test_no_runtime_is_logged_once(wasm, monkeypatch, caplog, tmp_path):
    caplog.set_level(logging.INFO)
    for package in ("wasmtime", "wasm3"):
        monkeypatch.setitem(sys.modules, package, None)
    runner, _ = start(wasm, tmp_path)
    assert runner.runtime is None and len(caplog.messages) == 1
    runner.ingest([sample(0)])
    assert runner.results(sample(0).moment).rows == []
    assert len(caplog.messages) == 1


def test_pulley_runs_without_executable_memory(tmp_path):
    """As with systemd's MemoryDenyWriteExecute=, here by PR_SET_MDWE of Linux 6.3."""
    script = (
        "import ctypes, sys, without_octoprint\n"
        "if ctypes.CDLL(None).prctl(65, 1, 0, 0, 0): sys.exit(77)\n"
        "from octoprint_temp_eta.calculation.runtimes import open_runtime\n"
        "runtime, problems = open_runtime(open(sys.argv[1], 'rb').read())\n"
        "print(runtime.name, runtime.call('eta_abi'), problems)\n"
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
    assert run.stdout.startswith(f"wasmtime-pulley {core_abi.ABI}"), run.stderr
    assert "executable" in run.stdout


# How often a process is measured. The first time, Python may have to compile the packages
# it imports, paho-mqtt with 6 MB; that is not the service's.
MEASUREMENTS = 3


@pytest.mark.parametrize(("runtime", "megabytes"), [("wasmtime", 15), ("wasm3", 5)])
def test_service_adds_little_to_its_process(runtime, megabytes, broker):
    """Two threads, no signal handlers, no large memory reservations."""
    script = pathlib.Path(__file__).parent / "measured_process.py"
    command = [sys.executable, str(script), str(broker.port), runtime]
    # Without the pages of mapped files: who else uses those decides how many count.
    kilobytes, most = [], megabytes * 1024
    for _ in range(MEASUREMENTS):
        answer = subprocess.run(
            command, capture_output=True, encoding="utf-8", timeout=5 * PATIENCE_S
        )
        assert answer.returncode == 0, answer.stderr
        measured = json.loads(answer.stdout)
        assert measured["names"] == ["temp_eta broker", "temp_eta server"]
        before, after = measured["before"], measured["after"]
        assert after["SigCgt"] == before["SigCgt"]
        assert int(after["Threads"]) - int(before["Threads"]) == 2
        # A thread's stack counts as 8 MB here, and its arena of the C library as 64.
        assert int(after["VmSize"]) - int(before["VmSize"]) < 256 * 1024
        kilobytes.append(int(after["RssAnon"]) - int(before["RssAnon"]))
        if kilobytes[-1] <= most:
            break
    assert min(kilobytes) <= most, kilobytes


@pytest.mark.parametrize("broken", BROKEN)
@EVERY
def test_failure_is_logged_once_and_followed_by_a_restart(
    runtime, broken, caplog, tmp_path
):
    if (runtime, broken) == (runtimes.Wasm3, "no end"):
        pytest.skip("wasm3 has no fuel; the module is ours")
    runner, clock = start(module(BROKEN[broken]), tmp_path, (runtime,))
    # The history already causes the failure.
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    runner.ingest([sample(1), sample(2)])
    assert len(caplog.records) == 1 and runner.runtime is None
    for second in range(1, 16):
        clock.now = float(second)
        runner.ingest([sample(second)])
    # Restarted after 1, 2, 4 and 8 seconds.
    assert len(caplog.records) == 5


@pytest.mark.parametrize("count", [-1, 9, 10, 4097, 2**31 - 1])
@EVERY
def test_invalid_results_are_a_failure(
    runtime, count, wasm, tmp_path, monkeypatch, caplog
):
    runner, _ = start(wasm, tmp_path, (runtime,))
    call = runtime.call
    monkeypatch.setattr(
        runtime,
        "call",
        lambda self, function, *arguments, **options: (
            count
            if function == "eta_snapshot"
            else call(self, function, *arguments, **options)
        ),
    )
    runner.ingest([sample(0)._replace(row={"time": 1.8e9, "bed": None})])
    runner._core.runtime.write(runner._core._mailbox, [1e9] * 10)
    assert runner.results(sample(0).moment).rows == []
    assert runner.runtime is None and len(caplog.messages) == 1


def test_missing_module_is_logged_once(tmp_path, caplog):
    def missing():
        raise FileNotFoundError("no such file: temp_eta_server.wasm")

    log = logging.getLogger("mqtt")
    context = Context(wasm=missing, folder=str(tmp_path), version="1", log=log)
    runner = CoreRunner(context)
    runner.configure(ONE_TOOL)
    for step in range(5):
        runner.ingest([sample(step)])
        assert runner.results(sample(step).moment).rows == []
    assert len(caplog.messages) == 1 and "temp_eta_server.wasm" in caplog.messages[0]
    assert "temp_eta_server.wasm" in runner.problems["the module"]


@EVERY
def test_core_continues_after_a_restart(runtime, wasm, tmp_path, monkeypatch, caplog):
    runner, clock = start(wasm, tmp_path, (runtime,))
    runner.ingest([sample(step) for step in range(5)])
    assert runner.results(sample(4).moment).rows[0].remaining
    call = runtime.call

    def breaks(self, function, *arguments, **options):
        if function == "eta_snapshot":
            raise runtimes.WasmError("on purpose")
        return call(self, function, *arguments, **options)

    monkeypatch.setattr(runtime, "call", breaks)
    assert runner.results(sample(5).moment).rows == []
    monkeypatch.setattr(runtime, "call", call)
    clock.now = 2.0
    runner.ingest([sample(step) for step in range(5, 10)])
    assert runner.results(sample(9).moment).rows[0].remaining
    assert len(caplog.messages) == 1 and "on purpose" in caplog.messages[0]


@EVERY
def test_a_module_of_another_form_is_not_used(
    runtime, wasm, tmp_path, caplog, monkeypatch
):
    message = f"interface version {core_abi.ABI}, not 99"
    monkeypatch.setattr(core_abi, "ABI", 99)
    runner, _ = start(wasm, tmp_path, (runtime,))
    assert runner.runtime is None
    assert message in caplog.messages[0]


@EVERY
def test_history_gives_an_eta_at_once(runtime, wasm, tmp_path):
    history = [sample(step).row for step in range(35)]
    runner, _ = start(wasm, tmp_path, (runtime,), history, now=69.0)
    [row] = runner.results(core_abi.Moment(1.8e9 + 69, 69.0)).rows
    assert (row.heater, row.phase) == ("bed", "heating")
    assert abs(row.remaining - 2 * (89 - 54)) < 1


def test_half_an_hour_of_history_is_accepted(wasm, tmp_path):
    heaters = [f"tool{index}" for index in range(8)] + ["bed", "chamber", "dryer"]
    history = [
        sample(
            step,
            **{name: {"actual": 20.0 + 0.05 * step, "target": 150.0} for name in heaters},
        ).row
        for step in range(900)
    ]
    counted = {**settings.DEFAULTS, "heaters": said(("dryer", True))}
    config = Config(counted, core_abi.Profile("one", 8))
    only = (runtimes.Wasmtime,)
    runner, _ = start(wasm, tmp_path, only, history, config, now=1800.0)
    rows = runner.results(core_abi.Moment(1.8e9 + 1800, 1800.0)).rows
    assert {row.heater for row in rows} == set(heaters)
    # Fuel and memory suffice.
    assert runner.runtime == "wasmtime"


def test_invalid_names_and_values_are_ignored(wasm, tmp_path):
    runner, _ = start(wasm, tmp_path)
    junk = {f"junk{number}": {"actual": 1.0, "target": 2.0} for number in range(1000)}
    odd = {"a": 5, "b": [1], "c": {"actual": {}, "target": "x"}, "": {}, "é" * 99: {}}
    heaters = {"bed": {"actual": 10**400, "target": 60}, 5: {"actual": 1, "target": 2}}
    for step in range(5):
        runner.ingest([sample(step, **{"tool0": {"actual": 20.0 + step, "target": 99}})])
        runner.ingest([sample(step)._replace(row={"time": "now", **heaters})])
        runner.ingest([sample(step)._replace(row={**sample(step).row, **odd, **junk})])
        runner.ingest([sample(step)._replace(row={})])
    rows = runner.results(sample(5).moment).rows
    assert runner.runtime == "wasmtime"
    assert {row.heater for row in rows} == {"tool0", "bed"}


def test_timing_is_logged_at_debug_level(wasm, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    runner, clock = start(wasm, tmp_path)
    for step in range(35):
        clock.now = 2.0 * step
        runner.ingest([sample(step)])
        runner.results(sample(step).moment)
    logged = [text for text in caplog.messages if "messages: " in text]
    assert len(logged) == 1
    assert re.fullmatch(
        r"31 messages: [\d.]+ ms mean, [\d.]+ ms worst; \d+ KiB", logged[0]
    )


def test_learned_models_belong_to_a_printer_profile(wasm, tmp_path):
    history = [sample(step).row for step in range(35)]
    runner, _ = start(wasm, tmp_path, history=history, now=69.0)
    assert runner.results(core_abi.Moment(1.8e9 + 69, 69.0)).rows
    other = Config(settings.DEFAULTS, core_abi.Profile("../two", 1))
    runner.configure(other)
    assert runner.runtime == "wasmtime"
    # The history belongs to the other printer.
    assert runner.results(core_abi.Moment(1.8e9 + 70, 70.0)).rows == []
    assert all(file.parent == tmp_path for file in tmp_path.rglob("*"))


def test_missing_requirements(monkeypatch):
    both = {"paho-mqtt": "2.2.0", "wasmtime": "50.0.1"}
    assert requirements.missing(both) == []
    assert requirements.missing({}) == [requirements.CLIENT, requirements.RUNTIME]
    for version in ("1.5.1", "3.0.0"):
        assert requirements.missing({**both, "paho-mqtt": version}) == [
            requirements.CLIENT
        ]
    assert requirements.missing({**both, "paho-mqtt": "1.6.1"}) == []
    # Installed, but not usable.
    assert requirements.missing(both, "no_client", "wasmtime") == [requirements.CLIENT]
    assert requirements.missing(both, "connected", "") == [requirements.SMALL_RUNTIME]
    assert requirements.missing({**both, "wasmtime": "9.0"}, None, "") == [
        requirements.RUNTIME
    ]
    assert requirements.missing({**both, "pywasm3": "0.5"}, None, "") == [
        requirements.RUNTIME
    ]
    assert requirements.missing(both, "connected", "wasm3") == []
    monkeypatch.setattr(sys, "maxsize", 2**31 - 1)
    assert requirements.missing({}) == [requirements.CLIENT, requirements.SMALL_RUNTIME]


def test_install_command(monkeypatch):
    assert requirements.install_command([]) == ""
    line = requirements.install_command([requirements.CLIENT])
    assert line == f"{sys.executable} -m pip install 'paho-mqtt>=1.6.1,<3'"
    monkeypatch.setattr(requirements, "versions", lambda: {"paho-mqtt": "2.2.0"})
    report = requirements.report("no_client", "wasm3")
    assert report["missing"] == [requirements.CLIENT]
    assert " --force-reinstall 'paho-mqtt" in report["install"]
    monkeypatch.setattr(sys, "executable", r"C:\Program Files\python.exe")
    monkeypatch.setattr(requirements.os, "name", "nt")
    assert requirements.install_command([requirements.CLIENT, requirements.RUNTIME]) == (
        r'"C:\Program Files\python.exe" -m pip install '
        '"paho-mqtt>=1.6.1,<3" "wasmtime>=45"'
    )


def test_extra_matches_the_requirements():
    root = pathlib.Path(settings.__file__).parent.parent
    declared = (root / "pyproject.toml").read_text("utf-8")
    for package in (
        requirements.CLIENT,
        requirements.RUNTIME,
        requirements.SMALL_RUNTIME,
    ):
        assert f'"{package}' in declared
