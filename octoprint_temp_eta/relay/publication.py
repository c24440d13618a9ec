"""What the broker is told: availability, status, times; what it is to forget again."""

from ..settings import CREDENTIALS
from . import discovery
from .announcement import Announcement
from .client import address
from .kept import Kept, new_id
from .link import Link, Message
from .neighbours import TOLD_EVERY_S, Neighbours
from .payloads import encoded
from .reports import Reports
from .topics import Topics

# How long a broker that does not answer is waited for when the link is closed, in s.
FAREWELL_S = 1.8

# How long a broker that is away is waited for, so that it forgets us, in s.
LEAVING_S = 3600.0

# Home Assistant has just started: not all printers answer at once, in s.
BIRTH_DELAY_S = 5.0

# So long after it was told of a device it listens to it, in s.
LISTENS_AFTER_S = 2.0

# How often, in s, others are contradicted who write what is not true of us.
ANSWER_EVERY_S = 2.0

ONLINE, OFFLINE = "online", "offline"

# What a connection depends on; with other settings of these there must be a new one.
LINK_SETTINGS = (
    *CREDENTIALS,
    "mqtt_homeassistant_discovery",
    "mqtt_discovery_prefix",
)


class Publication:
    """Publishes as the `wanted` settings say; owned by one thread.

    `wake` is called by others when there is something to do.
    """

    def __init__(self, around, store, wake):
        self._around, self._wake = around, wake
        self._log = around.log
        self._kept = Kept(store)
        self._wanted = None
        self._link = None
        self._leaving = None

    @property
    def is_open(self):
        """Whether there is a link, connected or not."""
        return self._link is not None

    @property
    def is_leaving(self):
        """Whether the broker is being told to forget us."""
        return self._leaving is not None

    @property
    def due_in(self):
        """Seconds until there is something to do, if that is known."""
        # Nobody is answered while the broker is away.
        answers = self._unanswered and self._link.is_connected
        answer = self._answered_at + ANSWER_EVERY_S if answers else None
        due = [it for it in (self._birth, self._listens, answer) if it is not None]
        if self._leaving is not None or not due:
            return None
        return max(0.0, min(due) - self._around.clock())

    def told(self):
        """How the link is, for the settings."""
        now, state = self._around.clock(), self._link.state
        return {
            "state": state.code,
            "detail": state.detail,
            "broker": self._broker,
            "sent": self._link.sent,
            "is_shared": self._neighbours.is_shared(now),
            "is_twin": self._neighbours.is_twin(now),
        }

    def follow(self, wanted, fresh_id=False):
        """Publish as is `wanted` from now on, with a `fresh_id` if that is to be."""
        before, self._wanted = self._wanted, wanted
        if self._leaving is not None:
            # It may have been told to forget all.
            self._leaving, self._greeted = None, 0
        if self._link is not None:
            if not fresh_id and _connection(before) == _connection(wanted):
                self._adjust()
                return
            self._move(before, fresh_id)
        if fresh_id:
            self._kept.id = new_id()
        self._open()

    def publish(self, rows, moment, reported_at, **status):
        """Publish what is due of `rows` at `moment`, and of what else is said of us.

        `reported_at` are the elapsed seconds at which the printer last said something.
        """
        link = self._link
        link.pump()
        self._listen(moment.elapsed)
        here = {row.heater for row in rows}
        is_known = link.state.connection == self._greeted
        # Asked before there is more to say: with each report there is.
        has_arrived = link.is_connected and is_known and link.is_idle()
        if has_arrived and self._going:
            self._forget(self._going - self._retained())
            self._going = set()
        if link.is_connected and not is_known:
            self._greeted = link.state.connection
            self._greet(here, moment.wall)
        self._repeat_if_due(moment.elapsed)
        messages = self._reports.of(rows, moment, reported_at)
        if not link.is_connected:
            # What was due then is not said later; all is, once the link is there.
            self._reports.repeat()
            return
        heaters = self._kept.heaters
        self._kept.heaters = heaters + [it for it in here if it not in heaters]
        self._remember(self._retained())
        for message in messages:
            link.send(message)
        # After that: of a heater that has gone nothing is to stay.
        self._announce(moment.elapsed, has_arrived)
        self._answer(moment.elapsed)
        self._tell_status(status, moment.elapsed)

    def close(self, for_good=False, taking_back=frozenset()):
        """End the link.

        `taking_back` are topics that the broker is to forget; all of ours, if that is
        `for_good`.
        """
        link = self._link
        if link is None:
            return
        if for_good:
            taking_back = self._of_ours()
        self._link = None
        farewell = self._reports.farewell(self._around.wall())
        farewell.append(self._offline())
        stays = self._kept.topics(self._broker) - taking_back
        farewell = [message for message in farewell if message.topic in stays]
        farewell += [_nothing(topic) for topic in sorted(taking_back)]
        was_connected = link.is_connected
        link.close(farewell, FAREWELL_S)
        if was_connected and link.is_idle():
            self._forget(taking_back)

    def leave(self):
        """Have the broker forget us, then end the link; says whether that is done.

        It is called again until it is, also while the broker is away.
        """
        link, now = self._link, self._around.clock()
        if link is None:
            return True
        ours = self._of_ours()
        if self._leaving is None:
            self._leaving = now, 0
        since, asked = self._leaving
        if link.is_connected and asked != link.state.connection:
            self._leaving = since, link.state.connection
            link.tells_arrivals = True
            link.drop()
            for topic in sorted(ours):
                link.send(_nothing(topic))
        link.pump()
        is_done = link.is_connected and link.is_idle()
        if is_done:
            self._forget(self._kept.topics(self._broker))
            self._kept.heaters = []
        elif ours and now - since < LEAVING_S:
            return False
        self._link = None
        link.close()
        self._leaving = None
        return True

    def _open(self):
        wanted = self._wanted
        settings, identity = wanted.settings, self._kept.id
        self._broker = address(settings)
        self._topics = topics = Topics(settings, wanted.appearance_name, identity)
        kept = self._kept
        self._neighbours = Neighbours(identity, kept.instance, kept.earlier)
        self._reports = Reports(topics, settings)
        self._announcement = Announcement(topics, self._device)
        # The connection that has been told all; topics that it is about to forget.
        self._greeted, self._going = 0, set()
        # What others wrote that is not true, and when it was last contradicted.
        self._unanswered, self._answered_at = False, 0.0
        # When Home Assistant is to be told all again; when it listens to a new device.
        self._birth = self._listens = None
        self._status, self._status_at = None, 0.0
        listens = [topics.status, topics.availability]
        if settings["mqtt_homeassistant_discovery"]:
            listens.append(topics.birth)
        self._link = Link(
            settings,
            f"temp_eta_{identity}",
            will=self._offline(),
            topics=listens,
            backoff=self._around.backoff(),
            keepalive=self._around.keepalive,
            wake=self._wake,
            log=self._log,
        )

    def _adjust(self):
        """Other settings, but the same connection."""
        self._reports = Reports(self._topics, self._wanted.settings, self._reports)
        self._take_back(self._kept.topics(self._broker) - self._retained())

    def _move(self, before, fresh_id):
        """End the link: another one, or other topics, follow."""
        gone = self._of_ours()
        if fresh_id or address(before.settings) != address(self._wanted.settings):
            self._forget(self._contested())
        else:
            wanted = self._wanted
            new = Topics(wanted.settings, wanted.appearance_name, self._kept.id)
            gone -= self._retained(new)
        self.close(taking_back=gone)

    def _of_ours(self):
        """What the broker keeps of us, and of nobody else.

        Below a shared topic the other one says again what is true of it.
        """
        return self._kept.topics(self._broker) - self._contested()

    def _contested(self):
        """What another OctoPrint with our id, if there is one, still needs."""
        is_twin = self._neighbours.is_twin(self._around.clock())
        return {self._topics.discovery} if is_twin or self._link.is_taken else set()

    def _retained(self, topics=None):
        """The topics of which the broker keeps something, now or soon."""
        topics, settings = topics or self._topics, self._wanted.settings
        retained = {topics.availability, topics.status}
        if settings["mqtt_homeassistant_discovery"]:
            retained.add(topics.discovery)
        if settings["mqtt_retain"]:
            retained |= {topics.eta(heater) for heater in self._kept.heaters}
        return retained

    def _take_back(self, topics):
        """Have the broker keep nothing of `topics`; they are forgotten when it has."""
        if self._link.is_connected:
            for topic in sorted(topics):
                self._link.send(_nothing(topic))
            self._going |= topics

    def _remember(self, topics):
        kept = self._kept.topics(self._broker)
        self._kept.set_topics(self._broker, kept | topics)

    def _forget(self, topics):
        kept = self._kept.topics(self._broker)
        self._kept.set_topics(self._broker, kept - topics)

    def _greet(self, here, wall):
        """A new connection: all that is to be known, from the start."""
        retained = self._retained()
        self._link.send(self._online())
        self._going = set()
        self._take_back(self._kept.topics(self._broker) - retained)
        self._remember(retained)
        for heater in self._kept.heaters:
            if heater not in here:
                self._link.send(self._reports.gone(heater, wall))
        self._status = None
        self._announcement.repeat()
        self._reports.repeat()

    def _repeat_if_due(self, elapsed):
        if self._birth is not None and elapsed >= self._birth:
            self._birth = None
            self._announcement.repeat()
            self._reports.repeat()
        if self._listens is not None and elapsed >= self._listens:
            self._listens = None
            self._reports.repeat()

    def _announce(self, elapsed, has_arrived):
        wanted, link, heaters = self._wanted, self._link, self._kept.heaters
        if wanted.settings["mqtt_homeassistant_discovery"]:
            announced = self._announcement.next(heaters, wanted.profile, has_arrived)
        else:
            announced = None, [it for it in heaters if not wanted.profile.has(it)]
        message, gone = announced
        if message:
            self._listens = elapsed + LISTENS_AFTER_S
            link.send(message)
        if gone:
            self._kept.heaters = [heater for heater in heaters if heater not in gone]
            topics = {self._topics.eta(heater) for heater in gone}
            self._take_back(topics & self._kept.topics(self._broker))

    def _device(self, heaters):
        wanted = self._wanted
        return discovery.device(
            self._topics,
            sorted(heaters),
            identity=self._kept.id,
            name=self._topics.name,
            version=self._around.version,
            url=self._around.url,
            interval=wanted.settings["mqtt_publish_interval"],
            tools=wanted.profile.tools,
        )

    def _tell_status(self, status, elapsed):
        status = {
            **status,
            "id": self._kept.id,
            "instance": self._kept.instance,
            "version": self._around.version,
            "v": 1,
        }
        if status != self._status or elapsed - self._status_at >= TOLD_EVERY_S:
            self._status, self._status_at = status, elapsed
            self._link.send(Message(self._topics.status, encoded(status), 1, True))

    def _listen(self, elapsed):
        while self._link.heard:
            heard = self._link.heard.popleft()
            if heard.topic == self._topics.birth and heard.payload == ONLINE:
                # One that is kept is of long ago.
                if not heard.retained:
                    self._birth = elapsed + BIRTH_DELAY_S * self._around.chance()
            elif heard.topic == self._topics.status:
                self._hear_status(heard, elapsed)
            # Somebody else has gone, who was below the same topic.
            elif not heard.retained and heard.payload != ONLINE:
                self._unanswered |= heard.topic == self._topics.availability

    def _hear_status(self, heard, elapsed):
        if self._neighbours.hear(heard.payload, heard.retained, elapsed):
            self._log.warning(
                "Another OctoPrint publishes to %s%s",
                self._topics.base,
                ", with the same client ID" if self._neighbours.is_twin(elapsed) else "",
            )
            # So that the other one notices, too.
            self._status = None
        elif not heard.payload and not heard.retained:
            self._unanswered = True

    def _answer(self, elapsed):
        """Say again what is true, though not for ever to who will not have it."""
        if self._unanswered and elapsed - self._answered_at >= ANSWER_EVERY_S:
            self._unanswered, self._answered_at = False, elapsed
            self._link.send(self._online())
            self._status = None

    def _online(self):
        return Message(self._topics.availability, ONLINE, 1, True)

    def _offline(self):
        return Message(self._topics.availability, OFFLINE, 1, True)


def _connection(wanted):
    """All that the link and its topics depend on."""
    settings = wanted.settings
    base = Topics(settings, wanted.appearance_name, "").base
    return [base, *(settings[key] for key in LINK_SETTINGS)]


def _nothing(topic):
    """What has the broker keep nothing."""
    return Message(topic, "", 1, True)
