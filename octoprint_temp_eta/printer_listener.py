"""Connects OctoPrint with the calculation on the server and its outlets.

OctoPrint's temperatures, job, printer profile and settings are passed on; events and
commands for the printer's display come back.
"""

import threading
from collections.abc import Mapping

from octoprint.printer import PrinterCallback

from . import assets
from .calculation.context import Config, Context
from .calculation.core_abi import Profile
from .calculation.service import CalculationService
from .mqtt import outlet as mqtt
from .outlets import rest
from .outlets.display import DisplayOutlet
from .outlets.events import EventOutlet
from .outlets.rest import RestOutlet

# The flags of OctoPrint's state that mean that a job is in progress.
JOB = ("printing", "pausing", "paused", "resuming", "cancelling", "finishing")

# OctoPrint's state while a file is copied to the printer, before and since 2.0: a command
# would become part of it.
COPYING = ("TRANSFERING_FILE", "TRANSFERRING_FILE")


class PrinterListener(PrinterCallback):
    """OctoPrint's printer callbacks. Two threads call them, and none of them blocks."""

    def __init__(self, plugin):
        self._plugin = plugin
        self._is_registered = False
        # Created when an outlet is switched on for the first time.
        self.service = None
        self._config = None
        self._is_disabled = False
        # OctoPrint's startup and its events run in different threads.
        self._lock = threading.Lock()

    def update(self):
        """Apply the current settings, printer profile and appearance name."""
        with self._lock:
            self._update()

    def _update(self):
        plugin = self._plugin
        settings = plugin.stored_settings()
        self._config = config = Config(
            {**settings, "enabled": False} if self._is_disabled else settings,
            profile(plugin._printer_profile_manager.get_current_or_default()),
            plugin.appearance_name(),
        )
        is_on = bool(config.outlets)
        if self.service is None:
            if not is_on:
                return
            self.service = service(plugin)
        if is_on != self._is_registered:
            self._is_registered = is_on
            if is_on:
                plugin._printer.register_callback(self)
            else:
                plugin._printer.unregister_callback(self)
        self.service.configure(config)

    def set_disabled(self, is_disabled=True):
        """End all outlets because the plugin will be gone after OctoPrint's next start.

        The retained messages are cleared now, as nobody could do that later. With False
        the plugin stays after all.
        """
        with self._lock:
            self._is_disabled = is_disabled
            self._update()

    def stop(self):
        """End all outlets, within the time that OctoPrint allows."""
        if self.service:
            self.service.stop()

    def renew_id(self):
        """Replace our id at the broker, because another OctoPrint has the same.

        Returns False if MQTT is off.
        """
        if not self._is_on("mqtt"):
            return False
        self.service.outlets["mqtt"].renew_id()
        return True

    def status(self):
        """Return the outlets that are on, and the states of MQTT and the calculation."""
        outlets = self._config.outlets if self._config else []
        status = self.service.status() if self.service else {}
        return {"outlets": outlets, **self._mqtt_status(), **status}

    def _mqtt_status(self):
        if not self._is_on("mqtt"):
            return mqtt.OFF
        status = self.service.outlets["mqtt"].status
        return mqtt.CONNECTING if status is mqtt.OFF else status

    def etas(self):
        """Return the ETAs for the REST API."""
        return self.service.outlets["rest"].etas if self._is_on("rest") else rest.OFF

    def _is_on(self, outlet):
        return bool(self.service and self._config.is_on(outlet))

    def on_printer_add_temperature(self, data):
        self.service.add_temperatures(data)

    def on_printer_send_current_data(self, data):
        flags = _part(_part(data, "state"), "flags")
        self.service.add_progress(
            operational=flags.get("operational"),
            printing=any(flags.get(flag) for flag in JOB),
            position=_part(data, "progress").get("filepos"),
        )

    def on_printer_add_log(self, data):
        if self._is_on("display"):
            self.service.outlets["display"].log(data)


def service(plugin):
    """Return the calculation's service, with all outlets."""
    environment = context(plugin)
    printer = plugin._printer

    def send(command):
        if not printer.is_operational() or printer.get_state_id() in COPYING:
            return False
        printer.commands(command)
        return True

    def outlets(wake):
        return {
            "events": EventOutlet(plugin._event_bus.fire),
            "rest": RestOutlet(),
            "display": DisplayOutlet(send, environment.elapsed, wake),
            "mqtt": mqtt.MqttOutlet(environment, wake),
        }

    return CalculationService(environment, outlets)


def _part(data, key):
    """Return what a message or part of it has at `key`; empty if that has no parts."""
    # OctoPrint's frozendicts are no dicts in Python 3.9 and 3.10.
    part = data.get(key) if isinstance(data, Mapping) else None
    return part if isinstance(part, Mapping) else {}


def context(plugin):
    """Return the environment of the calculation and its outlets."""
    return Context(
        wasm=lambda: assets.server_wasm(plugin.get_asset_folder()),
        folder=plugin.data_folder(),
        learned=plugin.learned,
        version=plugin._plugin_version,
        url=homepage(plugin),
        history=plugin._printer.get_temperature_history,
        log=plugin._logger.getChild("server"),
    )


def homepage(plugin):
    """Return the address of the plugin's home page; empty if it is unknown."""
    info = plugin._plugin_info
    return (info and info.url) or ""


def profile(data):
    """Convert OctoPrint's printer profile."""
    extruder = data["extruder"]
    return Profile(
        id=str(data["id"]),
        tools=1 if extruder["sharedNozzle"] else int(extruder["count"]),
        bed=bool(data["heatedBed"]),
        chamber=bool(data["heatedChamber"]),
    )
