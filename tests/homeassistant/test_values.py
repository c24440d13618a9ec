"""The states of Home Assistant's sensors for the published ETAs."""

import json
from datetime import datetime, timezone

import pytest
from bed import TOPICS, announce
from broker import Listener, until

from octoprint_temp_eta.calculation.core_abi import PHASES, REASONS, Row
from octoprint_temp_eta.outlets import payloads

NOW = 1_750_000_001.25
MARKER = {"finish_at": None, "eta_seconds": -1, "state": None}


def row(phase="heating", remaining=None, reason=None, actual=30.0):
    return Row("bed", phase, actual, 60.0, 60.0, remaining, None, None, reason, 0.5)


@pytest.fixture
def shown(broker, core):
    """A function that publishes a payload and returns the states of the bed's sensors."""
    listener = Listener(broker.port)
    announce(listener, core, all_enabled=True)

    def after(payload):
        # Another payload first, so that the arrival is visible.
        for message, arrived in [
            (json.dumps(MARKER), lambda: core.states()["bed_eta"] == "-1"),
            (payloads.encode(payload), lambda: core.states()["bed_eta"] != "-1"),
        ]:

            def sent(message=message, arrived=arrived):
                # Repeated until Home Assistant has subscribed.
                listener.publish(TOPICS.eta("bed"), message)
                return arrived()

            until(sent, what="message")
        core.settle()
        return core.states()

    yield after
    listener.close()


def test_remaining_time(core, shown):
    states = shown(payloads.eta(row(remaining=123.44), NOW))
    assert states["bed_state"] == "heating"
    assert float(states["bed_eta"]) == 123.4
    finish = datetime.fromisoformat(states["bed_at"])
    assert finish.utcoffset() is not None
    assert abs(finish.timestamp() - (NOW + 123.44)) <= payloads.FINISH_STEP_S / 2
    sensors = core.sensors()
    assert sensors["bed_at"].attributes["device_class"] == "timestamp"
    assert sensors["bed_eta"].attributes["unit_of_measurement"] == "s"
    assert sensors["bed_state"].attributes["options"] == list(PHASES)
    assert core.complaints == []


def test_longest_and_shortest_remaining_time(shown):
    assert float(shown(payloads.eta(row(remaining=86400.0), NOW))["bed_eta"]) == 86400
    states = shown(payloads.eta(row(remaining=0.0), NOW))
    assert float(states["bed_eta"]) == 0
    assert datetime.fromisoformat(states["bed_at"]) == datetime.fromtimestamp(
        round(NOW / 5) * 5, timezone.utc
    )


def test_all_phases_and_reasons(core, shown):
    for phase in PHASES:
        states = shown(payloads.eta(row(phase), NOW))
        assert states == {"bed_at": "unknown", "bed_eta": "unknown", "bed_state": phase}
    for reason in REASONS:
        assert shown(payloads.eta(row(reason=reason), NOW))["bed_state"] == "heating"
    assert core.complaints == []


def test_unknown_heater(core, shown):
    assert shown(payloads.eta(row(remaining=5.0), NOW))["bed_at"] != "unknown"
    assert set(shown(payloads.unknown("bed", NOW)).values()) == {"unknown"}
    assert core.complaints == []


def test_unknown_phase_is_a_warning(core, shown):
    shown(payloads.eta(row("melting"), NOW))
    assert any("melting" in complaint for complaint in core.complaints)
