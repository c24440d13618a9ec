//! Differences of transients from the curve, by start temperature.

use super::curve::MAX_LOG;
use crate::core::model::HeaterPrior;

/// How many transients are remembered.
pub const MAX_OFFSETS: usize = 8;

/// Weight of a transient relative to the next newer one.
const FADING: f64 = 0.85;

/// Weight of a zero difference, in transients.
const NONE: f64 = 0.365;

/// Spread from one transient to the next of the same start, and the weight of this figure.
const USUAL_SD: f64 = 0.155;
const USUAL_WEIGHT: f64 = 2.0;

/// The newest transients, oldest first. A bed that is switched on while still hot is faster than
/// the same bed that passes that temperature after a cold start.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StartOffsets {
    /// Temperature at the start (°C) and logarithm of the speed against the curve's.
    pub offsets: Vec<(f64, f64)>,
}

impl StartOffsets {
    /// Level of a transient that starts at `temperature` (°C), and its spread, as logarithms.
    ///
    /// ```text
    /// level = Σ k_i·0.85^i·o_i / (Σ k_i·0.85^i + 0.365),    k_i = e^(-((T_i - T)/h)²/2)
    /// ```
    ///
    /// with `o_i` the difference of the transient that began at `T_i`, `i` transients ago, and `h`
    /// the kernel of the prior. Kernel regression: Hastie et al., *The Elements of Statistical
    /// Learning*, §6.1.
    #[must_use]
    pub fn level(&self, prior: &HeaterPrior, temperature: f64) -> (f64, f64) {
        let similar = |start: f64| (-0.5 * ((start - temperature) / prior.kernel).powi(2)).exp();
        let (mut sum, mut weight, mut fading) = (0.0, 0.0, 1.0);
        for &(start, offset) in self.offsets.iter().rev() {
            let w = similar(start) * fading;
            sum += w * offset;
            weight += w;
            fading *= FADING;
        }
        let level = sum / (weight + NONE);
        let (mut squares, mut count) = (USUAL_SD.powi(2) * USUAL_WEIGHT, USUAL_WEIGHT);
        for &(start, offset) in &self.offsets {
            squares += similar(start) * (offset - level).powi(2);
            count += similar(start);
        }
        let far = prior.far.powi(2) / (1.0 + 3.0 * weight);
        (level, (squares / count + far).sqrt())
    }

    /// Remembers a transient that started at `temperature` (°C), by `offset` faster than the curve.
    pub fn learn(&mut self, temperature: f64, offset: f64) {
        if self.offsets.len() == MAX_OFFSETS {
            self.offsets.remove(0);
        }
        self.offsets
            .push((temperature, offset.clamp(-MAX_LOG, MAX_LOG)));
    }
}
