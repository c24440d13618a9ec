"""How long to wait before the broker is tried again; all times in seconds."""

from collections import deque

FIRST_S, LONGEST_S = 1.0, 120.0

# Whoever was turned away is turned away again, until somebody changes something.
REFUSED = frozenset({"credentials", "forbidden", "client_id", "version", "refused"})
REFUSED_FIRST_S, REFUSED_LONGEST_S = 60.0, 600.0

# A broker lets one client of a name in and ends the other's connection: two that do not
# know of each other end each other's in turns. So many connections as short as that, in
# such a time, look like it; each new try then throws the other one out.
SHORT_S, SHORT_ONES, WITHIN_S = 10.0, 3, 60.0
TAKEN_FIRST_S, TAKEN_LONGEST_S = 15.0, 600.0


class Backoff:
    """Waiting times that grow from try to try, each kind of trouble for itself."""

    def __init__(self):
        self._failing = Growing(FIRST_S, LONGEST_S)
        self._refused = Growing(REFUSED_FIRST_S, REFUSED_LONGEST_S)
        self._taken = Growing(TAKEN_FIRST_S, TAKEN_LONGEST_S)
        self._short = deque(maxlen=SHORT_ONES)
        # Whether somebody else seems to use the same name.
        self.is_taken = False

    def after_failure(self, code):
        """How long to wait after a connection was not made, because of `code`."""
        return (self._refused if code in REFUSED else self._failing).next()

    def after_connection(self, lasted, now):
        """How long to wait after one that `lasted` has ended `now`."""
        if lasted >= SHORT_S:
            self._short.clear()
            self.is_taken = False
            for waits in (self._failing, self._refused, self._taken):
                waits.restart()
        else:
            self._short.append(now)
            if len(self._short) == SHORT_ONES and now - self._short[0] <= WITHIN_S:
                self.is_taken = True
        return (self._taken if self.is_taken else self._failing).next()


class Growing:
    """Waiting times, in s: twice as long each time."""

    def __init__(self, first, longest):
        self._first, self._longest = first, longest
        self.restart()

    def restart(self):
        """Wait as long as at first again."""
        self._wait = self._first

    def next(self):
        """How long to wait now, in s."""
        wait = self._wait
        self._wait = min(2 * wait, self._longest)
        return wait
