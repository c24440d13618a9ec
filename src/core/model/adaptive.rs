//! Rate over temperature of one heater: a prior of its kind, learned from earlier transients and
//! corrected by the present one.

mod live_fit;

use super::estimator::{Estimate, Estimator, EstimatorInput, FEWEST_READINGS, Remaining};
use super::plant::STEPS;
use super::recall::LogTime;
use super::travel::{self, Moment};
use crate::core::math::Line;
use crate::core::phase::Goal;
use live_fit::LiveFit;

/// By how much a smoothed temperature may differ from the last reading, in steps of the sensor,
/// or in °C if that is more: beyond it, the line does not fit.
const SMOOTHED_STEPS: f64 = 2.0;
const SMOOTHED: f64 = 1.0;

/// Share of the slope before the target that the taper must explain to be compared with it,
/// what that share counts for, the number of lags until then, and how far it may correct.
const TAPERING: f64 = 0.1;
const TAPER_TRUST: f64 = 0.6;
const TAPER_LAGS: f64 = 2.5;
const MIN_TAPER_CORRECTION: f64 = 0.4;
const MAX_TAPER_CORRECTION: f64 = 3.0;

/// By how much the estimate is drawn to the short side, per variance of its logarithm. While
/// little is known, being late on a short transient costs a larger share of it than being early
/// on a long one: of a log-normal time, `e^(-σ²)` of its median has the least relative
/// error; about half of that is best for median and tail together.
const CAUTION: f64 = 0.55;

/// Spread that is always left, and the one of what the lag and the taper contribute, for an
/// unknown and for a learned heater; all in logarithms.
const RESIDUAL_SD: f64 = 0.05;
const ENDS_SD: f64 = 0.5;
const LEARNED_ENDS_SD: f64 = 0.3;

/// Integrates the expected rate from here to the goal.
///
/// # Model
///
/// ```text
/// ETA = ∫ dT / r(T, s)  +  (1 - φ)·L  +  E(goal)
/// ln r = P(T) + Λ(T) + F·e^(-s/t_F) + α + β·v
/// ```
///
/// from the present temperature to the goal: [`Plant`](super::Plant) explains
/// the terms, a live fit gives `α`, `β` and the lag `L`; `φ` is the share of the rate that the
/// sensor shows so far, `E` what the controller's throttling costs.
#[derive(Debug, Clone, Copy)]
pub struct Adaptive;

impl Estimator for Adaptive {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        let (plant, trajectory) = (input.plant, input.trajectory);
        let direction = plant.direction();
        let line = recent_line(input);
        let now = Moment {
            since: trajectory.newest().time - trajectory.begun(),
            temperature: present(input, line),
        };
        let fit = LiveFit::of(input, now);
        let (travel, arrival_rate) = travel(input, &fit, now);
        let stalled = if fit.stalls {
            plant.sensor_lag.lag
        } else {
            0.0
        };
        let lag = fit.sensor_lag.loss(now.since) + stalled;
        let distance = (input.setpoint - now.temperature) * direction;
        let goal = Goal {
            setpoint: input.setpoint,
            threshold: input.threshold,
        };
        let taper = plant.taper_before(now.temperature, goal, arrival_rate);
        let mut seconds = travel + lag + taper;
        if plant.heating() && now.since > TAPER_LAGS * fit.sensor_lag.lag {
            let rate = fit.rate(plant, now.temperature, now);
            let slope = plant.taper_slope(distance, arrival_rate);
            let share = slope * rate / (1.0 + slope * rate);
            if let Some(line) = line.filter(|line| share > TAPERING && line.rate > 0.0) {
                let expected = rate / (1.0 + slope * rate) / line.rate;
                let correction = expected.clamp(MIN_TAPER_CORRECTION, MAX_TAPER_CORRECTION);
                seconds *= (TAPER_TRUST * share * correction.ln()).exp();
            }
        }
        seconds *= (-CAUTION * fit.variance).exp();
        let ends_sd = if plant.is_learned() {
            LEARNED_ENDS_SD
        } else {
            ENDS_SD
        };
        let ends_sd = ends_sd * ((lag + taper) / seconds.max(1.0)).min(1.0);
        let live = LogTime::new(
            seconds,
            fit.variance + RESIDUAL_SD * RESIDUAL_SD + ends_sd * ends_sd,
        );
        let blended = plant.recall.as_ref().and_then(|recall| {
            let usual = plant.usual(now, goal, plant.sensor_lag);
            recall.blend(plant, (now, goal), usual, live)
        });
        Ok(Remaining {
            seconds: blended.map_or(seconds.max(0.0), LogTime::seconds),
            spread: Some(blended.unwrap_or(live).variance.sqrt()),
        })
    }
}

/// The line through the newest readings, if there are enough.
fn recent_line(input: &EstimatorInput) -> Option<Line> {
    let newest = input.trajectory.newest().time;
    let smoothing = input.plant.prior().smoothing;
    let recent = input.history.recent(newest, smoothing, usize::MAX);
    Line::fit(recent).filter(|_| recent.len() >= FEWEST_READINGS)
}

/// The present temperature in °C, freed of noise where a line fits.
fn present(input: &EstimatorInput, line: Option<Line>) -> f64 {
    let read = input.trajectory.newest().temperature;
    let most = (SMOOTHED_STEPS * input.trajectory.step()).max(SMOOTHED);
    line.map(|line| line.now)
        .filter(|now| (now - read).abs() <= most)
        .unwrap_or(read)
}

/// Seconds to the goal at full power, and the rate there in °C/s.
fn travel(input: &EstimatorInput, fit: &LiveFit, now: Moment) -> (f64, f64) {
    let ahead = (input.threshold - now.temperature) * input.plant.direction() > 0.0;
    let steps = if ahead { STEPS } else { 0 };
    let seconds = travel::travel(now, input.threshold, steps, |temperature, since| {
        fit.rate(input.plant, temperature, Moment { since, ..now })
    });
    let log_rate = input.plant.log_rate(input.threshold, now.since + seconds) + fit.level;
    (seconds, log_rate.exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::input::HeaterId;
    use crate::core::model::exponential::Exponential;
    use crate::core::model::fixture::EstimatorFixture;
    use crate::core::model::linear::Linear;
    use crate::core::model::plant::DEFAULT_AMBIENT;
    use crate::core::model::prior::{HeaterPrior, Law};

    /// Readings every 2 s of a heater whose speed along the transient is `rate` (°C/s) of its
    /// temperature and of the time, and the seconds it still needs to `goal` after `watched`.
    fn simulated(
        start: f64,
        threshold: f64,
        watched: f64,
        rate: impl Fn(f64, f64) -> f64,
    ) -> (Vec<(f64, f64)>, f64) {
        let (step, direction) = (0.01, (threshold - start).signum());
        let (mut time, mut temperature) = (0.0, start);
        let mut readings = vec![(0.0, start)];
        while (threshold - temperature) * direction > 0.0 {
            temperature += direction * rate(temperature, time) * step;
            time += step;
            let due = readings.last().is_some_and(|last| time - last.0 >= 2.0);
            if due && time <= watched {
                readings.push((time, temperature));
            }
        }
        let seen = readings.last().map_or(0.0, |last| last.0);
        (readings, time - seen)
    }

    fn law(heater: &HeaterId, heating: bool) -> impl Fn(f64) -> f64 {
        let law = HeaterPrior::of(heater, heating).law;
        move |temperature: f64| match law {
            Law::Heating { rate, scale } => rate * (-(temperature - 25.0) / scale).exp(),
            Law::Cooling { rate, power } => {
                rate * ((temperature - DEFAULT_AMBIENT) / 100.0).powf(power)
            }
        }
    }

    #[test]
    fn the_law_of_cooling_is_followed_from_any_level() {
        let law = law(&HeaterId::Tool(0), false);
        for faster in [0.5, 1.0, 1.6] {
            let (readings, truth) = simulated(220.0, 51.0, 60.0, |t, _| faster * law(t));
            let fixture = EstimatorFixture::new(&HeaterId::Tool(0), readings, 50.0, 1.0);
            let left = fixture.remaining(&Adaptive).unwrap();
            let error = left.seconds / truth - 1.0;
            assert!(error.abs() < 0.06, "{faster}: {} of {truth}", left.seconds);
            assert!((0.05..0.2).contains(&left.spread.unwrap()), "{left:?}");
        }
    }

    #[test]
    fn a_heater_of_any_power_is_followed_through_its_bend() {
        let (law, prior) = (
            law(&HeaterId::Bed, true),
            HeaterPrior::of(&HeaterId::Bed, true),
        );
        let (boost, fading) = (prior.soak_boost, prior.soak_tau);
        for stronger in [0.5, 1.0, 2.5] {
            let rate = |t: f64, s: f64| stronger * law(t) * (boost * (-s / fading).exp()).exp();
            let (readings, truth) = simulated(22.0, 99.0, 60.0, rate);
            let fixture = EstimatorFixture::new(&HeaterId::Bed, readings, 100.0, 1.0);
            let left = fixture.remaining(&Adaptive).unwrap().seconds;
            // It reckons with a lag and a taper, of which there are none here.
            let most = truth + prior.taper_cost;
            assert!(
                (0.9 * truth..1.1 * most).contains(&left),
                "{stronger}: {left} of {truth}"
            );
        }
    }

    #[test]
    fn there_is_a_time_before_the_first_slope_and_it_is_unsure() {
        let first = EstimatorFixture::new(&HeaterId::Bed, [(0.0, 22.0)], 60.0, 1.0);
        let guess = first.remaining(&Adaptive).unwrap();
        assert!((20.0..600.0).contains(&guess.seconds), "{guess:?}");
        assert!(guess.spread.unwrap() > 0.5);
        let others: [&dyn Estimator; 2] = [&Linear, &Exponential];
        for other in others {
            assert!(first.remaining(other).is_err());
        }
    }

    #[test]
    fn a_stall_holds_the_time_and_does_not_bend_it() {
        let until = |seconds: u32| {
            let readings = (0..=seconds).step_by(2).map(f64::from);
            let readings = readings.map(|t| (t, 22.0 + 0.4 * t.min(60.0)));
            let fixture = EstimatorFixture::new(&HeaterId::Bed, readings, 80.0, 1.0);
            fixture.remaining(&Adaptive).unwrap().seconds
        };
        let (moving, stalled) = (until(60), until(76));
        assert!(
            (stalled - moving).abs() < 0.2 * moving,
            "{moving} {stalled}"
        );
    }
}
