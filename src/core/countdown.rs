//! The number on the page: estimates made into a countdown that a person can follow.

/// Seconds in which half a countdown's error is believed away, at its end and per second
/// that remains: near the end a new estimate counts at once, long before it slowly, since
/// far estimates scatter with the readings.
const SETTLING: (f64, f64) = (1.4, 0.05);

/// Share of the remaining time by which an estimate must differ to be surprising. Larger
/// surprises are believed faster: then something has happened to the heater.
const SURPRISE: f64 = 0.4;

/// How long a countdown runs on without a new estimate, in seconds. In the last degrees
/// the controller slows the heater down below what an estimator will extrapolate; blanking
/// there would hide the part that people watch.
const PATIENCE: f64 = 20.0;

/// Remaining seconds that run down by themselves and lean towards each new estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct Countdown {
    state: Option<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// When the goal will be reached, in seconds of server time.
    arrival: f64,
    /// When the last estimate came.
    updated: f64,
}

impl Countdown {
    /// Takes the estimate made at `time` that `remaining` seconds are left.
    ///
    /// With `p` the seconds the countdown shows and `r` the new ones it moves by
    /// `k·(r - p)`, where `k = 1 - e^(-Δt·(1 + s²)/τ)`, `τ = 1.4 + 0.05·r` (s) and the
    /// surprise `s = |r - p| / (0.4·r + 1)`.
    pub fn update(&mut self, remaining: f64, time: f64) {
        let arrival = match self.state {
            None => time + remaining,
            Some(last) => {
                let error = time + remaining - last.arrival;
                let surprise = error.abs() / (SURPRISE * remaining + 1.0);
                let settling = SETTLING.0 + SETTLING.1 * remaining;
                let elapsed = (time - last.updated).max(0.0);
                let share = 1.0 - (-elapsed * (1.0 + surprise * surprise) / settling).exp();
                last.arrival + share * error
            }
        };
        self.state = Some(State {
            arrival,
            updated: time,
        });
    }

    /// Seconds left at `time`, never negative; `None` when no estimate came for 20 s.
    #[must_use]
    pub fn remaining(&self, time: f64) -> Option<f64> {
        self.state
            .filter(|state| time - state.updated <= PATIENCE)
            .map(|state| (state.arrival - time).max(0.0))
    }

    /// Forgets everything: a new way begins.
    pub fn clear(&mut self) {
        self.state = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_down_by_itself_to_zero_and_then_gives_up() {
        let mut countdown = Countdown::default();
        assert_eq!(countdown.remaining(0.0), None);
        countdown.update(10.0, 100.0);
        assert_eq!(countdown.remaining(100.0), Some(10.0));
        assert_eq!(countdown.remaining(104.5), Some(5.5));
        assert_eq!(countdown.remaining(111.0), Some(0.0));
        assert_eq!(countdown.remaining(121.0), None);
    }

    #[test]
    fn leans_towards_a_new_estimate_without_jumping() {
        let mut countdown = Countdown::default();
        countdown.update(100.0, 0.0);
        countdown.update(108.0, 2.0);
        let shown = countdown.remaining(2.0).unwrap();
        assert!((98.0..108.0).contains(&shown), "{shown}");
    }

    #[test]
    fn believes_a_great_surprise_within_a_few_estimates() {
        let mut countdown = Countdown::default();
        countdown.update(30.0, 0.0);
        for i in 1..=3 {
            countdown.update(120.0, f64::from(i) * 2.0);
        }
        let shown = countdown.remaining(6.0).unwrap();
        assert!((100.0..=120.0).contains(&shown), "{shown}");
    }
}
