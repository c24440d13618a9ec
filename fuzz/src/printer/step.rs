//! What may happen to a page, from the bytes of a fuzzer.

use arbitrary::Arbitrary;
use temp_eta::core::input::{AlgorithmKey, Field};
use temp_eta::core::model::BUILT_IN;
use temp_eta::core::settings::{Cooldown, CooldownMode, Settings};

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
        let usual = Settings::default();
        let [enabled, heating, cooling, suppress, ambient] = self.switches;
        let [interval, rate, most, history, threshold, band, numbers @ ..] = self.numbers;
        let [tool, bed, chamber, ambient_temp, hysteresis, window, _] = numbers;
        let or = |number: Option<Number>, usual| number.map_or(usual, Number::value);
        let (built_in, _) = BUILT_IN[usize::from(self.algorithm) % BUILT_IN.len()];
        let algorithm = if self.plugin_algorithm {
            ALGORITHM
        } else {
            built_in
        };
        Settings {
            enabled,
            algorithm: AlgorithmKey::of(algorithm),
            update_interval: or(interval, usual.update_interval),
            min_rate: or(rate, usual.min_rate),
            max_eta: or(most, usual.max_eta),
            history_size: or(history, usual.history_size),
            enable_heating_eta: heating,
            enable_cooldown_eta: cooling,
            threshold_start: or(threshold, usual.threshold_start),
            target_band: or(band, usual.target_band),
            cooldown: Cooldown {
                mode: if ambient {
                    CooldownMode::Ambient
                } else {
                    CooldownMode::Threshold
                },
                target_tool0: or(tool, usual.cooldown.target_tool0),
                target_bed: or(bed, usual.cooldown.target_bed),
                target_chamber: or(chamber, usual.cooldown.target_chamber),
                ambient_temp: ambient_temp.map(Number::value),
                hysteresis_c: or(hysteresis, usual.cooldown.hysteresis_c),
                fit_window_seconds: or(window, usual.cooldown.fit_window_seconds),
            },
            suppress_while_printing: suppress,
        }
    }
}
