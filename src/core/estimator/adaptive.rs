//! A heater's own rate over temperature: known of its kind, learned from earlier ways,
//! corrected by this one.

mod live_fit;

use super::{Approach, Estimate, Estimator, Remaining};
use crate::core::fit::Line;
use live_fit::{LiveFit, Moment};

/// How many steps the travel time is added up in. Twice as many change it by a thousandth.
const STEPS: u32 = 16;

/// By how much a smoothed temperature may differ from the last reading, in steps of the
/// sensor and in °C: beyond that, the line does not fit.
const SMOOTHED: (f64, f64) = (2.0, 1.0);

/// Share of the slope before the target that the taper must explain to be compared with it,
/// what that share counts for, the number of lags until then, and how far it may correct.
const TAPERING: f64 = 0.1;
const TAPER_TRUST: f64 = 0.6;
const TAPER_LAGS: f64 = 2.5;
const TAPER_CORRECTION: (f64, f64) = (0.4, 3.0);

/// By how much the estimate is drawn to the short side, per variance of its logarithm. While
/// little is known, being late on a short way costs a larger share of it than being early
/// on a long one: of a log-normal time, `e^(-σ²)` of its median has the least relative
/// error; about half of that is best for median and tail together.
const CAUTION: f64 = 0.55;

/// Spread that is always left, and the one of what the lag and the taper contribute, for an
/// unknown and for a learned heater; all in logarithms.
const LEFT: f64 = 0.05;
const EDGES: (f64, f64) = (0.5, 0.3);

/// Integrates the expected rate from here to the goal.
///
/// # Model
///
/// ```text
/// ETA = ∫ dT / r(T, s)  +  (1 - φ)·L  +  E(goal)
/// ln r = P(T) + Λ(T) + F·e^(-s/t_F) + α + β·v
/// ```
///
/// from the present temperature to the goal: [`Plant`](crate::core::plant::Plant) explains
/// the terms, a live fit gives `α`, `β` and the lag `L`; `φ` is the share of the rate that the
/// sensor shows so far, `E` what the controller's throttling costs.
#[derive(Debug, Clone, Copy)]
pub struct Adaptive;

impl Estimator for Adaptive {
    fn remaining(&self, approach: &Approach) -> Estimate {
        let (plant, course) = (approach.plant, approach.course);
        let direction = plant.direction();
        let line = recent_line(approach);
        let now = Moment {
            since: course.newest().time - course.begun(),
            temperature: present(approach, line),
        };
        let fit = LiveFit::of(approach, now);
        let (travel, arrival_rate) = travel(approach, &fit, now);
        let stalled = if fit.stalls { plant.warm_up.0.lag } else { 0.0 };
        let lag = fit.warm_up.loss(now.since) + stalled;
        let distance = (approach.target - now.temperature) * direction;
        let taper = plant.taper(distance, arrival_rate);
        let mut seconds = travel + lag + taper;
        if plant.heating() && now.since > TAPER_LAGS * fit.warm_up.lag {
            let rate = fit.rate(plant, now.temperature, now);
            let slope = plant.taper_slope(distance, arrival_rate);
            let share = slope * rate / (1.0 + slope * rate);
            if let Some(line) = line.filter(|line| share > TAPERING && line.rate > 0.0) {
                let expected = rate / (1.0 + slope * rate) / line.rate;
                let (least, most) = TAPER_CORRECTION;
                seconds *= (TAPER_TRUST * share * expected.clamp(least, most).ln()).exp();
            }
        }
        seconds *= (-CAUTION * fit.variance).exp();
        let learned = !plant.lessons().is_empty();
        let edges = if learned { EDGES.1 } else { EDGES.0 };
        let edges = edges * ((lag + taper) / seconds.max(1.0)).min(1.0);
        Ok(Remaining {
            seconds: seconds.max(0.0),
            spread: Some((fit.variance + LEFT * LEFT + edges * edges).sqrt()),
        })
    }
}

/// The line through the newest readings, if there are enough.
fn recent_line(approach: &Approach) -> Option<Line> {
    let newest = approach.course.newest().time;
    let smoothing = approach.plant.class().smoothing;
    let recent = approach.history.recent(newest, smoothing, usize::MAX);
    Line::fit(recent).filter(|_| recent.len() >= super::FEWEST_READINGS)
}

/// The present temperature in °C, freed of noise where a line fits.
fn present(approach: &Approach, line: Option<Line>) -> f64 {
    let read = approach.course.newest().temperature;
    let most = (SMOOTHED.0 * approach.course.step()).max(SMOOTHED.1);
    line.map(|line| line.now)
        .filter(|now| (now - read).abs() <= most)
        .unwrap_or(read)
}

/// Seconds to the goal at full power, and the rate there in °C/s.
fn travel(approach: &Approach, fit: &LiveFit, now: Moment) -> (f64, f64) {
    let step = (approach.goal - now.temperature) / f64::from(STEPS);
    let ahead = step * approach.plant.direction() > 0.0;
    let steps = if ahead { STEPS } else { 0 };
    let arrived = (0..steps).fold(now.since, |since, i| {
        let temperature = now.temperature + step * (f64::from(i) + 0.5);
        let rate = fit.rate(approach.plant, temperature, Moment { since, ..now });
        since + step.abs() / rate
    });
    let log_rate = approach.plant.log_rate(approach.goal, arrived) + fit.level;
    (arrived - now.since, log_rate.exp())
}
