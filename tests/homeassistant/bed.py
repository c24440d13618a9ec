"""A bed that is announced to Home Assistant with no relay behind it."""

from broker import until

from octoprint_temp_eta import settings
from octoprint_temp_eta.relay import discovery, payloads
from octoprint_temp_eta.relay.topics import Topics

TOPICS = Topics(settings.DEFAULTS, "Ender", "0123456789ab")


def announce(listener, core, all_enabled=False):
    """Has `core` know the bed's three sensors, the disabled one too if that is to be."""
    device = discovery.device(
        TOPICS,
        ["bed"],
        identity="0123456789ab",
        name="Ender",
        version="1.2.3",
        url="",
        interval=1.0,
        tools=1,
    )
    if all_enabled:
        # What is not enabled has no state.
        del device["cmps"]["bed_eta"]["en"]
    listener.publish(TOPICS.discovery, payloads.encoded(device), retain=True)
    listener.publish(TOPICS.availability, "online", retain=True)
    until(lambda: len(core.sensors()) == 3, what="device")
