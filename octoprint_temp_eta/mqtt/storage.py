"""Files in the plugin's data folder: small JSON files, each written as a whole.

A file that cannot be parsed is set aside, and only its content is lost. A full disk does
no more harm than that either.
"""

import json
import os
import re

# Limits: heaters of a printer profile, and numbers in a learned model.
MAX_HEATERS = 32
MAX_NUMBERS = 1000

# The others may be in a file name; OctoPrint uses a profile's id as a file name too.
INVALID_IN_NAME = re.compile(r"[^A-Za-z0-9_-]")


class Store:
    """A folder of JSON files; `log` gets one warning for each file that fails."""

    def __init__(self, folder, log):
        self._folder = folder
        self._log = log
        self._failed = set()
        self._unreadable = set()

    def read(self, name, check):
        """Read `name` and return what `check` makes of it; None if there is nothing.

        `check` raises `ValueError`, `LookupError`, `TypeError` or `AttributeError` for
        invalid data.
        """
        path = self._path(name)
        try:
            with open(path, encoding="utf-8") as file:
                return check(json.load(file))
        except FileNotFoundError:
            return None
        except OSError as error:
            # It may be readable next time, so it is not overwritten.
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
        """Write `value` to `name`, if that is possible."""
        if name in self._unreadable:
            return
        path = self._path(name)
        temporary = path + ".new"
        try:
            os.makedirs(self._folder, exist_ok=True)
            with open(temporary, "w", encoding="utf-8") as file:
                json.dump(value, file, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
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


class LearnedModels:
    """The learned models of a printer profile: lists of numbers by heater."""

    def __init__(self, store, profile):
        self._store = store
        self._name = "lessons-" + INVALID_IN_NAME.sub("_", profile)[:100]
        self.heaters = store.read(self._name, _decoded) or {}

    def update(self, learned):
        """Store the models in `learned`, replacing those of the same heaters."""
        for heater, numbers in learned.items():
            # In the order of their last change: the oldest are dropped first.
            self.heaters.pop(heater, None)
            self.heaters[heater] = [float(number) for number in numbers]
        for heater in list(self.heaters)[:-MAX_HEATERS]:
            del self.heaters[heater]
        self._store.write(self._name, {"version": 1, "heaters": self.heaters})

    def forget(self, heater):
        """Remove an invalid model."""
        if self.heaters.pop(heater, None) is not None:
            self._store.write(self._name, {"version": 1, "heaters": self.heaters})


def _decoded(data):
    if data["version"] != 1:
        raise ValueError(f"unknown version {data['version']!r}")
    heaters = {}
    for heater, numbers in list(data["heaters"].items())[:MAX_HEATERS]:
        heaters[heater] = [float(number) for number in numbers[:MAX_NUMBERS]]
    return heaters
