//! Readings, and the one place where they are checked.

use super::heater_id::HeaterId;

/// Coldest reading that can be a measurement, in °C. Firmware answers for a broken
/// thermistor lie far below; an unheated garage in winter does not.
const COLDEST: f64 = -60.0;

/// Hottest reading that can be a measurement, in °C. No thermocouple head goes beyond;
/// a shorted sensor reads more.
const HOTTEST: f64 = 1000.0;

/// A value as it stood in a message, before any check.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Field {
    /// Missing or `null`: the printer does not report it.
    Absent,
    /// The text `"off"`, which some firmware reports for a target.
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

/// Why a reading is no sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadReading {
    /// The time stamp is no number, or no server time in seconds.
    Time,
    /// The name is empty or longer than any heater's.
    Heater,
    /// The measured temperature is not a number between −60 and 1000 °C.
    Actual,
    /// The target is not a number between 0 and 1000 °C.
    Target,
}

impl Reading {
    /// Checks a reading made at `time`. `Ok(None)` where it has no value.
    ///
    /// # Errors
    ///
    /// [`BadReading`] names the first field that cannot be true. Drop the reading; the
    /// next one may be good.
    pub fn check(&self, time: f64) -> Result<Option<(HeaterId, Sample)>, BadReading> {
        if self.actual == Field::Absent {
            return Ok(None);
        }
        let heater = self.heater.clone().ok_or(BadReading::Heater)?;
        let actual = match self.actual {
            Field::Number(actual) if (COLDEST..=HOTTEST).contains(&actual) => actual,
            _ => return Err(BadReading::Actual),
        };
        let target = match self.target {
            Field::Absent | Field::Off => 0.0,
            Field::Number(target) if (0.0..=HOTTEST).contains(&target) => target,
            _ => return Err(BadReading::Target),
        };
        Ok(Some((
            heater,
            Sample {
                time,
                actual,
                target,
            },
        )))
    }
}

/// Whether two readings are the same number on the wire.
#[must_use]
pub fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(actual: Field, target: Field) -> Result<Option<(f64, f64)>, BadReading> {
        let reading = Reading {
            heater: Some(HeaterId::Bed),
            actual,
            target,
        };
        reading
            .check(1.0)
            .map(|found| found.map(|(_, sample)| (sample.actual, sample.target)))
    }

    #[test]
    fn a_reading_is_a_sample_a_silence_or_an_error() {
        use Field::{Absent, Junk, Number, Off};
        let rows = [
            (Number(21.5), Number(60.0), Ok(Some((21.5, 60.0)))),
            (Number(21.5), Absent, Ok(Some((21.5, 0.0)))),
            (Number(21.5), Off, Ok(Some((21.5, 0.0)))),
            (Absent, Absent, Ok(None)),
            (Absent, Junk, Ok(None)),
            (Number(f64::NAN), Number(60.0), Err(BadReading::Actual)),
            (Number(f64::INFINITY), Number(60.0), Err(BadReading::Actual)),
            (Number(-273.0), Number(60.0), Err(BadReading::Actual)),
            (Number(1e308), Number(60.0), Err(BadReading::Actual)),
            (Off, Number(60.0), Err(BadReading::Actual)),
            (Junk, Number(60.0), Err(BadReading::Actual)),
            (Number(21.5), Number(-1.0), Err(BadReading::Target)),
            (Number(21.5), Number(f64::NAN), Err(BadReading::Target)),
            (Number(21.5), Junk, Err(BadReading::Target)),
        ];
        for (actual, target, expected) in rows {
            assert_eq!(check(actual, target), expected, "{actual:?} / {target:?}");
        }
    }

    #[test]
    fn a_name_that_no_heater_has_is_refused() {
        let (actual, target) = (Field::Number(21.0), Field::Number(60.0));
        for name in [String::new(), "x".repeat(65)] {
            let reading = Reading {
                heater: HeaterId::parse(&name),
                actual,
                target,
            };
            assert_eq!(reading.check(1.0), Err(BadReading::Heater));
        }
    }
}
