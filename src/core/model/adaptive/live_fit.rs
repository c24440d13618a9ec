//! Fits level, tilt and lag to the readings of the present transient.

use crate::core::model::estimator::EstimatorInput;
use crate::core::model::plant::Plant;
use crate::core::model::sensor_lag::{ResponseFraction, SensorLag};
use crate::core::model::travel::Moment;
use crate::core::readings::Segment;

/// How often the fit is repeated: the weights of outliers and the lag depend on it.
const ROUNDS: u32 = 2;

/// For how long a slope counts, as a share of the time since the start.
const REMEMBERED: f64 = 0.45;

/// How long a slope is at least, as a share of its age. Half as much costs a quarter more time
/// and brings a hundredth of the error.
const JOINED: f64 = 0.2;

/// Spread of a slope between two breakpoints, in logarithms, that is neither noise of the sensor
/// nor the lag: draughts, the controller, the model.
const ROUGHNESS: f64 = 0.07;

/// Uncertainty of the moment the heater was switched, as a share of the time between two
/// reports: evenly spread over it.
const UNSEEN: f64 = 0.29;

/// Noise of a difference of two readings, in °C, and what is added for a step of the sensor, in
/// steps.
const NOISE: f64 = 0.058;
const NOISE_STEPS: f64 = 0.45;

/// How many spreads from the fit a slope loses weight.
const OUTLIER: f64 = 1.5;

/// Share of the rate that the lag must let through.
const SHOWN: f64 = 0.16;

/// Share of the transient before the target, and of the slope there, in which the controller
/// throttles so much that a slope is no evidence of the heater.
const THROTTLED_DISTANCE: f64 = 0.4;
const THROTTLED_SLOPE: f64 = 0.3;

/// How much slower than before a slope must be to be a stall, in logarithms, and how much
/// slower than expected where there is no before.
const STALL: f64 = 1.2;
const UNEXPECTED: f64 = 1.0;

/// After how many times `recent` a stall is the new normal.
const STALLED_FOR_GOOD: f64 = 2.5;

/// Furthest that the lag is stretched, in logarithms.
const STRETCHED: f64 = 1.5;

/// What a warmed-up heater's sensor shows.
const ALL: ResponseFraction = ResponseFraction {
    value: 1.0,
    by_lag: 0.0,
    by_time: 0.0,
};

/// Level, tilt and lag, from all slopes of this transient.
///
/// # Model
///
/// Linearised about the lag of the round before, each slope gives one equation
///
/// ```text
/// ln(ρ/φ) - ln r(T, s) = α + β·v + γ·∂ln φ/∂ln L
/// ```
///
/// solved for the most probable `α`, `β` and `γ` (the stretch of the lag), all of them normally
/// distributed beforehand. Gauss-Newton with Huber's weights: Björck, *Numerical Methods for
/// Least Squares Problems*, ch. 4 and 9.
#[derive(Debug, Clone, Copy)]
pub struct LiveFit {
    /// `α`
    pub level: f64,
    /// `β`, per span.
    tilt: f64,
    /// The variance of `α`.
    pub variance: f64,
    /// With the stretched lag.
    pub sensor_lag: SensorLag,
    /// Whether the heater stands still just now.
    pub stalls: bool,
    pivot: f64,
}

/// A slope that does not change from round to round.
#[derive(Debug, Clone, Copy)]
struct Slope {
    segment: Segment,
    speed: f64,
    /// Logarithm of the speed against what is expected of a warmed-up heater.
    log_ratio: f64,
    v: f64,
    weight: f64,
    variance: f64,
}

impl LiveFit {
    /// Fits the transient of `input` as seen `now`.
    #[must_use]
    pub fn of(input: &EstimatorInput, now: Moment) -> Self {
        let plant = input.plant;
        let &Plant {
            level,
            level_sd,
            sensor_lag,
            lag_sd,
            ..
        } = plant;
        let slopes = slopes(input, now);
        let mut fit = Self {
            level,
            tilt: 0.0,
            variance: level_sd * level_sd,
            sensor_lag,
            stalls: false,
            pivot: now.temperature,
        };
        let patience = STALLED_FOR_GOOD * plant.prior().recent;
        let mut stretch = 0.0_f64;
        for round in 0..ROUNDS {
            let mut normal = Normal::new([level_sd, plant.tilt_sd, lag_sd], level);
            let mut stall = Stall::default();
            for slope in &slopes {
                let fraction = fit
                    .sensor_lag
                    .fraction(slope.segment.from(), slope.segment.to());
                let fraction = fraction.unwrap_or(ALL);
                if fraction.value <= SHOWN {
                    continue;
                }
                let shown = if fraction == ALL {
                    0.0
                } else {
                    fraction.value.ln()
                };
                let residual = slope.log_ratio - shown;
                let normal_level = stall.level.unwrap_or(level - UNEXPECTED);
                let slow = slope.speed <= 0.0 || residual < normal_level - STALL;
                if stall.passes_over(slow, slope, patience) {
                    continue;
                }
                stall.resume(residual);
                let timing = fraction.by_time * UNSEEN * input.interval;
                let variance = slope.variance + timing * timing;
                let off = (residual - fit.level - fit.tilt * slope.v).abs() / variance.sqrt();
                let outlier = if round > 0 && off > OUTLIER {
                    OUTLIER / off
                } else {
                    1.0
                };
                let row = [1.0, slope.v, fraction.by_lag];
                let weight = slope.weight * outlier / variance;
                normal.add(row, residual + fraction.by_lag * stretch, weight);
            }
            fit.stalls = stall.lasts > 0.0;
            if normal.rows == 0 {
                break;
            }
            let ([level, tilt, stretched], variance) = normal.solve();
            stretch = stretched.clamp(-STRETCHED, STRETCHED);
            fit.sensor_lag.lag = sensor_lag.lag * stretch.exp();
            (fit.level, fit.tilt, fit.variance) = (level, tilt, variance);
        }
        fit
    }

    /// °C/s along the transient at `temperature`, at the time of `moment`.
    #[must_use]
    pub fn rate(&self, plant: &Plant, temperature: f64, moment: Moment) -> f64 {
        let v = (temperature - self.pivot) / plant.prior().span;
        (plant.log_rate(temperature, moment.since) + self.level + self.tilt * v).exp()
    }
}

/// The slopes of the transient at full power.
fn slopes(input: &EstimatorInput, now: Moment) -> Vec<Slope> {
    let (plant, trajectory) = (input.plant, input.trajectory);
    let prior = plant.prior();
    let direction = plant.direction();
    let memory = prior.recent.max(REMEMBERED * now.since);
    let noise = NOISE + NOISE_STEPS * trajectory.step();
    let rise = (input.setpoint - trajectory.start().temperature).abs();
    let at_threshold = (plant.log_rate(input.threshold, now.since) + plant.level).exp();
    let slope = |(segment, count): (Segment, f64)| {
        let distance = (input.setpoint - segment.temperature) * direction;
        let expected = plant.log_rate(segment.temperature, segment.since);
        let throttled = distance < THROTTLED_DISTANCE * rise
            && plant.taper_slope(distance, at_threshold) * expected.exp() >= THROTTLED_SLOPE;
        let speed = segment.rate * direction;
        let age = now.since - segment.since;
        let noise = noise / (segment.duration * speed);
        (!throttled && segment.duration > 0.0).then(|| Slope {
            segment,
            speed,
            log_ratio: speed.ln() - expected,
            v: (segment.temperature - now.temperature) / prior.span,
            weight: (-age / memory).exp() * count,
            variance: ROUGHNESS * ROUGHNESS + noise * noise,
        })
    };
    // Growing vectors cost a twelfth of a message.
    let segments = trajectory.joined(JOINED);
    let mut slopes = Vec::with_capacity(segments.len());
    slopes.extend(segments.into_iter().filter_map(slope));
    slopes
}

/// A standstill: an open lid, a pause, a loose heater.
#[derive(Debug, Clone, Copy, Default)]
struct Stall {
    lasts: f64,
    level: Option<f64>,
}

impl Stall {
    /// Whether `slope` belongs to a standstill that may end again, within `patience` seconds.
    fn passes_over(&mut self, slow: bool, slope: &Slope, patience: f64) -> bool {
        if slow {
            self.lasts += slope.segment.duration;
        }
        slow && (self.lasts <= patience || slope.speed <= 0.0)
    }

    fn resume(&mut self, residual: f64) {
        self.lasts = 0.0;
        self.level = Some(
            self.level
                .map_or(residual, |level| f64::midpoint(level, residual)),
        );
    }
}

/// Normal equations for three unknowns.
#[derive(Debug, Clone, Copy)]
struct Normal {
    a: [[f64; 3]; 3],
    b: [f64; 3],
    rows: u32,
}

impl Normal {
    /// Unknowns with standard deviations `sd` about `level`, zero and zero.
    fn new(sd: [f64; 3], level: f64) -> Self {
        let [x, y, z] = sd.map(|sd| 1.0 / (sd * sd));
        Self {
            a: [[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, z]],
            b: [x * level, 0.0, 0.0],
            rows: 0,
        }
    }

    fn add(&mut self, row: [f64; 3], value: f64, weight: f64) {
        for ((sums, sum), x) in self.a.iter_mut().zip(&mut self.b).zip(row) {
            for (a, y) in sums.iter_mut().zip(row) {
                *a += weight * x * y;
            }
            *sum += weight * x * value;
        }
        self.rows += 1;
    }

    /// The unknowns, and the variance of the first.
    fn solve(&self) -> ([f64; 3], f64) {
        let [[a, b, c], [_, d, e], [_, _, f]] = self.a;
        let [x, y, z] = self.b;
        let (xx, xy, xz) = (d * f - e * e, c * e - b * f, b * e - c * d);
        let (yy, yz, zz) = (a * f - c * c, b * c - a * e, a * d - b * b);
        let determinant = a * xx + b * xy + c * xz;
        let unknowns = [
            xx * x + xy * y + xz * z,
            xy * x + yy * y + yz * z,
            xz * x + yz * y + zz * z,
        ];
        (unknowns.map(|u| u / determinant), xx / determinant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_equations_are_solved() {
        let mut normal = Normal::new([1e3, 1e3, 1e3], 0.0);
        let truth = [0.3, -1.2, 0.7];
        for i in 0..20 {
            let t = f64::from(i) / 5.0;
            let row = [1.0, t, (t * 1.7).sin()];
            let value = row.iter().zip(truth).map(|(x, u)| x * u).sum();
            normal.add(row, value, 1.0);
        }
        let (found, variance) = normal.solve();
        for (found, truth) in found.into_iter().zip(truth) {
            assert!((found - truth).abs() < 1e-4, "{found} {truth}");
        }
        assert!(variance > 0.05 && variance < 1.0, "{variance}");
    }
}
