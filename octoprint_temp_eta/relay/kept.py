"""What must not be forgotten: our id, and what brokers keep of us."""

import uuid

NAME = "mqtt"

# Brokers of which something is still to be taken back, and heaters that Home Assistant
# has been told of: more than there ever are.
MOST_BROKERS, MOST_HEATERS = 5, 40

# Processes of ours that a broker may remember.
MOST_INSTANCES = 20


class Kept:
    """Written to a file with each change."""

    def __init__(self, store):
        self._store = store
        data = store.read(NAME, _checked) or {}
        self._id = data.get("id") or new_id()
        self._brokers = {
            broker: set(topics) for broker, topics in data.get("brokers", {}).items()
        }
        self._heaters = list(data.get("heaters", []))
        self.earlier = list(data.get("instances", []))[-MOST_INSTANCES:]
        # What tells this process from all others.
        self.instance = uuid.uuid4().hex[:8]
        # The next process is to know of this one, whatever becomes of it.
        self._write()

    @property
    def id(self):
        """What tells this OctoPrint from all others, for brokers and Home Assistant."""
        return self._id

    @id.setter
    def id(self, identity):
        self._id = identity
        self._write()

    @property
    def heaters(self):
        """The heaters that Home Assistant has been told of."""
        return list(self._heaters)

    @heaters.setter
    def heaters(self, heaters):
        heaters = heaters[:MOST_HEATERS]
        if heaters != self._heaters:
            self._heaters = heaters
            self._write()

    def topics(self, broker):
        """The topics of which `broker` keeps something of ours."""
        return set(self._brokers.get(broker, ()))

    def set_topics(self, broker, topics):
        """Remember that `broker` keeps something of `topics`, and of no other one."""
        if topics == self.topics(broker):
            return
        self._brokers.pop(broker, None)
        if topics:
            # The newest last.
            self._brokers[broker] = set(topics)
        for oldest in list(self._brokers)[:-MOST_BROKERS]:
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
        self._store.write(NAME, data)


def new_id():
    """An id that no other OctoPrint has: 12 hexadecimal digits."""
    return uuid.uuid4().hex[:12]


def _checked(data):
    texts = [data["id"], *data["brokers"], *data["heaters"], *data["instances"]]
    for topics in data["brokers"].values():
        texts += topics
    if not all(isinstance(text, str) for text in texts) or not data["id"].isalnum():
        raise ValueError("is not what was written")
    return data
