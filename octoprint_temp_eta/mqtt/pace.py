"""Limits the CPU time that a broker can cost OctoPrint."""

# Share of the time that the network thread may take; what it has not taken is saved up to
# MAX_SAVED_S, so that a new connection is not slowed down.
SHARE = 0.05
MAX_SAVED_S = 0.2

# Longest rest, so that the connection is kept alive.
MAX_REST_S = 1.0


class Pace:
    """A budget of CPU time that refills at `SHARE` of the time; all times in s."""

    def __init__(self, cpu, now):
        self._cpu, self._now = cpu, now
        self._saved = MAX_SAVED_S

    def rest(self, cpu, now):
        """Return how long to rest at `now`, with `cpu` taken so far; 0 for not at all."""
        self._saved += SHARE * (now - self._now) - (cpu - self._cpu)
        self._saved = min(self._saved, MAX_SAVED_S)
        self._cpu, self._now = cpu, now
        return min(max(0.0, -self._saved / SHARE), MAX_REST_S)
