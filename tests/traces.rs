//! What every algorithm says on the recorded heat-ups and cool-downs of real printers.
//!
//! A change of the mathematics shows its effect here:
//!
//! ```text
//! cargo test --test traces -- --nocapture
//! ```
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use temp_eta::core::heater::Heaters;
use temp_eta::core::input::{AlgorithmKey, HeaterId, Sample};
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::Settings;

/// Most that the mean error of an event may be, as a share of its duration: median and 90th
/// percentile of the events. About a tenth above what was measured. A change that pays lowers
/// them, or the next one may lose what it won.
const BOUNDS: [(&str, Mode, f64, f64); 4] = [
    ("linear", Mode::Session, 0.27, 0.36),
    ("exponential", Mode::Session, 0.21, 0.36),
    ("adaptive", Mode::Cold, 0.059, 0.119),
    ("adaptive", Mode::Session, 0.054, 0.108),
];

/// Where on the span the table looks, as shares of the time until arrival.
const ON_THE_WAY: [f64; 3] = [0.25, 0.5, 0.75];

/// Readings before an event that belong to it, in seconds.
const LEAD: f64 = 60.0;

/// Readings after an arrival that belong to it, in seconds.
const TAIL: f64 = 30.0;

/// What was shown of a heater at a time: its phase and the seconds left.
type Answers = Vec<(HeaterId, f64, Option<(Kind, f64)>)>;

/// What the algorithm has seen before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing.
    Cold,
    /// All that the printer did before.
    Session,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Heating,
    Cooling,
}

#[derive(Debug, Clone, Deserialize)]
struct Event {
    file: String,
    heater: String,
    kind: Kind,
    start: f64,
    arrival: f64,
}

/// One printer's readings in their order, and the events among them.
struct Session {
    events: Vec<Event>,
    readings: Vec<(HeaterId, Sample)>,
}

/// How wrong the answers of one event were, as shares of its duration.
struct Errors {
    mean: f64,
    on_the_way: [f64; 3],
}

fn graph_histories(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/traces");
    fs::read_to_string(folder.join(file)).unwrap()
}

fn sessions() -> Vec<Session> {
    let mut files = BTreeMap::<String, Vec<Event>>::new();
    for event in serde_json::from_str::<Vec<Event>>(&graph_histories("index.json")).unwrap() {
        files.entry(event.file.clone()).or_default().push(event);
    }
    let sessions = files.into_iter().map(|(file, events)| {
        let readings = graph_histories(&file)
            .lines()
            .skip(1)
            .map(reading)
            .collect();
        Session { events, readings }
    });
    sessions.collect()
}

fn reading(line: &str) -> (HeaterId, Sample) {
    let fields: Vec<_> = line.split(',').collect();
    let [time, heater, actual, target] = fields.try_into().unwrap();
    let sample = Sample {
        time: time.parse().unwrap(),
        actual: actual.parse().unwrap(),
        target: target.parse().unwrap(),
    };
    (HeaterId::parse(heater).unwrap(), sample)
}

fn replay<'a>(algorithm: &str, readings: impl Iterator<Item = &'a (HeaterId, Sample)>) -> Answers {
    let settings = Settings {
        algorithm: AlgorithmKey::of(algorithm),
        ..Settings::default()
    };
    let mut heaters = Heaters::default();
    let answers = readings.map(|(heater, sample)| {
        heaters.ingest(heater, *sample, &settings);
        let tracker = heaters.tracker(heater).unwrap();
        let row = tracker.row(sample.time, &settings);
        let kind = if row.phase.heats() {
            Kind::Heating
        } else {
            Kind::Cooling
        };
        let kind = row.phase.has_goal().then_some(kind);
        (heater.clone(), sample.time, kind.zip(row.remaining))
    });
    answers.collect()
}

fn measure(algorithm: &str, mode: Mode) -> Vec<Errors> {
    let mut errors = Vec::new();
    for Session { events, readings } in sessions() {
        let session = (mode == Mode::Session).then(|| replay(algorithm, readings.iter()));
        errors.extend(events.iter().map(|event| match &session {
            Some(answers) => event.errors(answers),
            None => event.errors(&replay(algorithm, event.own(&readings))),
        }));
    }
    errors
}

impl Event {
    fn own<'a>(
        &self,
        readings: &'a [(HeaterId, Sample)],
    ) -> impl Iterator<Item = &'a (HeaterId, Sample)> {
        let time = self.start - LEAD..self.arrival + TAIL;
        let heater = HeaterId::parse(&self.heater).unwrap();
        readings
            .iter()
            .filter(move |(id, sample)| *id == heater && time.contains(&sample.time))
    }

    /// No answer is an error of all that is left.
    fn errors(&self, answers: &Answers) -> Errors {
        let heater = HeaterId::parse(&self.heater).unwrap();
        let span = self.start..self.arrival;
        let errors = answers.iter().filter_map(|(id, time, answer)| {
            let left = self.arrival - time;
            let answer = answer.filter(|(kind, _)| *kind == self.kind);
            let error = answer.map_or(left, |(_, shown)| (shown - left).abs());
            (*id == heater && span.contains(time)).then_some((*time, error))
        });
        let errors: Vec<_> = errors.collect();
        let first = errors.first().unwrap().0;
        let duration = self.arrival - first;
        let at = |share: f64| {
            let time = first + share * duration;
            let next = errors.iter().find(|(t, _)| *t >= time);
            next.or(errors.last()).unwrap().1 / duration
        };
        let sum: f64 = errors.iter().map(|(_, error)| error).sum();
        Errors {
            mean: sum / count(errors.len()) / duration,
            on_the_way: ON_THE_WAY.map(at),
        }
    }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

fn percentile(values: impl Iterator<Item = f64>, percent: usize) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let position = (sorted.len() - 1) * percent;
    let (below, share) = (position / 100, count(position % 100) / 100.0);
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * share
}

#[test]
fn no_algorithm_gets_worse_on_what_printers_did() {
    println!(
        "{:22} {:>6} | error at 25 %   50 %   75 % of it      | pnMAE {:>6} {:>6}",
        "Shares of the duration", "events", "median", "p90"
    );
    let mut exceeded = Vec::new();
    for (algorithm, mode, most_median, most_p90) in BOUNDS {
        let errors = measure(algorithm, mode);
        let [quarter, half, three] =
            [0, 1, 2].map(|i| percentile(errors.iter().map(|e| e.on_the_way[i]), 50));
        let [median, p90] = [50, 90].map(|p| percentile(errors.iter().map(|e| e.mean), p));
        let name = format!("{algorithm}, {mode:?}");
        println!(
            "{name:22} {:6} | {quarter:13.3} {half:6.3} {three:6.3} {:11} | {median:12.3} {p90:6.3}",
            errors.len(),
            ""
        );
        if median > most_median || p90 > most_p90 {
            exceeded.push(name);
        }
    }
    assert!(exceeded.is_empty(), "beyond their bounds: {exceeded:?}");
}

#[test]
fn every_algorithm_is_measured() {
    for &(algorithm, _) in BUILT_IN {
        let session =
            |(measured, mode, ..): &(_, _, _, _)| *measured == algorithm && *mode == Mode::Session;
        assert!(BOUNDS.iter().any(session), "{algorithm:?}");
    }
}
