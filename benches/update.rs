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

fn ingest(heaters: &mut Heaters, indices: std::ops::Range<u32>) {
    let settings = Settings::default();
    for index in indices {
        let next = black_box(sample(index));
        for heater in &HEATERS {
            heaters.ingest(heater, next, &settings);
        }
    }
}

/// Heaters that have been to their target, so that they have lessons to look up.
fn taught() -> Heaters {
    let mut before = Heaters::default();
    ingest(&mut before, 0..1000);
    let memories = HEATERS.map(|heater| (heater.clone(), before.memory(&heater)));
    for (heater, memory) in &memories {
        assert!(!memory.is_empty(), "{heater} has learned nothing");
    }
    let mut heaters = Heaters::default();
    heaters.recall(memories.into());
    heaters
}

fn update(bench: &mut Criterion) {
    // Ten at a time, so that the copy they are made on has grown its buffers.
    for (name, mut heaters) in [("untaught", Heaters::default()), ("taught", taught())] {
        ingest(&mut heaters, 0..200);
        let name = format!("10 updates of 5 {name} heaters, all algorithms");
        bench.bench_function(&name, |bencher| {
            bencher.iter_batched_ref(
                || heaters.clone(),
                |heaters| ingest(heaters, 200..210),
                BatchSize::SmallInput,
            );
        });
    }
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
