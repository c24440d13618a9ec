//! Readings, and the one place where they are checked.

use super::heater_id::HeaterId;
use super::skipped::Skipped;

/// Coldest reading of a heater that can heat, in °C. An unheated garage in winter is as cold as
/// that, and firmware does not heat below its `MINTEMP`, 0 to 5 °C. Open thermistors read -14 to
/// -20, tools that are not there -20, other broken ones -30 to -273. Higher, and a garage makes no
/// sense; lower, and an open thermistor does.
const COLDEST: f64 = -10.0;

/// Hottest reading of a tool, in °C. No head on sale is made for more than 500. Shorted thermistors
/// read 704, 713, 848 or 938 by Marlin's tables, broken ones of Smoothieware 1023.75.
const HOTTEST_TOOL: f64 = 600.0;

/// Hottest reading of a bed or a chamber, in °C. The hottest on sale are made for 250. Shorted
/// thermistors read more than 300.
const HOTTEST_PLATE: f64 = 280.0;

/// A value as it stood in a message, before any check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field {
    /// Missing or `null`: the printer does not report it.
    Absent,
    /// A text that says that there is no target: `"off"`, however it is spelled.
    Off,
    /// A number, finite or not.
    Number(f64),
    /// Anything else.
    Junk,
}

/// One heater's values in one message.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Which one; `None` if no heater has the name that was reported.
    pub heater: Option<HeaterId>,
    /// Measured temperature in °C.
    pub actual: Field,
    /// Target temperature in °C; 0 is off.
    pub target: Field,
}

/// A measurement fit to calculate with: every field is finite and plausible.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Server time in seconds.
    pub time: f64,
    /// Measured temperature in °C.
    pub actual: f64,
    /// Target temperature in °C; 0 is off.
    pub target: f64,
}

/// A reading whose temperature cannot be true: the sensor is broken, or not there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Implausible {
    /// What is reported as the temperature, in °C; NaN if that is no number.
    pub actual: f64,
    /// Target temperature in °C; 0 is off.
    pub target: f64,
}

/// What was wrong with a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadReading {
    /// The time stamp is no number, or no server time in seconds.
    Time,
    /// The name is empty or longer than any heater's.
    Heater,
    /// No heater of this kind has such a temperature.
    Actual,
    /// No heater of this kind has such a target; it counts as off.
    Target,
}

impl Reading {
    /// Checks a reading made at `time` and counts what is wrong in `skipped`. `None` where it has
    /// no value, or no heater.
    pub fn check(
        &self,
        time: f64,
        skipped: &mut Skipped,
    ) -> Option<(HeaterId, Result<Sample, Implausible>)> {
        if self.actual == Field::Absent {
            return None;
        }
        let Some(heater) = self.heater.clone() else {
            skipped.count(BadReading::Heater);
            return None;
        };
        let hottest = hottest(&heater);
        let target = match self.target {
            Field::Absent | Field::Off => 0.0,
            Field::Number(target) if (0.0..=hottest).contains(&target) => target,
            _ => {
                skipped.count(BadReading::Target);
                0.0
            }
        };
        let checked = match self.actual {
            Field::Number(actual) if (COLDEST..=hottest).contains(&actual) => Ok(Sample {
                time,
                actual,
                target,
            }),
            reported => {
                skipped.count(BadReading::Actual);
                Err(Implausible {
                    actual: reported.number().unwrap_or(f64::NAN),
                    target,
                })
            }
        };
        Some((heater, checked))
    }
}

impl Field {
    /// The number, if it is a finite one.
    fn number(self) -> Option<f64> {
        match self {
            Self::Number(number) if number.is_finite() => Some(number),
            _ => None,
        }
    }
}

/// The hottest that `heater` can be and can be told to be, in °C. What has a name of its own may be
/// anything that heats.
fn hottest(heater: &HeaterId) -> f64 {
    match heater {
        HeaterId::Bed | HeaterId::Chamber => HOTTEST_PLATE,
        HeaterId::Tool(_) | HeaterId::Custom(_) => HOTTEST_TOOL,
    }
}

/// Whether two readings are the same number on the wire.
#[must_use]
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

#[cfg(test)]
mod tests {
    use super::Field::{Absent, Junk, Number, Off};
    use super::*;

    fn reading(heater: &str, actual: Field, target: Field) -> Reading {
        Reading {
            heater: HeaterId::parse(heater),
            actual,
            target,
        }
    }

    /// What is used of a reading, and how many temperatures and targets were skipped.
    fn check(reading: &Reading) -> (Option<(Option<f64>, f64)>, u32, u32) {
        let mut skipped = Skipped::default();
        let used = reading.check(1.0, &mut skipped).map(|(_, it)| match it {
            Ok(sample) => (Some(sample.actual), sample.target),
            Err(implausible) => (None, implausible.target),
        });
        (used, skipped.actual, skipped.target)
    }

    #[test]
    fn a_reading_is_a_sample_a_silence_or_makes_no_sense() {
        let good = |target| Some((Some(21.5), target));
        let rows = [
            (Number(21.5), Number(60.0), (good(60.0), 0, 0)),
            (Number(21.5), Absent, (good(0.0), 0, 0)),
            (Number(21.5), Off, (good(0.0), 0, 0)),
            (Absent, Absent, (None, 0, 0)),
            (Absent, Junk, (None, 0, 0)),
            (Number(f64::NAN), Number(60.0), (Some((None, 60.0)), 1, 0)),
            (Number(1e308), Number(60.0), (Some((None, 60.0)), 1, 0)),
            (Off, Number(60.0), (Some((None, 60.0)), 1, 0)),
            (Junk, Junk, (Some((None, 0.0)), 1, 1)),
        ];
        for (actual, target, expected) in rows {
            let checked = check(&reading("bed", actual, target));
            assert_eq!(checked, expected, "{actual:?} / {target:?}");
        }
    }

    #[test]
    fn each_kind_of_heater_has_its_limits() {
        let rows: [(&str, &[f64], &[f64]); 4] = [
            (
                "tool0",
                &[-9.0, 0.0, 500.0],
                &[-14.0, -273.0, 704.0, 2000.0],
            ),
            ("bed", &[-9.0, 0.0, 250.0], &[-14.0, 350.0, 1023.75]),
            ("chamber", &[0.0, 120.0], &[-30.0, 300.0]),
            ("dryer", &[0.0, 300.0], &[-20.0, 713.0, 4_294_967.0]),
        ];
        for (heater, good, bad) in rows {
            for actual in good {
                let (used, skipped, _) = check(&reading(heater, Number(*actual), Off));
                assert_eq!((used, skipped), (Some((Some(*actual), 0.0)), 0), "{heater}");
            }
            for actual in bad {
                let (used, skipped, _) = check(&reading(heater, Number(*actual), Off));
                assert_eq!((used, skipped), (Some((None, 0.0)), 1), "{heater} {actual}");
            }
        }
    }

    #[test]
    fn a_target_that_makes_no_sense_is_off_and_the_reading_is_used() {
        let infinite = f64::INFINITY;
        for target in [-1.0, -28416.0, 32767.0, 281.0, f64::NAN, infinite] {
            let checked = check(&reading("bed", Number(32.1), Number(target)));
            assert_eq!(checked, (Some((Some(32.1), 0.0)), 0, 1), "{target}");
        }
        let hot = check(&reading("tool0", Number(32.1), Number(450.0)));
        assert_eq!(hot, (Some((Some(32.1), 450.0)), 0, 0));
    }

    #[test]
    fn what_is_reported_is_kept_unless_it_is_no_number() {
        let reported = |actual| {
            let (_, checked) = reading("bed", actual, Off).check(1.0, &mut Skipped::default())?;
            checked.err().map(|implausible| implausible.actual)
        };
        assert_eq!(reported(Number(1023.75)), Some(1023.75));
        for actual in [Junk, Off, Number(f64::INFINITY)] {
            assert!(reported(actual).is_some_and(f64::is_nan), "{actual:?}");
        }
    }

    #[test]
    fn a_name_that_no_heater_has_is_refused() {
        for name in [String::new(), "x".repeat(65)] {
            let mut skipped = Skipped::default();
            let reading = reading(&name, Number(21.0), Number(60.0));
            assert_eq!(reading.check(1.0, &mut skipped), None);
            assert_eq!(skipped.heater, 1);
        }
    }
}
