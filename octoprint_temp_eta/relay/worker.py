"""The relay at work: one thread that owns the calculation, the link to the broker, and
files.

Others hand it samples and wishes and never wait for it: a deque that forgets the
oldest, and attributes that say what is wanted now.
"""

import threading
from collections import deque

from . import needs
from .calculation import Job
from .estimates import Estimates
from .lessons import Store
from .publication import Publication
from .surroundings import Sample

# Samples that wait for the worker: more than a minute of them, with the job's.
MOST_WAITING = 256

# With nothing to do the worker looks up this often, in s: a printer that falls silent is
# noticed, and what stands still is told again.
IDLE_S = 5.0

# After an error that nobody has thought of, in s.
UNEXPECTED_S = 10.0

# How long is waited for the worker when OctoPrint stops, in s.
PATIENCE_S = 2.2

OFF = {"state": "off"}


class Relay:
    """Publishes what a printer's heaters still need, while that is wanted.

    All methods may be called from any thread and return at once, but for `stop`.
    """

    def __init__(self, around):
        self._around = around
        self._log = around.log
        self._samples = deque(maxlen=MOST_WAITING)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        # Held for a moment, when a thread is begun or ends; never by who brings samples.
        self._turn = threading.Lock()
        self._thread = None
        self._wanted = None
        self._fresh_id = False
        self._told = OFF

    def follow(self, wanted):
        """Do what is `wanted` from now on."""
        with self._turn:
            self._wanted = wanted
            is_there = self._thread is not None and self._thread.is_alive()
            if wanted.runs and not is_there and not self._stopping.is_set():
                self._samples.clear()
                self._told = {"state": "connecting"}
                self._thread = threading.Thread(
                    target=self._run, name="temp_eta relay", daemon=True
                )
                self._thread.start()
        self._awake.set()

    def add_temperatures(self, row):
        """Take what OctoPrint says of its temperatures, a dict by heater."""
        self._samples.append(Sample(self._around.now(), row=row))
        self._awake.set()

    def add_progress(self, operational, printing, position):
        """Take whether a printer is connected, whether it prints, and how many bytes of
        the file it has read.
        """
        job = Job(bool(printing), position)
        self._samples.append(Sample(self._around.now(), None, operational, job))

    def renew_id(self):
        """Be somebody else to the broker; says whether there is a relay to do that."""
        wanted = self._wanted
        if wanted is None or not wanted.runs:
            return False
        self._fresh_id = True
        self._awake.set()
        return True

    def stop(self, patience=PATIENCE_S):
        """Say good-bye to the broker; returns after `patience` seconds at the latest."""
        with self._turn:
            self._stopping.set()
            thread = self._thread
        self._awake.set()
        if thread is not None:
            thread.join(patience)

    def status(self):
        """How the relay is: codes and names, and what is missing."""
        told = dict(self._told)
        return {**told, **needs.report(told.get("state"), told.get("engine"))}

    # ~~ The worker's thread

    def _run(self):
        work = _Work(self._around, self._awake.set)
        complaint = None
        while True:
            try:
                if self._step(work) and self._ends():
                    return
            # The edge of the thread: whatever it is, the next step may be fine.
            except Exception as error:
                if repr(error) != complaint:
                    complaint = repr(error)
                    self._log.exception("MQTT publishing continues after an error")
                self._stopping.wait(UNEXPECTED_S)
            self._awake.wait(work.due_in)
            self._awake.clear()

    def _step(self, work):
        """Do what there is to do; says whether nothing more is wanted."""
        wanted = self._wanted
        if self._stopping.is_set():
            # Once: what fails then is not tried again.
            work.close(for_good=not wanted.runs)
            return True
        if not wanted.runs:
            self._told = OFF
            self._samples.clear()
            return work.publication.leave()
        fresh_id, self._fresh_id = self._fresh_id, False
        work.follow(wanted, fresh_id)
        work.do([self._samples.popleft() for _ in range(len(self._samples))])
        self._told = work.told()
        return False

    def _ends(self):
        """Whether the thread may end: nobody has wanted something since."""
        with self._turn:
            if self._wanted.runs and not self._stopping.is_set():
                return False
            self._thread = None
            self._told = OFF
            return True


class _Work:
    """All that the thread owns."""

    def __init__(self, around, wake):
        self._around = around
        store = Store(around.folder, around.log)
        self._estimates = Estimates(around, store)
        self.publication = Publication(around, store, wake)
        self._done = None
        self._reported_at = around.clock()

    def close(self, for_good):
        try:
            self.publication.close(for_good)
        except Exception:
            self._around.log.exception("MQTT publishing ended with an error")

    @property
    def due_in(self):
        """Seconds until there is something to do, at most `IDLE_S`."""
        publication = self.publication
        due = publication.due_in if publication.is_open else None
        return IDLE_S if due is None else min(IDLE_S, due)

    def follow(self, wanted, fresh_id):
        goes_on = self.publication.is_open and not self.publication.is_leaving
        if wanted == self._done and goes_on and not fresh_id:
            return
        self._done = None
        self._estimates.follow(wanted)
        self.publication.follow(wanted, fresh_id)
        self._done = wanted

    def do(self, samples):
        self._estimates.take(samples)
        for sample in samples:
            if sample.row is not None:
                self._reported_at = sample.moment.elapsed
        moment = self._around.now()
        rows = self._estimates.rows(moment)
        said = {"engine": self._estimates.engine, "printer": bool(rows)}
        self.publication.publish(rows, moment, self._reported_at, **said)

    def told(self):
        return {
            **self.publication.told(),
            "engine": "" if self._estimates.lacks_engine else self._estimates.engine,
            "engine_problems": self._estimates.problems,
        }
