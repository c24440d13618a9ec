"""From the settings of earlier versions to those of this one.

Version 1 is the first that is numbered. Before it there are those of TempETA 0.8 and
older, which has most of our keys and checked few of their values.
"""

from dataclasses import dataclass, field

from . import settings

VERSION = 1


@dataclass
class Migration:
    """Settings to store, and what became of those that were there."""

    stored: dict
    kept: list = field(default_factory=list)
    # Keys that have their default again, with the reason.
    reset: dict = field(default_factory=dict)
    removed: list = field(default_factory=list)

    def __str__(self):
        parts = [
            "kept " + ", ".join(self.kept) if self.kept else "",
            "reset to default: " + settings.said(self.reset) if self.reset else "",
            "removed " + ", ".join(self.removed) if self.removed else "",
        ]
        return "; ".join(filter(None, parts)) or "nothing to keep"


def migrate(stored, version):
    """Bring settings of `version` (None if it has no number) to `VERSION`."""
    migration = Migration(stored if isinstance(stored, dict) else {})
    for step in STEPS[version or 0 :]:
        migration = step(migration)
    return migration


def number_them(before):
    """To version 1: same keys keep their values, if these are possible."""
    stored = {
        key: value for key, value in before.stored.items() if key in settings.DEFINITIONS
    }
    topic = stored.get("mqtt_base_topic")
    if isinstance(topic, str):
        # Empty levels at the ends were taken.
        stored["mqtt_base_topic"] = topic.strip().strip("/") or topic
    usable, refused = settings.mended(stored)
    return Migration(
        usable,
        kept=sorted(usable),
        reset=refused,
        removed=sorted(str(key)[:60] for key in before.stored if key not in stored)[:20],
    )


# The step at index n leads from version n to n + 1.
STEPS = [number_them]
