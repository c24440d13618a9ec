"""Which heaters are counted: the core decides, and `Config.counts` must agree with it."""

import pytest
from simulation import ONE_TOOL, said, sample, start

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi
from octoprint_temp_eta.calculation.context import Config

NAMES = ("tool0", "tool1", "tool2", "bed", "chamber", "dryer", "rpi", "tool300", "W")
OWNERS = [
    said(),
    said(("dryer", True), ("rpi", False, "Pi"), ("bed", True, "Bett")),
    said(("tool0", False), ("chamber", True), ("tool300", True), ("dryer", True)),
    said(*((name, False) for name in NAMES)),
    said(*((name, True) for name in NAMES)),
]


@pytest.mark.parametrize("own", OWNERS)
@pytest.mark.parametrize(
    "profile", [core_abi.Profile("a", 2, True, False), core_abi.Profile("b", 1, False)]
)
def test_what_is_counted_is_what_the_core_counts(own, profile, wasm, tmp_path):
    config = Config({**settings.DEFAULTS, "heaters": own}, profile)
    runner, _ = start(wasm, tmp_path, config=config)
    # Chatter first: it must not take what heaters need.
    names = [*(f"x{number}" for number in range(100)), *NAMES]
    runner.ingest([sample(1, **{it: {"actual": 30.0, "target": 60.0} for it in names})])
    rows = runner.results(sample(1).moment).rows
    assert {row.heater for row in rows} == {it for it in names if config.counts(it)}


def test_choice_takes_effect_while_it_runs(wasm, tmp_path):
    runner, _ = start(wasm, tmp_path)
    row = {name: {"actual": 30.0, "target": 60.0} for name in ("tool0", "bed", "dryer")}

    def counted(step, *choices):
        runner.configure(
            Config({**settings.DEFAULTS, "heaters": said(*choices)}, ONE_TOOL.profile)
        )
        runner.ingest([sample(step, **row)])
        return {row.heater for row in runner.results(sample(step).moment).rows}

    assert counted(1) == {"tool0", "bed"}
    assert counted(2, ("dryer", True), ("tool0", False)) == {"dryer", "bed"}
    assert counted(3, ("bed", True, "Bett")) == {"tool0", "bed"}
