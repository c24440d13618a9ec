//! What similar transients before took, compared with what would be expected of them today.

use super::past_transient::{PastTransient, SHARES_LEFT};
use super::plant::Plant;
use super::prior::HeaterPrior;
use super::sensor_lag::SensorLag;
use super::travel::Moment;
use crate::core::phase::Goal;

/// Shortest time of which there is a meaningful logarithm, in seconds.
const SHORTEST: f64 = 0.3;

/// Furthest that a transient is believed to have been from what was expected, in logarithms: a factor
/// of seven. More is a mistake.
const FURTHEST: f64 = 2.0;

/// By how much the variance of a transient grows with each one after it: heaters, plates and rooms
/// change. Slower ageing keeps more of what no longer holds.
const AGEING: f64 = 1.5;

/// Difference of `1 - φ0` that makes two starts as different as one kernel width of temperature: a
/// heater that is still moving has less to catch up.
const DEFICIT_WIDTH: f64 = 1.5;

/// Spread of a transient about what is expected of it, in logarithms, where there is no similar one.
const UNRECALLED_SD: f64 = 0.3;

/// Distance over which a live estimate is carried forward for free, in spans: farther than twice, the
/// extrapolation does not get less certain.
const MOST_AHEAD: f64 = 2.0;

/// Smallest spread, in logarithms: no two transients are the same.
const SMALLEST_SD: f64 = 0.05;

/// The time that is left, as a logarithm, and its variance.
#[derive(Debug, Clone, Copy)]
pub struct LogTime {
    /// Logarithm of the seconds.
    pub log: f64,
    /// Its variance.
    pub variance: f64,
}

impl LogTime {
    /// Of `seconds`, with the `variance` of their logarithm.
    #[must_use]
    pub fn new(seconds: f64, variance: f64) -> Self {
        let log = seconds.max(SHORTEST).ln();
        Self { log, variance }
    }

    /// The seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.log.exp()
    }
}

/// An earlier transient, ready to be compared.
#[derive(Debug, Clone, Copy)]
struct Recalled {
    past: PastTransient,
    /// Logarithm of the time that was left, relative to what would have been expected today, for each
    /// of [`SHARES_LEFT`].
    residuals: [f64; SHARES_LEFT.len()],
}

/// Earlier transients of the heater, beside what is expected of the present one.
///
/// # Model
///
/// With `M(T, s)` the time that the plant expects without the live fit, each earlier transient `i`
/// leaves a residual `r_i = ln(left) - ln M` over the share of the distance left. The present one is
/// expected to differ from `M` by the mean of those, weighted by similarity:
///
/// ```text
/// 1/w_i = σ²·1.5^i + (ΔT_start/h_s)² + (ΔT_end/h_e)² + (Δ(1 - φ0)/1.5)²
/// W = Σw_i + 1/(0.3² + σ_level²),    m = Σ w_i·r_i(x)/W
/// v = 1/W + σ² + max(Σ w_i·r_i²/W - m², 0)
/// ```
///
/// `i` is 0 for the newest. Weighting by inverse variances: Gelman et al., *Bayesian Data Analysis*,
/// §2.5; the differences act as kernel widths.
#[derive(Debug, Clone)]
pub struct Recall {
    /// The present transient's first reading, in °C.
    start: f64,
    /// The newest first.
    recalled: Vec<Recalled>,
}

impl Recall {
    /// Compares `past`, the oldest first, with what `plant` expects of a transient that starts at
    /// `start` (°C).
    #[must_use]
    pub fn new(plant: &Plant, start: f64, past: &[PastTransient]) -> Self {
        let recalled = past.iter().rev().map(|past| Recalled {
            past: *past,
            residuals: residuals(plant, past),
        });
        Self {
            start,
            recalled: recalled.collect(),
        }
    }

    /// `live`, what the present transient itself shows `now` of the time to its goal, blended with what
    /// similar ones took where `plant` expects `usual` (s).
    ///
    /// ```text
    /// q = u² + (a·min(x/span, 2))²,    k = q/(q + v)
    /// ln ETA = (1 - k)·ln live + k·(ln M + m),    u_new² = max(q·v/(q + v), 0.05²)
    /// ```
    #[must_use]
    pub fn blend(
        &self,
        plant: &Plant,
        (now, goal): (Moment, Goal),
        usual: f64,
        live: LogTime,
    ) -> Option<LogTime> {
        let prior = plant.prior();
        let distance = (goal.threshold - now.temperature) * plant.direction();
        let (mean, variance) = self.mean(plant, goal, distance)?;
        let ahead = prior.ahead_sd * (distance / prior.span).clamp(0.0, MOST_AHEAD);
        let ahead = live.variance + ahead * ahead;
        let share = ahead / (ahead + variance);
        let recalled = usual.max(SHORTEST).ln() + mean;
        Some(LogTime {
            log: live.log + share * (recalled - live.log),
            variance: (share * variance).max(SMALLEST_SD * SMALLEST_SD),
        })
    }

    /// The mean residual at `distance` (°C) before `goal`, and its variance.
    fn mean(&self, plant: &Plant, goal: Goal, distance: f64) -> Option<(f64, f64)> {
        let prior = plant.prior();
        let own = prior.repeat_sd * prior.repeat_sd;
        let deficit = plant.sensor_lag.deficit;
        let none = UNRECALLED_SD * UNRECALLED_SD + plant.level_sd * plant.level_sd;
        let (mut weights, mut sum, mut squares, mut ageing) = (1.0 / none, 0.0, 0.0, own);
        for it in &self.recalled {
            let weight = 1.0 / (ageing + it.difference(prior, self.start, goal, deficit));
            let residual = it.residual(distance / it.past.rise());
            weights += weight;
            sum += weight * residual;
            squares += weight * residual * residual;
            ageing *= AGEING;
        }
        let mean = sum / weights;
        let scatter = (squares / weights - mean * mean).max(0.0);
        (!self.recalled.is_empty()).then_some((mean, 1.0 / weights + own + scatter))
    }
}

impl Recalled {
    /// Variance that comes from starting at another temperature, leading to another goal, or being on
    /// the move already.
    fn difference(&self, prior: &HeaterPrior, start: f64, goal: Goal, deficit: f64) -> f64 {
        let differences = [
            (start - self.past.start) / prior.start_kernel,
            (goal.threshold - self.past.threshold) / prior.end_kernel,
            (deficit - self.past.deficit) / DEFICIT_WIDTH,
        ];
        differences.iter().map(|x| x * x).sum()
    }

    /// The residual where `share` of its distance is left, between the two nearest that are kept.
    fn residual(&self, share: f64) -> f64 {
        let mut before = None;
        for (left, residual) in SHARES_LEFT.into_iter().zip(self.residuals) {
            if share >= left {
                let (from, value) = before.unwrap_or((left, residual));
                let part = if from > left {
                    (share - left) / (from - left)
                } else {
                    0.0
                };
                return residual + part * (value - residual);
            }
            before = Some((left, residual));
        }
        before.map_or(0.0, |(_, residual)| residual)
    }
}

/// How long `past` took, relative to what `plant` would have expected of it.
fn residuals(plant: &Plant, past: &PastTransient) -> [f64; SHARES_LEFT.len()] {
    let goal = Goal {
        setpoint: past.setpoint,
        threshold: past.threshold,
    };
    let sensor_lag = SensorLag {
        deficit: past.deficit,
        ..plant.sensor_lag
    };
    let mut residuals = [0.0; SHARES_LEFT.len()];
    let kept = SHARES_LEFT.into_iter().zip(past.times);
    for (residual, (share, since)) in residuals.iter_mut().zip(kept) {
        let at = Moment {
            since,
            temperature: past.temperature(share),
        };
        let usual = plant.usual(at, goal, sensor_lag).max(SHORTEST);
        let left = (past.duration - since).max(SHORTEST);
        *residual = (left / usual).ln().clamp(-FURTHEST, FURTHEST);
    }
    residuals
}
