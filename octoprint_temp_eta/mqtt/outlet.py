"""MQTT as an outlet of the calculation."""

from ..storage import Store
from .connection import Network
from .publisher import Publisher

OFF = {"state": "off"}
CONNECTING = {"state": "connecting"}


class MqttOutlet:
    """Publishes to a broker; when it is switched off, the retained messages are cleared.

    `wake` is called from other threads when there is something to do.
    """

    def __init__(self, context, wake, network=None):
        self._context = context
        self._wake = wake
        self._network = network or Network()
        self._publisher = None
        # The configuration that is applied completely.
        self._applied = None
        self._renews_id = False
        # What the settings dialog shows; replaced as a whole.
        self.status = OFF

    def renew_id(self):
        """Replace our id at the broker; may be called from any thread."""
        self._renews_id = True
        self._wake()

    @property
    def due_in(self):
        publisher = self._publisher
        return publisher.due_in if publisher and publisher.is_open else None

    def publish(self, step):
        if self._publisher is None:
            store = Store(self._context.folder, self._context.log)
            self._publisher = Publisher(self._context, store, self._wake, self._network)
        self._configure(step.config)
        self._publisher.publish(step)
        self.status = self._publisher.status()

    def end(self):
        self.status, self._applied, self._renews_id = OFF, None, False
        if self._publisher is None:
            return True
        if not self._publisher.clear_retained():
            return False
        self._publisher = None
        return True

    def close(self, clear_all):
        self.status = OFF
        if self._publisher is not None:
            self._publisher.close(clear_all)

    def _configure(self, config):
        renews_id = self._renews_id
        if renews_id:
            self._renews_id = False
        publisher = self._publisher
        is_publishing = publisher.is_open and not publisher.is_clearing
        if config == self._applied and is_publishing and not renews_id:
            return
        self._applied = None
        publisher.configure(config, renews_id)
        self._applied = config
