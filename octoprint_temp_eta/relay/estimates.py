"""Samples in, what there is to tell out: the calculation, kept going whatever happens
to it.
"""

from .backoff import Growing
from .calculation import Calculation
from .engines import EngineError, open_engine
from .lessons import Lessons

# How long to wait before a calculation that has broken down is begun anew, in s.
RESTART_S, RESTART_LONGEST_S = 1.0, 300.0

# Having run for so long, it counts as sound again, in s.
SOUND_S = 600.0

# How often its costs are written to the log, in s.
COSTS_EVERY_S = 60.0


class Estimates:
    """Follows a printer; owned by one thread."""

    def __init__(self, around, store):
        self._around = around
        self._store = store
        self._log = around.log
        self._wanted = None
        self._calculation = None
        self._lessons = None
        self._is_missing = False
        # Whether no engine works here.
        self.lacks_engine = False
        self._restart = Growing(RESTART_S, RESTART_LONGEST_S)
        self._begun = self._again = 0.0
        self._costs = _Costs(around.clock())
        # Why an engine is not used, by its name.
        self.problems = {}

    @property
    def engine(self):
        """The name of the engine that is at work; None if there is none."""
        return self._calculation and self._calculation.engine.name

    def follow(self, wanted):
        """Do what is `wanted` from now on."""
        before, self._wanted = self._wanted, wanted
        # What another printer's heaters did and have taught is something else.
        is_another = before is not None and before.profile.id != wanted.profile.id
        if self._calculation is None or is_another:
            self._calculation = None
            self._begin(with_history=before is None)
        else:
            self._guarded(self._set_up)

    def take(self, samples):
        """Take in `samples`, in their order."""
        self._resume()
        for sample in samples:
            self._guarded(self._ingest, sample)

    def rows(self, moment):
        """What there is to tell of each heater at `moment`."""
        rows = self._guarded(self._snapshot, moment) or []
        self._costs.tell(self._log, moment.elapsed, self._calculation)
        return rows

    def _begin(self, with_history):
        self._begun = self._around.clock()
        try:
            wasm = self._around.wasm()
        except OSError as error:
            self.problems = {"the module": str(error)}
            self._is_missing = True
            self._log.error("No ETAs for MQTT: %s", error)
            return
        engine, self.problems = open_engine(wasm, self._around.ladder)
        self._is_missing = self.lacks_engine = engine is None
        if engine is None:
            reasons = "; ".join(f"{name}: {why}" for name, why in self.problems.items())
            self._log.info("No WebAssembly runtime works for MQTT: %s", reasons)
            return
        self._guarded(self._set_up_anew, engine, with_history)

    def _set_up_anew(self, engine, with_history):
        self._calculation = calculation = Calculation(engine)
        self._set_up()
        self._lessons = Lessons(self._store, self._wanted.profile.id)
        for heater, numbers in list(self._lessons.heaters.items()):
            if not calculation.recall(heater, numbers):
                self._lessons.forget(heater)
        if with_history:
            self._keep(calculation.ingest(self._around.history(), self._around.now()))
        self._log.debug("The calculation for MQTT runs in %s", engine.name)

    def _set_up(self):
        self._calculation.configure(self._wanted.settings)
        self._calculation.equip(self._wanted.profile)

    def _ingest(self, sample):
        rows = [] if sample.row is None else [sample.row]
        begun = self._around.clock()
        taught = self._calculation.ingest(
            rows, sample.moment, sample.operational, sample.job
        )
        self._costs.add(self._around.clock() - begun)
        self._keep(taught)

    def _snapshot(self, moment):
        return self._calculation.snapshot(moment.elapsed)

    def _keep(self, taught):
        if taught:
            self._lessons.keep(taught)

    def _guarded(self, work, *arguments):
        if self._calculation is None and work != self._set_up_anew:
            return None
        try:
            return work(*arguments)
        except EngineError as error:
            self._calculation = None
            now = self._around.clock()
            if now - self._begun > SOUND_S:
                self._restart.restart()
            self._again = now + self._restart.next()
            self._log.error("The calculation for MQTT failed and restarts: %s", error)
            return None

    def _resume(self):
        broken = self._calculation is None and not self._is_missing
        if broken and self._around.clock() >= self._again:
            # Without the history: it may be what broke it.
            self._begin(with_history=False)


class _Costs:
    """How long messages take, in s."""

    def __init__(self, since):
        self._since = since
        self._clear()

    def _clear(self):
        self._count, self._sum, self._worst = 0, 0.0, 0.0

    def add(self, seconds):
        self._count += 1
        self._sum += seconds
        self._worst = max(self._worst, seconds)

    def tell(self, log, now, calculation):
        if now - self._since < COSTS_EVERY_S or not self._count or calculation is None:
            return
        self._since = now
        log.debug(
            "%d messages for MQTT: %.3f ms mean, %.3f ms worst; %d KiB",
            self._count,
            1000 * self._sum / self._count,
            1000 * self._worst,
            calculation.engine.memory() // 1024,
        )
        self._clear()
