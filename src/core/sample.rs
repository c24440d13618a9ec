//! What the printer reports, and the one place where a reading is checked.

use std::fmt;

use serde::{Serialize, Serializer};

use super::job::Progress;

/// Coldest reading that can be a measurement, in °C. Firmware answers for a broken
/// thermistor lie far below; an unheated garage in winter does not.
const COLDEST: f64 = -60.0;

/// Hottest reading that can be a measurement, in °C. No thermocouple head goes beyond;
/// a shorted sensor reads more.
const HOTTEST: f64 = 1000.0;

/// Latest time that can be one, in seconds since 1970: the year 5138. Milliseconds would
/// be beyond.
const LATEST: f64 = 1e11;

/// Longest heater name taken, in bytes: firmware names are short, junk is not.
const LONGEST_NAME: usize = 64;

/// A heater by OctoPrint's name for it. The order is the one OctoPrint lists them in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeaterId {
    /// `tool0`, `tool1`, …
    Tool(u8),
    /// `bed`
    Bed,
    /// `chamber`
    Chamber,
    /// Any other name the firmware or a plugin reports.
    Custom(Box<str>),
}

impl HeaterId {
    /// The heater that OctoPrint calls `name`; `None` for no or an overlong name.
    ///
    /// ```
    /// use temp_eta::core::sample::HeaterId;
    /// assert_eq!(HeaterId::parse("tool1"), Some(HeaterId::Tool(1)));
    /// assert_eq!(HeaterId::parse("W"), Some(HeaterId::Custom("W".into())));
    /// assert_eq!(HeaterId::parse(""), None);
    /// ```
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name.is_empty() || name.len() > LONGEST_NAME {
            return None;
        }
        let tool = name
            .strip_prefix("tool")
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok());
        Some(match (name, tool) {
            (_, Some(index)) => Self::Tool(index),
            ("bed", _) => Self::Bed,
            ("chamber", _) => Self::Chamber,
            _ => Self::Custom(name.into()),
        })
    }
}

impl fmt::Display for HeaterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tool(index) => write!(f, "tool{index}"),
            Self::Bed => f.write_str("bed"),
            Self::Chamber => f.write_str("chamber"),
            Self::Custom(name) => f.write_str(name),
        }
    }
}

/// As OctoPrint's name.
impl Serialize for HeaterId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

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

/// All heaters at one moment: an entry of OctoPrint's `temps`.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Server time in whole seconds.
    pub time: f64,
    /// Empty when the printer has disconnected.
    pub readings: Vec<Reading>,
}

/// One message of OctoPrint's socket, history and current alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Server time at which the message was made, in seconds.
    pub server_time: f64,
    /// Whether a printer is connected, if the message contains it.
    pub operational: Option<bool>,
    /// The print job, if the message contains it.
    pub job: Option<Progress>,
    /// Oldest first.
    pub rows: Vec<Row>,
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

/// Whether `time` can be a server time in seconds.
pub(crate) fn is_time(time: f64) -> bool {
    (0.0..LATEST).contains(&time)
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
    fn a_time_is_in_seconds_since_1970() {
        assert!(is_time(0.0) && is_time(1.8e9));
        for time in [f64::NAN, f64::INFINITY, -1.0, 1.8e12, 1e300] {
            assert!(!is_time(time), "{time}");
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

    #[test]
    fn names_survive_a_round_trip_and_sort_as_octoprint_lists_them() {
        let names = [
            "tool0", "tool10", "bed", "chamber", "pi", "tool", "toolbox", "tool999",
        ];
        let mut ids: Vec<_> = names
            .iter()
            .filter_map(|name| HeaterId::parse(name))
            .collect();
        assert_eq!(
            ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
            names
        );
        ids.sort();
        assert_eq!(
            ids[..4].iter().map(ToString::to_string).collect::<Vec<_>>(),
            names[..4]
        );
        assert_eq!(HeaterId::parse(&"x".repeat(65)), None);
    }
}
