//! The newest transients of a heater, as they went.

use super::completed::CompletedTransient;
use crate::core::codec::{Reader, Writer};
use crate::core::model::{PastTransient, SHARES_LEFT};

/// How many are kept. Three to eight are equally good.
const MAX_PAST: usize = 4;

/// Shortest that is kept, in seconds. Many are too short to show a rate, a bed's from 90 to 100 °C for
/// example: to recall them is the only way to learn from them.
const MIN_DURATION: f64 = 4.0;

/// Most that one may hold, in °C and in seconds.
const MAX_CELSIUS: f64 = 1000.0;
const MAX_SECONDS: f64 = 20_000.0;

/// Smallest change of a stored one, in °C: all shares are of it.
const MIN_RISE: f64 = 0.5;

/// Most `1 - φ0` that a start can have, with a heater that is carried on in the other direction.
const MAX_DEFICIT: f64 = 2.0;

/// How finely temperatures and durations are stored, in parts of a degree and of a second, and `1 - φ0`:
/// more digits would only be longer.
const TENTHS: f64 = 10.0;
const HUNDREDTHS: f64 = 100.0;

/// How many numbers one is stored as.
const NUMBERS: usize = 4 + SHARES_LEFT.len();

/// How finely times are stored: thousandths of the duration.
const PARTS: f64 = 1000.0;

/// The newest transients, the oldest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PastTransients {
    kept: Vec<PastTransient>,
}

impl PastTransients {
    /// The transients, the oldest first.
    #[must_use]
    pub fn kept(&self) -> &[PastTransient] {
        &self.kept
    }

    /// Takes in a completed transient that was not disturbed.
    pub fn learn(&mut self, completed: &CompletedTransient) {
        let Some(past) = completed
            .past()
            .filter(|past| past.duration >= MIN_DURATION)
        else {
            return;
        };
        if self.kept.len() == MAX_PAST {
            self.kept.remove(0);
        }
        self.kept.push(past);
    }

    /// Writes them.
    pub fn write(&self, to: &mut Writer) {
        #[expect(clippy::cast_precision_loss, reason = "at most 4")]
        to.put(self.kept.len() as f64);
        for past in &self.kept {
            for number in [past.start, past.threshold, past.setpoint, past.duration] {
                to.put_rounded(number, TENTHS);
            }
            to.put_rounded(past.deficit, HUNDREDTHS);
            for time in past.times.iter().skip(1) {
                to.put_rounded(time / past.duration * PARTS, 1.0);
            }
        }
    }

    /// Reads what [`Self::write`] has written; `None` if that is not known to be all. What is
    /// implausible is left out.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let count = from.count(MAX_PAST)?;
        let mut kept = Vec::new();
        for _ in 0..count {
            let mut numbers = [0.0; NUMBERS];
            for number in &mut numbers {
                *number = from.unchecked()?;
            }
            kept.extend(past(numbers));
        }
        Some(Self { kept })
    }
}

/// The transient that was stored as `numbers`, if it is plausible.
fn past(numbers: [f64; NUMBERS]) -> Option<PastTransient> {
    let [start, threshold, setpoint, duration, deficit, shares @ ..] = numbers;
    let mut past = PastTransient {
        start,
        threshold,
        setpoint,
        deficit,
        duration,
        times: [0.0; SHARES_LEFT.len()],
    };
    let (mut since, mut in_order) = (0.0, true);
    for (time, share) in past.times.iter_mut().skip(1).zip(shares) {
        *time = share / PARTS * duration;
        in_order &= (since..=duration).contains(time);
        since = *time;
    }
    let celsius = [start, threshold, setpoint];
    let sound = in_order
        && celsius.iter().all(|it| it.abs() <= MAX_CELSIUS)
        && past.rise() >= MIN_RISE
        && (0.0..=MAX_DEFICIT).contains(&deficit)
        && (MIN_DURATION..=MAX_SECONDS).contains(&duration);
    sound.then_some(past)
}
