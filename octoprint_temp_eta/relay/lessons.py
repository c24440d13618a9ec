"""What the relay keeps from one start to the next, in the plugin's data folder.

Small JSON files, written whole or not at all. One that cannot be read is set aside and
costs what it held, nothing else; nor does a disk that is full.
"""

import json
import os
import re

# Most heaters of one printer profile, and most numbers of one of them.
MOST_HEATERS = 32
MOST_NUMBERS = 1000

# A printer profile's id is a file's name at OctoPrint's too.
UNFIT = re.compile(r"[^A-Za-z0-9_-]")


class Store:
    """One folder; `log` is told once of each file that is no good, or cannot be
    written.
    """

    def __init__(self, folder, log):
        self._folder = folder
        self._log = log
        self._failed = set()
        self._unreadable = set()

    def read(self, name, check):
        """What `write` has put under `name`, if `check` returns it; else None."""
        path = self._path(name)
        try:
            with open(path, encoding="utf-8") as file:
                return check(json.load(file))
        except FileNotFoundError:
            return None
        except OSError as error:
            # It may be readable the next time: nothing is written over it.
            self._unreadable.add(name)
            self._fail(name, "could not be read", error)
            return None
        except (
            ValueError,
            LookupError,
            TypeError,
            AttributeError,
            RecursionError,
        ) as error:
            self._fail(name, "was set aside", error)
            self._set_aside(path)
            return None

    def write(self, name, value):
        """Keep `value` under `name`, if that is possible."""
        if name in self._unreadable:
            return
        path = self._path(name)
        fresh = path + ".new"
        try:
            os.makedirs(self._folder, exist_ok=True)
            with open(fresh, "w", encoding="utf-8") as file:
                json.dump(value, file, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, path)
        except (OSError, ValueError) as error:
            self._fail(name, "could not be written", error)
        else:
            self._failed.discard(name)

    def _path(self, name):
        return os.path.join(self._folder, name + ".json")

    def _set_aside(self, path):
        try:
            os.replace(path, path + ".aside")
        except OSError:
            pass

    def _fail(self, name, what, error):
        if name not in self._failed:
            self._failed.add(name)
            self._log.warning("%s.json %s: %s", name, what, error)


class Lessons:
    """What one printer profile's heaters have taught: lists of numbers by heater."""

    def __init__(self, store, profile):
        self._store = store
        self._name = "lessons-" + UNFIT.sub("_", profile)[:100]
        self.heaters = store.read(self._name, _lessons) or {}

    def keep(self, taught):
        """Keep what heaters have `taught` now, in place of what they had."""
        for heater, numbers in taught.items():
            # The newest last: a printer whose heaters change their names forgets the
            # oldest.
            self.heaters.pop(heater, None)
            self.heaters[heater] = [float(number) for number in numbers]
        for heater in list(self.heaters)[:-MOST_HEATERS]:
            del self.heaters[heater]
        self._store.write(self._name, {"version": 1, "heaters": self.heaters})

    def forget(self, heater):
        """Forget a heater whose lessons make no sense."""
        if self.heaters.pop(heater, None) is not None:
            self._store.write(self._name, {"version": 1, "heaters": self.heaters})


def _lessons(data):
    if data["version"] != 1:
        raise ValueError(f"is of version {data['version']!r}")
    heaters = {}
    for heater, numbers in list(data["heaters"].items())[:MOST_HEATERS]:
        heaters[heater] = [float(number) for number in numbers[:MOST_NUMBERS]]
    return heaters
