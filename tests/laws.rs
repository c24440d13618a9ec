//! What holds for every algorithm and any input.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use temp_eta::core::Printer;
use temp_eta::core::input::{
    AlgorithmKey, Field, HeaterId, HostTime, Message, Profile, Progress, Reading, Row, ServerTime,
};
use temp_eta::core::math::Lag;
use temp_eta::core::model::{
    BUILT_IN, Estimate, Estimator, EstimatorFixture, EstimatorInput, Remaining,
};
use temp_eta::core::settings::Settings;

#[path = "laws/page.rs"]
mod page;
#[path = "laws/reports.rs"]
mod reports;

fn algorithms() -> impl Strategy<Value = &'static str> {
    prop::sample::select(BUILT_IN.iter().map(|(id, _)| *id).collect::<Vec<_>>())
}

fn heaters() -> impl Strategy<Value = HeaterId> {
    prop::sample::select(vec![HeaterId::Tool(0), HeaterId::Bed, HeaterId::Chamber])
}

/// Any number a setting could be, and no more than an hour of patience.
fn settings() -> impl Strategy<Value = Settings> {
    let numbers = (
        60.0..3600.0_f64,
        any::<f64>(),
        any::<f64>(),
        any::<f64>(),
        any::<f64>(),
    );
    let switches = (any::<bool>(), any::<bool>(), any::<bool>());
    let chosen = prop_oneof![algorithms(), Just("my_plugin.wild")];
    (numbers, switches, chosen).prop_map(|(numbers, switches, algorithm)| {
        let (max_eta, min_rate, history_size, threshold_start, target_band) = numbers;
        let (suppress_while_printing, enable_heating_eta, enable_cooldown_eta) = switches;
        Settings {
            algorithm: AlgorithmKey::of(algorithm),
            min_rate,
            max_eta,
            history_size,
            enable_heating_eta,
            enable_cooldown_eta,
            threshold_start,
            target_band,
            suppress_while_printing,
            ..Settings::default()
        }
    })
}

/// Another plugin's algorithm that returns anything.
struct Wild(f64);

impl Estimator for Wild {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        let count = u32::try_from(input.history.len()).map_or(0.0, f64::from);
        Ok(Remaining {
            seconds: self.0 * count,
            spread: None,
        })
    }
}

/// Any number a message could carry.
fn fields() -> impl Strategy<Value = Field> {
    prop_oneof![
        6 => (-20.0..350.0).prop_map(Field::Number),
        1 => any::<f64>().prop_map(Field::Number),
        1 => prop::sample::select(vec![Field::Absent, Field::Off, Field::Junk]),
    ]
}

fn readings() -> impl Strategy<Value = Reading> {
    let names = prop_oneof![
        4 => prop::sample::select(vec!["tool0", "bed", "chamber"]).prop_map(String::from),
        1 => any::<String>(),
    ];
    (names, fields(), fields()).prop_map(|(name, actual, target)| Reading {
        heater: HeaterId::parse(&name),
        actual,
        target,
    })
}

/// Messages whose clocks run, stand, step back and leap.
fn sessions() -> impl Strategy<Value = Vec<(Message, f64)>> {
    let steps = prop_oneof![
        6 => 0.0..5.0,
        1 => -5.0..0.0,
        1 => -4000.0..4000.0,
        1 => any::<f64>(),
    ];
    let rows = prop::collection::vec(
        (0.0..3.0_f64, prop::collection::vec(readings(), 0..4)),
        0..4,
    );
    let operational = prop::sample::select(vec![Some(true), Some(true), Some(false), None]);
    let said = (any::<bool>(), any::<Option<f64>>());
    let job =
        prop::option::of(said.prop_map(|(printing, position)| Progress { printing, position }));
    let step = (steps, 0.0..5.0_f64, rows, operational, job);
    prop::collection::vec(step, 1..40).prop_map(|steps| {
        let (mut server, mut local) = (1.8e9, 0.0);
        let messages = steps
            .into_iter()
            .map(|(step, elapsed, rows, operational, job)| {
                server += step;
                local += elapsed;
                let row = |(age, readings): (f64, _)| Row {
                    time: ServerTime((server - age).floor()),
                    readings,
                };
                let rows = rows.into_iter().map(row).collect();
                (
                    Message {
                        server_time: ServerTime(server),
                        operational,
                        job,
                        rows,
                    },
                    local,
                )
            });
        messages.collect()
    })
}

/// A bed on a first-order curve with noise, reported every `interval` whole seconds.
fn heat_up(start: f64, interval: u32, noise: &[f64]) -> Vec<(Message, f64)> {
    let curve = Lag {
        asymptote: 130.0,
        tau: 240.0,
        now: 21.0,
    };
    let messages = (0_u32..).zip(noise).map(|(i, noise)| {
        let seconds = f64::from(i * interval);
        let bed = Reading {
            heater: Some(HeaterId::Bed),
            actual: Field::Number(curve.temperature_at(seconds) + noise),
            target: Field::Number(100.0),
        };
        let rows = vec![Row {
            time: ServerTime(start + seconds),
            readings: vec![bed],
        }];
        let server_time = ServerTime(start + seconds + 0.5);
        (
            Message {
                server_time,
                operational: Some(true),
                job: None,
                rows,
            },
            seconds,
        )
    });
    messages.collect()
}

fn printer(algorithm: &str, session: &[(Message, f64)]) -> Printer {
    let mut printer = Printer::with_graphs();
    printer.configure(Settings {
        algorithm: AlgorithmKey::of(algorithm),
        ..Settings::default()
    });
    for (message, local) in session {
        printer.ingest(message.clone(), HostTime(*local));
    }
    printer
}

proptest! {
    #[test]
    fn any_session_leaves_a_true_or_an_honestly_blank_page(
        first in settings(),
        second in settings(),
        session in sessions(),
        later in 0.0..100.0_f64,
        wild: f64,
    ) {
        let mut printer = Printer::with_graphs();
        printer.configure(first);
        let mut end = 0.0;
        for (index, (message, local)) in session.into_iter().enumerate() {
            match index {
                5 => printer.register("my_plugin.wild", Box::new(Wild(wild))).expect("room"),
                15 => printer.configure(second),
                25 => printer.unregister("my_plugin.wild"),
                _ => {}
            }
            printer.ingest(message, HostTime(local));
            page::check(&printer, local);
            end = local;
        }
        page::check(&printer, end + later);
        printer.set_profile(Profile { tools: 1, bed: false, chamber: false });
        page::check(&printer, end);
    }

    #[test]
    fn a_page_opened_late_says_what_one_says_that_has_watched(
        algorithm in algorithms(),
        interval in 1_u32..6,
        noise in prop::collection::vec(-0.3..0.3_f64, 5..60),
        late in 0.0..0.5_f64,
    ) {
        let session = heat_up(1.8e9, interval, &noise);
        let watched = printer(algorithm, &session);
        let rows = session.iter().flat_map(|(message, _)| message.rows.clone()).collect();
        let Some((last, local)) = session.last().cloned() else { return Ok(()) };
        let server_time = ServerTime(last.server_time.0 + late);
        let history = Message { rows, server_time, ..last };
        let opened = printer(algorithm, &[(history, local + late)]);
        let (watched, opened) = (watched.snapshot(HostTime(local + 1.0)), opened.snapshot(HostTime(local + 1.0)));
        prop_assert_eq!(&watched.heaters, &opened.heaters);
    }

    #[test]
    fn any_history_gives_no_negative_and_no_endless_time(
        place in 0..BUILT_IN.len(),
        points in prop::collection::vec((0.0..6.0_f64, -60.0..1000.0_f64), 0..130),
        heater in heaters(),
        target in 0.0..1000.0_f64,
        asymptote in prop::option::of(-10.0..80.0_f64),
        min_rate in 0.01..1.0_f64,
    ) {
        let mut time = 1.8e9;
        let readings = points.into_iter().map(|(step, temperature)| {
            time += step;
            (time, temperature)
        });
        let mut fixture = EstimatorFixture::new(&heater, readings, target, 1.0);
        (fixture.min_rate, fixture.asymptote) = (min_rate, asymptote);
        let (_, estimator) = BUILT_IN[place];
        if let Ok(Remaining { seconds, spread }) = fixture.remaining(estimator) {
            prop_assert!(seconds.is_finite() && seconds >= 0.0, "{seconds}");
            prop_assert!(spread.is_none_or(|spread| spread > 0.0), "{spread:?}");
        }
    }

    #[test]
    fn the_servers_clock_does_not_matter(
        algorithm in algorithms(),
        shift in -1_000_000_i32..1_000_000,
        noise in prop::collection::vec(-0.1..0.1_f64, 5..60),
    ) {
        let session = heat_up(1.8e9, 2, &noise);
        let shifted = heat_up(1.8e9 + f64::from(shift), 2, &noise);
        let end = session.last().map_or(0.0, |(_, local)| *local);
        let [here, there] = [session, shifted]
            .map(|session| printer(algorithm, &session).snapshot(HostTime(end)).heaters[0].remaining);
        match (here, there) {
            (Some(here), Some(there)) => prop_assert!((here - there).abs() < 1e-3),
            (here, there) => prop_assert_eq!(here, there),
        }
    }

    #[test]
    fn what_is_sent_again_changes_nothing(
        algorithm in algorithms(),
        noise in prop::collection::vec(-0.1..0.1_f64, 5..60),
        again in prop::sample::subsequence((0..5).collect::<Vec<usize>>(), 0..5),
    ) {
        let session = heat_up(1.8e9, 2, &noise);
        let (last, end) = session.last().cloned().expect("five messages at least");
        let mut printer = printer(algorithm, &session);
        let once = printer.snapshot(HostTime(end));
        let rows = again.iter().map(|i| session[*i].0.rows[0].clone());
        let rows = rows.chain(last.rows.clone()).collect();
        printer.ingest(Message { rows, ..last }, HostTime(end));
        prop_assert_eq!(printer.snapshot(HostTime(end)), once);
    }

    #[test]
    fn between_samples_a_second_takes_a_second(
        algorithm in algorithms(),
        noise in prop::collection::vec(-0.1..0.1_f64, 10..30),
        later in 0.0..15.0_f64,
    ) {
        let session = heat_up(1.8e9, 2, &noise);
        let end = session.last().map_or(0.0, |(_, local)| *local);
        let printer = printer(algorithm, &session);
        let at = |local| printer.snapshot(HostTime(local)).heaters[0].remaining;
        // An estimate that no later reading confirmed is given up on the way.
        if let (Some(now), Some(then)) = (at(end), at(end + later)) {
            prop_assert!((then - (now - later).max(0.0)).abs() < 1e-6);
        }
    }
}

#[test]
fn every_algorithm_follows_a_whole_heat_up() {
    let curve = Lag {
        asymptote: 130.0,
        tau: 240.0,
        now: 21.0,
    };
    let arrival = curve.remaining(99.0).expect("below the asymptote");
    for &(algorithm, _) in BUILT_IN {
        let mut printer = printer(algorithm, &[]);
        for (message, local) in heat_up(1.8e9, 2, &[0.0; 120]) {
            printer.ingest(message, HostTime(local));
            let remaining = printer.snapshot(HostTime(local)).heaters[0].remaining;
            // From a tenth of the transient on. The line knows nothing of the bend ahead.
            if local > 0.1 * arrival {
                let shown = remaining.expect("an estimate");
                let error = (shown - (arrival - local)).abs() / arrival;
                let bound = match algorithm {
                    "exponential" => 0.1,
                    // Knows beds that are not of one piece, as this one is.
                    "adaptive" => 0.25,
                    _ => 0.55,
                };
                assert!(error < bound, "{algorithm:?} at {local} s: {shown}");
            }
        }
    }
}
