"""Detects other OctoPrints that publish to our topics or use our client id.

Each OctoPrint publishes a status to its base topic. A foreign one on our status topic
means that the topic is shared.
"""

import json

# The status is republished this often, in s, so that others notice the conflict. A
# conflict is over when nothing was received for more than two such intervals.
STATUS_INTERVAL_S = 600.0
CONFLICT_TIMEOUT_S = 1500.0

# No status is longer than this, in characters.
MAX_STATUS_LENGTH = 1000


class ConflictDetector:
    """Evaluates the messages on our status topic.

    `identity` is our id. `instance` identifies this process and also distinguishes it
    from one that runs on a copy of OctoPrint's folder. `earlier` are the instances that
    ran before, None if nobody knows.
    """

    def __init__(self, identity, instance, earlier=()):
        self._identity = identity
        self._instance = instance
        self._knows_earlier = earlier is not None
        self._earlier = frozenset(earlier or ())
        # Whether a status of this process has come back.
        self.has_echo = False
        # When another OctoPrint was last seen on our topic, and one with our id.
        self._other_seen_at = None
        self._same_id_seen_at = None
        # The instance that was seen with our id.
        self._twin = ""

    def receive(self, status, is_retained, elapsed):
        """Evaluate a `status` received at `elapsed` seconds.

        Returns whether it starts a conflict. A retained status may be one of our own
        earlier instances: a broker that was killed can come back with an old one.
        """
        if not status and not is_retained:
            # Cleared by one that has left; others who are there correct that.
            self._other_seen_at = None
        try:
            decoded = json.loads(status[:MAX_STATUS_LENGTH])
            identity, instance = decoded["id"], decoded["instance"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return False
        if not all(isinstance(it, str) and it for it in (identity, instance)):
            return False
        # A retained one may be from before the rights at the broker were changed.
        self.has_echo |= instance == self._instance and not is_retained
        is_earlier = instance in self._earlier or not self._knows_earlier
        if instance == self._instance or (is_retained and is_earlier):
            return False
        had_conflict = self.is_topic_shared(elapsed) or self.is_id_shared(elapsed)
        if identity == self._identity:
            self._same_id_seen_at, self._twin = elapsed, instance
        else:
            self._other_seen_at = elapsed
            if instance == self._twin:
                # It has another id now.
                self._same_id_seen_at = None
        return not had_conflict

    def is_topic_shared(self, elapsed):
        """Whether another OctoPrint publishes to the same base topic."""
        return _is_recent(self._other_seen_at, elapsed)

    def is_id_shared(self, elapsed):
        """Whether another OctoPrint has the same id, a client-id conflict."""
        return _is_recent(self._same_id_seen_at, elapsed)


def _is_recent(seen_at, elapsed):
    return seen_at is not None and elapsed - seen_at < CONFLICT_TIMEOUT_S
