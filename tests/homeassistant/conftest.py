"""What these tests share: a broker, Home Assistant, and a printer's relay."""

import sys

import pytest
import without_octoprint

# The broker is the one of the relay's own tests.
sys.path.append(str(without_octoprint.ROOT / "tests" / "relay"))

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
    printer = Printer(tmp_path / "relay", broker.port)
    yield printer
    printer.close()
