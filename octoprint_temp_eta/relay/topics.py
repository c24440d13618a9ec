"""Where the relay publishes.

static/js/topic.js says the same in the form; tests/data/topics.json holds both to it.
"""

import re

# Characters that would be another level, a wildcard, or trouble for a client.
UNFIT = re.compile(r"[\s+#/\x00-\x1f\x7f-\x9f]+")

LONGEST_LEVEL = 64


def level(name):
    """`name` as one level of a topic; empty if nothing of it is left."""
    return UNFIT.sub("_", name.strip())[:LONGEST_LEVEL].strip("_")


def base(settings, appearance_name):
    """The topic above all heaters: the base, and what tells this printer apart."""
    own = settings["mqtt_custom_identifier"]
    if settings["mqtt_use_appearance_name"]:
        own = appearance_name or ""
    own = level(own)
    return settings["mqtt_base_topic"] + ("/" + own if own else "")
