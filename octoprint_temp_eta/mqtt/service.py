"""The MQTT service: a thread that owns the core, the connection and the files.

Other threads never wait for it. They append samples to a bounded deque, which drops the
oldest, and set attributes that say what is to be done.
"""

import threading
from collections import deque

from ..storage import Store
from . import requirements
from .context import Sample
from .core_abi import Job
from .publisher import Publisher
from .runner import CoreRunner

# Limit of unprocessed samples: more than a minute of temperatures and job states.
MAX_SAMPLES = 256

# Longest time between two steps, in s: a printer that reports nothing is noticed, and
# unchanged values are republished.
IDLE_S = 5.0

# Delay after an unexpected error, in s.
ERROR_DELAY_S = 10.0

# How long stopping may take, in s.
STOP_TIMEOUT_S = 2.2

OFF = {"state": "off"}


class MqttService:
    """Publishes a printer's ETAs while that is enabled.

    All methods may be called from any thread, and all but `stop` return at once.
    """

    def __init__(self, context):
        self._context = context
        self._log = context.log
        self._samples = deque(maxlen=MAX_SAMPLES)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        # Held briefly while the thread starts or ends; never by those that add samples.
        self._lock = threading.Lock()
        self._thread = None
        self._config = None
        self._renews_id = False
        self._status = OFF

    def configure(self, config):
        """Apply `config`."""
        with self._lock:
            self._config = config
            is_running = self._thread is not None and self._thread.is_alive()
            if config.is_enabled and not is_running and not self._stopping.is_set():
                self._samples.clear()
                self._status = {"state": "connecting"}
                self._thread = threading.Thread(
                    target=self._run, name="temp_eta mqtt", daemon=True
                )
                self._thread.start()
        self._awake.set()

    def add_temperatures(self, row):
        """Add a temperature report of OctoPrint's, a dict by heater."""
        self._samples.append(Sample(self._context.now(), row=row))
        self._awake.set()

    def add_progress(self, operational, printing, position):
        """Add the state of printer and job; `position` in the file is in bytes."""
        job = Job(bool(printing), position)
        self._samples.append(Sample(self._context.now(), None, operational, job))

    def renew_id(self):
        """Replace our id at the broker; returns False if MQTT is off."""
        config = self._config
        if config is None or not config.is_enabled:
            return False
        self._renews_id = True
        self._awake.set()
        return True

    def stop(self, timeout=STOP_TIMEOUT_S):
        """Go offline at the broker and end the thread, waiting at most `timeout` s."""
        with self._lock:
            self._stopping.set()
            thread = self._thread
        self._awake.set()
        if thread is not None:
            thread.join(timeout)

    def status(self):
        """Return codes and names for the settings dialog, and what is missing."""
        status = dict(self._status)
        state, runtime = status.get("state"), status.get("engine")
        return {**status, **requirements.report(state, runtime)}

    # ~~ The service's thread

    def _run(self):
        worker = _Worker(self._context, self._awake.set)
        logged_error = None
        while True:
            try:
                if self._step(worker) and self._ends():
                    return
            # The thread goes on after any error: the next step may succeed.
            except Exception as error:
                if repr(error) != logged_error:
                    logged_error = repr(error)
                    self._log.exception("MQTT publishing continues after an error")
                self._stopping.wait(ERROR_DELAY_S)
            self._awake.wait(worker.due_in)
            self._awake.clear()

    def _step(self, worker):
        """Do what is due; returns whether the thread may end."""
        config = self._config
        if self._stopping.is_set():
            # Not repeated if it fails.
            worker.close(clear_all=not config.is_enabled)
            return True
        if not config.is_enabled:
            self._status = OFF
            self._samples.clear()
            return worker.publisher.clear_retained()
        renews_id, self._renews_id = self._renews_id, False
        worker.configure(config, renews_id)
        worker.process([self._samples.popleft() for _ in range(len(self._samples))])
        self._status = worker.status()
        return False

    def _ends(self):
        """Let the thread end, unless MQTT was enabled again meanwhile."""
        with self._lock:
            if self._config.is_enabled and not self._stopping.is_set():
                return False
            self._thread = None
            self._status = OFF
            return True


class _Worker:
    """What the service's thread owns."""

    def __init__(self, context, wake):
        self._context = context
        self._runner = CoreRunner(context)
        self.publisher = Publisher(context, Store(context.folder, context.log), wake)
        # The configuration that is applied completely.
        self._applied = None
        self._reported_at = context.elapsed()

    def close(self, clear_all):
        try:
            self.publisher.close(clear_all)
        except Exception:
            self._context.log.exception("MQTT publishing ended with an error")

    @property
    def due_in(self):
        """Seconds until there is something to do, at most `IDLE_S`."""
        publisher = self.publisher
        due = publisher.due_in if publisher.is_open else None
        return IDLE_S if due is None else min(IDLE_S, due)

    def configure(self, config, renew_id):
        is_publishing = self.publisher.is_open and not self.publisher.is_clearing
        if config == self._applied and is_publishing and not renew_id:
            return
        self._applied = None
        self._runner.configure(config)
        self.publisher.configure(config, renew_id)
        self._applied = config

    def process(self, samples):
        self._runner.ingest(samples)
        for sample in samples:
            if sample.row is not None:
                self._reported_at = sample.moment.elapsed
        moment = self._context.now()
        rows = self._runner.rows(moment)
        status = {"engine": self._runner.runtime, "printer": bool(rows)}
        self.publisher.publish(rows, moment, self._reported_at, **status)

    def status(self):
        return {
            **self.publisher.status(),
            "engine": "" if self._runner.has_no_runtime else self._runner.runtime,
            "engine_problems": self._runner.problems,
        }
