//! What one message costs: five heaters on their way, a full minute of history each, every
//! algorithm. `cargo bench`.
#![expect(missing_docs, reason = "criterion's macros document nothing")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use temp_eta::core::estimator::{Algorithm, Trial};
use temp_eta::core::fit::Lag;
use temp_eta::core::sample::{HeaterId, Sample};
use temp_eta::core::{Heaters, Settings};

const HEATERS: [HeaterId; 5] = [
    HeaterId::Tool(0),
    HeaterId::Tool(1),
    HeaterId::Tool(2),
    HeaterId::Bed,
    HeaterId::Chamber,
];

/// Half a second apart, as close as OctoPrint's reports come.
const INTERVAL: f64 = 0.5;

fn sample(index: u32) -> Sample {
    let curve = Lag {
        asymptote: 320.0,
        tau: 300.0,
        now: 21.0,
    };
    let time = f64::from(index) * INTERVAL;
    let target = if index < 10 { 0.0 } else { 250.0 };
    Sample {
        time,
        actual: curve.temperature_at((time - 5.0).max(0.0)),
        target,
    }
}

fn update(bench: &mut Criterion) {
    let settings = Settings::default();
    let mut heaters = Heaters::default();
    for index in 0..200 {
        for heater in &HEATERS {
            heaters.ingest(heater, sample(index), &settings);
        }
    }
    // Ten at a time, so that the copy they are made on has grown its buffers.
    bench.bench_function("10 updates of 5 heaters, all algorithms", |bencher| {
        bencher.iter_batched_ref(
            || heaters.clone(),
            |heaters| {
                for index in 200..210 {
                    let next = black_box(sample(index));
                    for heater in &HEATERS {
                        heaters.ingest(heater, next, &settings);
                    }
                }
            },
            BatchSize::SmallInput,
        );
    });
}

fn estimates(bench: &mut Criterion) {
    let readings = (0..200)
        .map(sample)
        .map(|sample| (sample.time, sample.actual));
    let trial = Trial::new(&HeaterId::Tool(0), readings, 250.0, 1.0);
    for algorithm in Algorithm::ALL {
        bench.bench_function(&format!("estimate, {}", algorithm.name()), |bencher| {
            bencher.iter(|| black_box(&trial).remaining(algorithm.estimator()));
        });
    }
}

criterion_group!(benches, update, estimates);
criterion_main!(benches);
