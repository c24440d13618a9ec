//! A known end.

use super::estimator::{Estimate, EstimatorInput, Reason, Remaining};
use crate::core::math::Lag;

/// Newton's law of cooling, towards a known ambient temperature.
pub fn newton(input: &EstimatorInput, asymptote: f64) -> Estimate {
    let lag = Lag::towards(asymptote, &input.curve()).ok_or(Reason::NoProgress)?;
    let seconds = lag.remaining(input.threshold).ok_or(Reason::LevelsOff)?;
    Ok(Remaining::bare(seconds.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::input::HeaterId;
    use crate::core::model::estimator::Estimator;
    use crate::core::model::exponential::Exponential;
    use crate::core::model::fixture::EstimatorFixture;
    use crate::core::model::linear::Linear;

    #[test]
    fn newtons_law_leads_to_a_known_ambient() {
        let bed = Lag {
            asymptote: 22.0,
            tau: 900.0,
            now: 60.0,
        };
        let readings = (0..30).map(|i| 2.0 * f64::from(i));
        let readings = readings.map(|time| (time, bed.temperature_at(time)));
        let mut fixture = EstimatorFixture::new(&HeaterId::Bed, readings, 22.0, 1.0);
        fixture.asymptote = Some(22.0);
        let truth = bed.remaining(23.0).unwrap() - 58.0;
        let estimators: [&dyn Estimator; 2] = [&Linear, &Exponential];
        for estimator in estimators {
            let left = fixture.remaining(estimator).unwrap().seconds;
            assert!((left - truth).abs() < 1.0, "{left}");
        }
        fixture.asymptote = Some(50.0);
        assert_eq!(fixture.remaining(&Exponential), Err(Reason::LevelsOff));
    }
}
