"""Fixtures: a broker, Home Assistant, and a printer that publishes."""

import sys

import pytest
import without_octoprint

# The broker is that of the MQTT tests.
sys.path.append(str(without_octoprint.ROOT / "tests" / "mqtt"))

from broker import Broker  # noqa: E402
from hass import Core  # noqa: E402
from printer import Printer  # noqa: E402


@pytest.fixture
def broker(tmp_path):
    broker = Broker(tmp_path)
    yield broker
    broker.stop()


@pytest.fixture
def core(tmp_path, broker):
    core = Core(tmp_path / "homeassistant", broker.port)
    yield core
    core.stop()


@pytest.fixture
def printer(tmp_path, broker):
    printer = Printer(tmp_path / "printer", broker.port)
    yield printer
    printer.close()
