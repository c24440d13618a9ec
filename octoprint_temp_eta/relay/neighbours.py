"""Who else publishes where we do: known by the status that everybody leaves there."""

import json

# A status is told again this often, in s, so that others notice; what has not been heard
# for longer than two of them is gone.
TOLD_EVERY_S = 600.0
FORGOTTEN_AFTER_S = 1500.0

# No status is as long, in characters.
LONGEST = 1000


class Neighbours:
    """What was heard on our own status topic.

    `identity` is our id, `instance` what tells this process from all others, also from
    those of a copy of OctoPrint's folder, and `earlier` are the instances that there were
    before it.
    """

    def __init__(self, identity, instance, earlier=()):
        self._identity, self._instance = identity, instance
        self._earlier = frozenset(earlier)
        self._strangers_at = self._twin_at = None

    def hear(self, status, is_old, elapsed):
        """Take a `status`, after `elapsed` seconds; says whether it is the first of its
        kind.

        `is_old` says that the broker has kept it: a broker that was killed may come back
        with what an earlier process of ours has left.
        """
        try:
            said = json.loads(status[:LONGEST])
            identity, instance = said["id"], said["instance"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return False
        is_named = all(isinstance(it, str) and it for it in (identity, instance))
        ours = instance == self._instance or (is_old and instance in self._earlier)
        if ours or not is_named:
            return False
        was_alone = not (self.is_shared(elapsed) or self.is_twin(elapsed))
        if identity == self._identity:
            self._twin_at = elapsed
        else:
            self._strangers_at = elapsed
        return was_alone

    def is_shared(self, elapsed):
        """Whether another OctoPrint publishes below the same topic."""
        return _is_recent(self._strangers_at, elapsed)

    def is_twin(self, elapsed):
        """Whether another OctoPrint has the same id."""
        return _is_recent(self._twin_at, elapsed)


def _is_recent(heard_at, elapsed):
    return heard_at is not None and elapsed - heard_at < FORGOTTEN_AFTER_S
