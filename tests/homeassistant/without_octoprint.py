"""Makes the package importable without OctoPrint; to be imported before it.

Home Assistant and OctoPrint need different versions of the same packages.
"""

import pathlib
import sys
import types

ROOT = pathlib.Path(__file__).parent.parent.parent
WASM = ROOT / "static" / "wasm" / "temp_eta_server.wasm"

# The package without its __init__.py, which is OctoPrint's plugin.
_package = types.ModuleType("octoprint_temp_eta")
_package.__path__ = [str(ROOT / "octoprint_temp_eta")]
sys.modules["octoprint_temp_eta"] = _package


def mqtt_service(context):
    """A service whose only outlet is MQTT."""
    from octoprint_temp_eta.calculation.service import CalculationService
    from octoprint_temp_eta.mqtt.outlet import MqttOutlet

    return CalculationService(context, lambda wake: {"mqtt": MqttOutlet(context, wake)})
