"""Files in the plugin's data folder: small JSON files, each written as a whole.

A file that cannot be parsed is set aside, and only its content is lost. A full disk does
no more harm than that either.
"""

import json
import os

# Longest file that is read, in bytes. Ours are shorter; a longer one is not parsed.
MAX_FILE = 4_000_000


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
                size = os.fstat(file.fileno()).st_size
                if size > MAX_FILE:
                    raise ValueError(f"{size} bytes are too many")
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
        """Write `value` to `name`; returns whether that was possible."""
        if name in self._unreadable:
            return False
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
            return False
        self._failed.discard(name)
        return True

    def is_unreadable(self, name):
        """Whether there is a file that could not be read."""
        return name in self._unreadable

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
