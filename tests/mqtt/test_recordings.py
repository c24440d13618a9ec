"""What is published while a printer says what tests/data/printers has recorded."""

from pathlib import Path

import pytest
from simulation import START_S, payloads, start

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi
from octoprint_temp_eta.calculation.context import Config, Sample
from octoprint_temp_eta.mqtt.messages import MessageSchedule
from octoprint_temp_eta.mqtt.topics import Topics
from octoprint_temp_eta.outlets.step import Step
from tests.printers import messages

RECORDINGS = Path(__file__).parent.parent / "data" / "printers"


def published(wasm, folder, recording, algorithm, **profile):
    """Play a whole recording; returns its messages as (topic, payload)."""
    config = Config(
        {**settings.DEFAULTS, "algorithm": algorithm},
        core_abi.Profile(recording, **{"tools": 1, "bed": True, **profile}),
    )
    runner, clock = start(wasm, folder, config=config)
    schedule = MessageSchedule(Topics(config.settings, "", "id"), config.settings)
    sent = []
    for heard in messages.convert(RECORDINGS / f"{recording}.lines", profile):
        clock.now, (row,) = heard["at"], heard["message"]["temps"]
        moment = core_abi.Moment(START_S + clock.now, clock.now)
        events = runner.ingest([Sample(moment, row=row)])
        step = Step(config, moment, *runner.results(moment), events, clock.now, "wasm")
        sent += schedule.due(step)
    return list(zip([it.topic for it in sent], payloads(sent)))


@pytest.mark.parametrize("algorithm", ["linear", "exponential", "adaptive"])
@pytest.mark.parametrize("recording", ["weak_bed_noise", "weak_bed_quiet"])
def test_weak_bed_changes_its_state_a_few_times(recording, algorithm, wasm, tmp_path):
    sent = published(wasm, tmp_path, recording, algorithm, chamber=False)
    states = [it["state"] for topic, it in sent if topic.endswith("bed/state_change")]
    assert states in (["stalled"], ["heating", "stalled"])
    last = next(it for topic, it in reversed(sent) if topic.endswith("bed/eta"))
    assert (last["eta_seconds"], last["reason"]) == (None, "levels_off")


@pytest.mark.parametrize(
    "recording, profile, heaters",
    [
        ("klipper_rpi", {"bed": False, "chamber": False}, {"tool0"}),
        (
            "xl",
            {"tools": 6, "chamber": False},
            {f"tool{it}" for it in range(6)} | {"bed"},
        ),
    ],
)
def test_sensors_and_tiles_are_not_published(recording, profile, heaters, wasm, tmp_path):
    sent = published(wasm, tmp_path, recording, "linear", **profile)
    assert {it["heater"] for _, it in sent if "heater" in it} == heaters
