//! All heaters of one printer: messages in, snapshots out.

use super::clock::{ServerClock, moment};
use super::heaters::Heaters;
use super::history::same;
use super::memory::{Memory, Taught};
use super::sample::{BadReading, Field, HeaterId, Message, Row, Sample, is_time};
use super::settings::Settings;
use super::snapshot::{Skipped, Snapshot};
use super::tracker::Tracker;

/// Most rows of one second that are remembered in order to know them again. OctoPrint
/// makes two or three while a heater is waited for.
const MOST_ROWS_A_SECOND: usize = 8;

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

/// Follows a printer through OctoPrint's socket messages.
///
/// ```
/// use temp_eta::core::Printer;
/// use temp_eta::core::sample::{Field, Message, Reading, Row};
///
/// let mut printer = Printer::default();
/// for i in 0..5 {
///     let time = 1000.0 + 2.0 * f64::from(i);
///     let bed = Reading {
///         heater: "bed".into(),
///         actual: Field::Number(20.0 + f64::from(i)),
///         target: Field::Number(60.0),
///     };
///     let rows = vec![Row { time, readings: vec![bed] }];
///     printer.ingest(Message { server_time: time + 0.25, operational: Some(true), rows }, time);
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
    taught: Vec<(HeaterId, f64)>,
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
        if another || self.rows.len() == MOST_ROWS_A_SECOND {
            self.rows.clear();
        }
        self.time = Some(row.time);
        self.rows.push(row);
    }
}

impl Printer {
    /// Follows `settings` from now on. Countdowns start anew only if the way they are
    /// calculated changes.
    pub fn configure(&mut self, settings: Settings) {
        let (before, now) = (self.settings, settings.clamped());
        self.settings = now;
        let calculation = |settings: Settings| (settings.min_rate.to_bits(), settings.cooldown);
        if calculation(before) != calculation(now) {
            for tracker in self.heaters.trackers_mut() {
                tracker.configure(&self.settings);
            }
        }
    }

    /// Shows only the heaters that `profile` has, and custom ones.
    pub fn equip(&mut self, profile: Profile) {
        self.profile = Some(profile);
    }

    /// Replaces all that the heaters have taught by `memories`: that of another printer, or
    /// nothing.
    pub fn recall(&mut self, memories: Vec<(HeaterId, Memory)>) {
        self.taught.clear();
        self.heaters.recall(memories);
    }

    /// Replaces what one heater has taught: another page has learned more.
    pub fn correct(&mut self, heater: &HeaterId, memory: Memory) {
        self.heaters.correct(heater, memory);
    }

    /// What the heaters have taught since this was last asked.
    pub fn taught(&mut self) -> Vec<Taught> {
        let taught = std::mem::take(&mut self.taught).into_iter();
        let with_memory = |(heater, since): (HeaterId, f64)| Taught {
            memory: self.heaters.memory(&heater),
            heater,
            since,
        };
        taught.map(with_memory).collect()
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
            self.heaters.trackers_mut().for_each(Tracker::restart);
        }
        for tracker in self.heaters.trackers_mut() {
            tracker.see(message.server_time);
        }
        for row in message.rows {
            self.take(row, message.server_time);
        }
        if message.operational == Some(false) {
            self.heaters.clear();
        }
    }

    /// What the page is told at `local` seconds of its own elapsed time.
    #[must_use]
    pub fn snapshot(&self, local: f64) -> Snapshot {
        let time = self.clock.now(local).filter(|now| now.is_finite());
        let shown = |heater: &HeaterId| self.profile.is_none_or(|profile| profile.has(heater));
        let heaters = match time {
            Some(now) if self.settings.enabled => self
                .heaters
                .iter()
                .filter(|(heater, _)| shown(heater))
                .map(|(_, tracker)| tracker.row(now, &self.settings))
                .collect(),
            _ => Vec::new(),
        };
        Snapshot {
            time,
            heaters,
            skipped: self.skipped,
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
        let time = moment(row.time, server_time);
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
        let since = known.map_or(0.0, |tracker| tracker.memory().until);
        let learned = self.heaters.ingest(&heater, sample, &self.settings);
        if learned && self.taught.iter().all(|(known, _)| *known != heater) {
            self.taught.push((heater, since));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::estimator::Algorithm;
    use super::super::heaters::MOST_HEATERS;
    use super::super::phase::Phase;
    use super::super::sample::Reading;
    use super::*;

    fn reading(heater: &str, actual: f64, target: f64) -> Reading {
        Reading {
            heater: heater.into(),
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
    fn the_servers_clock_may_jump_either_way() {
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
                .map(|row| row.heater)
                .collect()
        };
        assert_eq!(
            names(&printer),
            ["tool0", "tool1", "bed", "chamber", "dryer"]
        );
        printer.equip(Profile {
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
    fn junk_names_do_not_fill_the_memory() {
        let mut printer = Printer::default();
        let readings = (0..1000)
            .map(|i| reading(&format!("junk{i}"), 20.0, 30.0))
            .collect();
        printer.ingest(message(1000.5, vec![row(1000.0, readings)]), 5.0);
        assert_eq!(printer.snapshot(5.0).heaters.len(), MOST_HEATERS);
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
}
