//! The displayed ETA: a low-pass filter that turns estimates into a steady countdown.

use crate::core::model::Remaining;

/// Time constant, in seconds, with which a countdown leans towards new estimates: at its
/// end, and more per second that remains. Estimates made far from the end scatter with
/// the readings, so they count slowly; near the end there is no time left for that.
/// Smaller, and the countdown jumps with every report; larger, and it follows too late.
const SETTLING: f64 = 2.0;
const SETTLING_PER_SECOND: f64 = 0.05;

/// The same for estimates that do not know how sure they are: they are late to see the
/// heater bend, and would be shown later still.
const UNSURE_SETTLING: f64 = 1.0;
const UNSURE_SETTLING_PER_SECOND: f64 = 0.03;

/// Share of the remaining time by which an estimate must differ to be surprising. Larger
/// surprises are followed faster: something has happened to the heater. Smaller
/// makes noise a surprise.
const SURPRISE: f64 = 0.6;

/// What a better estimate counts for at once: this share of the variance it takes away.
/// The prior of an unknown heater gives way to the first measurement at once.
const BETTER: f64 = 0.6;

/// The end of a countdown, in seconds, that is not taken back. In the last degrees the
/// controller slows the heater down below what an estimator will extrapolate; a blank
/// there would hide the part that people watch.
const END: f64 = 20.0;

/// How long a countdown runs on before its end although the readings give no estimate, in
/// seconds, and how many of them there must be: a single odd reading does not blank it, a
/// heater that has stopped does.
const DOUBT: f64 = 5.0;
const DOUBTFUL_MISSES: u32 = 2;

/// How long a countdown runs on without any estimate, in seconds. OctoPrint polls every
/// 5 s at the slowest, and one or two answers may get lost.
pub const TIMEOUT: f64 = 20.0;

/// How long a countdown stands at zero before it is refuted, in seconds.
const OVERDUE: f64 = 10.0;

/// How long a countdown runs on while nothing is heard of a heater, in seconds: a hotend that old
/// firmware waits for, and reports alone, takes about two minutes.
const LONGEST_UNHEARD: f64 = 120.0;

/// What an interval is wider on either side, in seconds: the time between two readings.
const SLACK: f64 = 0.5;

/// What it is wider for each second in which nothing was heard.
const SLACK_UNHEARD: f64 = 0.5;

/// Remaining seconds that run down by themselves and lean towards each new estimate.
#[derive(Debug, Clone, Copy, Default)]
pub struct EtaFilter {
    state: Option<State>,
}

#[derive(Debug, Clone, Copy)]
struct State {
    /// When the goal will be reached, in seconds of server time.
    arrival: f64,
    /// Spread of the logarithm of what remains, if it is known.
    spread: Option<f64>,
    /// When the last estimate came.
    heard: f64,
    /// When the printer reported the heater last, be it with an old value.
    updated: f64,
    /// How many readings gave none since.
    misses: u32,
}

impl EtaFilter {
    /// Takes the estimate made at `time` (s) that `new` is left.
    ///
    /// With `p` the seconds that the countdown shows, `r` the new ones and `Δt` the seconds
    /// since the last estimate it moves by `k·(r - p)`:
    ///
    /// ```text
    /// k = 1 - e^(-Δt·(1 + s²)/τ),    τ = 2 + 0.05·r,    s = |r - p| / (0.6·r + 1)
    /// ```
    ///
    /// A low-pass filter (Seborg et al., *Process Dynamics and Control*, ch. 17) that a
    /// surprise `s` opens. Without a spread `τ` is `1 + 0.03·r`. If the estimate knows its
    /// spread `u`, `k` is at least `0.6·(1 - u²/u_p²)`, with `u_p` the spread of what is shown.
    pub fn update(&mut self, new: Remaining, time: f64) {
        let remaining = new.seconds;
        let shown = self
            .state
            .filter(|last| last.spread.is_some() == new.spread.is_some());
        let (arrival, spread) = match shown {
            None => (time + remaining, new.spread),
            Some(last) => {
                let error = time + remaining - last.arrival;
                let surprise = error.abs() / (SURPRISE * remaining + 1.0);
                let (least, per_second) = match new.spread {
                    Some(_) => (SETTLING, SETTLING_PER_SECOND),
                    None => (UNSURE_SETTLING, UNSURE_SETTLING_PER_SECOND),
                };
                let settling = least + per_second * remaining;
                let elapsed = (time - last.heard).max(0.0);
                let share = 1.0 - (-elapsed * (1.0 + surprise * surprise) / settling).exp();
                let (share, spread) = better(share, last.spread, new.spread);
                (last.arrival + share * error, spread)
            }
        };
        self.state = Some(State {
            arrival,
            spread,
            heard: time,
            updated: time,
            misses: 0,
        });
    }

    /// Takes note that the readings at `time` (s) give no estimate; returns whether that takes the
    /// countdown back.
    pub fn miss(&mut self, time: f64) -> bool {
        let Some(state) = &mut self.state else {
            return false;
        };
        state.misses += 1;
        let doubtful = time - state.updated > DOUBT && state.misses >= DOUBTFUL_MISSES;
        doubtful && state.arrival - time > END && self.clear()
    }

    /// Runs on at `time` (s), at which the printer has reported an old value, but not past its end
    /// and not for longer than two minutes.
    pub fn hold(&mut self, time: f64) {
        let holds =
            |state: &&mut State| time < state.arrival && time - state.heard <= LONGEST_UNHEARD;
        if let Some(state) = self.state.as_mut().filter(holds) {
            state.updated = time;
        }
    }

    /// Seconds left at `time` (s), never negative; `None` when no estimate came for 20 s, or when
    /// the end was missed by 10 s.
    #[must_use]
    pub fn remaining(&self, time: f64) -> Option<f64> {
        self.state
            .filter(|state| time - state.updated <= TIMEOUT && time - state.arrival <= OVERDUE)
            .map(|state| (state.arrival - time).max(0.0))
    }

    /// The seconds between which the end is, in four of five cases, at `time` (s): `width` spreads
    /// on either side of what was left at the last estimate, and more since if nothing was heard of
    /// the heater. `None` where the spread is not known and everything heard.
    ///
    /// ```text
    /// [p·e^(-width·u) - 0.5·(1 + unheard) - elapsed, p·e^(width·u) + 0.5·(1 + unheard) - elapsed]
    /// ```
    #[must_use]
    pub fn interval(&self, time: f64, width: f64) -> Option<[f64; 2]> {
        self.remaining(time)?;
        let state = self.state?;
        let unheard = state.updated - state.heard;
        let spread = state.spread.or((unheard > 0.0).then_some(0.0))?;
        let factor = (width * spread).exp();
        let slack = SLACK + SLACK_UNHEARD * unheard;
        let (left, elapsed) = (state.arrival - state.heard, time - state.heard);
        Some([
            (left / factor - slack - elapsed).max(0.0),
            (left * factor + slack - elapsed).max(0.0),
        ])
    }

    /// Forgets everything; returns whether there was a countdown.
    pub fn clear(&mut self) -> bool {
        self.state.take().is_some()
    }
}

/// The share that an estimate counts for, and the spread of what is shown then.
fn better(share: f64, shown: Option<f64>, new: Option<f64>) -> (f64, Option<f64>) {
    let (Some(shown), Some(new)) = (shown, new) else {
        return (share, new);
    };
    let (before, after) = (shown * shown, new * new);
    let share = share.max(BETTER * (1.0 - after / before).max(0.0));
    (share, Some(((1.0 - share) * before + share * after).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_down_by_itself_to_zero_and_then_gives_up() {
        let mut eta = EtaFilter::default();
        assert_eq!(eta.remaining(0.0), None);
        eta.update(Remaining::bare(10.0), 100.0);
        assert_eq!(eta.remaining(100.0), Some(10.0));
        assert_eq!(eta.remaining(104.5), Some(5.5));
        assert_eq!(eta.remaining(111.0), Some(0.0));
        assert_eq!(eta.remaining(121.0), None, "it has missed its end");
    }

    #[test]
    fn doubt_ends_it_unless_it_is_at_its_end() {
        for (remaining, survives) in [(60.0, false), (15.0, true)] {
            let mut eta = EtaFilter::default();
            eta.update(Remaining::bare(remaining), 0.0);
            eta.miss(5.0);
            assert!(eta.remaining(5.0).is_some(), "one odd reading");
            eta.miss(7.0);
            assert_eq!(eta.remaining(7.0).is_some(), survives, "{remaining} s");
        }
    }

    #[test]
    fn leans_towards_a_new_estimate_without_jumping() {
        let mut eta = EtaFilter::default();
        eta.update(Remaining::bare(100.0), 0.0);
        eta.update(Remaining::bare(108.0), 2.0);
        let shown = eta.remaining(2.0).unwrap();
        assert!((99.0..105.0).contains(&shown), "{shown}");
    }

    #[test]
    fn follows_a_great_surprise_within_a_few_estimates() {
        let mut eta = EtaFilter::default();
        eta.update(Remaining::bare(30.0), 0.0);
        for i in 1..=3 {
            eta.update(Remaining::bare(120.0), f64::from(i) * 2.0);
        }
        let shown = eta.remaining(6.0).unwrap();
        assert!((100.0..=120.0).contains(&shown), "{shown}");
    }

    #[test]
    fn a_first_guess_gives_way_to_a_measurement() {
        let (guess, measured) = (0.7, 0.1);
        let left = |seconds, spread| Remaining {
            seconds,
            spread: Some(spread),
        };
        for (spread, expected) in [(guess, 72.0..78.0), (measured, 60.0..71.0)] {
            let mut eta = EtaFilter::default();
            eta.update(left(100.0, guess), 0.0);
            eta.update(left(50.0, spread), 1.0);
            let shown = eta.remaining(1.0).unwrap();
            assert!(expected.contains(&shown), "{shown}");
        }
    }

    #[test]
    fn an_interval_is_as_wide_as_the_estimates_are_unsure() {
        let mut eta = EtaFilter::default();
        eta.update(Remaining::bare(100.0), 0.0);
        assert_eq!(eta.interval(0.0, 1.5), None);
        eta.clear();
        let sure = Remaining {
            seconds: 100.0,
            spread: Some(0.2),
        };
        eta.update(sure, 0.0);
        let [low, high] = eta.interval(10.0, 1.5).unwrap();
        let factor = 0.3_f64.exp();
        assert!((low - (100.0 / factor - 10.5)).abs() < 1e-9);
        assert!((high - (100.0 * factor - 9.5)).abs() < 1e-9);
        assert_eq!(eta.interval(100.0, 1.5), None, "nothing is shown");
    }
}
