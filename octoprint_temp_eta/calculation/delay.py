"""Delays before something that failed is tried again."""


class ExponentialDelay:
    """A delay in s that doubles with each use, up to a maximum."""

    def __init__(self, first, maximum):
        self._first = first
        self._maximum = maximum
        self.reset()

    def reset(self):
        """Start again with the first delay."""
        self._delay = self._first

    def next(self):
        """Return the delay to use now, in s."""
        delay = self._delay
        self._delay = min(2 * delay, self._maximum)
        return delay
