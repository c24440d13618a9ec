"""What OctoPrint tells the relay: temperatures, the job, the profile, the settings."""

import threading

from octoprint.printer import PrinterCallback

from . import assets
from .relay import needs
from .relay.calculation import Profile
from .relay.surroundings import Surroundings, Wanted
from .relay.worker import Relay

# Flags of OctoPrint's state that say that a job is under way.
JOB = ("printing", "pausing", "paused", "resuming", "cancelling", "finishing")


class Feed(PrinterCallback):
    """OctoPrint's callbacks; two threads call them, and none of them waits."""

    def __init__(self, plugin):
        self._plugin = plugin
        self._registered = False
        # There is none until it is wanted for the first time.
        self.relay = None
        self._is_leaving = False
        # OctoPrint's start and its events are threads of their own.
        self._turn = threading.Lock()

    def follow(self):
        """Do what the settings, the printer profile and OctoPrint's name say now."""
        with self._turn:
            self._follow()

    def _follow(self):
        plugin = self._plugin
        settings = plugin.stored_settings()
        wanted = Wanted(
            {**settings, "mqtt_enabled": False} if self._is_leaving else settings,
            profile(plugin._printer_profile_manager.get_current_or_default()),
            text(plugin._settings.global_get(["appearance", "name"])),
        )
        if self.relay is None:
            if not wanted.runs:
                return
            self.relay = Relay(surroundings(plugin))
        if wanted.runs != self._registered:
            self._registered = wanted.runs
            if wanted.runs:
                plugin._printer.register_callback(self)
            else:
                plugin._printer.unregister_callback(self)
        self.relay.follow(wanted)

    def leave(self, leaving=True):
        """From its next start on OctoPrint is without the plugin, or it is not after all:
        the broker is to keep nothing of what nobody would take back then.
        """
        with self._turn:
            self._is_leaving = leaving
            self._follow()

    def stop(self):
        """Say good-bye to the broker, within the time that OctoPrint has for it."""
        if self.relay:
            self.relay.stop()

    def renew_id(self):
        """Be somebody else to the broker: another OctoPrint has the same id.

        Says whether there is a relay to do that.
        """
        return bool(self.relay and self.relay.renew_id())

    def status(self):
        """How the relay is: codes and names, and what is missing."""
        return self.relay.status() if self.relay else {"state": "off", **needs.report()}

    def on_printer_add_temperature(self, data):
        self.relay.add_temperatures(data)

    def on_printer_send_current_data(self, data):
        flags = (data.get("state") or {}).get("flags") or {}
        self.relay.add_progress(
            operational=flags.get("operational"),
            printing=any(flags.get(flag) for flag in JOB),
            position=(data.get("progress") or {}).get("filepos"),
        )


def surroundings(plugin):
    """Where the relay of `plugin` lives."""
    return Surroundings(
        wasm=lambda: assets.relay_wasm(plugin.get_asset_folder()),
        folder=plugin.get_plugin_data_folder(),
        version=plugin._plugin_version,
        url=homepage(plugin),
        history=plugin._printer.get_temperature_history,
        log=plugin._logger.getChild("relay"),
    )


def text(value):
    """`value` as a text of whole characters; empty for None."""
    return str(value or "").encode("utf-8", "replace").decode()


def homepage(plugin):
    """Where the plugin is at home; empty where that is not known."""
    info = plugin._plugin_info
    return (info and info.url) or ""


def profile(data):
    """OctoPrint's printer profile, as far as it says what heaters there are."""
    extruder = data["extruder"]
    return Profile(
        id=str(data["id"]),
        tools=1 if extruder["sharedNozzle"] else int(extruder["count"]),
        bed=bool(data["heatedBed"]),
        chamber=bool(data["heatedChamber"]),
    )
