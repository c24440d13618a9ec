"""How long to wait before the broker is tried again."""

from collections import deque

FIRST_S, LONGEST_S = 1.0, 120.0

# Whoever was turned away is turned away again, until somebody changes something.
REFUSED = frozenset({"credentials", "forbidden", "client_id", "version", "refused"})
REFUSED_FIRST_S, REFUSED_LONGEST_S = 60.0, 600.0

# A broker lets one client of a name in and ends the other's connection: two that do not
# know of each other end each other's in turns.
SHORT_S, SHORT_ONES, WITHIN_S = 10.0, 3, 60.0
TAKEN_S = 60.0


class Backoff:
    """Waiting times that grow from try to try; all times in seconds."""

    def __init__(self, first=FIRST_S, longest=LONGEST_S):
        self._first, self._longest = first, longest
        self._tries = 0
        self._short = deque(maxlen=SHORT_ONES)

    def after_failure(self, code):
        """How long to wait after a connection was not made, because of `code`."""
        first, longest = self._first, self._longest
        if code in REFUSED:
            first, longest = REFUSED_FIRST_S, REFUSED_LONGEST_S
        wait = min(longest, first * 2 ** min(self._tries, 16))
        self._tries += 1
        return wait

    def after_connection(self, lasted, now):
        """How long to wait after one that `lasted` has ended `now`."""
        if lasted >= SHORT_S:
            self._tries = 0
            self._short.clear()
        else:
            self._short.append(now)
        return TAKEN_S if self.is_taken(now) else self.after_failure("closed")

    def is_taken(self, now):
        """Whether somebody else seems to use the same name."""
        full = len(self._short) == SHORT_ONES
        return full and now - self._short[0] <= WITHIN_S + TAKEN_S
