//! What holds for whatever a printer reports besides its heaters, and however its sensors behave.

use proptest::prelude::*;
use temp_eta::core::Printer;
use temp_eta::core::input::{
    Field, HeaterId, HostTime, Message, Profile, Reading, Row, ServerTime,
};
use temp_eta::core::phase::Phase;

use super::{algorithms, fields, printer};

/// Heaters, and what firmware and plugins report in the same way: temperatures of other parts,
/// tiles of a bed, the extruder in use, the seconds that are still waited for.
const NAMES: [&str; 16] = [
    "tool0", "tool1", "tool2", "tool9", "bed", "chamber", "rpi", "A", "P", "X1", "E", "W", "@",
    "B_0_0", "B_3_3", "toolbox",
];

/// A message with one row, of what is reported at `time` (s).
fn message(time: f64, readings: Vec<Reading>) -> Message {
    Message {
        server_time: ServerTime(1.8e9 + time + 0.3),
        operational: Some(true),
        job: None,
        rows: vec![Row {
            time: ServerTime(1.8e9 + time.floor()),
            readings,
        }],
    }
}

fn reading(name: &str, actual: f64, target: f64) -> Reading {
    Reading {
        heater: HeaterId::parse(name),
        actual: Field::Number(actual),
        target: Field::Number(target),
    }
}

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(NAMES.to_vec())
}

fn profiles() -> impl Strategy<Value = Profile> {
    (0_u8..4, any::<bool>(), any::<bool>()).prop_map(|(tools, bed, chamber)| Profile {
        tools,
        bed,
        chamber,
    })
}

/// Whether the owner has `name` counted, or the `profile` and nobody says otherwise.
fn is_counted(name: &HeaterId, profile: Profile, choices: &[(HeaterId, bool)]) -> bool {
    let choice = choices.iter().find(|(heater, _)| heater == name);
    match name {
        HeaterId::Custom(_) => choice.is_some_and(|(_, counted)| *counted),
        heater => profile.has(heater) && choice.is_none_or(|(_, counted)| *counted),
    }
}

/// What a printer reports again and again, each time with other values.
fn reports() -> impl Strategy<Value = Vec<Vec<(&'static str, Field, Field)>>> {
    let report = prop::collection::vec((name(), fields(), fields()), 0..12);
    prop::collection::vec(report, 1..40)
}

/// The phases of the bed while the printer says `rows`, one every `interval` seconds.
fn phases(algorithm: &str, interval: u32, rows: Vec<Vec<Reading>>) -> Vec<Phase> {
    let mut printer = printer(algorithm, &[]);
    let mut phases = Vec::new();
    for (i, row) in (0_u32..).zip(rows) {
        let time = f64::from(i * interval);
        printer.ingest(message(time, row), HostTime(time));
        let snapshot = printer.snapshot(HostTime(time));
        let mut rows = snapshot.heaters.iter();
        let bed = rows.find(|row| row.heater == HeaterId::Bed);
        phases.extend(bed.map(|row| row.phase));
    }
    phases.dedup();
    phases
}

/// Even noise from −0.5 to 0.5, as George Marsaglia's xorshift makes it.
fn noise(seed: u32) -> impl Iterator<Item = f64> {
    let next = |state: &u32| {
        let mut state = *state;
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some(state)
    };
    std::iter::successors(Some(seed | 1), next)
        .map(|state| f64::from(state) / f64::from(u32::MAX) - 0.5)
}

/// All that `printer` says of a heater, and whose it is.
fn spoken_of(printer: &mut Printer, now: HostTime) -> Vec<HeaterId> {
    let snapshot = printer.snapshot(now);
    let without = snapshot.printer.map_or(Vec::new(), |row| row.without);
    let rows = snapshot.heaters.into_iter().map(|row| row.heater);
    let graphs = printer.graph(now, 180.0).into_iter().map(|it| it.heater);
    let learned = printer.learned().into_iter().map(|it| it.heater);
    let rest: Vec<_> = without.into_iter().chain(graphs).chain(learned).collect();
    let events = printer.events().into_iter().filter_map(|it| it.heater);
    let events: Vec<_> = events.collect();
    let updates = printer.state_updates().into_iter().map(|it| it.heater);
    rows.chain(rest).chain(events).chain(updates).collect()
}

proptest! {
    #[test]
    fn nothing_is_said_of_what_is_not_counted(
        algorithm in algorithms(),
        profile in profiles(),
        choices in prop::collection::vec((name(), any::<bool>()), 0..6),
        reports in reports(),
    ) {
        let choices = choices.into_iter().filter_map(|(name, counted)| {
            HeaterId::parse(name).map(|heater| (heater, counted))
        });
        let choices: Vec<_> = choices.collect();
        let mut printer = printer(algorithm, &[]);
        printer.set_profile(profile);
        printer.set_choices(choices.clone());
        for (i, report) in (0_u32..).zip(reports) {
            let now = HostTime(2.0 * f64::from(i));
            let readings = report.into_iter().map(|(name, actual, target)| Reading {
                heater: HeaterId::parse(name),
                actual,
                target,
            });
            printer.ingest(message(now.0, readings.collect()), now);
            for heater in spoken_of(&mut printer, now) {
                prop_assert!(is_counted(&heater, profile, &choices), "{heater:?}");
            }
        }
    }

    /// Heating, cooling to a target, or off: noise below the band is no movement.
    #[test]
    fn noise_on_a_level_line_changes_the_phase_twice_at_most(
        algorithm in algorithms(),
        level in 20.0..80.0_f64,
        target in prop::sample::select(vec![-20.0, 0.0, 3.0, 30.0]),
        size in 0.0..0.95_f64,
        step in prop::sample::select(vec![0.0, 0.01, 0.1, 0.25]),
        interval in 1_u32..6,
        seed: u32,
    ) {
        // 0 is off, the others are so far from the line.
        let target = if target == 0.0 { 0.0 } else { (level + target).max(1.0) };
        let shown = |noise: f64| {
            let actual = level + 2.0 * size * noise;
            if step > 0.0 { (actual / step).round() * step } else { actual }
        };
        let rows = noise(seed).map(|noise| vec![reading("bed", shown(noise), target)]);
        let phases = phases(algorithm, interval, rows.take(160).collect());
        prop_assert!(phases.len() <= 3, "{phases:?}");
    }

    /// Firmware that waits for one heater often reports only that one; OctoPrint then repeats what it
    /// has of the others.
    #[test]
    fn a_value_that_is_repeated_is_never_stalled(
        algorithm in algorithms(),
        start in 15.0..90.0_f64,
        rate in prop::sample::select(vec![0.0, 0.05, 0.3]),
        before in 0_u32..40,
        repeated in 40_u32..160,
        interval in 1_u32..4,
        alone: bool,
    ) {
        let rows = (0..before + repeated).map(|i| {
            let time = f64::from(i * interval);
            let heard = f64::from(i.min(before) * interval);
            let tool = 22.0 + 178.0 * (1.0 - (-time / 200.0).exp());
            let bed = reading("bed", start + rate * heard, 140.0);
            if alone { vec![bed] } else { vec![reading("tool0", tool, 230.0), bed] }
        });
        let phases = phases(algorithm, interval, rows.collect());
        prop_assert_eq!(phases.first(), Some(&Phase::Heating));
        prop_assert!(!phases.contains(&Phase::Stalled), "{phases:?}");
    }
}
