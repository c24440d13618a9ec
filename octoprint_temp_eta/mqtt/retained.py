"""What must survive a restart: our id, and the topics that brokers retain for us."""

import re
import uuid

from .. import heaters
from .topics import is_topic

NAME = "mqtt"

# More than are ever used: brokers with retained topics that still have to be cleared,
# heaters published to Home Assistant, and earlier instances that a broker may remember.
MAX_BROKERS = 5
MAX_HEATERS = 40
MAX_INSTANCES = 20

ID = re.compile("[0-9A-Za-z]{1,64}")


class RetainedState:
    """Our id, heaters and retained topics; written to a file at each change."""

    def __init__(self, store):
        self._store = store
        data = store.read(NAME, _checked) or {}
        self._id = data.get("id") or new_id()
        # Whether the next process will have the same id.
        self.has_kept_id = "id" in data
        self._brokers = {
            broker: set(topics) for broker, topics in data.get("brokers", {}).items()
        }
        self._heaters = list(data.get("heaters", []))[:MAX_HEATERS]
        self.earlier = list(data.get("instances", []))[-MAX_INSTANCES:]
        # Whether the next process will know all that is in here.
        self.is_kept = True
        # Identifies this process.
        self.instance = uuid.uuid4().hex[:8]
        # Written at once, so that the next process knows this instance in any case.
        self._write()

    @property
    def id(self):
        """The id of this OctoPrint, for brokers and Home Assistant."""
        return self._id

    @id.setter
    def id(self, identity):
        self._id = identity
        self.has_kept_id = False
        self._write()

    @property
    def heaters(self):
        """The heaters that were published to Home Assistant."""
        return list(self._heaters)

    @heaters.setter
    def heaters(self, heaters):
        heaters = heaters[:MAX_HEATERS]
        if heaters != self._heaters:
            self._heaters = heaters
            self._write()

    def topics(self, broker):
        """Return the topics for which `broker` retains a message of ours."""
        return set(self._brokers.get(broker, ()))

    def add(self, broker, topics):
        """Remember that `broker` retains a message of ours for `topics`."""
        self._set_topics(broker, self.topics(broker) | topics)

    def discard(self, broker, topics):
        """Forget `topics`, for which `broker` retains no message of ours any more."""
        self._set_topics(broker, self.topics(broker) - topics)

    def _set_topics(self, broker, topics):
        if topics == self.topics(broker):
            return
        self._brokers.pop(broker, None)
        if topics:
            # In the order of their last change: the newest comes last.
            self._brokers[broker] = set(topics)
        for oldest in list(self._brokers)[:-MAX_BROKERS]:
            del self._brokers[oldest]
        self._write()

    def _write(self):
        brokers = {broker: sorted(topics) for broker, topics in self._brokers.items()}
        data = {
            "id": self._id,
            "brokers": brokers,
            "heaters": self._heaters,
            "instances": [*self.earlier, self.instance],
        }
        self.is_kept = self._store.write(NAME, data)
        self.has_kept_id = self.has_kept_id or self.is_kept

    def retry(self):
        """Write again what could not be written."""
        if not self.is_kept:
            self._write()


def new_id():
    """Return a unique id of 12 hexadecimal digits."""
    return uuid.uuid4().hex[:12]


def _checked(data):
    brokers, known, instances = data["brokers"], data["heaters"], data["instances"]
    lists = [known, instances, *brokers.values()]
    if not all(isinstance(it, list) for it in lists):
        raise ValueError("expected lists")
    topics = [topic for topics in brokers.values() for topic in topics]
    texts = [data["id"], *brokers, *instances, *topics]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("expected texts")
    # One that cannot be published to would end each attempt to clear the others.
    if not all(map(is_topic, topics)) or not all(map(heaters.is_valid, known)):
        raise ValueError("not a topic, or not a heater")
    # It becomes part of topics and of the client id.
    if not ID.fullmatch(data["id"]):
        raise ValueError("not an id")
    return data
