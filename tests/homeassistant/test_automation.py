"""The automations in the documentation."""

import re
import time

import without_octoprint
import yaml
from bed import TOPICS, announce
from broker import Listener, until

from octoprint_temp_eta.calculation.core_abi import Row
from octoprint_temp_eta.outlets import payloads


def automations():
    text = (without_octoprint.ROOT / "docs" / "mqtt.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.+?)```", text, re.DOTALL)
    return yaml.safe_load(block)


def test_automations_notify_about_the_bed(broker, core):
    listener = Listener(broker.port)
    announce(listener, core)
    notified = core.automate(automations())

    def publish(phase, remaining=None):
        row = Row("bed", phase, 30.0, 60.0, 60.0, remaining, None, None, None, 0.5)
        payload = payloads.eta(row, time.time())
        listener.publish(TOPICS.eta("bed"), payloads.encode(payload))

    def becomes(phase, remaining=None):
        # Repeated until Home Assistant has subscribed.
        def has_state():
            publish(phase, remaining)
            return core.states()["bed_state"] == phase

        until(has_state, what=phase)

    becomes("heating", 300.0)
    core.settle()
    assert notified == []
    # A minute and some seconds; the sensor's time is rounded to 5 s.
    publish("heating", 66.0)
    until(lambda: notified == ["Bed ready in one minute."], 20.0, "first message")
    becomes("at_target")
    until(lambda: notified[1:] == ["The bed is hot."], what="second message")
    assert core.complaints == []
    listener.close()
