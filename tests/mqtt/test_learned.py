"""MQTT publishing shares what was learned with browsers: the real core and real files."""

import json
import pathlib

import pytest
from simulation import bed, learned_in, sample, start

DATA = pathlib.Path(__file__).parent.parent / "data"

# A bed's state with several heat-ups, as version 0.1.0 wrote it.
STORED = json.loads((DATA / "state-0.1.0.json").read_text())

# Where a state has its number of heat-ups.
HEAT_UPS = 2

# Steps of two seconds from one heat-up to the next.
APART = 2000


@pytest.fixture
def learned(tmp_path):
    return learned_in(tmp_path)


def heat_up(*runners, number=0):
    """Let the bed heat up from cold; with another `number` it is a later heat-up."""
    for step in range(120):
        target = 60.0 if step > 5 else 0.0
        # A heater responds with a delay.
        actual = min(60.0, 22.0 + 0.5 * max(0, step - 8))
        for runner in runners:
            runner.ingest([sample(step + APART * number, **bed(actual, target))])


def heat_ups(learned):
    """The revision of the bed's entry, and its number of heat-ups."""
    entry = learned.of("one").content.entries["bed"]
    return entry.revision, entry.numbers[HEAT_UPS]


def test_a_heat_up_is_learned_once_by_two(wasm, tmp_path, learned):
    both = [start(wasm, tmp_path, learned=learned)[0] for _ in range(2)]
    for number in range(3):
        heat_up(*both, number=number)
        assert heat_ups(learned) == (number + 1, number + 1)


def test_whoever_is_slower_takes_the_state_of_the_other(wasm, tmp_path, learned):
    runner, _ = start(wasm, tmp_path, learned=learned)
    shared, results = learned.of("one"), []
    write = shared.write

    def write_later(*arguments):
        # A browser writes between the moment the runner looks and its own write.
        write("bed", STORED, based_on=0)
        results.append(write(*arguments).result)
        return write(*arguments)

    shared.write = write_later
    heat_up(runner)
    assert results == ["outdated"]
    assert heat_ups(learned) == (1, STORED[HEAT_UPS])
    del shared.write
    heat_up(runner, number=1)
    assert heat_ups(learned) == (2, STORED[HEAT_UPS] + 1)


def test_what_a_browser_stores_or_deletes_is_used_at_once(wasm, tmp_path, learned):
    runner, _ = start(wasm, tmp_path, learned=learned)
    heat_up(runner)
    shared = learned.of("one")
    assert shared.write("bed", STORED, based_on=1).result == "stored"
    heat_up(runner, number=1)
    assert heat_ups(learned) == (3, STORED[HEAT_UPS] + 1)
    shared.delete()
    heat_up(runner, number=2)
    assert heat_ups(learned) == (5, 1), "nothing of the deleted is left"


def test_an_invalid_state_is_not_used_and_replaced(wasm, tmp_path, learned):
    shared = learned.of("one")
    shared.write("bed", [1.0, 2.0], based_on=0)
    shared.write("no heater", [9.0], based_on=0)
    runner, _ = start(wasm, tmp_path, learned=learned)
    assert runner.runtime
    heat_up(runner)
    assert heat_ups(learned) == (3, 1)


def test_learning_continues_on_a_full_disk(wasm, tmp_path, learned, caplog):
    # Nothing can be written where a folder is.
    blocking = tmp_path / "lessons-one.json.new"
    blocking.mkdir()
    runner, _ = start(wasm, tmp_path, learned=learned)
    for number in range(2):
        heat_up(runner, number=number)
    assert learned.of("one").content.entries == {}
    assert len([it for it in caplog.messages if "could not be written" in it]) == 1
    blocking.rmdir()
    heat_up(runner, number=2)
    assert heat_ups(learned) == (1, 3), "nothing is lost"


def test_the_file_of_the_first_version_is_carried_on(wasm, tmp_path, learned):
    file = tmp_path / "lessons-one.json"
    file.write_text(json.dumps({"version": 1, "heaters": {"bed": STORED}}))
    runner, _ = start(wasm, tmp_path, learned=learned)
    heat_up(runner)
    assert heat_ups(learned) == (2, STORED[HEAT_UPS] + 1)
    assert json.loads(file.read_text())["version"] == 2


def test_a_restarted_core_knows_it_again(wasm, tmp_path, learned, monkeypatch):
    runner, clock = start(wasm, tmp_path, learned=learned)
    heat_up(runner)
    runner._core = None
    clock.now = 1e4
    heat_up(runner, number=1)
    assert heat_ups(learned) == (2, 2)


def test_the_running_service_takes_what_a_browser_stores(make_printer, broker, tmp_path):
    folder = tmp_path / "data"
    learned = learned_in(folder)
    context = {"folder": str(folder), "learned": learned}
    printer = make_printer(broker.port, context=context)
    printer.wait_for_state("connected")
    printer.heat_for(0.2)
    assert learned.of("one").write("bed", STORED, 0).result == "stored"
    for step in range(120):
        printer.clock.passed += 2.0
        actual = min(60.0, 22.0 + 0.5 * max(0, step - 8))
        printer.report_row(**bed(actual, 60.0 if step > 5 else 0.0))
    assert heat_ups(learned) == (2, STORED[HEAT_UPS] + 1)
