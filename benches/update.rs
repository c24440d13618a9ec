//! What one message costs natively, as the limit of what wasm can reach: the messages are
//! those of scripts/bench/messages.mjs, and `npm run bench` checks that both calculate the
//! same. `cargo bench`.
#![expect(missing_docs, reason = "criterion's macros document nothing")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use temp_eta::core::Printer;
use temp_eta::core::input::{
    Field, HeaterId, HostTime, Message, Progress, Reading, Row, ServerTime,
};
use temp_eta::core::model::{BUILT_IN, EstimatorFixture};

/// Seconds of history, and so many messages that are timed after it, one a second.
const BEFORE: u32 = 160;
const TIMED: u32 = 200;

const START: f64 = 1.8e9;

fn heaters(many: u8) -> Vec<HeaterId> {
    let tools = (0..many.saturating_sub(2).max(1)).map(HeaterId::Tool);
    let all = tools.chain([HeaterId::Bed, HeaterId::Chamber]);
    all.take(many.into()).collect()
}

/// Actual and target temperature: up to a first target, then on the seconds to a second.
fn reading(second: f64) -> (f64, f64) {
    let lag = |rise: f64, seconds: f64, tau: f64| rise * (1.0 - (-seconds / tau).exp());
    if second < 10.0 {
        (20.0, 0.0)
    } else if second < 100.0 {
        ((20.0 + lag(400.0, second - 10.0, 100.0)).min(200.0), 200.0)
    } else {
        (200.0 + lag(100.0, second - 100.0, 600.0), 270.0)
    }
}

fn row(second: u32, heaters: &[HeaterId]) -> Row {
    let (actual, target) = reading(second.into());
    let reading = |heater: &HeaterId| Reading {
        heater: Some(heater.clone()),
        actual: Field::Number(actual),
        target: Field::Number(target),
    };
    Row {
        time: ServerTime(START + f64::from(second)),
        readings: heaters.iter().map(reading).collect(),
    }
}

/// With the rows of `seconds`, and the last of them as its time.
fn message(seconds: std::ops::Range<u32>, heaters: &[HeaterId]) -> (Message, f64) {
    let now = f64::from(seconds.end - 1);
    let message = Message {
        server_time: ServerTime(START + now + 0.3),
        operational: Some(true),
        job: Some(Progress {
            printing: false,
            position: None,
        }),
        rows: seconds.map(|second| row(second, heaters)).collect(),
    };
    (message, now)
}

/// As the bindings do it.
fn ingest(printer: &mut Printer, message: Message, now: f64) {
    printer.ingest(message, HostTime(now));
    black_box(printer.state_updates());
    black_box(printer.events());
}

fn messages(bench: &mut Criterion) {
    for many in [1, 5, 16] {
        let heaters = heaters(many);
        let mut printer = Printer::default();
        let (history, now) = message(0..BEFORE, &heaters);
        ingest(&mut printer, history, now);
        let seconds = BEFORE..BEFORE + TIMED;
        let timed: Vec<_> = seconds
            .map(|second| message(second..second + 1, &heaters))
            .collect();
        let given = || (printer.clone(), timed.clone());

        let mut group = bench.benchmark_group(format!("{many} heaters"));
        group.bench_function("ingest", |bencher| {
            let all = |(mut printer, messages): (Printer, Vec<_>)| {
                for (message, now) in messages {
                    ingest(&mut printer, message, now);
                }
                printer
            };
            bencher.iter_batched(given, all, BatchSize::LargeInput);
        });
        group.bench_function("ingest + snapshot", |bencher| {
            let all = |(mut printer, messages): (Printer, Vec<_>)| {
                for (message, now) in messages {
                    ingest(&mut printer, message, now);
                    black_box(printer.snapshot(HostTime(now)));
                }
                printer
            };
            bencher.iter_batched(given, all, BatchSize::LargeInput);
        });
        group.bench_function("snapshot", |bencher| {
            bencher.iter(|| {
                for (_, now) in &timed {
                    black_box(printer.snapshot(HostTime(*now)));
                }
            });
        });
        group.finish();

        for (message, now) in timed {
            ingest(&mut printer, message, now);
        }
        let rows = printer
            .snapshot(HostTime(f64::from(BEFORE + TIMED)))
            .heaters;
        let remaining: Vec<_> = rows.iter().filter_map(|row| row.remaining).collect();
        println!("in the end: {} s", remaining.iter().sum::<f64>());
    }
}

/// Of one heater, of which nothing is known but its readings.
fn estimates(bench: &mut Criterion) {
    let seconds = (100..BEFORE).map(f64::from);
    let readings = seconds.map(|second| (second - 100.0, reading(second).0));
    let fixture = EstimatorFixture::new(&HeaterId::Tool(0), readings, 270.0, 1.0);
    let mut group = bench.benchmark_group("estimate");
    for &(id, estimator) in BUILT_IN {
        assert!(fixture.remaining(estimator).is_ok());
        group.bench_function(id, |bencher| {
            bencher.iter(|| black_box(&fixture).remaining(estimator));
        });
    }
}

criterion_group!(benches, messages, estimates);
criterion_main!(benches);
