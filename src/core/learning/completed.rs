//! A completed transient, and the evidence in it.

use super::curve::{Evidence, MAX_LOG};
use crate::core::math::quantile;
use crate::core::model::{GRID, Moment, NEAREST, PastTransient, Plant, SHARES_LEFT, travel};
use crate::core::readings::{Segment, Trajectory};

/// Share of the rate that the lag must let through for a stretch to be evidence.
const WARMED_UP: f64 = 0.9;

/// Fewest stretches of evidence. Fast heads that are polled every 5 s have no more.
const FEWEST: usize = 2;

/// Share of the transient before the target where the controller may throttle, so that it is no
/// evidence of the heater; and the least of it, in °C. The prior has the most.
const THROTTLED_SHARE: f64 = 0.25;
const MIN_THROTTLED: f64 = 4.0;

/// How far a stretch may lie from the median of its transient, in logarithms; how much slower it is
/// a standstill; and the share of the transient that may stand still, noise of coarse sensors
/// included.
const OUTLIER: f64 = 0.8;
const STANDSTILL: f64 = 1.2;
const STOOD_STILL: f64 = 0.2;

/// Share of the transient up to which the taper is measured.
const TAPERED: f64 = 0.6;

/// Most that the taper and the lag may cost, as shares of the whole duration.
const TOLERATED_TAPER: f64 = 0.35;
const MAX_TAPER: f64 = 0.5;
const MAX_LAG: f64 = 0.25;

/// Most that the taper and the lag may cost, as multiples of the prior's. More is a failed
/// controller or a pause, and not learned.
const WORST_TAPER: f64 = 3.0;
const WORST_LAG: f64 = 4.0;

/// Shortest lag, in s.
pub const SHORTEST_LAG: f64 = 0.5;

/// Share of the transient at which the lag is over and measured, and the most `φ0` of a transient
/// that shows it.
const LAG_OVER: f64 = 0.35;
const LAG_VISIBLE: f64 = 0.7;

/// By how much a band may differ from another to be the same, in °C: sums round.
const SAME_BAND: f64 = 1e-6;

/// How many steps a travel time is added up in.
const STEPS: u32 = 12;

/// A completed transient.
#[derive(Debug, Clone, Copy)]
pub struct CompletedTransient<'a> {
    /// What was expected of the heater.
    pub plant: &'a Plant,
    /// Its readings.
    pub trajectory: &'a Trajectory,
    /// Temperature that the controller aimed at, in °C.
    pub setpoint: f64,
    /// Temperature at which the transient ended, in °C.
    pub threshold: f64,
    /// When it ended, in seconds.
    pub arrival: f64,
}

/// The heater stood still for a while: an open lid, a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoodStill;

impl CompletedTransient<'_> {
    /// Change of the temperature, in °C.
    #[must_use]
    pub fn rise(&self) -> f64 {
        let (start, end) = (self.trajectory.start(), self.trajectory.newest());
        (end.temperature - start.temperature).abs()
    }

    /// The stretches at full power, compared with the prior, if there are enough.
    ///
    /// # Errors
    ///
    /// `StoodStill` if the heater did so for a while.
    pub fn evidence(&self) -> Result<Option<Vec<Evidence>>, StoodStill> {
        let (plant, prior) = (self.plant, self.plant.prior());
        let throttled = if plant.heating() {
            (THROTTLED_SHARE * self.rise())
                .max(MIN_THROTTLED)
                .min(prior.throttled)
        } else {
            0.0
        };
        let far = |s: &Segment| (self.setpoint - s.temperature).abs() >= throttled;
        let (mut evidence, mut stood_still) = (Vec::new(), 0.0);
        for s in self.trajectory.segments().filter(far) {
            let sensor_lag = plant.sensor_lag.fraction(s.from(), s.to());
            let sensor_lag = sensor_lag.map_or(1.0, |share| share.value);
            let speed = s.rate * plant.direction() / sensor_lag;
            let usual = plant.population(s.temperature) + plant.soak(s.since);
            if sensor_lag < WARMED_UP {
                continue;
            }
            if speed > 0.0 {
                evidence.push(Evidence {
                    temperature: s.temperature,
                    log_ratio: speed.ln() - usual,
                    duration: s.duration,
                });
            } else {
                stood_still += s.duration;
            }
        }
        let ratios: Vec<_> = evidence.iter().map(|e| e.log_ratio).collect();
        let Some(median) = quantile(&ratios, 0.5) else {
            return if stood_still > 0.0 {
                Err(StoodStill)
            } else {
                Ok(None)
            };
        };
        // Slow against its prior and in itself: an unusual heater is not one that stands still.
        let log_rate = |e: &Evidence| e.log_ratio + plant.population(e.temperature);
        let rates: Vec<_> = evidence.iter().map(log_rate).collect();
        let usual_rate = quantile(&rates, 0.5).unwrap_or_default();
        let (least_ratio, least_rate) = (median - STANDSTILL, usual_rate - STANDSTILL);
        let slow = |e: &&Evidence| e.log_ratio < least_ratio && log_rate(e) < least_rate;
        let slow = evidence.iter().filter(slow);
        stood_still += slow.map(|e| e.duration).sum::<f64>();
        for e in &mut evidence {
            let ratio = median + (e.log_ratio - median).clamp(-OUTLIER, OUTLIER);
            e.log_ratio = ratio.clamp(-MAX_LOG, MAX_LOG);
        }
        let watched: f64 = evidence.iter().map(|e| e.duration).sum();
        if stood_still > STOOD_STILL * (watched + stood_still) {
            return Err(StoodStill);
        }
        Ok((evidence.len() >= FEWEST).then_some(evidence))
    }

    /// When it had come how far; `None` if that was not seen.
    #[must_use]
    pub fn past(&self) -> Option<PastTransient> {
        let begun = self.trajectory.begun();
        let whole = PastTransient {
            start: self.trajectory.start().temperature,
            threshold: self.threshold,
            setpoint: self.setpoint,
            deficit: self.plant.sensor_lag.deficit,
            duration: self.arrival - begun,
            times: [0.0; SHARES_LEFT.len()],
        };
        let (mut past, mut since) = (whole, 0.0);
        for (time, share) in past.times.iter_mut().zip(SHARES_LEFT).skip(1) {
            let passed = self.passed(whole.temperature(share))? - begun;
            since = passed.max(since).min(past.duration);
            *time = since;
        }
        Some(past)
    }

    /// When the transient passed `temperature`, in seconds.
    fn passed(&self, temperature: f64) -> Option<f64> {
        let sign = self.plant.direction();
        let ahead = |at: f64| (temperature - at) * sign;
        self.trajectory.points().windows(2).find_map(|pair| {
            let &[from, to] = pair else { return None };
            let passes = ahead(from.temperature) >= 0.0 && ahead(to.temperature) <= 0.0;
            let share = (temperature - from.temperature) / (to.temperature - from.temperature);
            (passes && share.is_finite()).then_some(from.time + share * (to.time - from.time))
        })
    }

    /// When the transient came as near to the target as costs are reckoned, in seconds; `None` if
    /// it ended before. With a narrow band it goes on after that.
    fn neared(&self) -> Option<f64> {
        let sign = self.plant.direction();
        let band = (self.setpoint - self.threshold) * sign;
        if (band - NEAREST).abs() < SAME_BAND {
            Some(self.arrival)
        } else if band < NEAREST {
            self.passed(self.setpoint - sign * NEAREST)
        } else {
            None
        }
    }

    /// Seconds lost to the controller, by index of `GRID`.
    pub fn taper(&self, speed: &impl Fn(f64, f64) -> f64) -> Vec<(usize, f64)> {
        let (plant, begun) = (self.plant, self.trajectory.begun());
        let sign = plant.direction();
        let Some(neared) = self.neared() else {
            return Vec::new();
        };
        let duration = self.arrival - begun;
        let most = (WORST_TAPER * plant.prior().taper_cost)
            .max(TOLERATED_TAPER * duration)
            .min(MAX_TAPER * duration);
        let reachable = GRID.into_iter().take_while(|x| *x <= TAPERED * self.rise());
        let mut least = 0.0;
        let lost = reachable.enumerate().filter_map(|(index, x)| {
            let from = self.setpoint - sign * x;
            let at = self.passed(from)?;
            let start = Moment {
                since: at - begun,
                temperature: from,
            };
            let travel = travel(start, self.setpoint - sign * NEAREST, STEPS, speed);
            let lost = (neared - at - travel).max(least).min(most);
            least = lost;
            Some((index, lost))
        });
        lost.collect()
    }

    /// The lag in seconds, if the start shows it.
    pub fn lag(&self, speed: &impl Fn(f64, f64) -> f64) -> Option<f64> {
        let (plant, begun) = (self.plant, self.trajectory.begun());
        let deficit = plant.sensor_lag.deficit;
        if 1.0 - deficit >= LAG_VISIBLE {
            return None;
        }
        let (start, end) = (self.trajectory.start(), self.trajectory.newest());
        let rise = end.temperature - start.temperature;
        let over = start.temperature + LAG_OVER * rise;
        let took = self.passed(over)? - begun;
        let from = Moment {
            since: 0.0,
            temperature: start.temperature,
        };
        let lag = (took - travel(from, over, STEPS, speed)) / deficit;
        let most = (WORST_LAG * plant.prior().lag).min(MAX_LAG * (self.arrival - begun));
        Some(lag.min(most).max(SHORTEST_LAG))
    }
}
