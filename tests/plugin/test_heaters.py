"""What the owner has said about heaters: the setting, and names that follow from it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octoprint_temp_eta import heaters, validation


def entry(heater, counted, name=""):
    return {"counted": counted, "heater": heater, "name": name}


def stored(*entries):
    accepted, refused = validation.validate({"heaters": list(entries)})
    assert refused == {}
    return accepted["heaters"]


def test_accepts_what_the_form_sends():
    said = [entry("tool0", False), entry("bed", True, "Bett"), entry("dryer", True)]
    assert stored(*said) == said
    assert stored() == []


def test_stores_only_what_differs_from_the_default():
    default = [entry("tool12", True), entry("chamber", True), entry("rpi", False)]
    kept = entry("rpi2", False, "Pi")
    assert stored(*default, kept) == [kept]


def test_trims_names_and_drops_other_keys():
    assert stored({**entry("bed", True, " Bett\u00a0"), "color": "red"}) == [
        entry("bed", True, "Bett")
    ]
    assert stored({"heater": "tool0", "counted": False}) == [entry("tool0", False)]


def test_accepts_the_limits():
    assert len(stored(*(entry(f"x{number}", True) for number in range(64)))) == 64
    longest = entry("é" * 32, True, "ä" * 40)
    assert stored(longest) == [longest]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "a list"),
        ({}, "a list"),
        ("bed", "a list"),
        ([entry(f"x{number}", True) for number in range(65)], "no more than 64"),
        (["bed"], "list of heaters"),
        ([{}], "as the printer reports them"),
        ([entry("", True)], "as the printer reports them"),
        ([entry("é" * 33, True)], "as the printer reports them"),
        ([entry("a\nb", True)], "as the printer reports them"),
        ([entry("\ud800", True)], "as the printer reports them"),
        ([entry(5, True)], "as the printer reports them"),
        ([entry(["bed"], True)], "as the printer reports them"),
        ([entry("bed", True), entry("bed", False)], "each heater once"),
        ([entry("__proto__", True)], "JavaScript reserves"),
        ([entry("bed", True, " constructor ")], "JavaScript reserves"),
        ([entry("bed", "yes")], "true or false"),
        ([entry("bed", 1)], "true or false"),
        ([entry("bed", None)], "true or false"),
        ([entry("bed", True, 5)], "text"),
        ([entry("bed", True, None)], "text"),
        ([entry("bed", True, "x" * 41)], "no longer than 40"),
        ([entry("bed", True, "a\u202eb")], "one line"),
        ([entry("bed", True, "a\nb")], "one line"),
        ([entry("bed", False), entry("dryer", 5)], "true or false"),
    ],
)
def test_refuses_the_whole_list_with_a_reason(value, reason):
    accepted, refused = validation.validate({"heaters": value, "enabled": False})
    assert accepted == {"enabled": False}
    assert list(refused) == ["heaters"] and reason in refused["heaters"]
    assert len(validation.describe(refused)) < 300


@given(st.lists(st.builds(entry, st.text(), st.booleans(), st.text()), max_size=5))
def test_accepted_lists_are_accepted_again_and_can_be_stored(entries):
    accepted, _ = validation.validate({"heaters": entries})
    assert validation.sanitize(accepted) == (accepted, {})
    assert repr(validation.sanitize(accepted)[0]) == repr(accepted), "no new file"
    json.dumps(accepted, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize(
    ("heater", "tools", "name"),
    [
        ("tool0", 1, "Tool"),
        ("tool0", 2, "Tool 0"),
        ("tool1", 2, "Left"),
        ("bed", 1, "Bed"),
        ("chamber", 1, "Chamber"),
        ("dryer", 1, "Filament"),
        ("rpi", 1, "rpi"),
        ("toolbox", 2, "toolbox"),
    ],
)
def test_names(heater, tools, name):
    said = [entry("tool1", False, "Left"), entry("dryer", True, "Filament")]
    assert heaters.name(heater, tools, [*said, entry("rpi", True)]) == name


def test_custom_heaters():
    names = ("tool0", "tool255", "tool256", "toolbox", "tool", "bed", "chamber", "dryer")
    custom = [name for name in names if heaters.is_custom(name)]
    assert custom == ["tool256", "toolbox", "tool", "dryer"]
