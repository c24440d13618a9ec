"""The automations of the documentation, as they stand there."""

import re
import time

import without_octoprint
import yaml
from bed import TOPICS, announce
from broker import Listener, until

from octoprint_temp_eta.relay import payloads
from octoprint_temp_eta.relay.calculation import Row


def automations():
    text = (without_octoprint.ROOT / "docs" / "mqtt.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.+?)```", text, re.DOTALL)
    return yaml.safe_load(block)


def test_they_tell_of_the_bed(broker, core):
    listener = Listener(broker.port)
    announce(listener, core)
    told = core.automate(automations())

    def say(phase, remaining=None):
        row = Row("bed", phase, 30.0, 60.0, 60.0, remaining, None, None, None, 0.5)
        payload = payloads.eta(row, time.time())
        listener.publish(TOPICS.eta("bed"), payloads.encoded(payload))

    def becomes(phase, remaining=None):
        # Again and again: at first Home Assistant does not listen yet.
        def said():
            say(phase, remaining)
            return core.states()["bed_state"] == phase

        until(said, what=phase)

    becomes("heating", 300.0)
    core.settle()
    assert told == []
    # A minute and some seconds; the sensor tells it to 5 s.
    say("heating", 66.0)
    until(lambda: told == ["The bed is hot in a minute."], 20.0, "first message")
    becomes("at_target")
    until(lambda: told[1:] == ["The bed is hot."], what="second message")
    assert core.complaints == []
    listener.close()
