"""Delays before the next connection attempt; all times in seconds."""

from collections import deque

from ..calculation.delay import ExponentialDelay

FAILURE_FIRST_S = 1.0
FAILURE_MAX_S = 120.0

# The broker rejects these until a setting changes, here or at the broker.
REFUSED = frozenset({"credentials", "forbidden", "client_id", "version", "refused"})
REFUSED_FIRST_S = 60.0
REFUSED_MAX_S = 600.0

# A broker accepts one connection for each client id and closes the older one ("session
# taken over"), so two clients with the same id keep disconnecting each other. This many
# connections as short as this, within this time, are taken as a sign of that. The delays
# are long because each attempt disconnects the other client.
SHORT_CONNECTION_S = 10.0
SHORT_CONNECTIONS = 3
SHORT_CONNECTIONS_WITHIN_S = 60.0
TAKEN_OVER_FIRST_S = 15.0
TAKEN_OVER_MAX_S = 600.0


class Backoff:
    """Delays that grow with each attempt, separately for each kind of failure."""

    def __init__(self):
        self._failure = ExponentialDelay(FAILURE_FIRST_S, FAILURE_MAX_S)
        self._refused = ExponentialDelay(REFUSED_FIRST_S, REFUSED_MAX_S)
        self._taken_over = ExponentialDelay(TAKEN_OVER_FIRST_S, TAKEN_OVER_MAX_S)
        self._short_ends = deque(maxlen=SHORT_CONNECTIONS)
        self._connected_at = None
        # Whether another client seems to use the same client id.
        self.session_taken_over = False

    def after_failure(self, code):
        """Return the delay after a connection attempt that failed with `code`."""
        return (self._refused if code in REFUSED else self._failure).next()

    def connected(self, now):
        """Take note of a connection, which may last."""
        self._connected_at = now

    def is_taken_over(self, now):
        """Whether another client seems to use our id, until a connection has lasted."""
        connected_at = self._connected_at
        lasts = connected_at is not None and now - connected_at >= SHORT_CONNECTION_S
        return self.session_taken_over and not lasts

    def after_connection(self, duration, now, by_us=False):
        """Return the delay after a connection of this `duration` that ended `now`.

        `by_us` tells whether we have ended it, which another client cannot.
        """
        self._connected_at = None
        if duration >= SHORT_CONNECTION_S:
            self._short_ends.clear()
            self.session_taken_over = False
            for delay in (self._failure, self._refused, self._taken_over):
                delay.reset()
        elif not by_us:
            self._short_ends.append(now)
            is_full = len(self._short_ends) == SHORT_CONNECTIONS
            if is_full and now - self._short_ends[0] <= SHORT_CONNECTIONS_WITHIN_S:
                self.session_taken_over = True
        return (self._taken_over if self.session_taken_over else self._failure).next()
