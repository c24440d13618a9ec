//! All heaters of one printer: messages in, snapshots out.

use super::ensemble::RegisterError;
use super::heater::{HeaterRow, HeaterState, Heaters, StateUpdate, Tracker};
use super::input::{
    BadReading, Counted, HeaterId, HostTime, Implausible, Job, JobPhase, KnownRows, Message,
    Profile, Reported, ReportedHeaters, Row, Sample, ServerClock, ServerTime, Skipped, is_time,
    moment,
};
use super::model::{Estimator, Reason};
use super::output::{
    Diagnostics, Event, Events, Graph, GraphHistories, Learned, PrinterRow, Snapshot,
};
use super::settings::Settings;

/// Follows a printer through OctoPrint's socket messages.
///
/// ```
/// use temp_eta::core::Printer;
/// use temp_eta::core::input::{Field, HeaterId, HostTime, Message, Reading, Row, ServerTime};
///
/// let mut printer = Printer::default();
/// for i in 0..5 {
///     let time = 1000.0 + 2.0 * f64::from(i);
///     let bed = Reading {
///         heater: HeaterId::parse("bed"),
///         actual: Field::Number(20.0 + f64::from(i)),
///         target: Field::Number(60.0),
///     };
///     let rows = vec![Row { time: ServerTime(time), readings: vec![bed] }];
///     let server_time = ServerTime(time + 0.25);
///     let message = Message { server_time, operational: Some(true), job: None, rows };
///     printer.ingest(message, HostTime(time));
/// }
/// let bed = &printer.snapshot(HostTime(1008.0)).heaters[0];
/// assert_eq!(bed.remaining.map(f64::round), Some(70.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Printer {
    settings: Settings,
    counted: Counted,
    reported: ReportedHeaters,
    clock: ServerClock,
    known_rows: KnownRows,
    skipped: Skipped,
    job: Job,
    heaters: Heaters,
    events: Events,
    graphs: Option<GraphHistories>,
    /// The heaters that have learned something, and the server time (s) of the update that it is
    /// based on.
    updates: Vec<(HeaterId, f64)>,
}

impl Printer {
    /// A printer whose readings are kept for graphs as well.
    #[must_use]
    pub fn with_graphs() -> Self {
        Self {
            graphs: Some(GraphHistories::default()),
            ..Self::default()
        }
    }

    /// Takes a message that arrived at `now`. What is in it already or makes no sense is passed
    /// over, the latter is counted.
    pub fn ingest(&mut self, message: Message, now: HostTime) {
        let ServerTime(server_time) = message.server_time;
        if !is_time(server_time) || !now.0.is_finite() {
            self.skipped.count(BadReading::Time);
            return;
        }
        if let Some(jump) = self.clock.observe(message.server_time, now) {
            self.restart(jump);
        }
        if let Some(progress) = message.job {
            self.job.observe(progress, server_time);
        }
        self.events.begin(server_time);
        for tracker in self.heaters.trackers_mut() {
            tracker.see(server_time);
        }
        for row in message.rows {
            self.take(row, server_time);
        }
        if message.operational == Some(false) {
            self.heaters.clear();
        }
        let job = self.job.phase(server_time);
        // Once that is under way, nobody waits for a soak.
        let ready = || self.heaters.are_ready(!job.is_under_way());
        self.events.settle(server_time, ready, job);
    }

    /// Begins anew: the server's clock was set by `jump` (s), or the page has slept for that long.
    fn restart(&mut self, jump: f64) {
        self.known_rows = KnownRows::default();
        self.job = Job::default();
        self.events.restart();
        if let Some(graphs) = &mut self.graphs {
            graphs.clear();
        }
        for tracker in self.heaters.trackers_mut() {
            tracker.restart(jump);
        }
    }

    fn take(&mut self, row: Row, server_time: f64) {
        let ServerTime(time) = row.time;
        // A stamp of the future was made before the server's clock was set back.
        if !is_time(time) || time > server_time + 1.0 {
            self.skipped.count(BadReading::Time);
            return;
        }
        if self.known_rows.knows(&row) {
            return;
        }
        if row.readings.is_empty() {
            self.heaters.clear();
        }
        let time = moment(time);
        let changed = self.reported.changed(&row.readings);
        for reading in &row.readings {
            let others = changed > usize::from(self.reported.has_changed(reading));
            self.heaters.set_others(others);
            match reading.check(time, &mut self.skipped) {
                None => {}
                Some((heater, Ok(sample))) => self.follow(heater, sample),
                Some((heater, Err(newest))) => self.doubt(&heater, newest, time),
            }
        }
        self.known_rows.keep(row);
    }

    fn follow(&mut self, heater: HeaterId, sample: Sample) {
        self.reported.note(&heater, sample.actual, sample.target);
        if !self.counted.counts(&heater) {
            return;
        }
        let known = self.heaters.tracker(&heater);
        let based_on = known.map_or(0.0, |tracker| tracker.state().until);
        let outcome = self.heaters.ingest(&heater, sample, &self.settings);
        if self.heaters.tracker(&heater).is_none() {
            return;
        }
        if let Some(graphs) = &mut self.graphs {
            graphs.push(&heater, sample);
        }
        if self.settings.enabled {
            let job = self.job.phase(sample.time);
            self.events.add(&heater, sample, outcome, job);
        }
        if outcome.learned && self.updates.iter().all(|(known, _)| *known != heater) {
            self.updates.push((heater, based_on));
        }
    }

    /// Takes a reading made at `time` (s) that makes no sense.
    fn doubt(&mut self, heater: &HeaterId, newest: Implausible, time: f64) {
        self.reported.note(heater, newest.actual, newest.target);
        if !self.counted.counts(heater) {
            return;
        }
        self.heaters.doubt(heater, newest);
        if let Some(graphs) = &mut self.graphs {
            graphs.interrupt(heater, time, newest.target);
        }
    }

    /// What the page shows at `now`.
    #[must_use]
    pub fn snapshot(&self, now: HostTime) -> Snapshot {
        let time = self.server_time(now);
        let heaters = time.map_or_else(Vec::new, |now| self.rows(now));
        Snapshot {
            time,
            printer: PrinterRow::of(&heaters),
            heaters,
            skipped: self.skipped,
        }
    }

    /// What the page draws at `now`: the last `window` seconds and what is ahead. Empty unless
    /// the printer was created by [`Self::with_graphs`].
    #[must_use]
    pub fn graph(&self, now: HostTime, window: f64) -> Vec<Graph> {
        let Some((graphs, now)) = self.graphs.as_ref().zip(self.server_time(now)) else {
            return Vec::new();
        };
        let graph = |row: HeaterRow| {
            let tracker = self.heaters.tracker(&row.heater);
            let threshold = tracker.and_then(|tracker| tracker.threshold(&self.settings));
            graphs.graph(row, threshold, now, window)
        };
        self.rows(now).into_iter().filter_map(graph).collect()
    }

    /// What has happened since the last call, while the page was open.
    pub fn events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// What the print job is doing at `now`.
    #[must_use]
    pub fn job(&self, now: HostTime) -> JobPhase {
        let time = self.server_time(now);
        time.map_or(JobPhase::None, |now| self.job.phase(now))
    }

    /// The states of heaters that have learned something since the last call.
    pub fn state_updates(&mut self) -> Vec<StateUpdate> {
        let updates = std::mem::take(&mut self.updates).into_iter();
        let with_state = |(heater, based_on): (HeaterId, f64)| StateUpdate {
            state: self.heaters.state(&heater),
            heater,
            based_on,
        };
        updates.map(with_state).collect()
    }

    /// What was learned from each heater so far.
    #[must_use]
    pub fn learned(&self) -> Vec<Learned> {
        let registry = self.heaters.registry();
        let learned = |(heater, state)| Learned::of(heater, state, registry);
        let states = self.heaters.states();
        let counted = states.filter(|(heater, _)| self.counted.counts(heater));
        counted.filter_map(learned).collect()
    }

    /// How much is kept and how long estimates take.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        Diagnostics {
            samples: self.heaters.iter().map(Tracker::samples).sum(),
            points: self.graphs.as_ref().map_or(0, GraphHistories::points),
            heaters: self.heaters.iter().count(),
            estimates: self.heaters.times(),
        }
    }

    /// Follows `settings` from now on. Countdowns start anew only if a setting of
    /// the calculation changes.
    pub fn configure(&mut self, settings: Settings) {
        let (before, now) = (self.settings, settings.clamped());
        self.settings = now;
        if before.calculation() != now.calculation() {
            for tracker in self.heaters.trackers_mut() {
                tracker.configure(&before, &now);
            }
        }
    }

    /// Counts the heaters that `profile` has from now on.
    pub fn set_profile(&mut self, profile: Profile) {
        self.counted.set_profile(profile);
        self.follow_counted();
    }

    /// Follows what the owner has decided: which heaters are counted, and which are not.
    pub fn set_choices(&mut self, choices: Vec<(HeaterId, bool)>) {
        self.counted.set_choices(choices);
        self.follow_counted();
    }

    /// Stops following what is not counted any more; what was learned from it is kept.
    fn follow_counted(&mut self) {
        let counted = &self.counted;
        self.heaters.retain(|heater| counted.counts(heater));
        if let Some(graphs) = &mut self.graphs {
            graphs.retain(|heater| counted.counts(heater));
        }
    }

    /// What the printer has reported so far, counted or not.
    #[must_use]
    pub fn reported(&self) -> &[Reported] {
        self.reported.list()
    }

    /// Replaces the state of all heaters by `states`: those of another printer, or none.
    pub fn load(&mut self, states: Vec<(HeaterId, HeaterState)>) {
        self.updates.clear();
        self.heaters.load(states);
    }

    /// Replaces the state of one heater by a stored one.
    pub fn replace_state(&mut self, heater: &HeaterId, state: HeaterState) {
        self.heaters.replace_state(heater, state);
    }

    /// Forgets everything learned. Countdowns go on with the readings of the present transient.
    pub fn forget(&mut self) {
        self.load(Vec::new());
    }

    /// Registers another plugin's algorithm under `id`, in place of an earlier one with that id.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if it is refused.
    pub fn register(
        &mut self,
        id: &str,
        estimator: Box<dyn Estimator>,
    ) -> Result<(), RegisterError> {
        self.heaters.register(id, estimator, &self.settings)
    }

    /// Unregisters the plugin algorithm `id`.
    pub fn unregister(&mut self, id: &str) {
        self.heaters.unregister(id, &self.settings);
    }

    /// Times every estimate by `clock` (s) from now on; `None` stops that.
    pub fn set_timing(&mut self, clock: Option<fn() -> f64>) {
        self.heaters.set_timing(clock);
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    fn server_time(&self, now: HostTime) -> Option<f64> {
        let ServerTime(now) = self.clock.now(now)?;
        Some(now).filter(|now| now.is_finite())
    }

    /// The rows of all heaters at server time `now` (s).
    fn rows(&self, now: f64) -> Vec<HeaterRow> {
        if !self.settings.enabled {
            return Vec::new();
        }
        let trackers = self.heaters.iter();
        let mut rows = trackers.map(|tracker| self.row(tracker, now)).collect();
        self.heaters.mark_doubted(&mut rows);
        rows
    }

    fn row(&self, tracker: &Tracker, now: f64) -> HeaterRow {
        let row = tracker.row(now, &self.settings);
        let job = self.job.phase(now);
        let row = if job.is_under_way() {
            row.unsoaked()
        } else {
            row
        };
        if !row.phase.is_counted_down(&self.settings) {
            row.kept_back(Reason::Disabled)
        } else if self.settings.suppress_while_printing && job == JobPhase::Prints {
            row.kept_back(Reason::Printing)
        } else {
            row
        }
    }
}

#[cfg(test)]
mod tests;
