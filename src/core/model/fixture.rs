//! Readings alone, for trying a model without a printer.

use super::estimator::{Estimate, Estimator, EstimatorInput};
use super::plant::{DEFAULT_AMBIENT, Plant};
use super::prior::HeaterPrior;
use crate::core::input::HeaterId;
use crate::core::math::Point;
use crate::core::readings::{History, Start, Trajectory};

/// A transient of a heater of which nothing is known but its readings.
///
/// ```
/// # let bed = temp_eta::core::input::HeaterId::Bed;
/// # let linear = temp_eta::core::model::Linear;
/// let readings = (0..10).map(|i| (2.0 * f64::from(i), 20.0 + f64::from(i)));
/// let fixture = temp_eta::core::model::EstimatorFixture::new(&bed, readings, 60.0, 1.0);
/// let left = fixture.remaining(&linear).unwrap();
/// assert!((left.seconds - 60.0).abs() < 1e-6);
/// ```
#[derive(Debug, Clone)]
pub struct EstimatorFixture {
    history: History,
    trajectory: Trajectory,
    plant: Plant,
    /// Where the controller aims, in °C.
    pub setpoint: f64,
    /// Half the width of the band around the target, in °C.
    pub band: f64,
    /// Slowest heating that is extrapolated, in °C/s.
    pub min_rate: f64,
    /// Where a cooling heater would end, in °C, if that is known.
    pub asymptote: Option<f64>,
}

impl EstimatorFixture {
    /// `readings` are seconds and °C since the transient to `setpoint` (°C) began; it is at its end
    /// `band` (°C) before.
    #[must_use]
    pub fn new(
        heater: &HeaterId,
        readings: impl IntoIterator<Item = (f64, f64)>,
        setpoint: f64,
        band: f64,
    ) -> Self {
        let mut readings = readings.into_iter().peekable();
        let (begun, temperature) = readings.peek().copied().unwrap_or((0.0, setpoint));
        let heating = temperature < setpoint;
        let start = Start {
            begun,
            temperature,
            slope_before: None,
            seen: true,
            direction: if heating { 1.0 } else { -1.0 },
        };
        let prior = HeaterPrior::of(heater, heating);
        let plant = Plant::new(prior, None, &start, DEFAULT_AMBIENT);
        let mut fixture = Self {
            history: History::default(),
            trajectory: Trajectory::new(start, begun, prior.spacing, 0.0, 0.0),
            plant,
            setpoint,
            band,
            min_rate: 0.1,
            asymptote: None,
        };
        for (time, temperature) in readings {
            let point = Point { time, temperature };
            if fixture.history.push(point) && time > begun {
                fixture.trajectory.push(point);
            }
        }
        fixture
    }

    /// The estimate of `estimator`.
    ///
    /// # Errors
    ///
    /// [`Reason`](super::estimator::Reason) if there is no estimate.
    pub fn remaining(&self, estimator: &dyn Estimator) -> Estimate {
        let heating = self.plant.heating();
        estimator.remaining(&EstimatorInput {
            history: &self.history,
            trajectory: &self.trajectory,
            plant: &self.plant,
            setpoint: self.setpoint,
            threshold: self.setpoint - self.plant.direction() * self.band,
            heating,
            min_rate: self.min_rate,
            interval: 2.0,
            asymptote: self.asymptote,
            cooling_window: 120.0,
        })
    }
}
