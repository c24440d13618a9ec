//! Algorithms of other plugins: queried, shown, scored and checked.
#![cfg(not(target_arch = "wasm32"))]

use std::cell::Cell;
use std::rc::Rc;

use temp_eta::core::Printer;
use temp_eta::core::ensemble::RegisterError;
use temp_eta::core::heater::{HeaterRow, HeaterState};
use temp_eta::core::input::{
    AlgorithmKey, Field, HeaterId, HostTime, Message, Reading, Row, ServerTime,
};
use temp_eta::core::model::{BUILT_IN, Estimate, Estimator, EstimatorInput, Reason, Remaining};
use temp_eta::core::settings::Settings;

const START: f64 = 1.8e9;
const ID: &str = "my_plugin.half";

/// A plugin algorithm that is a closure of what it sees.
struct Closure<F>(F);

impl<F: Fn(&EstimatorInput) -> Estimate> Estimator for Closure<F> {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        (self.0)(input)
    }
}

fn plugin_algorithm(says: impl Fn(&EstimatorInput) -> Estimate + 'static) -> Box<dyn Estimator> {
    Box::new(Closure(says))
}

fn constant(seconds: f64) -> Box<dyn Estimator> {
    plugin_algorithm(move |_| {
        Ok(Remaining {
            seconds,
            spread: None,
        })
    })
}

/// What is really left for [`feed`]'s bed.
fn truth() -> Box<dyn Estimator> {
    plugin_algorithm(|input| {
        let newest = input.history.last().ok_or(Reason::Measuring)?;
        Ok(Remaining {
            seconds: (input.threshold - newest.temperature) / 0.5,
            spread: None,
        })
    })
}

/// A bed that is switched on after 10 s and climbs by half a degree a second from 20 °C,
/// seen during `seconds` of a session that began at `start`.
fn feed(printer: &mut Printer, start: f64, seconds: std::ops::Range<u32>) -> HeaterRow {
    let mut local = 0.0;
    for second in seconds.step_by(2).map(f64::from) {
        let on = second >= 10.0;
        let bed = Reading {
            heater: Some(HeaterId::Bed),
            actual: Field::Number((20.0 + 0.5 * (second - 10.0).max(0.0)).min(60.0)),
            target: Field::Number(if on { 60.0 } else { 0.0 }),
        };
        let time = start + second;
        local = time - START;
        let message = Message {
            server_time: ServerTime(time + 0.3),
            operational: Some(true),
            job: None,
            rows: vec![Row {
                time: ServerTime(time),
                readings: vec![bed],
            }],
        };
        printer.ingest(message, HostTime(local));
    }
    printer.snapshot(HostTime(local)).heaters.remove(0)
}

fn choosing(id: &str) -> Settings {
    Settings {
        algorithm: AlgorithmKey::of(id),
        ..Settings::default()
    }
}

#[test]
fn a_chosen_plugin_algorithm_is_shown_while_it_is_there_and_linear_while_it_is_not() {
    let mut printer = Printer::default();
    printer.configure(choosing(ID));
    let shown = |row: &HeaterRow| row.remaining.unwrap();
    let linear = shown(&feed(&mut printer, START, 0..40));
    assert!((linear - 49.7).abs() < 1.0, "{linear}");

    printer.register(ID, constant(500.0)).unwrap();
    let row = printer.snapshot(HostTime(38.0)).heaters.remove(0);
    assert!((shown(&row) - 500.0).abs() < 1.0, "at once: {row:?}");
    assert_eq!(row.interval, None);
    let later = shown(&feed(&mut printer, START, 40..50));
    assert!((490.0..=500.0).contains(&later), "{later}");

    printer.register(ID, constant(100.0)).unwrap();
    let replaced = shown(&feed(&mut printer, START, 50..52));
    assert!((replaced - 99.7).abs() < 2.5, "{replaced}");

    printer.unregister(ID);
    let dismissed = shown(&feed(&mut printer, START, 52..54));
    assert!(dismissed < 45.0, "{dismissed}");
    printer.configure(Settings::default());
    printer.register(ID, constant(500.0)).unwrap();
    let unchosen = shown(&feed(&mut printer, START, 54..56));
    assert!(unchosen < 45.0, "{unchosen}");
}

#[test]
fn what_a_plugin_algorithm_cannot_say_is_no_estimate() {
    for seconds in [f64::NAN, f64::INFINITY, -1.0] {
        let mut printer = Printer::default();
        printer.configure(choosing(ID));
        printer.register(ID, constant(seconds)).unwrap();
        let row = feed(&mut printer, START, 0..40);
        assert_eq!(
            (row.remaining, row.reason),
            (None, Some(Reason::Measuring)),
            "{seconds}"
        );
    }
    let mut printer = Printer::default();
    printer.configure(choosing(ID));
    printer.register(ID, constant(4000.0)).unwrap();
    let row = feed(&mut printer, START, 0..40);
    assert_eq!(row.reason, Some(Reason::TooLong));
}

#[test]
fn a_plugin_algorithm_sees_the_present_transient_and_only_transients() {
    let asked = Rc::new(Cell::new(0));
    let counted = Rc::clone(&asked);
    let mut printer = Printer::default();
    let nosy = plugin_algorithm(move |input| {
        counted.set(counted.get() + 1);
        assert!(input.heating);
        assert!((input.setpoint - 60.0).abs() < 1e-9);
        let since = input.history.points()[0].time;
        assert!(since >= START + 10.0, "{since}");
        Err(Reason::Measuring)
    });
    printer.register(ID, nosy).unwrap();
    feed(&mut printer, START, 0..12);
    let begun = asked.get();
    feed(&mut printer, START, 12..40);
    assert_eq!(asked.get() - begun, 14);
    feed(&mut printer, START, 40..200);
    let arrived = asked.get();
    feed(&mut printer, START, 200..220);
    assert_eq!(asked.get(), arrived, "nothing is left");
}

/// Names and errors of the bed's scores.
fn scores(printer: &Printer) -> Vec<(String, f64, f64)> {
    let learned = printer.learned();
    let scores = learned.into_iter().flat_map(|learned| learned.scores);
    scores
        .map(|score| (score.algorithm, score.error, score.transients))
        .collect()
}

#[test]
fn a_plugin_algorithm_is_scored_as_ours_are_and_its_score_outlives_it() {
    let mut printer = Printer::default();
    printer.register(ID, truth()).unwrap();
    printer
        .register("my_plugin.mute", constant(f64::NAN))
        .unwrap();
    feed(&mut printer, START, 0..120);
    let first = scores(&printer);
    let names: Vec<_> = first.iter().map(|(name, ..)| name.as_str()).collect();
    let ours = BUILT_IN.iter().map(|(id, _)| *id);
    let all: Vec<_> = ours.chain([ID, "my_plugin.mute"]).collect();
    assert_eq!(names, all);
    let [.., exact, mute] = first.as_slice() else {
        panic!("no two scores")
    };
    assert!(exact.1 < 0.03, "{exact:?}");
    assert!((mute.1 - 0.5).abs() < 0.05, "{mute:?}");

    printer.unregister(ID);
    assert_eq!(scores(&printer).len(), BUILT_IN.len() + 1);
    let update = printer.state_updates().remove(0);
    let numbers = update.state.numbers();
    let text = serde_json::to_string(&numbers).unwrap();
    assert!(text.len() < 2000, "{} bytes", text.len());
    let state = HeaterState::from_numbers(&numbers).unwrap();

    let mut reloaded = Printer::default();
    reloaded.load(vec![(update.heater, state)]);
    assert_eq!(scores(&reloaded).len(), BUILT_IN.len());
    reloaded.register(ID, truth()).unwrap();
    let again = scores(&reloaded);
    assert_eq!(
        again.last().map(|(_, _, transients)| transients.round()),
        Some(1.0)
    );
    feed(&mut reloaded, START + 4000.0, 0..120);
    assert_eq!(
        scores(&reloaded)[BUILT_IN.len()].2.to_bits(),
        2.0_f64.to_bits()
    );
}

#[test]
fn a_plugin_algorithm_that_comes_on_the_way_is_scored_from_the_next_on() {
    let mut printer = Printer::default();
    feed(&mut printer, START, 0..60);
    printer.register(ID, truth()).unwrap();
    feed(&mut printer, START, 60..120);
    assert_eq!(scores(&printer).len(), BUILT_IN.len());
    feed(&mut printer, START + 4000.0, 0..120);
    assert_eq!(scores(&printer).len(), BUILT_IN.len() + 1);
}

#[test]
fn plugin_algorithms_do_not_disturb_ours() {
    let (mut alone, mut visited) = (Printer::default(), Printer::default());
    visited.register(ID, constant(500.0)).unwrap();
    for range in [0..40, 40..80] {
        let rows = [&mut alone, &mut visited].map(|it| feed(it, START, range.clone()));
        assert_eq!(rows[0], rows[1]);
    }
}

#[test]
fn an_id_says_whose_it_is() {
    let mut printer = Printer::default();
    let mut register = |id: &str| printer.register(id, constant(1.0));
    assert_eq!(register("linear"), Err(RegisterError::InvalidId));
    assert_eq!(register("my plugin.half"), Err(RegisterError::InvalidId));
    for id in ["a.a", "a.b", "a.c", "a.d", "a.a"] {
        assert_eq!(register(id), Ok(()));
    }
    assert_eq!(register("a.e"), Err(RegisterError::TooMany));
}
