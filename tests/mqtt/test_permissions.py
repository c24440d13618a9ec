"""Brokers that accept a user but drop what it sends, or do not let it read."""

import pytest
from broker import Broker, until
from simulation import heat_until

from octoprint_temp_eta import settings
from octoprint_temp_eta.mqtt import probe, publisher
from octoprint_temp_eta.mqtt.conflicts import STATUS_INTERVAL_S

BASE = "octoprint/temp_eta/Ender"


@pytest.fixture
def restricted(tmp_path, closing):
    """Start a broker that lets users do what the `rules` say."""

    def start(*rules):
        file = tmp_path / "rules"
        file.write_text("\n".join(rules) + "\n")
        broker = Broker(tmp_path, f"acl_file {file}")
        closing(broker)
        return broker

    return start


RULES = [
    (("topic readwrite #",), True),
    ((f"topic readwrite {BASE}/#",), True),
    (("topic read #",), False),
    (("topic write #",), False),
    (("topic readwrite elsewhere/#",), False),
]


@pytest.mark.parametrize(("rules", "is_heard"), RULES)
def test_the_connection_test_publishes_and_reads_back(restricted, rules, is_heard):
    broker = restricted(*rules)
    entered = {
        **settings.DEFAULTS,
        "mqtt_broker_host": "127.0.0.1",
        "mqtt_broker_port": broker.port,
    }
    topic = f"{BASE}/connection_test"
    timeout = 60.0 if is_heard else 3.0
    answer = probe.probe(entered, topic, timeout)
    assert answer == ("connected" if is_heard else "unheard")


@pytest.mark.parametrize(("rules", "is_heard"), RULES)
def test_the_pane_says_that_nothing_comes_back(
    restricted, make_printer, clock, rules, is_heard
):
    broker = restricted(*rules)
    printer = make_printer(broker.port, mqtt_retain=True)
    printer.wait_for_state("connected")
    printer.heat(acknowledges=False)
    if is_heard:
        until(lambda: printer.service.connection is not None and _has_echo(printer))
    clock.passed += publisher.ECHO_TIMEOUT_S + 1.0
    printer.heat(acknowledges=False)
    printer.wait_for_state("connected" if is_heard else "unheard")


def test_the_pane_says_that_nothing_comes_back_any_more(restricted, make_printer, clock):
    broker = restricted("topic readwrite #")
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    until(lambda: _has_echo(printer))
    (broker.folder / "rules").write_text("topic read #\n")
    broker.reload()
    clock.passed += STATUS_INTERVAL_S
    printer.heat(acknowledges=False)
    clock.passed += publisher.ECHO_TIMEOUT_S + 1.0
    printer.heat(acknowledges=False)
    printer.wait_for_state("unheard")


def test_the_pane_says_that_discovery_is_refused(restricted, make_printer):
    """A rule for the base topic alone is the usual reason why nothing is discovered."""
    broker = restricted(f"topic readwrite {BASE}/#", "topic read homeassistant/status")
    printer = make_printer(broker.port)
    printer.wait_for_state("connected")
    heat_until(printer, lambda: printer.status["is_refused"])
    other = make_printer(broker.port, mqtt_homeassistant_discovery=False)
    other.wait_for_state("connected")
    heat_until(other, lambda: _has_echo(other))
    assert not other.status["is_refused"]


def _has_echo(printer):
    printer.heat(acknowledges=False)
    return printer.service.detector.has_echo
