"""Files in the plugin's data folder: small JSON files, each written as a whole.

What is in the folder may be anything. Something that is no file of ours is set aside,
and only its content is lost. A full disk does no more harm than that either.
"""

import json
import os
import stat
from contextlib import suppress

# Longest file that is read, in bytes. Ours are shorter; a longer one is not parsed.
MAX_FILE = 4_000_000

# Most digits of a whole number. Ours have fewer, and Python takes minutes for a million.
MAX_DIGITS = 20

# Opens a pipe without waiting until somebody writes to it. Windows lacks that flag.
READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

# A new file of our own, not one that somebody has put there or linked to.
WRITE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)

# What reading raises for a file that is not one of ours.
INVALID = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
)


def require_regular(path, longest):
    """Raise `ValueError` if `path` is no regular file of at most `longest` bytes."""
    status = os.stat(path)
    _require_regular(status)
    if status.st_size > longest:
        raise ValueError(f"longer than {longest} bytes")


class Store:
    """A folder of JSON files; `log` gets one warning for each file that fails."""

    def __init__(self, folder, log):
        self._folder = folder
        self._log = log
        self._failed = set()
        self._unreadable = set()

    def read(self, name, check):
        """Read `name` and return what `check` makes of it; None if there is nothing.

        `check` raises one of `INVALID` for invalid data.
        """
        path = self._path(name)
        self._unreadable.discard(name)
        try:
            return check(_parsed(_content(path)))
        except FileNotFoundError:
            return None
        except OSError as error:
            # It may be readable next time, so it is not overwritten.
            self._unreadable.add(name)
            self._fail(name, "could not be read", error)
            return None
        except INVALID as error:
            if _set_aside(path):
                self._fail(name, "was set aside", error)
            else:
                self._fail(name, "is invalid, and could not be set aside", error)
            return None

    def write(self, name, value):
        """Write `value` to `name`; returns whether that was possible."""
        if name in self._unreadable:
            return False
        path = self._path(name)
        temporary = path + ".new"
        try:
            os.makedirs(self._folder, exist_ok=True)
            with _created(temporary) as file:
                json.dump(value, file, allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except (OSError, ValueError) as error:
            self._fail(name, "could not be written", error)
            return False
        self._failed = {failed for failed in self._failed if failed[0] != name}
        return True

    def is_unreadable(self, name):
        """Whether there is a file that could not be read."""
        return name in self._unreadable

    def _path(self, name):
        return os.path.join(self._folder, name + ".json")

    def _fail(self, name, what, error):
        if (name, what) not in self._failed:
            self._failed.add((name, what))
            self._log.warning("%s.json %s: %s", name, what, error)


def _content(path):
    """Return the bytes of a regular file of bounded size."""
    # Not everything can be opened; what can may have taken the file's place since.
    _require_regular(os.stat(path))
    descriptor = os.open(path, READ_FLAGS)
    try:
        _require_regular(os.fstat(descriptor))
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(MAX_FILE + 1)
    finally:
        os.close(descriptor)
    if len(content) > MAX_FILE:
        raise ValueError(f"longer than {MAX_FILE} bytes")
    return content


def _require_regular(status):
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("not a regular file")


def _set_aside(path):
    """Rename a file that is invalid; returns whether that was possible."""
    try:
        os.replace(path, path + ".aside")
    except OSError:
        return False
    return True


def _parsed(content):
    return json.loads(content.decode("utf-8"), parse_int=_whole)


def _whole(digits):
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _created(path):
    """Create a file of our own, in place of what an interrupted write has left."""
    with suppress(FileNotFoundError):
        os.unlink(path)
    descriptor = os.open(path, WRITE_FLAGS, 0o666)
    return open(descriptor, "w", encoding="utf-8")
