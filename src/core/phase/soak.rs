//! Heat soak: how long a heater is held at its target until it counts as ready.

use crate::core::settings::SoakPlan;

/// How long a temperature must have been steady, in seconds.
pub const STEADY_FOR: f64 = 600.0;

/// For how long it must have been steady, in seconds, until the rest is counted down: before that it
/// may well go on.
const PROMISING: f64 = 300.0;

/// Time span of the readings that are kept as one, in seconds.
const SLICE: f64 = 30.0;

/// Follows a heater that is at its target.
#[derive(Debug, Clone, Default)]
pub struct Soak {
    /// When it arrived, in seconds; `None` away from the target, or if nobody has seen it arrive.
    since: Option<f64>,
    /// Whether that was long enough at the newest reading.
    complete: bool,
    /// Whether it was told that it is.
    told: bool,
    readings: Readings,
}

/// A heat soak in progress.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Soaking {
    /// Seconds left, if that is known.
    pub remaining: Option<f64>,
    /// Share that is done, 0 to 1.
    pub progress: f64,
}

impl Soak {
    /// Begins, as the heater has arrived at `time` (s).
    pub fn begin(&mut self, time: f64) {
        (self.since, self.complete, self.told) = (Some(time), false, false);
    }

    /// Begins again at `time` (s), unless nobody has seen the heater arrive.
    pub fn begin_again(&mut self, time: f64) {
        if self.since.is_some() {
            self.begin(time);
        }
    }

    /// Leaves out the last `gap` (s), in which nothing was heard of the heater.
    pub fn interrupt(&mut self, gap: f64) {
        self.shift(gap);
        self.readings.0.clear();
    }

    /// Ends, as the heater has left its target.
    pub fn end(&mut self) {
        self.since = None;
    }

    /// Follows the clock, which was set forward by `offset` (s).
    pub fn shift(&mut self, offset: f64) {
        self.since = self.since.map(|since| since + offset);
        self.readings.shift(offset);
    }

    /// Takes the reading `actual` (°C) made at `time` (s). Returns how long the soak took, in seconds,
    /// if `plan` is met with this reading.
    pub fn observe(&mut self, time: f64, actual: f64, plan: Option<SoakPlan>) -> Option<f64> {
        if let Some(SoakPlan::UntilSteady(_)) = plan {
            self.readings.push(time, actual);
        }
        let complete = self.at(time, plan).is_none();
        let completed = complete && !self.complete && !self.told;
        self.complete = complete;
        let since = self.since.filter(|_| completed && plan.is_some())?;
        self.told = true;
        Some(time - since)
    }

    /// Whether more was needed at the newest reading.
    #[must_use]
    pub fn is_in_progress(&self) -> bool {
        self.since.is_some() && !self.complete
    }

    /// The soak that `plan` asks for, while it is in progress at `now` (s).
    #[must_use]
    pub fn at(&self, now: f64, plan: Option<SoakPlan>) -> Option<Soaking> {
        let soaked = (now - self.since?).max(0.0);
        let (done, least, total) = match plan? {
            SoakPlan::For(seconds) => (soaked, 0.0, seconds),
            SoakPlan::UntilSteady(change) => {
                (self.readings.steady(now, change), PROMISING, STEADY_FOR)
            }
        };
        (done < total).then(|| Soaking {
            remaining: (done >= least).then_some(total - done),
            progress: (done / total).clamp(0.0, 1.0),
        })
    }
}

/// The readings of the last minutes, slice by slice.
#[derive(Debug, Clone, Default)]
struct Readings(Vec<Slice>);

/// Start in seconds, lowest and highest reading in °C.
#[derive(Debug, Clone, Copy)]
struct Slice {
    time: f64,
    low: f64,
    high: f64,
}

impl Readings {
    fn push(&mut self, time: f64, actual: f64) {
        let slice = Slice {
            time,
            low: actual,
            high: actual,
        };
        match self.0.last_mut() {
            Some(last) if time - last.time < SLICE => *last = last.with(slice),
            _ => self.0.push(slice),
        }
        self.0.retain(|it| time - it.time <= STEADY_FOR + SLICE);
    }

    fn shift(&mut self, offset: f64) {
        for slice in &mut self.0 {
            slice.time += offset;
        }
    }

    /// Seconds until `now` (s) in which the readings have changed by less than `change` (°C).
    fn steady(&self, now: f64, change: f64) -> f64 {
        let mut slices = self.0.iter().rev();
        let Some(mut all) = slices.next().copied() else {
            return 0.0;
        };
        for slice in slices {
            let wider = slice.with(all);
            if wider.high - wider.low >= change {
                break;
            }
            all = wider;
        }
        now - all.time
    }
}

impl Slice {
    /// Both, from the start of this one.
    fn with(self, other: Self) -> Self {
        Self {
            time: self.time,
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN_MINUTES: Option<SoakPlan> = Some(SoakPlan::For(600.0));

    #[test]
    fn it_is_counted_down_from_the_arrival_and_completed_once() {
        let mut soak = Soak::default();
        assert_eq!(soak.observe(0.0, 60.0, TEN_MINUTES), None);
        assert_eq!(soak.at(0.0, TEN_MINUTES), None, "nobody has seen it arrive");
        soak.begin(100.0);
        assert_eq!(soak.observe(100.0, 60.0, TEN_MINUTES), None);
        let half = Soaking {
            remaining: Some(300.0),
            progress: 0.5,
        };
        assert_eq!(soak.at(400.0, TEN_MINUTES), Some(half));
        assert_eq!(soak.observe(699.0, 60.0, TEN_MINUTES), None);
        assert_eq!(soak.observe(701.0, 60.0, TEN_MINUTES), Some(601.0));
        assert_eq!(soak.at(701.0, TEN_MINUTES), None);
        assert_eq!(soak.observe(703.0, 60.0, TEN_MINUTES), None);
    }

    #[test]
    fn it_begins_anew_with_each_arrival() {
        let mut soak = Soak::default();
        soak.begin(0.0);
        soak.end();
        assert_eq!(soak.at(300.0, TEN_MINUTES), None);
        soak.begin(400.0);
        let left = soak.at(500.0, TEN_MINUTES).unwrap().remaining;
        assert_eq!(left, Some(500.0));
        soak.shift(3600.0);
        let left = soak.at(4100.0, TEN_MINUTES).unwrap().remaining;
        assert_eq!(left, Some(500.0), "the clock was set");
    }

    #[test]
    fn another_plan_holds_at_once_and_what_is_long_over_is_not_completed_by_it() {
        let mut soak = Soak::default();
        soak.begin(0.0);
        assert_eq!(soak.observe(0.0, 60.0, None), None);
        assert_eq!(soak.observe(120.0, 60.0, None), None);
        let short = Some(SoakPlan::For(60.0));
        assert_eq!(soak.observe(122.0, 60.0, short), None);
        assert_eq!(soak.observe(124.0, 60.0, TEN_MINUTES), None);
        assert!(soak.at(124.0, TEN_MINUTES).is_some());
        assert_eq!(soak.observe(602.0, 60.0, TEN_MINUTES), Some(602.0));
    }

    #[test]
    fn a_chamber_is_steady_after_ten_minutes_of_little_change() {
        let plan = Some(SoakPlan::UntilSteady(1.0));
        let temperature = |time: f64| 50.0 - 8.0 * (-time / 400.0).exp();
        let mut soak = Soak::default();
        soak.begin(0.0);
        let mut seen = Vec::new();
        let end = (0..2000).map(|i| 2.0 * f64::from(i)).find(|&time| {
            let completed = soak.observe(time, temperature(time), plan).is_some();
            seen.extend(soak.at(time, plan).map(|soaking| soaking.remaining));
            completed
        });
        let end = end.unwrap();
        assert!(temperature(end) - temperature(end - 600.0) < 1.0);
        let earlier = end - 60.0;
        let change = temperature(earlier) - temperature(earlier - 600.0);
        assert!(change > 0.9, "not much sooner: {change}");
        assert_eq!(seen[30], None, "not steady yet");
        let times: Vec<_> = seen.iter().flatten().collect();
        assert!(times.len() > 100 && *times[0] <= STEADY_FOR - PROMISING);
        assert!(soak.readings.0.len() <= 22, "{}", soak.readings.0.len());
    }
}
