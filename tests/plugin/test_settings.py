"""The definitions: one place, checked at every way in."""

import json
import math
import pathlib

import pytest

from octoprint_temp_eta import settings

DATA = pathlib.Path(__file__).parent.parent / "data"


def test_definitions_are_those_the_core_is_tested_against():
    expected = json.loads((DATA / "settings.json").read_text(encoding="utf-8"))
    actual = {}
    for key, definition in settings.DEFINITIONS.items():
        actual[key] = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(definition).items()
        }
    assert actual == expected


def test_defaults_pass_their_own_check():
    accepted, refused = settings.checked(settings.DEFAULTS)
    assert accepted == settings.DEFAULTS
    assert refused == {}


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("update_interval", 0.1, 0.1),
        ("update_interval", "2.5", 2.5),
        ("update_interval", 5, 5.0),
        ("enabled", False, False),
        ("algorithm", "exponential", "exponential"),
        ("algorithm", "adaptive", "adaptive"),
        ("cooldown_mode", "ambient", "ambient"),
        ("cooldown_ambient_temp", None, None),
        ("cooldown_ambient_temp", "", None),
        ("cooldown_ambient_temp", "21.5", 21.5),
        ("color_idle", "#A0b1C2", "#A0b1C2"),
        ("sound_volume", "0", 0.0),
        ("_config_version", 3, 3),
    ],
)
def test_accepts(key, value, stored):
    assert settings.checked({key: value}) == ({key: stored}, {})


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("update_interval", 0.09, "from 0.1 to 5.0 s"),
        ("update_interval", 5.1, "from 0.1 to 5.0 s"),
        ("update_interval", math.nan, "from 0.1 to 5.0 s"),
        ("update_interval", "inf", "from 0.1 to 5.0 s"),
        ("update_interval", "soon", "a number"),
        ("update_interval", "", "a number"),
        ("update_interval", None, "a number"),
        ("update_interval", True, "a number"),
        ("update_interval", [1.0], "a number"),
        ("update_interval", 10**400, "a number"),
        ("enabled", "yes", "true or false"),
        ("enabled", 1, "true or false"),
        ("algorithm", "magic", "linear, exponential"),
        ("algorithm", ["linear"], "linear, exponential"),
        ("algorithm", {}, "linear, exponential, adaptive"),
        ("cooldown_mode", "fridge", "threshold, ambient"),
        ("cooldown_ambient_temp", 81, "from 0.0 to 80.0 °C"),
        ("cooldown_target_bed", None, "a number"),
        ("color_idle", "#A0b1C2;", "a colour"),
        ("color_idle", "red", "a colour"),
        ("color_idle", None, "a colour"),
        ("sound_volume", 1.1, "from 0.0 to 1.0"),
    ],
)
def test_refuses_with_a_reason_and_keeps_the_rest(key, value, reason):
    accepted, refused = settings.checked({key: value, "show_in_sidebar": False})
    assert accepted == {"show_in_sidebar": False}
    assert list(refused) == [key]
    assert reason in refused[key]
