"""Passes OctoPrint's temperatures, job, printer profile and settings on to MQTT."""

import threading

from octoprint.printer import PrinterCallback

from . import assets
from .mqtt import requirements
from .mqtt.context import Config, Context
from .mqtt.core_abi import Profile
from .mqtt.service import MqttService

# The flags of OctoPrint's state that mean that a job is in progress.
JOB = ("printing", "pausing", "paused", "resuming", "cancelling", "finishing")


class PrinterListener(PrinterCallback):
    """OctoPrint's printer callbacks. Two threads call them, and none of them blocks."""

    def __init__(self, plugin):
        self._plugin = plugin
        self._is_registered = False
        # Created when MQTT is enabled for the first time.
        self.service = None
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
        config = Config(
            {**settings, "mqtt_enabled": False} if self._is_disabled else settings,
            profile(plugin._printer_profile_manager.get_current_or_default()),
            plugin.appearance_name(),
        )
        if self.service is None:
            if not config.is_enabled:
                return
            self.service = MqttService(context(plugin))
        if config.is_enabled != self._is_registered:
            self._is_registered = config.is_enabled
            if config.is_enabled:
                plugin._printer.register_callback(self)
            else:
                plugin._printer.unregister_callback(self)
        self.service.configure(config)

    def set_disabled(self, is_disabled=True):
        """Disable MQTT because the plugin will be gone after OctoPrint's next start.

        The retained messages are cleared now, as nobody could do that later. With False
        the plugin stays after all.
        """
        with self._lock:
            self._is_disabled = is_disabled
            self._update()

    def stop(self):
        """Go offline at the broker, within the time that OctoPrint allows."""
        if self.service:
            self.service.stop()

    def renew_id(self):
        """Replace our id at the broker, because another OctoPrint has the same.

        Returns False if MQTT is off.
        """
        return bool(self.service and self.service.renew_id())

    def status(self):
        """Return the MQTT service's status, and what is missing for it."""
        if self.service:
            return self.service.status()
        return {"state": "off", **requirements.report()}

    def on_printer_add_temperature(self, data):
        self.service.add_temperatures(data)

    def on_printer_send_current_data(self, data):
        flags = _part(_part(data, "state"), "flags")
        self.service.add_progress(
            operational=flags.get("operational"),
            printing=any(flags.get(flag) for flag in JOB),
            position=_part(data, "progress").get("filepos"),
        )


def _part(data, key):
    """Return the dict that a message or part of it has at `key`; empty without one."""
    part = data.get(key) if isinstance(data, dict) else None
    return part if isinstance(part, dict) else {}


def context(plugin):
    """Return the MQTT service's environment."""
    return Context(
        wasm=lambda: assets.server_wasm(plugin.get_asset_folder()),
        folder=plugin.data_folder(),
        learned=plugin.learned,
        version=plugin._plugin_version,
        url=homepage(plugin),
        history=plugin._printer.get_temperature_history,
        log=plugin._logger.getChild("mqtt"),
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
