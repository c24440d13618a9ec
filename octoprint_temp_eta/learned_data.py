"""What was learned from the heaters of printers, for all browsers and the server.

Each printer profile has a file with the state of each of its heaters: a list of numbers
that only the core understands. Every write and every deletion raises the file's
revision, and an entry has the revision of its last write. Who writes names the entry's
revision that the new state is based on. If another has written since, nothing is stored,
so that a heat-up that several have seen is learned once.
"""

import hashlib
import logging
import math
import re
import secrets
import threading
import time
from typing import NamedTuple, Optional

from . import heaters
from .storage import Store

VERSION = 2

# Before, only MQTT publishing wrote the file: states without revisions.
VERSION_1 = 1

# Limits: heaters of a printer profile, and numbers in a state.
MAX_HEATERS = 32
MAX_NUMBERS = 1000

# Browsers know no greater whole numbers.
MAX_REVISION = 2**53 - 1

# The others may be in a file name; OctoPrint uses a profile's id as a file name too.
INVALID_IN_NAME = re.compile(r"[^A-Za-z0-9_.()-]")
MAX_NAME = 100

# What became of a write or a deletion.
STORED = "stored"
OUTDATED = "outdated"
FULL = "full"
UNWRITABLE = "unwritable"


class Entry(NamedTuple):
    """The state of a heater, and the revision of its last write."""

    revision: int
    numbers: list


class Content(NamedTuple):
    """What a file holds.

    `id` is another one if the file was lost and began anew. `deleted_at` is when
    everything was deleted last, in s since 1970, or 0.
    """

    id: str
    revision: int
    deleted_at: float
    entries: dict


class Written(NamedTuple):
    """What became of a write, and the content afterwards."""

    result: str
    content: Content


class LearnedData:
    """What was learned from the heaters of one printer profile.

    All methods may be called from any thread. They wait for the disk.
    """

    def __init__(self, store, profile, wall=time.time, changed=lambda *_: None):
        self._store = store
        self._name = "lessons-" + _file_name(profile)
        self._profile = profile
        self._wall = wall
        self._changed = changed
        self._lock = threading.Lock()
        self._content = Content(_new_id(), 0, 0.0, {})
        self._read()

    @property
    def content(self):
        """The present content, which is never changed but replaced."""
        return self._content

    @property
    def is_unreadable(self):
        """Whether there is a file that cannot be read, so nothing is stored."""
        with self._lock:
            self._retry()
        return self._store.is_unreadable(self._name)

    def _read(self):
        read = self._store.read(self._name, _decoded)
        if read:
            self._content = read
        if read and not read.id:
            # From now on the file says itself which one it is.
            self._content = read._replace(id=_new_id())
            self._store.write(self._name, _encoded(self._content))

    def _retry(self):
        """Read the file again if it could not be read."""
        if self._store.is_unreadable(self._name):
            self._read()

    def write(self, heater, numbers, based_on, file_id=None):
        """Store the state of `heater` if its entry has the revision `based_on`.

        0 stands for no entry. `file_id` is that of the file the revision is from, if it
        can be another one. Once there are `MAX_HEATERS`, no other is stored: it could
        only take the place of one that is in use.
        """
        with self._lock:
            self._retry()
            content = self._content
            entry = content.entries.get(heater)
            if file_id not in (None, content.id) or based_on != _revision(entry):
                return Written(OUTDATED, content)
            if entry is None and len(content.entries) >= MAX_HEATERS:
                return Written(FULL, content)
            revision = content.revision + 1
            entries = {**content.entries, heater: Entry(revision, numbers)}
            new = content._replace(revision=revision, entries=entries)
            written = self._replace(new)
        return self._announced(written, heater)

    def delete(self):
        """Delete the states of all heaters."""
        with self._lock:
            self._retry()
            content = self._content
            revision = content.revision + 1
            new = Content(content.id, revision, self._wall(), {})
            written = self._replace(new)
        return self._announced(written, None)

    def _replace(self, content):
        # What is only in memory would be lost at the next start, when nobody knows it.
        if not self._store.write(self._name, _encoded(content)):
            return Written(UNWRITABLE, self._content)
        self._content = content
        return Written(STORED, content)

    def _announced(self, written, heater):
        if written.result == STORED:
            self._changed(self._profile, heater, written.content.revision)
        return written


class LearnedDataFolder:
    """The learned data of all printer profiles, in the folder that `folder` returns.

    `changed` is called with the profile, the heater or None for all, and the revision
    after each change.
    """

    def __init__(self, folder, log=None, changed=lambda *_: None):
        self._folder = folder
        self._log = log or logging.getLogger(__name__)
        self._changed = changed
        self._lock = threading.Lock()
        self._store = None
        self._profiles = {}

    def of(self, profile):
        """Return the `LearnedData` of the printer profile with this id."""
        with self._lock:
            if self._store is None:
                self._store = Store(self._folder(), self._log)
            if profile not in self._profiles:
                self._profiles[profile] = LearnedData(
                    self._store, profile, changed=self._changed
                )
            return self._profiles[profile]


def checked(heater, numbers):
    """Return `numbers` as floats; raises `ValueError` for what cannot be a state."""
    if not heaters.is_valid(heater):
        raise ValueError("heater must be the name of a heater")
    if not isinstance(numbers, list) or not 0 < len(numbers) <= MAX_NUMBERS:
        raise ValueError(f"numbers must be a list of 1 to {MAX_NUMBERS} numbers")
    return [_finite(number) for number in numbers]


def is_revision(value):
    """Whether `value` can be a revision."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and 0 <= value <= MAX_REVISION


def _revision(entry: Optional[Entry]):
    return entry.revision if entry else 0


def _file_name(profile):
    name = INVALID_IN_NAME.sub("_", profile)[:MAX_NAME]
    if name == profile:
        return name
    # Others may become the same.
    return f"{name}_{hashlib.sha256(profile.encode()).hexdigest()[:8]}"


def _new_id():
    return secrets.token_hex(8)


def _finite(number):
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise ValueError("numbers must be numbers")
    try:
        number = float(number)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError("numbers must be finite")
    return number


def _encoded(content):
    entries = {
        heater: {"revision": entry.revision, "numbers": entry.numbers}
        for heater, entry in content.entries.items()
    }
    return {
        "version": VERSION,
        "id": content.id,
        "revision": content.revision,
        "deleted_at": content.deleted_at,
        "heaters": entries,
    }


def _decoded(data):
    version = data["version"]
    if version not in (VERSION_1, VERSION):
        raise ValueError(f"unknown version {version!r}")
    states = list(data["heaters"].items())[:MAX_HEATERS]
    if version == VERSION_1:
        entries = {heater: Entry(1, checked(heater, it)) for heater, it in states}
        return Content("", 1, 0.0, entries)
    if not isinstance(data["id"], str) or not 0 < len(data["id"]) <= 64:
        raise ValueError("id must be a text")
    revision = data["revision"]
    entries = {
        heater: Entry(it["revision"], checked(heater, it["numbers"]))
        for heater, it in states
    }
    revisions = [entry.revision for entry in entries.values()]
    if not all(map(is_revision, [revision, *revisions])):
        raise ValueError("revisions must be whole numbers")
    if any(not 0 < it <= revision for it in revisions):
        raise ValueError("the revision of a heater must be from 1 to that of the file")
    return Content(data["id"], revision, _finite(data["deleted_at"]), entries)
