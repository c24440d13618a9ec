//! All heaters of one printer: messages in, snapshots out.

use super::arrival::{Arrival, ArrivalWindow};
use super::clock::{ServerClock, moment};
use super::diagnostics::Diagnostics;
use super::estimator::{Estimator, Reason};
use super::forecast;
use super::graph_history::{GraphHistory, GraphPoint};
use super::heater_state::{HeaterState, StateUpdate};
use super::heaters::{Heaters, MAX_HEATERS};
use super::history::same;
use super::job::Job;
use super::learned::Learned;
use super::plugin_algorithms::{AlgorithmKey, RegisterError};
use super::sample::{BadReading, Field, HeaterId, Message, Row, Sample, is_time};
use super::settings::Settings;
use super::snapshot::{HeaterRow, PrinterRow, Skipped, Snapshot};
use super::tracker::Tracker;

/// Most rows of one second that are remembered in order to know them again. OctoPrint
/// makes two or three while a heater is waited for.
const MAX_ROWS_A_SECOND: usize = 8;

/// The heaters that OctoPrint's printer profile says there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Number of tools with a heater of their own.
    pub tools: u8,
    /// Whether there is a heated bed.
    pub bed: bool,
    /// Whether there is a heated chamber.
    pub chamber: bool,
}

impl Profile {
    fn has(self, heater: &HeaterId) -> bool {
        match heater {
            HeaterId::Tool(index) => *index < self.tools,
            HeaterId::Bed => self.bed,
            HeaterId::Chamber => self.chamber,
            HeaterId::Custom(_) => true,
        }
    }
}

/// What is drawn of one heater; all times in seconds from now, the past negative.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// Which one.
    pub heater: HeaterId,
    /// Its readings.
    pub past: Vec<GraphPoint>,
    /// Points (s, °C) of the forecast; empty if there is none.
    pub forecast: Vec<(f64, f64)>,
}

/// Follows a printer through OctoPrint's socket messages.
///
/// ```
/// use temp_eta::core::Printer;
/// use temp_eta::core::sample::{Field, HeaterId, Message, Reading, Row};
///
/// let mut printer = Printer::default();
/// for i in 0..5 {
///     let time = 1000.0 + 2.0 * f64::from(i);
///     let bed = Reading {
///         heater: HeaterId::parse("bed"),
///         actual: Field::Number(20.0 + f64::from(i)),
///         target: Field::Number(60.0),
///     };
///     let rows = vec![Row { time, readings: vec![bed] }];
///     printer.ingest(Message { server_time: time + 0.25, operational: Some(true), job: None, rows }, time);
/// }
/// let bed = &printer.snapshot(1008.0).heaters[0];
/// assert_eq!(bed.remaining.map(f64::round), Some(70.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Printer {
    settings: Settings,
    profile: Option<Profile>,
    clock: ServerClock,
    heaters: Heaters,
    graph_histories: Vec<(HeaterId, GraphHistory)>,
    job: Job,
    arrival_window: ArrivalWindow,
    arrivals: Vec<Arrival>,
    updates: Vec<(HeaterId, f64)>,
    newest: Newest,
    skipped: Skipped,
}

/// The rows of the newest second, so that a history that is sent again changes nothing.
#[derive(Debug, Clone, Default)]
struct Newest {
    time: Option<f64>,
    rows: Vec<Row>,
}

impl Newest {
    /// Whether `row` is older than the newest second, or was kept in it already.
    fn knows(&self, row: &Row) -> bool {
        self.time.is_some_and(|time| {
            row.time < time || (same(row.time, time) && self.rows.contains(row))
        })
    }

    /// Remembers a row that was not known.
    fn keep(&mut self, row: Row) {
        let another = self.time.is_none_or(|time| row.time > time);
        if another || self.rows.len() == MAX_ROWS_A_SECOND {
            self.rows.clear();
        }
        self.time = Some(row.time);
        self.rows.push(row);
    }
}

impl Printer {
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

    /// Shows only the heaters that `profile` has, and custom ones.
    pub fn set_profile(&mut self, profile: Profile) {
        self.profile = Some(profile);
    }

    /// Replaces the state of all heaters by `states`: those of another printer, or none.
    pub fn load(&mut self, states: Vec<(HeaterId, HeaterState)>) {
        self.updates.clear();
        self.heaters.load(states);
    }

    /// Replaces the state of one heater by a stored one, or by that of a page that has learned
    /// more.
    pub fn replace_state(&mut self, heater: &HeaterId, state: HeaterState) {
        self.heaters.replace_state(heater, state);
    }

    /// Forgets everything learned. Countdowns go on with the readings of the present transient.
    pub fn forget(&mut self) {
        self.load(Vec::new());
    }

    /// What was learned from each heater so far.
    #[must_use]
    pub fn learned(&self) -> Vec<Learned> {
        self.heaters.learned()
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
        if let Some(key) = AlgorithmKey::parse(id) {
            self.heaters.unregister(key);
        }
    }

    /// Times every estimate by `clock` (s) from now on; `None` stops that.
    pub fn set_timing(&mut self, clock: Option<fn() -> f64>) {
        self.heaters.set_timing(clock);
    }

    /// How much is kept and how long estimates take.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        Diagnostics {
            samples: self.heaters.iter().map(Tracker::samples).sum(),
            points: self
                .graph_histories
                .iter()
                .map(|(_, graph_history)| graph_history.len())
                .sum(),
            heaters: self.heaters.iter().count(),
            estimates: self.heaters.times(),
        }
    }

    /// The states of heaters that have learned something since the last call.
    pub fn state_updates(&mut self) -> Vec<StateUpdate> {
        let updates = std::mem::take(&mut self.updates).into_iter();
        let with_state = |(heater, since): (HeaterId, f64)| StateUpdate {
            state: self.heaters.state(&heater),
            heater,
            since,
        };
        updates.map(with_state).collect()
    }

    /// The heaters that have reached their goal since the last call, while the page was open.
    pub fn arrivals(&mut self) -> Vec<Arrival> {
        std::mem::take(&mut self.arrivals)
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Takes a message that arrived at `local` seconds of the page's own elapsed time.
    /// What is in it already or makes no sense is passed over, the latter is counted.
    pub fn ingest(&mut self, message: Message, local: f64) {
        if !is_time(message.server_time) || !local.is_finite() {
            self.skipped.count(BadReading::Time);
            return;
        }
        if self.clock.observe(message.server_time, local) {
            self.newest = Newest::default();
            self.graph_histories.clear();
            self.job = Job::default();
            self.arrival_window.close();
            self.heaters.trackers_mut().for_each(Tracker::restart);
        }
        if let Some(progress) = message.job {
            self.job.observe(progress, message.server_time);
        }
        let since = self.arrival_window.open(message.server_time);
        for tracker in self.heaters.trackers_mut() {
            tracker.see(message.server_time);
        }
        for row in message.rows {
            self.take(row, message.server_time);
        }
        self.arrivals.retain(|arrival| arrival.time >= since);
        if message.operational == Some(false) {
            self.heaters.clear();
        }
    }

    /// What the page shows at `local` seconds of its own elapsed time.
    #[must_use]
    pub fn snapshot(&self, local: f64) -> Snapshot {
        let time = self.now(local);
        let rows = |now| self.shown().map(move |tracker| self.row(tracker, now));
        let heaters: Vec<_> = time.into_iter().flat_map(rows).collect();
        Snapshot {
            time,
            printer: PrinterRow::of(&heaters),
            heaters,
            skipped: self.skipped,
        }
    }

    /// What the page draws at `local` seconds of its own elapsed time: the last `window`
    /// seconds and what is ahead.
    #[must_use]
    pub fn graph(&self, local: f64, window: f64) -> Vec<Graph> {
        let Some(now) = self.now(local) else {
            return Vec::new();
        };
        let drawn = |tracker: &Tracker| {
            let points = self.graph_history(tracker.heater())?.since(now - window);
            let newest = points.clone().next_back()?;
            let row = self.row(tracker, now);
            let ahead = row.remaining.zip(tracker.threshold(&self.settings));
            let forecast = ahead.map_or_else(Vec::new, |(remaining, threshold)| {
                let begun = newest.time - now;
                let curve = forecast::curve(row.actual, threshold, remaining - begun, row.rate);
                let seen_from_now = |(time, temperature)| (time + begun, temperature);
                curve.into_iter().map(seen_from_now).collect()
            });
            let seen_from_now = |point: GraphPoint| GraphPoint {
                time: point.time - now,
                ..point
            };
            Some(Graph {
                heater: row.heater,
                past: points.map(seen_from_now).collect(),
                forecast,
            })
        };
        self.shown().filter_map(drawn).collect()
    }

    fn graph_history(&self, heater: &HeaterId) -> Option<&GraphHistory> {
        let known = self
            .graph_histories
            .iter()
            .find(|(known, _)| known == heater);
        known.map(|(_, graph_history)| graph_history)
    }

    fn now(&self, local: f64) -> Option<f64> {
        self.clock.now(local).filter(|now| now.is_finite())
    }

    /// The heaters that the page shows.
    fn shown(&self) -> impl Iterator<Item = &Tracker> {
        let heaters = self.heaters.iter();
        heaters.filter(|tracker| self.shows(tracker.heater()))
    }

    fn shows(&self, heater: &HeaterId) -> bool {
        let has = |profile: Profile| profile.has(heater);
        self.settings.enabled && self.profile.is_none_or(has)
    }

    fn row(&self, tracker: &Tracker, now: f64) -> HeaterRow {
        let row = tracker.row(now, &self.settings);
        if !self.settings.counts_down(row.phase) {
            row.kept_back(Reason::Disabled)
        } else if self.settings.suppress_while_printing && self.job.prints(now) {
            row.kept_back(Reason::Printing)
        } else {
            row
        }
    }

    fn take(&mut self, row: Row, server_time: f64) {
        // A stamp of the future was made before the server's clock was set back.
        if !is_time(row.time) || row.time > server_time + 1.0 {
            self.skipped.count(BadReading::Time);
            return;
        }
        if self.newest.knows(&row) {
            return;
        }
        if row.readings.is_empty() {
            self.heaters.clear();
        }
        let time = moment(row.time);
        for reading in &row.readings {
            match reading.check(time) {
                Ok(None) => {}
                Ok(Some((heater, sample))) => self.follow(heater, reading.target, sample),
                Err(bad) => self.skipped.count(bad),
            }
        }
        self.newest.keep(row);
    }

    fn follow(&mut self, heater: HeaterId, target: Field, sample: Sample) {
        // Sensors and firmware chatter share the message; only a heater has a target.
        let is_heater =
            !matches!(heater, HeaterId::Custom(_)) || matches!(target, Field::Number(_));
        let known = self.heaters.tracker(&heater);
        if known.is_none() && !is_heater {
            return;
        }
        let since = known.map_or(0.0, |tracker| tracker.state().until);
        let outcome = self.heaters.ingest(&heater, sample, &self.settings);
        let Some(tracker) = self.heaters.tracker(&heater) else {
            return;
        };
        let full = self.graph_histories.len() >= MAX_HEATERS;
        match self
            .graph_histories
            .iter_mut()
            .find(|(known, _)| *known == heater)
        {
            Some((_, graph_history)) => graph_history.push(sample),
            None if full => {}
            None => self
                .graph_histories
                .push((heater.clone(), GraphHistory::from(sample))),
        }
        if outcome.arrived && self.shows(&heater) {
            self.arrivals
                .push(Arrival::of(&heater, tracker.phase(), sample));
        }
        if outcome.learned && self.updates.iter().all(|(known, _)| *known != heater) {
            self.updates.push((heater, since));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::estimator::Algorithm;
    use super::super::job::Progress;
    use super::super::phase::Phase;
    use super::super::sample::Reading;
    use super::*;

    fn reading(heater: &str, actual: f64, target: f64) -> Reading {
        Reading {
            heater: HeaterId::parse(heater),
            actual: Field::Number(actual),
            target: Field::Number(target),
        }
    }

    fn row(time: f64, readings: Vec<Reading>) -> Row {
        Row { time, readings }
    }

    fn message(server_time: f64, rows: Vec<Row>) -> Message {
        Message {
            server_time,
            operational: Some(true),
            job: None,
            rows,
        }
    }

    /// A bed that climbs by half a degree a second from 20 °C at `start`.
    fn climb(start: f64, seconds: std::ops::Range<u32>) -> Vec<Row> {
        seconds
            .step_by(2)
            .map(f64::from)
            .map(|s| row(start + s, vec![reading("bed", 20.0 + 0.5 * s, 60.0)]))
            .collect()
    }

    fn remaining(printer: &Printer, local: f64) -> Option<f64> {
        printer
            .snapshot(local)
            .heaters
            .first()
            .and_then(|row| row.remaining)
    }

    #[test]
    fn a_history_message_gives_an_estimate_at_once() {
        let mut printer = Printer::default();
        printer.ingest(message(1018.75, climb(1000.0, 0..20)), 5.0);
        let shown = remaining(&printer, 5.0).unwrap();
        assert!((shown - 59.75).abs() < 0.1, "{shown}");
        assert!((remaining(&printer, 8.0).unwrap() - shown + 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_history_sent_again_changes_nothing() {
        let mut printer = Printer::default();
        let mut rows = climb(1000.0, 0..20);
        rows.insert(0, row(1000.0, vec![reading("bed", 20.0, 0.0)]));
        printer.ingest(message(1019.0, rows.clone()), 5.0);
        let once = printer.snapshot(5.0);
        printer.ingest(message(1019.0, rows), 5.0);
        assert_eq!(printer.snapshot(5.0), once);
    }

    #[test]
    fn two_targets_in_one_second_both_count() {
        let mut printer = Printer::default();
        let rows = vec![
            row(1000.0, vec![reading("bed", 20.0, 0.0)]),
            row(1000.0, vec![reading("bed", 20.0, 60.0)]),
        ];
        printer.ingest(message(1000.4, rows), 5.0);
        assert_eq!(printer.snapshot(5.0).heaters[0].phase, Phase::Heating);
    }

    #[test]
    fn the_servers_clock_may_jump_either_transient() {
        for jump in [-3600.0, 3600.0] {
            let mut printer = Printer::default();
            printer.ingest(message(10_019.0, climb(10_000.0, 0..20)), 5.0);
            for s in (20..30).step_by(2).map(f64::from) {
                let now = 10_000.0 + jump + s;
                let rows = vec![row(now, vec![reading("bed", 20.0 + 0.5 * s, 60.0)])];
                printer.ingest(message(now + 0.3, rows), s - 14.0);
            }
            let shown = remaining(&printer, 14.0).unwrap();
            assert!((shown - 50.0).abs() < 2.0, "{jump}: {shown}");
        }
    }

    #[test]
    fn a_history_from_before_the_clock_was_set_back_does_not_block() {
        let mut printer = Printer::default();
        let mut rows = climb(5000.0, 0..10);
        rows.extend(climb(1000.0, 0..20));
        printer.ingest(message(1019.0, rows), 5.0);
        assert!(remaining(&printer, 5.0).is_some());
    }

    #[test]
    fn a_disconnected_printer_has_no_heaters() {
        let connected = || {
            let mut printer = Printer::default();
            printer.ingest(message(1019.0, climb(1000.0, 0..20)), 5.0);
            printer
        };
        let mut printer = connected();
        printer.ingest(message(1020.0, vec![row(1020.0, vec![])]), 6.0);
        assert!(
            printer.snapshot(6.0).heaters.is_empty(),
            "by the row without heaters"
        );

        let mut printer = connected();
        printer.ingest(
            Message {
                operational: Some(false),
                ..message(1020.0, vec![])
            },
            6.0,
        );
        assert!(printer.snapshot(6.0).heaters.is_empty(), "by the state");

        printer.ingest(message(1080.0, climb(1060.0, 0..20)), 66.0);
        assert!(
            remaining(&printer, 66.0).is_some(),
            "and is back after reconnecting"
        );
    }

    #[test]
    fn sensors_are_no_heaters_and_the_profile_decides() {
        let sensor = Reading {
            target: Field::Absent,
            ..reading("pi", 48.0, 0.0)
        };
        let rows = vec![row(
            1000.0,
            vec![
                reading("chamber", 21.0, 0.0),
                reading("bed", 21.0, 0.0),
                reading("tool1", 21.0, 0.0),
                reading("tool0", 21.0, 0.0),
                reading("dryer", 21.0, 50.0),
                sensor,
            ],
        )];
        let mut printer = Printer::default();
        printer.ingest(message(1000.5, rows), 5.0);
        let names = |printer: &Printer| -> Vec<_> {
            printer
                .snapshot(5.0)
                .heaters
                .into_iter()
                .map(|row| row.heater.to_string())
                .collect()
        };
        assert_eq!(
            names(&printer),
            ["tool0", "tool1", "bed", "chamber", "dryer"]
        );
        printer.set_profile(Profile {
            tools: 1,
            bed: true,
            chamber: false,
        });
        assert_eq!(names(&printer), ["tool0", "bed", "dryer"]);
    }

    #[test]
    fn bad_readings_are_counted_and_the_rest_is_used() {
        let mut printer = Printer::default();
        let bad = Reading {
            actual: Field::Junk,
            ..reading("bed", 0.0, 0.0)
        };
        let rows = vec![
            row(
                1000.0,
                vec![
                    bad,
                    reading("tool0", 21.0, f64::NAN),
                    reading("chamber", 21.0, 0.0),
                ],
            ),
            row(f64::NAN, vec![reading("bed", 21.0, 0.0)]),
        ];
        printer.ingest(message(1000.5, rows), 5.0);
        printer.ingest(message(f64::NAN, vec![]), 5.0);
        printer.ingest(message(1.8e12, vec![]), 5.0);
        let snapshot = printer.snapshot(5.0);
        assert_eq!(
            snapshot.skipped,
            Skipped {
                time: 3,
                heater: 0,
                actual: 1,
                target: 1
            }
        );
        assert_eq!(snapshot.heaters.len(), 1);
    }

    #[test]
    fn junk_names_do_not_fill_the_heater_state() {
        let mut printer = Printer::default();
        let readings = (0..1000)
            .map(|i| reading(&format!("junk{i}"), 20.0, 30.0))
            .collect();
        printer.ingest(message(1000.5, vec![row(1000.0, readings)]), 5.0);
        assert_eq!(printer.snapshot(5.0).heaters.len(), MAX_HEATERS);
    }

    #[test]
    fn a_message_handled_late_does_not_move_the_countdown() {
        let mut printer = Printer::default();
        for s in (0..40).step_by(2).map(f64::from) {
            let bed = reading("bed", 20.0 + 0.5 * s, 60.0);
            printer.ingest(message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]), s);
        }
        let shown = remaining(&printer, 38.0).unwrap();
        printer.ingest(message(1039.0, vec![]), 42.5);
        assert!((remaining(&printer, 42.5).unwrap() - (shown - 4.5)).abs() < 0.05);
    }

    #[test]
    fn a_clock_set_by_seconds_leaves_a_blank_and_no_wrong_number() {
        for step in [-4.0, 2.0, 4.0] {
            let mut printer = Printer::default();
            for s in (0..60).step_by(2).map(f64::from) {
                let set = if s < 40.0 { 0.0 } else { step };
                let stamp = 1000.0 + s + set;
                let rows = vec![row(stamp, vec![reading("bed", 20.0 + 0.5 * s, 60.0)])];
                printer.ingest(message(stamp + 0.5, rows), s);
                if s >= 20.0 {
                    let truth = 78.0 - s;
                    let shown = remaining(&printer, s);
                    let wrong = shown.is_some_and(|shown| (shown - truth).abs() > 2.0);
                    assert!(!wrong, "{step} s: {shown:?} at {s} s, truth {truth}");
                }
            }
            assert!(remaining(&printer, 58.0).is_some(), "{step} s");
        }
    }

    #[test]
    fn many_rows_of_one_second_are_known_again() {
        let mut printer = Printer::default();
        let rows: Vec<_> = [0.0, 60.0, 60.0]
            .iter()
            .zip([20.0, 20.0, 20.5])
            .map(|(target, actual)| row(1000.0, vec![reading("bed", actual, *target)]))
            .collect();
        printer.ingest(message(1000.9, rows.clone()), 5.0);
        let once = printer.snapshot(5.0);
        printer.ingest(message(1000.9, rows), 5.0);
        assert_eq!(printer.snapshot(5.0), once);
    }

    #[test]
    fn settings_are_clamped_and_the_same_ones_change_nothing() {
        let mut printer = Printer::default();
        printer.configure(Settings {
            update_interval: 99.0,
            ..Settings::default()
        });
        assert!((printer.settings().update_interval - 5.0).abs() < f64::EPSILON);
        for s in (0..40).step_by(2).map(f64::from) {
            let bed = reading("bed", 20.0 + 0.5 * s + (s * 7.0).sin(), 60.0);
            printer.ingest(message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]), s);
        }
        let before = printer.snapshot(38.0);
        printer.configure(Settings {
            update_interval: 0.1,
            ..Settings::default()
        });
        assert_eq!(printer.snapshot(38.0), before);
    }

    #[test]
    fn settings_take_effect_at_once() {
        let mut printer = Printer::default();
        printer.ingest(message(1019.0, climb(1000.0, 0..20)), 5.0);
        printer.configure(Settings {
            algorithm: Algorithm::Exponential,
            ..Settings::default()
        });
        assert!(remaining(&printer, 5.0).is_some());
        printer.configure(Settings {
            min_rate: 1.0,
            ..Settings::default()
        });
        assert_eq!(remaining(&printer, 5.0), None);
        printer.configure(Settings {
            enabled: false,
            ..Settings::default()
        });
        assert!(printer.snapshot(5.0).heaters.is_empty());
    }

    #[test]
    fn a_direction_that_is_switched_off_keeps_all_but_its_time() {
        let mut printer = Printer::default();
        printer.ingest(message(1039.0, climb(1000.0, 0..40)), 5.0);
        let [shown] = printer.snapshot(5.0).heaters.try_into().unwrap();
        printer.configure(Settings {
            enable_heating_eta: false,
            ..Settings::default()
        });
        let [disabled] = printer.snapshot(5.0).heaters.try_into().unwrap();
        assert_eq!(disabled, shown.clone().kept_back(Reason::Disabled));
        assert_eq!(disabled.reason, Some(Reason::Disabled));
        assert!(printer.graph(5.0, 60.0)[0].forecast.is_empty());
        printer.configure(Settings {
            enable_cooldown_eta: false,
            ..Settings::default()
        });
        let [other] = printer.snapshot(5.0).heaters.try_into().unwrap();
        assert_eq!(other, shown, "its countdown has gone on");
    }

    #[test]
    fn a_shorter_patience_hides_a_countdown_and_a_longer_one_brings_it_back() {
        let mut printer = Printer::default();
        let limited = |max_eta: f64| Settings {
            max_eta,
            ..Settings::default()
        };
        for s in (0..40).step_by(2).map(f64::from) {
            let bed = reading("bed", 20.0 + 0.5 * s, 200.0);
            printer.ingest(message(1000.5 + s, vec![row(1000.0 + s, vec![bed])]), s);
        }
        let before = printer.snapshot(38.0);
        printer.configure(limited(60.0));
        let [hidden] = printer.snapshot(38.0).heaters.try_into().unwrap();
        let said = (hidden.remaining, hidden.interval, hidden.reason);
        assert_eq!(said, (None, None, Some(Reason::TooLong)));
        printer.configure(limited(3600.0));
        assert_eq!(printer.snapshot(38.0), before);
    }

    #[test]
    fn what_is_near_and_what_is_there_are_the_users_choice() {
        let settings = Settings {
            threshold_start: 45.0,
            ..Settings::default()
        };
        let mut printer = Printer::default();
        printer.configure(settings);
        printer.ingest(message(1019.0, climb(1000.0, 0..20)), 5.0);
        let [near] = printer.snapshot(5.0).heaters.try_into().unwrap();
        assert_eq!(near.reason, Some(Reason::NearTarget));
        printer.configure(Settings {
            target_band: 5.0,
            ..Settings::default()
        });
        let left = remaining(&printer, 5.0).unwrap();
        assert!((left - 51.5).abs() < 0.1, "{left}");
    }

    #[test]
    fn a_larger_history_changes_no_countdown() {
        let mut printer = Printer::default();
        printer.ingest(message(1039.0, climb(1000.0, 0..40)), 5.0);
        let before = printer.snapshot(5.0);
        assert_eq!(printer.diagnostics().samples, 20);
        let sized = |history_size: f64| Settings {
            history_size,
            ..Settings::default()
        };
        printer.configure(sized(300.0));
        assert_eq!(printer.snapshot(5.0), before);
        printer.configure(sized(10.0));
        printer.ingest(message(1042.0, climb(1000.0, 40..42)), 8.0);
        let kept = printer.diagnostics();
        assert_eq!((kept.samples, kept.points, kept.heaters), (10, 21, 1));
        assert!(remaining(&printer, 8.0).is_some());
    }

    #[test]
    fn estimates_are_timed_only_while_somebody_watches() {
        let count = |printer: &Printer| printer.diagnostics().estimates.count;
        let mut printer = Printer::default();
        printer.ingest(message(1019.0, climb(1000.0, 0..20)), 5.0);
        assert_eq!(count(&printer), 0);
        printer.set_timing(Some(|| 1.0));
        printer.ingest(message(1021.0, climb(1000.0, 20..22)), 7.0);
        let once = count(&printer);
        assert_eq!(once, 3, "each algorithm");
        printer.set_timing(Some(|| 1.0));
        assert_eq!(count(&printer), once, "it was on already");
        printer.set_timing(None);
        printer.set_timing(Some(|| 1.0));
        assert_eq!(count(&printer), 0);
    }

    /// A bed at `actual` with `target`, at `time`.
    fn bed(printer: &mut Printer, time: f64, actual: f64, target: f64) -> Vec<Arrival> {
        let rows = vec![row(time, vec![reading("bed", actual, target)])];
        printer.ingest(message(time + 0.3, rows), time - 1000.0);
        printer.arrivals()
    }

    /// Where the bed arrived in a session of temperatures two seconds apart.
    fn arrivals(session: &[(f64, f64)]) -> Vec<(Phase, f64)> {
        let mut printer = Printer::default();
        let mut arrivals = Vec::new();
        for (i, &(actual, target)) in (0_u32..).zip(session) {
            arrivals.extend(bed(
                &mut printer,
                1000.0 + 2.0 * f64::from(i),
                actual,
                target,
            ));
        }
        let place = |arrival: Arrival| (arrival.phase, arrival.actual);
        arrivals.into_iter().map(place).collect()
    }

    #[test]
    fn a_heater_arrives_once() {
        let up = [(20.0, 60.0), (40.0, 60.0), (59.5, 60.0), (60.0, 60.0)];
        assert_eq!(arrivals(&up), [(Phase::AtTarget, 59.5)]);
        let sagged = [&up[..], &[(54.0, 60.0), (56.0, 60.0), (59.8, 60.0)]].concat();
        assert_eq!(arrivals(&sagged).len(), 1);
        let again = [&up[..], &[(60.0, 70.0), (69.5, 70.0)]].concat();
        assert_eq!(arrivals(&again).len(), 2);
    }

    #[test]
    fn a_lowered_target_is_reached_when_it_is_reached() {
        let lowered = [(90.0, 100.0), (90.0, 60.0), (80.0, 60.0), (70.0, 60.0)];
        assert_eq!(arrivals(&lowered), []);
        let there = [&lowered[..], &[(60.5, 60.0), (60.0, 60.0)]].concat();
        assert_eq!(arrivals(&there), [(Phase::AtTarget, 60.5)]);
    }

    #[test]
    fn heating_again_during_a_cool_down_is_no_arrival() {
        let up = [(60.0, 100.0), (99.5, 100.0)];
        let off = [&up[..], &[(99.0, 0.0), (80.0, 0.0), (70.0, 0.0)]].concat();
        let again = [&off[..], &[(69.0, 100.0), (80.0, 100.0)]].concat();
        assert_eq!(arrivals(&again), [(Phase::AtTarget, 99.5)]);
        let cold = [&off[..], &[(50.0, 0.0), (40.5, 0.0), (40.0, 0.0)]].concat();
        let down = (Phase::CooledDown, 40.5);
        assert_eq!(arrivals(&cold), [(Phase::AtTarget, 99.5), down]);
    }

    #[test]
    fn a_disconnect_is_no_arrival() {
        let mut printer = Printer::default();
        for (time, actual, target) in [(1000.0, 99.0, 100.0), (1002.0, 98.0, 0.0)] {
            bed(&mut printer, time, actual, target);
        }
        printer.ingest(message(1004.0, vec![row(1004.0, vec![])]), 4.0);
        assert_eq!(bed(&mut printer, 1010.0, 30.0, 0.0), []);
        assert_eq!(bed(&mut printer, 1012.0, 29.0, 0.0), []);
    }

    #[test]
    fn a_heater_that_is_not_shown_does_not_arrive() {
        let heat = |printer: &mut Printer| -> usize {
            let temperatures = (0_u32..).zip([20.0, 40.0, 59.5]);
            let arrivals = temperatures
                .map(|(i, actual)| bed(printer, 1000.0 + 2.0 * f64::from(i), actual, 60.0).len());
            arrivals.sum()
        };
        let mut other = Printer::default();
        other.set_profile(Profile {
            tools: 1,
            bed: false,
            chamber: false,
        });
        assert_eq!(heat(&mut other), 0);
        let mut off = Printer::default();
        off.configure(Settings {
            enabled: false,
            ..Settings::default()
        });
        assert_eq!(heat(&mut off), 0);
        assert_eq!(heat(&mut Printer::default()), 1);
    }

    #[test]
    fn what_arrived_before_the_page_was_opened_or_while_it_slept_is_not_reported() {
        let mut printer = Printer::default();
        let history = climb(1000.0, 0..100);
        printer.ingest(message(1099.0, history.clone()), 99.0);
        assert_eq!(printer.arrivals(), [], "opened");
        printer.ingest(message(1101.0, history), 101.0);
        assert_eq!(printer.arrivals(), [], "connected again");

        let mut printer = Printer::default();
        printer.ingest(message(1011.0, climb(1000.0, 0..10)), 11.0);
        printer.ingest(message(1090.0, climb(1000.0, 0..90)), 90.0);
        assert_eq!(printer.arrivals().len(), 1, "missed by seconds");

        let mut printer = Printer::default();
        printer.ingest(message(1011.0, climb(1000.0, 0..10)), 11.0);
        printer.ingest(message(1400.0, climb(1000.0, 0..400)), 400.0);
        assert_eq!(printer.arrivals(), [], "slept for minutes");
    }

    #[test]
    fn the_graph_goes_from_the_window_to_the_threshold() {
        let mut printer = Printer::default();
        printer.ingest(message(1039.0, climb(1000.0, 0..40)), 5.0);
        let [graph] = printer.graph(5.0, 20.0).try_into().unwrap();
        let (first, last) = (graph.past[0], graph.past[graph.past.len() - 1]);
        assert!((-24.0..=-18.0).contains(&first.time), "{first:?}");
        assert!((-1.0..=0.0).contains(&last.time), "{last:?}");
        assert!((last.actual - 39.0).abs() < 1e-6);
        let start = graph.forecast[0];
        assert!((start.0 - last.time).abs() < 1e-9 && (start.1 - 39.0).abs() < 1e-6);
        let (end, goal) = graph.forecast[graph.forecast.len() - 1];
        assert!((end - remaining(&printer, 5.0).unwrap()).abs() < 1e-9);
        assert!(
            (goal - 59.0).abs() < 1e-9,
            "the edge of the band around the target"
        );
    }

    #[test]
    fn the_graph_outlives_a_disconnected_printer() {
        let mut printer = Printer::default();
        printer.ingest(message(1039.0, climb(1000.0, 0..40)), 5.0);
        printer.ingest(message(1040.0, vec![row(1040.0, vec![])]), 6.0);
        assert!(printer.graph(6.0, 180.0).is_empty());
        printer.ingest(message(1050.5, climb(1050.0, 0..1)), 16.5);
        let [graph] = printer.graph(16.5, 180.0).try_into().unwrap();
        assert_eq!(graph.past.len(), 21);
        assert!(graph.forecast.is_empty(), "nobody knows yet");
    }

    #[test]
    fn times_are_kept_back_while_the_file_is_read_on() {
        let mut printer = Printer::default();
        printer.configure(Settings {
            suppress_while_printing: true,
            ..Settings::default()
        });
        let rows = climb(1000.0, 0..40);
        printer.ingest(message(1039.0, rows), 5.0);
        let printing = |printer: &mut Printer, seconds: f64, position: f64| {
            let job = Some(Progress {
                printing: true,
                position: Some(position),
            });
            let time = 1039.0 + seconds;
            let said = Message {
                job,
                ..message(time, vec![])
            };
            printer.ingest(said, 5.0 + seconds);
            let row = printer.snapshot(5.0 + seconds).heaters.remove(0);
            (row.remaining.is_some(), row.reason)
        };
        assert!(printing(&mut printer, 0.0, 100.0).0, "it may be waiting");
        let kept_back = (false, Some(Reason::Printing));
        assert_eq!(printing(&mut printer, 0.5, 200.0), kept_back);
        assert!(printer.graph(5.5, 60.0)[0].forecast.is_empty());
        printer.configure(Settings::default());
        assert!(printing(&mut printer, 1.0, 300.0).0);
    }
}
