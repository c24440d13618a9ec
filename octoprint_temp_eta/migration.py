"""Migrates the settings of earlier versions.

Version 1 is the first with a number. Settings without a number are from TempETA 0.8 or
older, which has most of our keys but validated few values.
"""

from dataclasses import dataclass, field

from . import settings, validation

VERSION = 1


@dataclass
class Migration:
    """The settings to store, and what was done with the previous ones."""

    stored: dict
    kept: list = field(default_factory=list)
    # Why keys got their default, by key.
    reset: dict = field(default_factory=dict)
    removed: list = field(default_factory=list)

    def __str__(self):
        parts = [
            "kept " + ", ".join(self.kept) if self.kept else "",
            "reset to default: " + validation.describe(self.reset) if self.reset else "",
            "removed " + ", ".join(self.removed) if self.removed else "",
        ]
        return "; ".join(filter(None, parts)) or "nothing to keep"


def migrate(stored, version):
    """Migrate settings of `version`, None for those without a number, to `VERSION`."""
    migration = Migration(stored if isinstance(stored, dict) else {})
    for step in STEPS[version or 0 :]:
        migration = step(migration)
    return migration


def to_version_1(previous):
    """Keep the valid values of keys that still exist."""
    stored = {
        key: value
        for key, value in previous.stored.items()
        if key in settings.DEFINITIONS
    }
    topic = stored.get("mqtt_base_topic")
    if isinstance(topic, str):
        # TempETA 0.8 accepted empty levels at the ends.
        stored["mqtt_base_topic"] = topic.strip().strip("/") or topic
    usable, refused = validation.sanitize(stored)
    return Migration(
        usable,
        kept=sorted(usable),
        reset=refused,
        removed=sorted(str(key)[:60] for key in previous.stored if key not in stored)[
            :20
        ],
    )


# The step at index n migrates from version n to n + 1.
STEPS = [to_version_1]
