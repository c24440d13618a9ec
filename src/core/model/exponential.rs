//! A first-order lag towards a fitted end.

use super::estimator::{Estimate, Estimator, EstimatorInput, Reason, Remaining};
use super::linear::Linear;
use super::newton::newton;
use crate::core::math::Lag;

/// Assumes that the rate falls in proportion to what is left to the temperature at which
/// the heater would level off at its present power.
///
/// # Model
///
/// ```text
/// T(t) = T_final - (T_final - T_now)·e^(-t/τ)    ⇒    t = τ·ln((T_final - T_now) / (T_final - T_end))
/// ```
///
/// `T_final` (°C) and `τ` (s) are results of the fit: a heater at full power would
/// end far beyond the target, and one that would end below it never arrives.
/// While the readings show no bend, the limit of a long `τ` is the straight line.
#[derive(Debug, Clone, Copy)]
pub struct Exponential;

impl Estimator for Exponential {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        input.measured()?;
        if let Some(asymptote) = input.asymptote {
            return newton(input, asymptote);
        }
        match Lag::fit(&input.curve()).map(|lag| (lag, lag.remaining(input.threshold))) {
            Some((lag, Some(seconds))) => {
                input.passable(lag.rate())?;
                Ok(Remaining::bare(seconds.max(0.0)))
            }
            // The asymptote is known after about one time constant.
            Some((lag, None)) if input.history.span() >= lag.tau => Err(Reason::LevelsOff),
            _ => Linear.remaining(input),
        }
    }
}

#[cfg(test)]
mod tests;
