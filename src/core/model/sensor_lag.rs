//! How the measured rate builds up after a heater was switched.

use super::prior::Order;

/// How many halvings find an onset: to a thousandth of the time between two reports.
const HALVINGS: u32 = 10;

/// Smallest rise after switching on that is more than noise, in °C.
const VISIBLE: f64 = 0.6;

/// A lag between heater and sensor.
///
/// # Model
///
/// The measured rate is a fraction `φ` of the one that the heater is going to have:
///
/// ```text
/// first order:   φ(s) = 1 - (1 - φ0)·e^(-s/L)
/// second order:  φ(s) = 1 - (1 - φ0)·(1 + x)·e^(-x),   x = 2s/L
/// ```
///
/// `s` is the time since switching and `L` the lag, both in seconds; `φ0` is the fraction at
/// the start, above zero for a heater that was already moving in this direction. Both lose `(1 -
/// φ0)·L` seconds in all. Series of first-order elements: Seborg et al., *Process Dynamics
/// and Control*, ch. 5.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensorLag {
    /// `L`, in seconds.
    pub lag: f64,
    /// How it builds up.
    pub order: Order,
    /// `1 - φ0`.
    pub deficit: f64,
}

/// The fraction of the rate that was measured over some time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseFraction {
    /// `φ`, averaged.
    pub value: f64,
    /// `d ln φ / d ln L`
    pub by_lag: f64,
    /// `d ln φ / d s`, per second.
    pub by_time: f64,
}

/// After how many lags the deficit is over: it is less than a ten-thousandth.
const OVER: f64 = 8.0;

/// At one moment, for `φ0 = 0`.
#[derive(Debug, Clone, Copy)]
struct State {
    /// `1 - φ`
    deficit: f64,
    /// Its integral from here on, in seconds.
    loss: f64,
    /// The derivative of the integral by `ln L`.
    by_lag: f64,
}

impl SensorLag {
    fn at(self, since: f64) -> State {
        let (since, lag) = (since.max(0.0), self.lag);
        match self.order {
            Order::First => {
                let fraction = (-since / lag).exp();
                State {
                    deficit: fraction,
                    loss: lag * fraction,
                    by_lag: (lag + since) * fraction,
                }
            }
            Order::Second => {
                let x = 2.0 * since / lag;
                let fraction = (-x).exp();
                State {
                    deficit: (1.0 + x) * fraction,
                    loss: lag / 2.0 * (2.0 + x) * fraction,
                    by_lag: lag / 2.0 * (2.0 + 2.0 * x + x * x) * fraction,
                }
            }
        }
    }

    /// Seconds that are still to be lost at `since` seconds: the integral of `1 - φ`.
    #[must_use]
    pub fn loss(self, since: f64) -> f64 {
        self.deficit * self.at(since).loss
    }

    /// The fraction between `from` and `to` seconds, exactly; `None` when it is 1.
    #[must_use]
    pub fn fraction(self, from: f64, to: f64) -> Option<ResponseFraction> {
        if from > OVER * self.lag {
            return None;
        }
        let (from, to) = (from.max(0.0), to.max(0.01));
        let duration = (to - from).max(1e-3);
        let (start, end) = (self.at(from), self.at(to));
        let value = 1.0 - self.deficit * (start.loss - end.loss) / duration;
        let per = self.deficit / (duration * value.max(0.02));
        Some(ResponseFraction {
            value,
            by_lag: (end.by_lag - start.by_lag) * per,
            by_time: (start.deficit - end.deficit) * per,
        })
    }

    /// How many seconds ago, at most `most`, a heater of `rate` (°C/s) was switched on, if it
    /// has risen by `rise` (°C) since. While nothing is to be seen it was a moment ago.
    #[must_use]
    pub fn onset(self, rate: f64, rise: f64, most: f64) -> f64 {
        let visible = rise.max(VISIBLE);
        let (mut early, mut late) = (0.0, most);
        for _ in 0..HALVINGS {
            let since = f64::midpoint(early, late);
            if rate * (since - self.loss(0.0) + self.loss(since)) < visible {
                early = since;
            } else {
                late = since;
            }
        }
        if rise > VISIBLE { early } else { early / 2.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [SensorLag; 2] = [
        SensorLag {
            lag: 5.0,
            order: Order::First,
            deficit: 0.8,
        },
        SensorLag {
            lag: 5.0,
            order: Order::Second,
            deficit: 1.0,
        },
    ];

    #[test]
    fn the_loss_is_the_integral_of_what_is_missing() {
        for sensor_lag in BOTH {
            let step = 0.01;
            let sum: f64 = (0..10_000)
                .map(|i| sensor_lag.at(3.0 + (f64::from(i) + 0.5) * step).deficit * step)
                .map(|seconds| sensor_lag.deficit * seconds)
                .sum();
            assert!((sensor_lag.loss(3.0) - sum).abs() < 1e-3, "{sensor_lag:?}");
            assert!((sensor_lag.loss(0.0) - sensor_lag.deficit * 5.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_derivatives_are_those_of_the_share() {
        for sensor_lag in BOTH {
            let fraction = sensor_lag.fraction(2.0, 6.0).unwrap();
            let e = 1e-5;
            let longer = SensorLag {
                lag: 5.0 * (1.0 + e),
                ..sensor_lag
            };
            let by_lag = (longer.fraction(2.0, 6.0).unwrap().value / fraction.value).ln() / e;
            let by_time =
                (sensor_lag.fraction(2.0 + e, 6.0 + e).unwrap().value / fraction.value).ln() / e;
            assert!(
                (fraction.by_lag - by_lag).abs() < 1e-3,
                "{fraction:?} {by_lag}"
            );
            assert!(
                (fraction.by_time - by_time).abs() < 1e-3,
                "{fraction:?} {by_time}"
            );
        }
    }

    #[test]
    fn an_onset_explains_the_rise() {
        for sensor_lag in BOTH {
            let rise = |since: f64| 3.0 * (since - sensor_lag.loss(0.0) + sensor_lag.loss(since));
            assert!((sensor_lag.onset(3.0, rise(3.0), 5.0) - 3.0).abs() < 0.01);
            assert!(sensor_lag.onset(3.0, 0.0, 5.0) < 1.2, "nothing seen yet");
            assert!(
                sensor_lag.onset(3.0, 100.0, 5.0) > 4.9,
                "no earlier than that"
            );
        }
    }
}
