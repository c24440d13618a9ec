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


class Relay:
    """Publishes what a printer's heaters still need, while that is wanted.

    All methods may be called from any thread and return at once, but for `stop`.
    """

    def __init__(self, around):
        self._around = around
        self._log = around.log
        self._samples = deque(maxlen=MOST_WAITING)
        self._awake = threading.Event()
        # Held for a moment, when a thread is begun or ends; never by who brings samples.
        self._turn = threading.Lock()
        self._thread = None
        self._wanted = None
        self._fresh_id = False
        self._stopping = False
        self._told = {"state": "off"}

    def follow(self, wanted):
        """Do what is `wanted` from now on."""
        with self._turn:
            self._wanted = wanted
            if wanted.runs and self._thread is None and not self._stopping:
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
        """Be somebody else to the broker: another OctoPrint has the same id."""
        self._fresh_id = True
        self._awake.set()

    def stop(self, patience=PATIENCE_S):
        """Say good-bye to the broker; returns after `patience` seconds at the latest."""
        with self._turn:
            self._stopping = True
            thread = self._thread
        self._awake.set()
        if thread is not None:
            thread.join(patience)

    def status(self):
        """How the relay is: codes and names, and what is missing."""
        told = dict(self._told)
        return {**told, **needs.report(told.pop("client", None), told.get("engine"))}

    # ~~ The worker's thread

    def _run(self):
        store = Store(self._around.folder, self._log)
        estimates = Estimates(self._around, store)
        publication = Publication(self._around, store, self._awake.set)
        done = None
        while True:
            try:
                done = self._step(estimates, publication, done)
            # The edge of the thread: whatever it is, the next step may be fine.
            except Exception:
                self._log.exception("The MQTT relay goes on after an error")
                self._awake.wait(UNEXPECTED_S)
            if self._ends(publication):
                return
            due = publication.due_in
            self._awake.wait(IDLE_S if due is None else min(IDLE_S, due))
            self._awake.clear()

    def _step(self, estimates, publication, done):
        wanted = self._wanted
        if not wanted.runs or self._stopping:
            return done
        fresh_id, self._fresh_id = self._fresh_id, False
        if wanted != done or fresh_id:
            estimates.follow(wanted)
            publication.follow(wanted, fresh_id)
        samples = [self._samples.popleft() for _ in range(len(self._samples))]
        estimates.take(samples)
        moment = self._around.now()
        rows = estimates.rows(moment)
        publication.publish(rows, moment, engine=estimates.engine, printer=bool(rows))
        self._tell(estimates, publication)
        return wanted

    def _ends(self, publication):
        """End the thread if nothing more is wanted of it; says whether it has."""
        with self._turn:
            stopping, wanted = self._stopping, self._wanted
        if wanted.runs and not stopping:
            return False
        if stopping:
            publication.close()
        else:
            publication.take_back()
        self._told = {"state": "off"}
        with self._turn:
            if self._wanted.runs and not self._stopping:
                return False
            self._thread = None
            return True

    def _tell(self, estimates, publication):
        settings = self._wanted.settings
        host, port = settings["mqtt_broker_host"], settings["mqtt_broker_port"]
        self._told = {
            "state": publication.state,
            "broker": f"{host}:{port}",
            "sent": publication.sent,
            "is_shared": publication.is_shared,
            "engine": estimates.engine or "",
            "engine_problems": estimates.problems,
            "client": publication.state != "no_client",
        }
