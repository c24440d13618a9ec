"""Runs the core: samples in, results out. Restarts it after a failure."""

from typing import NamedTuple, Optional

from ..heaters import choices
from ..learned_data import STORED
from .core_abi import Core, Line
from .delay import ExponentialDelay
from .runtimes import WasmError, open_runtime

# Delay before a failed core is restarted, in s.
RESTART_FIRST_S = 1.0
RESTART_MAX_S = 300.0

# After running this long without a failure, the delay starts again at its minimum, in s.
STABLE_S = 600.0

# Interval between log lines about the time spent, in s.
TIMING_INTERVAL_S = 60.0


class Results(NamedTuple):
    """The rows of all heaters, and of the printer what it is waited for.

    `job` is what a print job is doing, one of `core_abi.JOB_PHASES`.
    """

    rows: list
    line: Optional[Line]
    job: str


class CoreRunner:
    """Calculates the rows of a printer; owned by one thread."""

    def __init__(self, context):
        self._context = context
        self._log = context.log
        self._config = None
        self._core = None
        # Shared with browsers: its content that the core has, and the revisions of the
        # states in the core.
        self._learned = None
        self._loaded = None
        self._revisions = {}
        # Whether there is nothing to restart: no module, or no runtime.
        self._is_unavailable = False
        # Whether none of the runtimes works.
        self.has_no_runtime = False
        self._restart_delay = ExponentialDelay(RESTART_FIRST_S, RESTART_MAX_S)
        self._started_at = 0.0
        self._restart_at = 0.0
        self._timing = _Timing(context.elapsed())
        # Why a runtime is not used, by its name.
        self.problems = {}

    @property
    def runtime(self):
        """The name of the runtime in use; None if there is none."""
        return self._core and self._core.runtime.name

    def configure(self, config):
        """Apply `config`; another printer profile starts anew, without history."""
        previous, self._config = self._config, config
        is_another = previous is not None and previous.profile.id != config.profile.id
        if self._core is None or is_another:
            self._core = None
            self._start(with_history=previous is None)
        else:
            self._guarded(self._apply_config)

    def ingest(self, samples):
        """Take `samples`, oldest first; returns the events in them."""
        self._restart_if_due()
        events = []
        for sample in samples:
            events += self._guarded(self._ingest, sample) or []
        return events

    def results(self, moment):
        """Return the `Results` at `moment`; without rows if the core is not running."""
        results = self._guarded(self._snapshot, moment) or Results([], None, "none")
        self._timing.log(self._log, moment.elapsed, self._core)
        return results

    def _start(self, with_history):
        self._started_at = self._context.elapsed()
        try:
            wasm = self._context.wasm()
        except OSError as error:
            self.problems = {"the module": str(error)}
            self._is_unavailable = True
            self._log.error("No ETAs without a browser: %s", error)
            return
        runtime, self.problems = open_runtime(wasm, self._context.runtimes)
        self._is_unavailable = self.has_no_runtime = runtime is None
        if runtime is None:
            reasons = "; ".join(f"{name}: {why}" for name, why in self.problems.items())
            self._log.info("No WebAssembly runtime works: %s", reasons)
            return
        self._guarded(self._load, runtime, with_history)

    def _load(self, runtime, with_history):
        self._core = core = Core(runtime)
        self._apply_config()
        self._learned = self._context.learned.of(self._config.profile.id)
        self._loaded, self._revisions = None, {}
        self._load_learned()
        if with_history:
            learned = core.ingest(self._context.history(), self._context.now())
            self._store_learned(learned)
        self._log.debug("The calculation runs in %s", runtime.name)

    def _apply_config(self):
        self._core.configure(self._config.settings)
        self._core.set_profile(self._config.profile)
        self._core.set_choices(choices(self._config.settings["heaters"]))

    def _ingest(self, sample):
        if self._learned.content is not self._loaded:
            self._load_learned()
        rows = [] if sample.row is None else [sample.row]
        start = self._context.elapsed()
        learned = self._core.ingest(rows, sample.moment, sample.operational, sample.job)
        self._timing.add(self._context.elapsed() - start)
        self._store_learned(learned)
        return self._core.events()

    def _snapshot(self, moment):
        elapsed = moment.elapsed
        return Results(self._core.snapshot(elapsed), *self._core.printer(elapsed))

    def _load_learned(self):
        """Take what others have written or deleted since the last time."""
        loaded, content = self._loaded, self._learned.content
        if loaded and content.deleted_at != loaded.deleted_at:
            self._core.forget()
        self._revisions = {
            heater: revision
            for heater, revision in self._revisions.items()
            if heater in content.entries
        }
        for heater, entry in content.entries.items():
            if self._revisions.get(heater) != entry.revision:
                # One that is invalid is not used, and replaced at the next arrival.
                self._core.load(heater, entry.numbers)
                self._revisions[heater] = entry.revision
        self._loaded = content

    def _store_learned(self, learned):
        """Store the states in `learned`, or take those of who was faster."""
        for heater, numbers in learned.items():
            numbers = [float(number) for number in numbers]
            based_on = self._revisions.get(heater, 0)
            written = self._learned.write(heater, numbers, based_on)
            if written.result == STORED:
                self._revisions[heater] = written.content.entries[heater].revision
        if learned:
            self._load_learned()

    def _guarded(self, work, *arguments):
        """Call `work` if the core is running; a `WasmError` schedules a restart."""
        if self._core is None and work != self._load:
            return None
        try:
            return work(*arguments)
        except WasmError as error:
            self._core = None
            now = self._context.elapsed()
            if now - self._started_at > STABLE_S:
                self._restart_delay.reset()
            self._restart_at = now + self._restart_delay.next()
            self._log.error("The calculation failed and restarts: %s", error)
            return None

    def _restart_if_due(self):
        has_failed = self._core is None and not self._is_unavailable
        if has_failed and self._context.elapsed() >= self._restart_at:
            # Without the history, which may have caused the failure.
            self._start(with_history=False)


class _Timing:
    """Time spent on messages, in s."""

    def __init__(self, since):
        self._since = since
        self._reset()

    def _reset(self):
        self._count = 0
        self._sum = 0.0
        self._worst = 0.0

    def add(self, seconds):
        self._count += 1
        self._sum += seconds
        self._worst = max(self._worst, seconds)

    def log(self, log, now, core):
        if now - self._since < TIMING_INTERVAL_S or not self._count or core is None:
            return
        self._since = now
        log.debug(
            "%d messages: %.3f ms mean, %.3f ms worst; %d KiB",
            self._count,
            1000 * self._sum / self._count,
            1000 * self._worst,
            core.runtime.memory() // 1024,
        )
        self._reset()
