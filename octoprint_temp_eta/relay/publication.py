"""What the broker is told, and what it keeps of it: availability, times, Home Assistant.

All that the broker keeps is remembered in a file, so that it can be taken back, also
after OctoPrint has been away.
"""

import uuid

from . import discovery
from .backoff import Backoff
from .link import Link, Message
from .payloads import encoded
from .reports import Reports
from .topics import Topics

# How long a broker that does not answer is waited for when the link is closed, in s.
FAREWELL_S = 1.8

# Home Assistant has just started: not all printers answer at once, in s.
BIRTH_DELAY_S = 5.0

# So long after it was told of a device it listens to it, in s.
LISTENS_AFTER_S = 2.0

ONLINE, OFFLINE = "online", "offline"


class Publication:
    """Publishes as the `wanted` settings say; owned by one thread.

    `wake` is called by others when there is something to do.
    """

    def __init__(self, around, store, wake):
        self._around, self._store, self._wake = around, store, wake
        self._log = around.log
        self._kept = Kept(store)
        self._wanted = None
        self._link = None
        self._topics = None
        self._reports = None
        self._greeted = 0
        # When Home Assistant is to be told all again; when it listens to a new device.
        self._birth = self._listens = None
        self._announced = None
        self._thins_out = False
        self._status = {}
        # Somebody else publishes below our topic.
        self.is_shared = False

    @property
    def state(self):
        """The code of how the link is."""
        return "off" if self._link is None else self._link.state.code

    @property
    def sent(self):
        """Messages published since the link is there."""
        return 0 if self._link is None else self._link.sent

    @property
    def due_in(self):
        """Seconds until there is something to do, if that is known."""
        due = [it for it in (self._birth, self._listens) if it is not None]
        return max(0.0, min(due) - self._around.clock()) if due else None

    def follow(self, wanted, fresh_id=False):
        """Publish as is `wanted` from now on; under a new id if that is to be
        `fresh_id`.
        """
        before, self._wanted = self._wanted, wanted
        identity = new_id() if fresh_id else self._kept.id
        topics = Topics(wanted.settings, wanted.appearance_name, identity)
        if self._link is not None:
            if not fresh_id and _connection(before) == _connection(wanted):
                return
            if fresh_id and self.state == "taken":
                # What is there under the old id is the other one's.
                self._kept.replace_topics(set())
            elsewhere = fresh_id or _broker(before) != _broker(wanted)
            stays = set() if elsewhere else self._retained(topics)
            self.close(taking_back=self._kept.topics - stays)
        self._kept.id = identity
        self._open(topics)

    def publish(self, rows, moment, **status):
        """Publish what is due of `rows` at `moment`, and of what else is said of the
        relay.
        """
        link = self._link
        link.pump()
        self._listen(moment.elapsed)
        if link.is_connected and link.state.connection != self._greeted:
            self._greeted = link.state.connection
            self._greet({row.heater for row in rows}, moment.wall)
        if self._birth is not None and moment.elapsed >= self._birth:
            self._birth = None
            self._announced = None
            self._reports.repeat()
        if self._listens is not None and moment.elapsed >= self._listens:
            self._listens = None
            self._reports.repeat()
        messages = self._reports.of(rows, moment.elapsed, moment.wall)
        if not link.is_connected:
            # What was due then is not said later; all is, once the link is there.
            self._reports.repeat()
            return
        self._kept.add_topics(self._reports.kept_topics())
        if rows or self._kept.heaters:
            self._kept.add_heaters([row.heater for row in rows])
            self._announce(moment.elapsed)
        for message in messages:
            link.send(message)
        self._tell_status(status)

    def close(self, taking_back=None):
        """End the link; `taking_back` are topics of which the broker is to keep
        nothing.
        """
        link, self._link = self._link, None
        if link is None:
            return
        farewell = self._reports.farewell(self._around.wall())
        farewell.append(self._offline())
        gone = taking_back or set()
        farewell = [message for message in farewell if message.topic not in gone]
        farewell += [_nothing(topic) for topic in sorted(gone)]
        was_connected = link.is_connected
        link.close(farewell, FAREWELL_S)
        if was_connected and link.is_idle():
            self._kept.remove_topics(gone)

    def take_back(self):
        """End the link, and have the broker keep nothing of ours."""
        self.close(taking_back=set(self._kept.topics))
        self._kept.remove_heaters()

    def _open(self, topics):
        settings = self._wanted.settings
        self._topics = topics
        self._reports = Reports(topics, settings)
        self._greeted = 0
        self._birth = self._listens = None
        self._announced, self._thins_out = None, False
        self._status, self.is_shared = {}, False
        listens = [topics.status]
        if settings["mqtt_homeassistant_discovery"]:
            listens.append(topics.birth)
        self._link = Link(
            settings,
            f"temp_eta_{self._kept.id}",
            will=self._offline(),
            topics=listens,
            backoff=Backoff(*self._around.waits),
            keepalive=self._around.keepalive,
            wake=self._wake,
            log=self._log,
        )

    def _retained(self, topics):
        """The topics of which the broker keeps something, of those known beforehand."""
        retained = {topics.availability, topics.status}
        if self._wanted.settings["mqtt_homeassistant_discovery"]:
            retained.add(topics.discovery)
        if self._wanted.settings["mqtt_retain"]:
            retained |= {topics.eta(heater) for heater in self._kept.heaters}
        return retained

    def _greet(self, here, wall):
        """A new connection: all that is to be known, from the start."""
        retained = self._retained(self._topics)
        self._link.send(Message(self._topics.availability, ONLINE, 1, True))
        for topic in sorted(self._kept.topics - retained):
            self._link.send(_nothing(topic))
        self._kept.replace_topics(retained)
        for heater in self._kept.heaters:
            if heater not in here:
                self._link.send(self._reports.gone(heater, wall))
        self._announced, self._status = None, {}
        self._reports.repeat()

    def _announce(self, elapsed):
        """Tell Home Assistant, if it does not know it yet."""
        wanted, link = self._wanted, self._link
        if not link.is_connected or not wanted.settings["mqtt_homeassistant_discovery"]:
            return
        here = [heater for heater in self._kept.heaters if wanted.profile.has(heater)]
        if not here:
            return
        payload = self._device(here)
        if self._announced != payload:
            self._announced = payload
            self._listens = elapsed + LISTENS_AFTER_S
            before = self._device(self._kept.heaters)["cmps"]
            self._thins_out = before.keys() != payload["cmps"].keys()
            first = discovery.without(payload, before) if self._thins_out else payload
            self._send_device(first)
            self._kept.keep_heaters(here)
        elif self._thins_out and link.is_idle():
            self._thins_out = False
            self._send_device(payload)

    def _device(self, heaters):
        return discovery.device(
            self._topics,
            sorted(heaters),
            identity=self._kept.id,
            name=self._wanted.appearance_name,
            version=self._around.version,
            url=self._around.url,
            interval=self._wanted.settings["mqtt_publish_interval"],
            tools=self._wanted.profile.tools,
        )

    def _send_device(self, payload):
        self._link.send(Message(self._topics.discovery, encoded(payload), 1, True))

    def _tell_status(self, status):
        status = {
            **status,
            "id": self._kept.id,
            "version": self._around.version,
            "v": 1,
        }
        if status != self._status:
            self._status = status
            self._link.send(Message(self._topics.status, encoded(status), 1, True))

    def _listen(self, elapsed):
        while self._link.heard:
            heard = self._link.heard.popleft()
            born = heard.topic == self._topics.birth and heard.payload == ONLINE
            if born and not heard.retained:
                self._birth = elapsed + BIRTH_DELAY_S * self._around.chance()
            # What was kept may be our own, of earlier.
            if heard.topic == self._topics.status and not heard.retained:
                self._suspect(heard.payload)

    def _suspect(self, status):
        foreign = bool(status) and f'"id":"{self._kept.id}"' not in status
        if foreign and not self.is_shared:
            self.is_shared = True
            # So that the other one notices, too.
            self._status = {}
            self._log.warning(
                "Another printer publishes below %s, too", self._topics.base
            )

    def _offline(self):
        return Message(self._topics.availability, OFFLINE, 1, True)


class Kept:
    """Our id, the topics of which the broker keeps something, the heaters it was told
    of.
    """

    NAME = "mqtt"

    def __init__(self, store):
        self._store = store
        data = store.read(self.NAME, _checked) or {"id": new_id()}
        self._id = data["id"]
        self.topics = set(data.get("topics", []))
        self.heaters = list(data.get("heaters", []))

    @property
    def id(self):
        return self._id

    @id.setter
    def id(self, identity):
        self._id = identity
        self._write()

    def add_topics(self, topics):
        self.replace_topics(self.topics.union(topics))

    def remove_topics(self, topics):
        self.replace_topics(self.topics.difference(topics))

    def replace_topics(self, topics):
        if topics != self.topics:
            self.topics = set(topics)
            self._write()

    def add_heaters(self, heaters):
        new = [heater for heater in heaters if heater not in self.heaters]
        self.keep_heaters(self.heaters + new)

    def keep_heaters(self, heaters):
        if heaters != self.heaters:
            self.heaters = list(heaters)
            self._write()

    def remove_heaters(self):
        self.keep_heaters([])

    def _write(self):
        topics = sorted(self.topics)
        data = {"id": self._id, "topics": topics, "heaters": self.heaters}
        self._store.write(self.NAME, data)


def new_id():
    """What tells this OctoPrint from all others, at the broker and in Home Assistant."""
    return uuid.uuid4().hex[:12]


def _checked(data):
    texts = [data["id"], *data["topics"], *data["heaters"]]
    if not all(isinstance(text, str) for text in texts) or not data["id"].isalnum():
        raise ValueError("is not what was written")
    return data


def _connection(wanted):
    """All that the link and its topics depend on."""
    mqtt = {key: value for key, value in wanted.settings.items() if key[:5] == "mqtt_"}
    return mqtt, Topics(wanted.settings, wanted.appearance_name, "").base


def _broker(wanted):
    return wanted.settings["mqtt_broker_host"], wanted.settings["mqtt_broker_port"]


def _nothing(topic):
    """What has the broker keep nothing."""
    return Message(topic, "", 1, True)
