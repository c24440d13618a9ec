//! Lets anyone try the core without a printer: readings in, remaining times out.
//!
//! ```text
//! cargo run --release --example replay -- --algorithm adaptive < readings.csv
//! ```
//!
//! Every line `time,heater,actual,target` (seconds, OctoPrint's name, °C, °C; 0 is off) is
//! answered at once by one line `time,heater,kind,remaining[,low,high]`: `kind` is `heating`,
//! `cooling` or `idle`, `remaining` in seconds is empty where there is none, `low` and `high`
//! are its 80 % interval where the algorithm knows one.

use std::error::Error;
use std::io::{BufRead, Write, stdin, stdout};

use temp_eta::core::heater::{HeaterRow, Heaters};
use temp_eta::core::input::{AlgorithmKey, HeaterId, Sample};
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::Settings;

fn main() -> Result<(), Box<dyn Error>> {
    let settings = Settings {
        algorithm: algorithm()?,
        ..Settings::default()
    };
    let mut heaters = Heaters::default();
    let mut answers = stdout().lock();
    for (number, line) in (1..).zip(stdin().lock().lines()) {
        let line = line?;
        let (heater, sample) = reading(&line).ok_or(format!(
            "line {number} is not time,heater,actual,target: {line}"
        ))?;
        heaters.ingest(&heater, sample, &settings);
        let row = heaters.tracker(&heater).ok_or("too many heaters")?;
        writeln!(
            answers,
            "{}",
            answer(&row.row(sample.time, &settings), sample.time)
        )?;
        answers.flush()?;
    }
    Ok(())
}

fn algorithm() -> Result<AlgorithmKey, String> {
    let ids: Vec<_> = BUILT_IN.iter().map(|(id, _)| *id).collect();
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, id] if flag == "--algorithm" && ids.contains(&&**id) => Some(AlgorithmKey::of(id)),
        _ => None,
    }
    .ok_or(format!("usage: replay --algorithm {}", ids.join("|")))
}

fn reading(line: &str) -> Option<(HeaterId, Sample)> {
    let mut fields = line.split(',').map(str::trim);
    let time = fields
        .next()?
        .parse()
        .ok()
        .filter(|x: &f64| x.is_finite())?;
    let heater = HeaterId::parse(fields.next()?)?;
    let mut number = || fields.next()?.parse().ok().filter(|x: &f64| x.is_finite());
    let (actual, target) = (number()?, number()?);
    Some((
        heater,
        Sample {
            time,
            actual,
            target,
        },
    ))
}

fn answer(row: &HeaterRow, time: f64) -> String {
    let kind = if row.phase.heats() {
        "heating"
    } else if row.phase.has_goal() {
        "cooling"
    } else {
        "idle"
    };
    let seconds = |seconds: f64| format!("{seconds:.3}");
    let remaining = row.remaining.map(seconds).unwrap_or_default();
    let interval = row
        .interval
        .map(|[low, high]| format!(",{low:.3},{high:.3}"));
    let interval = interval.unwrap_or_default();
    format!("{time:.3},{},{kind},{remaining}{interval}", row.heater)
}
