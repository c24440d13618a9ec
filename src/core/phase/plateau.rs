//! Foresees the level at which a temperature will end.

use crate::core::math::{Point, RunningMean};

/// Shortest averaging time of readings, in seconds: the slowest printers report every 5 s.
const BIN: f64 = 10.0;

/// How many bins make up one of the three windows that are compared.
const WINDOW: u8 = 4;

/// The bins that are kept: so many that the windows are full again after their width has doubled.
const BINS: usize = 6 * WINDOW as usize;

/// A window is no longer than 1/12 of the transient. Longer ones see its beginning, where air or a
/// sensor moves faster than what they are in or on.
const SHARE: f64 = 12.0;

/// Longest window, in seconds.
const LONGEST: f64 = 320.0;

/// Age from which on a transient is looked at, in seconds.
const YOUNGEST: f64 = 400.0;

/// By how much more than the windows say the temperature may go on: no heater has a single time
/// constant.
const MARGIN: f64 = 1.1;

/// Standard errors of a window's gain by which it is corrected, to be on the safe side.
const ERRORS: f64 = 1.0;

/// How many time constants a transient must be old before its end is foreseen. Earlier, what moves
/// fast (air, a plate) hides what moves slowly (walls, a block) and goes on.
const TIME_CONSTANTS: f64 = 2.0;

/// How many times in a row it must be so, each a bin later. Fewer, and noise decides; more, and a
/// false time stands for longer.
const TIMES: u32 = 4;

/// Least noise assumed of a reading, in °C.
const LEAST_NOISE: f64 = 0.03;

/// How many readings the noise is averaged over.
const NOISE_READINGS: f64 = 30.0;

/// Tells whether a temperature will end before it reaches its threshold.
///
/// # Model
///
/// The means `M` of three windows of equal length, one after the other, are extrapolated to where
/// a first-order lag ends (Aitken's Δ² method):
///
/// ```text
/// q = (M₂ - M₁) / (M₁ - M₀)        T_end = M₂ + (M₂ - M₁)·q / (1 - q)
/// ```
///
/// Of 500 recorded transients that did arrive it says of none that it will not, of 835 simulated ones
/// of nine, for a while.
#[derive(Debug, Clone)]
pub struct Plateau {
    begun: f64,
    /// 1 for a heat-up, -1 for a cool-down.
    direction: f64,
    /// Width of a bin in seconds.
    width: f64,
    /// The full bins, oldest first, without gaps.
    bins: Vec<RunningMean>,
    /// The bin of the newest readings, and its place counted in widths from the start.
    newest: (f64, RunningMean),
    /// The readings before the newest.
    last: [f64; 2],
    /// Mean square of a reading's noise, in °C².
    noise: RunningMean,
    /// How many times in a row the present answer was contradicted.
    contradicted: u32,
    ends_short: bool,
}

impl Plateau {
    /// Begins with a transient at `time` (s), which leads upwards if it is `heating`.
    #[must_use]
    pub fn new(time: f64, heating: bool) -> Self {
        Self {
            begun: time,
            direction: if heating { 1.0 } else { -1.0 },
            width: BIN,
            bins: Vec::new(),
            newest: (0.0, RunningMean::default()),
            last: [f64::NAN; 2],
            noise: RunningMean::default(),
            contradicted: 0,
            ends_short: false,
        }
    }

    /// Whether the temperature will end before the threshold.
    #[must_use]
    pub fn ends_short(&self) -> bool {
        self.ends_short
    }

    /// Takes a reading of a transient that ends at `threshold` (°C).
    pub fn push(&mut self, point: Point, threshold: f64) {
        self.measure_noise(point.temperature);
        let age = point.time - self.begun;
        let place = (age / self.width).floor();
        let (before, bin) = self.newest;
        if place > before {
            self.newest = (place, RunningMean::default());
            if place > before + 1.5 || bin.known().is_none() {
                self.bins.clear();
            } else {
                self.bins.push(bin);
                self.widen(age);
                self.judge(age, threshold);
            }
        }
        self.newest.1.add(point.temperature, 1.0, f64::INFINITY);
    }

    /// The noise is what second differences leave, which have six times its variance.
    fn measure_noise(&mut self, temperature: f64) {
        let [first, second] = self.last;
        let curvature = temperature - 2.0 * second + first;
        if curvature.is_finite() {
            self.noise.add(curvature.powi(2) / 6.0, 1.0, NOISE_READINGS);
        }
        self.last = [second, temperature];
    }

    /// Length of a window in seconds.
    fn window(&self) -> f64 {
        f64::from(WINDOW) * self.width
    }

    /// Keeps the windows in proportion to the `age` (s) of the transient.
    fn widen(&mut self, age: f64) {
        let window = self.window();
        let (place, _) = self.newest;
        if age >= SHARE * window && window < LONGEST && place % 2.0 < 0.5 {
            self.width *= 2.0;
            self.newest.0 = place / 2.0;
            let odd = self.bins.len() % 2;
            let pairs = self.bins.get(odd..).unwrap_or_default().chunks(2);
            self.bins = pairs.map(mean).collect();
        }
        let surplus = self.bins.len().saturating_sub(BINS);
        self.bins.drain(..surplus);
    }

    fn judge(&mut self, age: f64, threshold: f64) {
        let (count, length) = (self.bins.len(), usize::from(WINDOW));
        if age < YOUNGEST || count < 3 * length {
            return;
        }
        let window = |ago: usize| {
            let to = count - ago * length;
            mean(self.bins.get(to - length..to).unwrap_or_default())
        };
        let (first, second, third) = (window(2), window(1), window(0));
        let error = (2.0 * self.noise.value.max(LEAST_NOISE.powi(2)) / third.weight).sqrt();
        // Corrected by the errors towards an end that is far, or that is near.
        let gains = |errors: f64| {
            [
                self.direction * (second.value - first.value) - errors * error,
                self.direction * (third.value - second.value) + errors * error,
            ]
        };
        let left = self.direction * (threshold - third.value);
        let is_contradicted = if self.ends_short {
            let [before, last] = gains(-ERRORS);
            last > 0.0 && to_come([before, last]).is_none_or(|to_come| to_come >= left)
        } else {
            let [before, last] = gains(ERRORS);
            let last = last.max(ERRORS * error);
            let settled = age / self.window() * (last / before).ln() <= -TIME_CONSTANTS;
            let to_come = to_come([before, last]).filter(|_| settled);
            to_come.is_some_and(|to_come| MARGIN * to_come < left)
        };
        self.contradicted = if is_contradicted {
            self.contradicted + 1
        } else {
            0
        };
        if self.contradicted >= TIMES {
            self.ends_short = !self.ends_short;
            self.contradicted = 0;
        }
    }
}

/// How far the temperature goes on after two windows with these gains, in °C; `None` if it does not
/// slow down.
fn to_come([before, last]: [f64; 2]) -> Option<f64> {
    let ratio = last / before;
    (before > last).then(|| last * ratio / (1.0 - ratio))
}

fn mean(bins: &[RunningMean]) -> RunningMean {
    let mut mean = RunningMean::default();
    for bin in bins {
        mean.add(bin.value, bin.weight, f64::INFINITY);
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When the answer changes, for readings every `interval` seconds.
    fn changes(
        interval: f64,
        threshold: f64,
        seconds: f64,
        temperature: impl Fn(f64) -> f64,
    ) -> Vec<f64> {
        let mut plateau = Plateau::new(0.0, threshold > temperature(0.0));
        let mut changes = Vec::new();
        let mut time = 0.0;
        while time < seconds {
            let before = plateau.ends_short();
            let noise = 0.05 * (time * 12.9898).sin();
            let temperature = temperature(time) + noise;
            plateau.push(Point { time, temperature }, threshold);
            if plateau.ends_short() != before {
                changes.push(time);
            }
            time += interval;
        }
        changes
    }

    #[test]
    fn a_weak_heater_ends_short_once() {
        for interval in [0.5, 1.0, 2.0, 3.0, 5.0] {
            let bed = |t: f64| 98.0 - 76.0 * (-t / 200.0).exp();
            let at = changes(interval, 99.0, 1800.0, bed);
            assert_eq!(at.len(), 1, "{interval} s: {at:?}");
            assert!(at[0] < 900.0, "{interval} s: {at:?}");
            let chamber = |t: f64| 31.5 + 20.0 * (-t / 400.0).exp();
            let at = changes(interval, 31.0, 3000.0, chamber);
            assert_eq!(at.len(), 1, "{interval} s: {at:?}");
        }
    }

    #[test]
    fn what_gets_there_is_not_doubted() {
        let bed = |t: f64| 103.0 - 81.0 * (-t / 200.0).exp();
        assert_eq!(changes(2.0, 99.0, 600.0, bed), []);
        let straight = |t: f64| 20.0 + 0.02 * t;
        assert_eq!(changes(2.0, 99.0, 3900.0, straight), []);
    }

    #[test]
    fn it_is_taken_back_when_the_temperature_goes_on_after_all() {
        let door = |t: f64| {
            let more = (t - 1200.0).max(0.0);
            80.0 - 58.0 * (-t / 200.0).exp() + 0.05 * more
        };
        assert_eq!(changes(2.0, 99.0, 1550.0, door).len(), 2);
    }
}
