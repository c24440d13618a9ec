"""The calculation's service: a thread that owns the core and the outlets.

Other threads never wait for it. They append samples to a bounded deque, which drops the
oldest, and set attributes that say what is to be done.
"""

import threading
from collections import deque

from ..outlets.step import Step
from .context import Sample
from .core_abi import Job
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


class CalculationService:
    """Calculates a printer's ETAs while an outlet is on.

    `make_outlets` returns the outlets by their names; it gets a function that wakes the
    thread. All methods may be called from any thread, and all but `stop` return at once.
    """

    def __init__(self, context, make_outlets):
        self._context = context
        self._log = context.log
        self._samples = deque(maxlen=MAX_SAMPLES)
        self._awake = threading.Event()
        self._stopping = threading.Event()
        # Held briefly while the thread starts or ends; never by those that add samples.
        self._lock = threading.Lock()
        self._thread = None
        self._config = None
        self._runner_status = {}
        self.outlets = make_outlets(self._awake.set)

    def configure(self, config):
        """Apply `config`."""
        with self._lock:
            self._config = config
            is_running = self._thread is not None and self._thread.is_alive()
            if config.outlets and not is_running and not self._stopping.is_set():
                self._samples.clear()
                self._thread = threading.Thread(
                    target=self._run, name="temp_eta server", daemon=True
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

    def stop(self, timeout=STOP_TIMEOUT_S):
        """End the outlets and the thread, waiting at most `timeout` s."""
        with self._lock:
            self._stopping.set()
            thread = self._thread
        self._awake.set()
        if thread is not None:
            thread.join(timeout)

    def status(self):
        """Return which outlets are on, and the runtime, for the settings dialog."""
        outlets = self._config.outlets if self._config else []
        return {"outlets": outlets, **self._runner_status}

    # ~~ The service's thread

    def _run(self):
        worker = _Worker(self._context, self.outlets)
        failures = _Failures(self._context, "The calculation")
        while True:
            try:
                if self._step(worker) and self._ends():
                    return
            # The thread goes on after any error: the next step may succeed.
            except Exception as error:
                failures.add(error)
                self._stopping.wait(ERROR_DELAY_S)
            self._awake.wait(worker.due_in)
            self._awake.clear()

    def _step(self, worker):
        """Do what is due; returns whether the thread may end."""
        config = self._config
        if self._stopping.is_set():
            # Not repeated if it fails.
            worker.close(config)
            return True
        if not config.outlets:
            self._runner_status = {}
            self._samples.clear()
            return worker.end(config)
        worker.step(config, [self._samples.popleft() for _ in range(len(self._samples))])
        self._runner_status = worker.status()
        return False

    def _ends(self):
        """Let the thread end, unless an outlet was switched on meanwhile."""
        with self._lock:
            if self._config.outlets and not self._stopping.is_set():
                return False
            self._thread = None
            self._runner_status = {}
            return True


class _Worker:
    """What the service's thread owns."""

    def __init__(self, context, outlets):
        self._context = context
        self._runner = CoreRunner(context)
        self._outlets = [_Guarded(context, name, outlets[name]) for name in outlets]
        # The configuration that the runner has.
        self._applied = None
        self._reported_at = context.elapsed()

    @property
    def due_in(self):
        """Seconds until there is something to do, at most `IDLE_S`."""
        due = [outlet.due_in for outlet in self._outlets]
        return min([IDLE_S, *(seconds for seconds in due if seconds is not None)])

    def step(self, config, samples):
        if config != self._applied:
            self._applied = None
            self._runner.configure(config)
            self._applied = config
        events = self._runner.ingest(samples)
        for sample in samples:
            if sample.row is not None:
                self._reported_at = sample.moment.elapsed
        moment = self._context.now()
        step = Step(
            config,
            moment,
            *self._runner.results(moment),
            new_events=events,
            reported_at=self._reported_at,
            runtime=self._runner.runtime,
        )
        for outlet in self._outlets:
            if config.is_on(outlet.name):
                outlet.publish(step)
            else:
                outlet.end()

    def end(self, config):
        """End the outlets that are off; returns whether that is done."""
        off = [outlet for outlet in self._outlets if not config.is_on(outlet.name)]
        # All are called, also after one that is not done.
        return all([outlet.end() for outlet in off])

    def close(self, config):
        for outlet in self._outlets:
            outlet.close(clear_all=not config.is_on(outlet.name))

    def status(self):
        return {
            "engine": "" if self._runner.has_no_runtime else self._runner.runtime,
            "engine_problems": self._runner.problems,
        }


class _Guarded:
    """An outlet whose errors do not stop the others; after one it is left alone."""

    def __init__(self, context, name, outlet):
        self._context = context
        self._outlet = outlet
        self._failures = _Failures(context, f"The outlet {name}")
        self._resumes_at = None
        self.name = name

    @property
    def due_in(self):
        if self._resumes_at is not None:
            return max(0.0, self._resumes_at - self._context.elapsed())
        return self._outlet.due_in

    def publish(self, step):
        self._guarded(self._outlet.publish, step)

    def end(self):
        return bool(self._guarded(self._outlet.end))

    def close(self, clear_all):
        self._resumes_at = None
        self._guarded(self._outlet.close, clear_all)

    def _guarded(self, work, *arguments):
        now = self._context.elapsed()
        if self._resumes_at is not None and now < self._resumes_at:
            return None
        self._resumes_at = None
        try:
            return work(*arguments)
        # Whatever it is, the others go on.
        except Exception as error:
            self._failures.add(error)
            self._resumes_at = now + ERROR_DELAY_S
            return None


class _Failures:
    """Logs errors, each once in a row."""

    def __init__(self, context, what):
        self._log = context.log
        self._what = what
        self._logged = None

    def add(self, error):
        if repr(error) != self._logged:
            self._logged = repr(error)
            self._log.exception("%s continues after an error", self._what)
