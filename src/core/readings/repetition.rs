//! Tells a value that is merely repeated from a measurement.

/// How many steps of its sensor a heater must be expected to have moved, for an unchanged value to
/// be an old one. Fewer, and the flat ends of a coarse sensor's steps would be.
const STEPS: f64 = 3.0;

/// How long a value must have been repeated to be old, in seconds: two reports of most printers.
const REPEATED: f64 = 4.0;

/// From which step on, in °C, a sensor is coarse: on a slow heater, a value that stands for a minute is
/// a measurement then. Finer ones show each minute's movement.
const COARSE: f64 = 0.2;

/// Below which rate, in °C/s, a heater is slow: 1 °C, the coarsest step, takes half a minute.
const SLOW: f64 = 0.03;

/// The step of a sensor that has not shown a smaller one, in °C.
const USUAL_STEP: f64 = 0.5;

/// How long a value is old before nothing may be learned from its transient, in seconds.
const LEARNABLE: f64 = 10.0;

/// Follows how long a heater has reported the same value, to the last digit.
///
/// Old Marlin, Repetier and Smoothieware report only the heater that they wait for; `OctoPrint`
/// repeats the last values of the others meanwhile. They say nothing about the present.
#[derive(Debug, Clone, Copy)]
pub struct Repetition {
    /// When the value was first reported, in seconds.
    since: f64,
    /// How fast the temperature moved until then, in °C/s; `None` if it has not moved yet.
    pace: Option<f64>,
    /// For how long it has been old, in seconds.
    old_for: Option<f64>,
    /// The smallest step that the sensor has shown, in °C.
    step: Option<f64>,
    /// Whether the printer has reported new values of others meanwhile.
    others: bool,
}

impl Repetition {
    /// Begins with a value that was first reported at `time` (s).
    #[must_use]
    pub fn new(time: f64) -> Self {
        Self {
            since: time,
            pace: None,
            old_for: None,
            step: None,
            others: false,
        }
    }

    /// Takes a new target, set at `time` (s).
    pub fn retarget(&mut self, time: f64) {
        *self = Self {
            step: self.step,
            ..Self::new(time)
        };
    }

    /// Takes a new value, `step` °C from the last one, which was reported at `time` (s) by a heater
    /// that moves at `pace` (°C/s), if that is known.
    pub fn change(&mut self, time: f64, step: f64, pace: Option<f64>) {
        *self = Self {
            since: time,
            pace: pace.or(self.pace),
            old_for: None,
            others: false,
            step: Some(self.step.map_or(step, |smallest| smallest.min(step))),
        };
    }

    /// Takes the same value again, at `time` (s), while the printer reports new values of `others` or
    /// not. A heater that has not moved yet may be expected to `begin` at a time (s) and a rate (°C/s).
    pub fn repeat(&mut self, time: f64, others: bool, begin: Option<(f64, f64)>) {
        self.others |= others;
        let expected = match (self.pace, begin) {
            (Some(pace), _) => pace.abs() * (time - self.since),
            (None, Some((begin, rate))) => rate.abs() * (time - begin.max(self.since)),
            (None, None) => 0.0,
        };
        let repeated_for = time - self.since;
        let step = self.step.unwrap_or(USUAL_STEP);
        let stands = step >= COARSE && self.pace.is_some_and(|pace| pace.abs() < SLOW);
        if self.others && !stands && expected >= STEPS * step && repeated_for >= REPEATED {
            self.old_for = Some(repeated_for);
        }
    }

    /// Whether the value is an old one.
    #[must_use]
    pub fn is_old(&self) -> bool {
        self.old_for.is_some()
    }

    /// Whether it is old for so long that the transient teaches nothing.
    #[must_use]
    pub fn hides_too_much(&self) -> bool {
        self.is_older_than(LEARNABLE)
    }

    /// Whether it is old for more than so many `seconds`.
    #[must_use]
    pub fn is_older_than(&self, seconds: f64) -> bool {
        self.old_for.is_some_and(|old_for| old_for > seconds)
    }

    /// When the value was first reported, in seconds.
    #[must_use]
    pub fn since(&self) -> f64 {
        self.since
    }

    /// When the value, reported again at `time` (s), was measured last, in seconds.
    #[must_use]
    pub fn measured(&self, time: f64) -> f64 {
        if self.is_old() { self.since } else { time }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_old_when_the_heater_must_have_moved() {
        let mut bed = Repetition::new(0.0);
        bed.change(10.0, 0.25, Some(0.3));
        bed.repeat(11.0, true, None);
        assert!(!bed.is_old(), "one step of the sensor");
        bed.repeat(13.0, true, None);
        assert!(!bed.is_old(), "one report");
        bed.repeat(15.0, true, None);
        assert!(bed.is_old());
        assert!(!bed.hides_too_much());
        bed.repeat(21.0, true, None);
        assert!(bed.hides_too_much());
        bed.change(22.0, 0.25, Some(0.3));
        assert!(!bed.is_old());
    }

    #[test]
    fn a_value_is_no_old_one_while_nothing_else_is_reported_anew() {
        let mut bed = Repetition::new(0.0);
        bed.change(10.0, 0.25, Some(0.3));
        bed.repeat(40.0, false, None);
        assert!(!bed.is_old());
        bed.repeat(41.0, true, None);
        assert!(bed.is_old());
    }

    #[test]
    fn a_coarse_sensor_may_stand_on_a_step() {
        let mut cooling = Repetition::new(0.0);
        cooling.change(10.0, 0.25, Some(-0.01));
        cooling.repeat(60.0, true, None);
        assert!(!cooling.is_old());
    }

    #[test]
    fn a_heater_that_should_have_begun_to_move_reports_an_old_value() {
        let mut bed = Repetition::new(0.0);
        bed.repeat(25.0, true, Some((20.0, 0.2)));
        assert!(!bed.is_old(), "its sensor trails behind");
        bed.repeat(30.0, true, Some((20.0, 0.2)));
        assert!(bed.is_old());
    }
}
