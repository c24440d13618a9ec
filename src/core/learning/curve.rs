//! The rate of one heater over its temperature, relative to its prior.

use crate::core::math::RunningMean;
use crate::core::model::{BINS, Bins, CorrectionTable, HeaterPrior};

/// Largest logarithm of a ratio of rates that is believed.
pub const MAX_LOG: f64 = 5.0;

/// Largest deviation from the straight line that a bin holds, in logarithms of the rate.
/// More is an event (a lid, a fan), not a property.
const LARGEST: f64 = 0.5;

/// Most weight of a bin, in transients: it follows a heater that changes within a few of them.
const MAX_WEIGHT: f64 = 2.0;

/// What a transient's sums count for after the next one of full weight.
const FADING: f64 = 0.8;

/// Variance of the level of one transient, and of its tilt: the line is held to the prior's by
/// this much.
const LEVEL_NOISE: f64 = 0.0135;
const TILT_NOISE: f64 = 0.0034;

/// How far beyond the temperatures seen the line is extrapolated, in spans.
const BEYOND: f64 = 0.5;

/// One stretch of a transient: what the rate was there.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    /// °C.
    pub temperature: f64,
    /// Logarithm of the rate, relative to the prior's.
    pub log_ratio: f64,
    /// Seconds it lasted.
    pub duration: f64,
}

/// `Λ(T) = a + b·v + bin(T)`, with `v` the temperature in spans from the reference.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Discounted `Σw`, `Σwv`, `Σwv²`, `Σwz`, `Σwvz`.
    pub sums: [f64; 5],
    /// Coldest temperature seen, in °C.
    pub coldest: f64,
    /// Warmest temperature seen, in °C.
    pub warmest: f64,
    /// What the line leaves over.
    pub bins: [RunningMean; BINS],
}

impl Default for Curve {
    fn default() -> Self {
        Self {
            sums: [0.0; 5],
            coldest: f64::INFINITY,
            warmest: f64::NEG_INFINITY,
            bins: [RunningMean::default(); BINS],
        }
    }
}

impl Curve {
    /// `(a, b)`, by least squares, held to zero by the spread of the prior.
    ///
    /// ```text
    /// (Σw + n_a/σ_a²)·a + Σwv·b = Σwz,    Σwv·a + (Σwv² + n_b/σ_b²)·b = Σwvz
    /// ```
    ///
    /// with `z` the logarithm of the rate relative to the prior's, `w` the weight, `n` the variance
    /// of one transient and `σ²` that between printers: ridge regression, Hastie et al., *The
    /// Elements of Statistical Learning*, §3.4.1.
    #[must_use]
    pub fn line(&self, prior: &HeaterPrior) -> (f64, f64) {
        let [w, wv, wvv, wz, wvz] = self.sums;
        let w = w + LEVEL_NOISE / prior.level_sd.powi(2);
        let wvv = wvv + TILT_NOISE / prior.tilt_sd.powi(2);
        let determinant = w * wvv - wv * wv;
        (
            (wz * wvv - wvz * wv) / determinant,
            (wvz * w - wz * wv) / determinant,
        )
    }

    /// `Λ(T)` at `temperature` (°C), with the `line` of this curve.
    #[must_use]
    pub fn correction(&self, prior: &HeaterPrior, (a, b): (f64, f64), temperature: f64) -> f64 {
        let v = spans(prior, temperature)
            .max(spans(prior, self.coldest) - BEYOND)
            .min(spans(prior, self.warmest) + BEYOND);
        a + b * v + self.bin(prior, temperature)
    }

    /// `Λ`, to be looked up many times.
    #[must_use]
    pub fn table(&self, prior: &HeaterPrior) -> CorrectionTable {
        let line = self.line(prior);
        CorrectionTable::new(prior.bin, |middle| self.correction(prior, line, middle))
    }

    fn bin(&self, prior: &HeaterPrior, temperature: f64) -> f64 {
        Bins::new(prior.bin).interpolate(&self.bins, temperature, |bin| bin.value)
    }

    /// Learns from `evidence`, which counts for a whole transient if `weight` is 1. Returns by how
    /// much that transient as a whole was faster than the new curve, in logarithms of the rate.
    pub fn learn(&mut self, prior: &HeaterPrior, evidence: &[Evidence], weight: f64) -> f64 {
        let duration: f64 = evidence.iter().map(|e| e.duration).sum();
        let fading = (weight * FADING.ln()).exp();
        self.sums.iter_mut().for_each(|sum| *sum *= fading);
        for e in evidence {
            let w = weight * e.duration / duration;
            let (v, z) = (spans(prior, e.temperature), e.log_ratio);
            let row = [w, w * v, w * v * v, w * z, w * v * z];
            self.sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += x);
            self.coldest = self.coldest.min(e.temperature);
            self.warmest = self.warmest.max(e.temperature);
        }
        let line = self.line(prior);
        let (level, tilt) = line;
        let residual = |e: &Evidence| e.log_ratio - level - tilt * spans(prior, e.temperature);
        let offset: f64 = evidence
            .iter()
            .map(|e| e.duration / duration * (residual(e) - self.bin(prior, e.temperature)))
            .sum();
        for e in evidence {
            let (index, share) = Bins::new(prior.bin).place(e.temperature);
            let nearest = if share < 0.5 { index } else { index + 1 };
            if let Some(bin) = self.bins.get_mut(nearest) {
                let over = (residual(e) - offset).clamp(-LARGEST, LARGEST);
                let weight = (e.duration / (2.0 * prior.spacing)).min(1.0);
                bin.add(over, weight, MAX_WEIGHT);
            }
        }
        offset
    }
}

/// A temperature in spans from the prior's reference.
fn spans(prior: &HeaterPrior, temperature: f64) -> f64 {
    (temperature - prior.reference) / prior.span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::input::HeaterId;

    #[test]
    fn many_short_transients_do_not_make_it_forget_a_long_one() {
        let prior = HeaterPrior::of(&HeaterId::Tool(0), true);
        let evidence = |from: u32, to: u32| -> Vec<_> {
            let temperatures = (from..=to).step_by(5).map(f64::from);
            let evidence = temperatures.map(|temperature| Evidence {
                temperature,
                log_ratio: 0.5,
                duration: 2.0,
            });
            evidence.collect()
        };
        let mut curve = Curve::default();
        curve.learn(prior, &evidence(30, 220), 1.0);
        let before = curve.line(prior);
        for _ in 0..12 {
            curve.learn(prior, &evidence(200, 210), 0.02);
        }
        let after = curve.line(prior);
        assert!(after.0 > 0.95 * before.0, "{before:?} {after:?}");
    }
}
