//! Cooling to a known ambient temperature.

use super::estimator::{Estimate, EstimatorInput, Reason, Remaining};
use crate::core::math::Lag;

/// Newton's law of cooling, towards a known ambient temperature.
pub fn newton(input: &EstimatorInput, asymptote: f64) -> Estimate {
    let lag = Lag::towards(asymptote, &input.curve()).ok_or(Reason::NoProgress)?;
    let seconds = lag.remaining(input.threshold).ok_or(Reason::LevelsOff)?;
    Ok(Remaining::bare(seconds.max(0.0)))
}
