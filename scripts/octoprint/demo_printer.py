"""Makes OctoPrint's virtual printer heat like a real one, by itself if asked to.

Copied into the ``plugins`` folder of a demo OctoPrint. Settings: ``targets``, what to
heat by itself (°C by heater), ``time_scale``, how many times faster than real, which may
be changed meanwhile, and ``stays_warm``, whether a restart of OctoPrint finds the heaters
as warm as they are.
The API command ``cool_bed`` cools the bed ``by`` some °C, as an open door does, and
``break_bed`` ends its heating, as a broken wire does.
"""

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import octoprint.plugin
from octoprint.events import Events

STEP = 0.1  # s of simulated time; short against every lag below
# s; the virtual printer asks a hundred times a second, which would keep a processor busy
SIMULATED_EVERY = 0.1
LONGEST_GAP = 3600.0  # s of simulated time; after that everything is cold anyway


@dataclass
class Heater:
    """A heated body that loses heat to the air, and a sensor that trails behind it."""

    power: float  # °C/s at full power, while there are no losses yet
    loss: float  # 1/s, share of the difference to the air that is lost each second
    lag: float  # s by which the sensor trails
    band: float  # °C below the target in which the controller turns the power down
    body: float
    sensor: float

    def advance(self, seconds, target, ambient):
        while seconds > 0:
            step = min(STEP, seconds)
            heating = self._duty(target, ambient) * self.power
            self.body += (heating - self.loss * (self.body - ambient)) * step
            self.sensor += (self.body - self.sensor) / self.lag * step
            seconds -= step

    def _duty(self, target, ambient):
        if target <= 0:
            return 0.0
        hold = self.loss * (target - ambient) / self.power
        return min(1.0, max(0.0, hold + (target - self.sensor) / self.band))


class Printer:
    """The heaters; they stay warm while nobody is connected, as metal does.

    So they do while OctoPrint is not there, if what they were is kept in a ``file``.
    """

    def __init__(self, tools, ambient, time_scale, file):
        self.time_scale = time_scale
        self._file = file
        self._at = time.monotonic()
        self._lock = threading.Lock()
        self.tools = [
            Heater(2.8, 0.008, 2.5, 10.0, ambient, ambient) for _ in range(tools)
        ]
        self.bed = Heater(0.5, 0.005, 8.0, 4.0, ambient, ambient)
        self.chamber = Heater(0.1, 0.0015, 20.0, 3.0, ambient, ambient)
        if file:
            with suppress(FileNotFoundError):
                self._resume(*json.loads(file.read_text()), ambient)

    def _resume(self, at, heat, ambient):
        away = min((time.time() - at) * self.time_scale, LONGEST_GAP)
        for heater, (body, sensor) in zip(self._heaters(), heat):
            heater.body, heater.sensor = body, sensor
            heater.advance(away, 0, ambient)

    def keep(self):
        if not self._file:
            return
        with self._lock:
            heat = [(heater.body, heater.sensor) for heater in self._heaters()]
            self._file.write_text(json.dumps([time.time(), heat]))

    def cool_bed(self, by):
        with self._lock:
            self.bed.body -= by
            self.bed.sensor -= by

    def break_bed(self):
        with self._lock:
            self.bed.power = 1e-9

    def _heaters(self):
        return [*self.tools, self.bed, self.chamber]

    def simulate(self, virtual, ambient):
        with self._lock:
            now = time.monotonic()
            seconds = min((now - self._at) * self.time_scale, LONGEST_GAP)
            self._at = now
            for index, tool in enumerate(self.tools):
                tool.advance(seconds, virtual.targetTemp[index], ambient)
                virtual.temp[index] = tool.sensor
            self.bed.advance(seconds, virtual.bedTargetTemp, ambient)
            self.chamber.advance(seconds, virtual.chamberTargetTemp, ambient)
            virtual.bedTemp = self.bed.sensor
            virtual.chamberTemp = self.chamber.sensor


class DemoPrinterPlugin(
    octoprint.plugin.SettingsPlugin,
    octoprint.plugin.StartupPlugin,
    octoprint.plugin.ShutdownPlugin,
    octoprint.plugin.EventHandlerPlugin,
    octoprint.plugin.SimpleApiPlugin,
):
    def __init__(self):
        self._heated = None
        self._awaited = {Events.STARTUP, Events.CONNECTED}

    def get_settings_defaults(self):
        return {"targets": {}, "time_scale": 1.0, "stays_warm": False}

    def on_startup(self, host, port):
        from octoprint.plugins.virtual_printer.virtual import VirtualPrinter

        file = None
        if self._settings.get_boolean(["stays_warm"]):
            file = Path(self.get_plugin_data_folder()) / "heat.json"

        def simulate(virtual, delta=0.5):
            now = time.monotonic()
            # Each connection has a virtual printer of its own, which is cold at first.
            if now - getattr(virtual, "simulated_at", -SIMULATED_EVERY) < SIMULATED_EVERY:
                return
            virtual.simulated_at = now
            ambient = virtual._ambient_temperature
            time_scale = self._settings.get_float(["time_scale"])
            if not self._heated:
                self._heated = Printer(len(virtual.temp), ambient, time_scale, file)
            self._heated.time_scale = time_scale
            self._heated.simulate(virtual, ambient)

        VirtualPrinter._simulateTemps = simulate

    def on_shutdown(self):
        if self._heated:
            self._heated.keep()

    def is_api_protected(self):
        return True

    def get_api_commands(self):
        return {"cool_bed": ["by"], "break_bed": []}

    def on_api_command(self, command, data):
        if command == "cool_bed":
            self._heated.cool_bed(data["by"])
        else:
            self._heated.break_bed()

    def on_event(self, event, payload):
        """Heats once, when the server is up and the printer is there."""
        if event not in self._awaited:
            return
        self._awaited.remove(event)
        if not self._awaited:
            for heater, target in self._settings.get(["targets"], merged=True).items():
                self._printer.set_temperature(heater, target)


__plugin_name__ = "Demo printer"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = DemoPrinterPlugin()
