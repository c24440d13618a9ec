"""Migration of earlier settings, above all those of TempETA 0.8.9."""

import pathlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from octoprint_temp_eta import migration, validation

DATA = pathlib.Path(__file__).parent.parent / "data"
OLD = yaml.safe_load((DATA / "config-0.8.9.yaml").read_text(encoding="utf-8"))
DROPPED = [
    "persist_backoff_initial_s",
    "persist_backoff_max_s",
    "persist_backoff_reset_s",
    "persist_max_json_bytes",
]
NEVER_VALID = ["color_heating", "mqtt_broker_port", "mqtt_qos", "temp_display"]


def test_settings_of_0_8_9_are_migrated():
    assert len(OLD) == 55
    migrated = migration.migrate(OLD, None)
    assert migrated.removed == DROPPED
    assert sorted(migrated.reset) == NEVER_VALID
    kept = {key: OLD[key] for key in OLD if key not in DROPPED + NEVER_VALID}
    assert migrated.stored == {**kept, "mqtt_base_topic": "workshop/heat"}
    assert migrated.kept == sorted(kept)
    assert validation.validate(migrated.stored) == (migrated.stored, {})


def test_summary_is_one_line():
    line = str(migration.migrate(OLD, None))
    assert "\n" not in line
    for key in DROPPED + NEVER_VALID + ["algorithm"]:
        assert key in line
    assert "s3cret" not in line


def test_settings_of_this_version_are_kept():
    stored = {"algorithm": "adaptive"}
    migrated = migration.migrate(stored, migration.VERSION)
    assert migrated.stored == stored
    assert str(migrated) == "nothing to keep"


@pytest.mark.parametrize("stored", ["hello", [1], 5, None])
def test_invalid_settings_are_dropped(stored):
    assert migration.migrate(stored, None).stored == {}


@given(st.dictionaries(st.sampled_from(sorted(OLD)) | st.text(), st.none() | st.floats()))
def test_migrated_settings_are_always_valid(stored):
    migrated = migration.migrate(stored, None)
    assert validation.sanitize(migrated.stored) == (migrated.stored, {})
