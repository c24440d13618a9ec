"""Home Assistant's core with MQTT only, or with nothing, in its own thread."""

import asyncio
import logging
import threading
from typing import NamedTuple, Optional

from homeassistant import bootstrap, config_entries, loader, setup
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry, entity_registry
from printer import OF_PRINTER

# Dependencies of the MQTT integration that its configuration in a browser needs.
UNUSED = {"file_upload", "http"}

# Home Assistant clears the topic itself, once for each disabled sensor, and then logs a
# warning about its own message.
ECHO = "No device components to cleanup"

# What it says of its own MQTT integration as soon as that finds a second kind of entity.
SECOND_PLATFORM = "async_forward_entry_setups for integration mqtt"

OF_ITS_OWN = (ECHO, SECOND_PLATFORM)

PATIENCE_S = 30


class Sensor(NamedTuple):
    """An entity as a user sees it; `state` is None for a disabled one."""

    entity_id: str
    enabled: bool
    state: Optional[str]
    attributes: dict


class Core:
    """Home Assistant with its configuration in `folder`; runs until it is stopped.

    `port` is the broker's; without it there is no MQTT.
    """

    def __init__(self, folder, port=None):
        folder.mkdir(exist_ok=True)
        (folder / "configuration.yaml").touch()
        self._hass = None
        self._complaints = _Complaints()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._run(self._start(str(folder), port))
        logging.getLogger("homeassistant").addHandler(self._complaints)

    @property
    def complaints(self):
        """Return warnings and errors in Home Assistant's log, except its own echo."""
        lines = self._complaints.lines
        return [line for line in lines if not any(it in line for it in OF_ITS_OWN)]

    def call(self, function, *args):
        """Call `function` in Home Assistant's event loop and return the result."""

        async def called():
            return function(*args)

        return self._run(called())

    def devices(self):
        """All devices."""
        registry = self.call(device_registry.async_get, self._hass)
        return list(self.call(registry.devices.values))

    def sensors(self):
        """The heaters' sensors, by their unique ids without the printer's."""
        entities = self.entities()
        return {name: entities[name] for name in entities if name not in OF_PRINTER}

    def entities(self):
        """All entities, by the same ids."""
        registry = self.call(entity_registry.async_get, self._hass)
        return {
            entry.unique_id.split("_", 3)[3]: self._sensor(entry)
            for entry in list(self.call(registry.entities.values))
            if entry.platform == "mqtt"
        }

    def states(self):
        """The states of the enabled sensors, by the same ids."""
        sensors = self.sensors().items()
        return {name: sensor.state for name, sensor in sensors if sensor.enabled}

    def automate(self, automations):
        """Have `automations` run; returns the list that their messages are added to."""
        messages = []
        self._run(self._automate(automations, messages))
        return messages

    def settle(self):
        """Wait until nothing is under way."""
        self._run(self._hass.async_block_till_done())

    def stop(self):
        if self._thread.is_alive():
            logging.getLogger("homeassistant").removeHandler(self._complaints)
            self._run(self._hass.async_stop(force=True))
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(PATIENCE_S)
            self._loop.close()

    def _sensor(self, entry):
        state = self._hass.states.get(entry.entity_id)
        return Sensor(
            entry.entity_id,
            entry.disabled_by is None,
            state and state.state,
            dict(state.attributes) if state else {},
        )

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_S)

    async def _start(self, folder, port):
        self._hass = hass = HomeAssistant(folder)
        hass.config.skip_pip = True
        loader.async_setup(hass)
        hass.config_entries = config_entries.ConfigEntries(hass, {})
        await bootstrap.async_load_base_functionality(hass)
        hass.config.components.update(UNUSED)
        await hass.async_start()
        if port is not None:
            await self._set_up_mqtt(port)
        await hass.async_block_till_done()

    async def _automate(self, automations, messages):
        self._hass.services.async_register(
            "notify", "notify", lambda call: messages.append(call.data["message"])
        )
        config = {"automation": automations}
        assert await setup.async_setup_component(self._hass, "automation", config)
        await self._hass.async_block_till_done()

    async def _set_up_mqtt(self, port):
        """As a user does it, in the form."""
        flow = self._hass.config_entries.flow
        form = await flow.async_init("mqtt", context={"source": "user"})
        broker = {"broker": "127.0.0.1", "port": port}
        done = await flow.async_configure(form["flow_id"], broker)
        assert done["type"] == "create_entry", done
        assert done["result"].state is config_entries.ConfigEntryState.LOADED


class _Complaints(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(f"{record.name}: {record.getMessage()}")
