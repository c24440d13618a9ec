//! What may happen to a page, from the bytes of a fuzzer.

use arbitrary::Arbitrary;
use temp_eta::core::input::{AlgorithmKey, Field};
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::{SettingKind, Settings};

use super::ALGORITHM;

/// Something that happens to a page.
#[derive(Arbitrary, Debug)]
pub enum Step {
    /// The heater goes on from where it is, for as many reports.
    Run {
        heater: u8,
        target: u8,
        /// Sixteenths of a degree from one report to the next.
        slope: i8,
        reports: u8,
        /// Half seconds from one report to the next.
        every: u8,
    },
    /// A message of any form.
    Message {
        step: Number,
        elapsed: Number,
        rows: Vec<AgedRow>,
        operational: Option<bool>,
        job: Option<(bool, Option<Number>)>,
    },
    /// A row of that many times forty unknown heaters.
    TooMany {
        forties: u8,
        actual: Value,
        target: Value,
    },
    /// The newest rows once more, as after a reconnect, with the server's clock set.
    Again {
        step: Number,
    },
    Configure(Box<SettingsInput>),
    SetProfile {
        tools: u8,
        bed: bool,
        chamber: bool,
    },
    /// A store's numbers, changed in some places.
    Load {
        heater: u8,
        changed: Vec<(u8, Number)>,
    },
    Forget,
    Register {
        says: Number,
    },
    Unregister,
    /// The page sleeps.
    Sleep(Number),
}

/// A row of a message.
#[derive(Arbitrary, Debug)]
pub struct AgedRow {
    pub age: Number,
    pub readings: Vec<(u8, Value, Value)>,
}

/// A number that matters, or any at all.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub enum Number {
    Small(i8),
    Large(i16),
    Any(f64),
    Special(u8),
}

impl Number {
    pub fn value(self) -> f64 {
        const SPECIAL: [f64; 8] = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            1e308,
            -1e308,
            f64::MIN_POSITIVE,
            1e11,
            -0.0,
        ];
        match self {
            Self::Small(number) => f64::from(number) / 16.0,
            Self::Large(number) => f64::from(number),
            Self::Any(number) => number,
            Self::Special(index) => SPECIAL[usize::from(index) % SPECIAL.len()],
        }
    }
}

/// What a message says in place of a temperature.
#[derive(Arbitrary, Debug, Clone, Copy)]
pub enum Value {
    Number(Number),
    Absent,
    Off,
    Junk,
}

impl From<Value> for Field {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Self::Number(number.value()),
            Value::Absent => Self::Absent,
            Value::Off => Self::Off,
            Value::Junk => Self::Junk,
        }
    }
}

/// Settings, likely or not.
#[derive(Arbitrary, Debug)]
pub struct SettingsInput {
    pub algorithm: u8,
    pub plugin_algorithm: bool,
    pub switches: [bool; 5],
    pub numbers: [Option<Number>; 13],
}

impl SettingsInput {
    pub fn settings(&self) -> Settings {
        let (built_in, _) = BUILT_IN[usize::from(self.algorithm) % BUILT_IN.len()];
        let algorithm = if self.plugin_algorithm {
            ALGORITHM
        } else {
            built_in
        };
        let mut values = Settings::default().numbers();
        let mut switches = self.switches.iter().copied().map(f64::from).cycle();
        let mut numbers = self.numbers.iter().copied().cycle();
        for (value, (_, kind)) in values.iter_mut().zip(Settings::KEYS) {
            let given = match kind {
                SettingKind::Switch | SettingKind::Choice(..) => switches.next(),
                SettingKind::Number | SettingKind::Optional => {
                    numbers.next().flatten().map(Number::value)
                }
                SettingKind::Algorithm => Some(AlgorithmKey::of(algorithm).number()),
            };
            *value = given.unwrap_or(*value);
        }
        Settings::from_numbers(values)
    }
}
