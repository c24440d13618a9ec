//! The table of the settings, which `build.rs` passes on from `src/settings.json`, and the types of
//! their values.

use crate::core::input::AlgorithmKey;

/// What the value of a setting is.
#[derive(Debug, Clone, Copy)]
pub enum SettingKind {
    /// On or off.
    Switch,
    /// A number.
    Number,
    /// A number or none.
    Optional,
    /// One of several names.
    Choice(&'static Options),
    /// The id of an algorithm.
    Algorithm,
}

/// The names that a choice is between.
#[derive(Debug)]
pub struct Options {
    /// All of them.
    pub names: &'static [&'static str],
    /// The same in words.
    pub one_of: &'static str,
}

/// A type of values.
trait Value: Copy {
    const KIND: SettingKind;

    /// The value that `number` stands for.
    fn of(number: f64) -> Self;

    /// The value as a number.
    fn number(self) -> f64;
}

impl Value for bool {
    const KIND: SettingKind = SettingKind::Switch;

    fn of(number: f64) -> Self {
        number > 0.0
    }

    fn number(self) -> f64 {
        self.into()
    }
}

impl Value for f64 {
    const KIND: SettingKind = SettingKind::Number;

    fn of(number: f64) -> Self {
        number
    }

    fn number(self) -> f64 {
        self
    }
}

impl Value for Option<f64> {
    const KIND: SettingKind = SettingKind::Optional;

    fn of(number: f64) -> Self {
        Some(number).filter(|number| !number.is_nan())
    }

    fn number(self) -> f64 {
        self.unwrap_or(f64::NAN)
    }
}

impl Value for AlgorithmKey {
    const KIND: SettingKind = SettingKind::Algorithm;

    fn of(number: f64) -> Self {
        Self::from_number(number).unwrap_or(Settings::default().algorithm)
    }

    fn number(self) -> f64 {
        self.number()
    }
}

/// The enum of a choice, named after the setting.
macro_rules! choice {
    (#[$doc:meta] $type:ident: $first:ident = $first_name:literal,
        $($variant:ident = $name:literal,)* $one_of:literal) => {
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $type {
            #[doc = concat!("`", $first_name, "`")]
            $first,
            $(#[doc = concat!("`", $name, "`")] $variant,)*
        }

        impl Value for $type {
            const KIND: SettingKind = SettingKind::Choice(&Options {
                names: &[$first_name, $($name),*],
                one_of: $one_of,
            });

            fn of(number: f64) -> Self {
                let mut others = [$(Self::$variant),*].into_iter().rev();
                others.find(|it| number >= it.number()).unwrap_or(Self::$first)
            }

            fn number(self) -> f64 {
                f64::from(self as u8)
            }
        }
    };
}

// Its functions are long lists: inlined wherever they are called, they would be half a kilobyte
// more.
macro_rules! settings {
    ($(#[$doc:meta] $key:ident: $type:ty = $default:expr, $least:expr, $most:expr,
        $live:expr;)*) => {
        /// Settings by the names they have in OctoPrint's `config.yaml`.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct Settings {
            $(#[$doc] pub $key: $type,)*
        }

        impl Default for Settings {
            #[inline(never)]
            fn default() -> Self {
                Self { $($key: $default,)* }
            }
        }

        impl Settings {
            /// How many there are.
            pub const COUNT: usize = [$(stringify!($key)),*].len();

            /// Their names in OctoPrint's `config.yaml` in alphabetical order, and what their
            /// values are.
            pub const KEYS: &'static [(&'static str, SettingKind); Self::COUNT] =
                &[$((stringify!($key), <$type as Value>::KIND)),*];

            /// The least and the most of each, as numbers.
            pub(super) const LIMITS: &'static [[f64; 2]; Self::COUNT] =
                &[$([$least, $most]),*];

            /// Whether a change of it does not start the countdowns anew.
            pub(super) const LIVE: &'static [bool; Self::COUNT] = &[$($live),*];

            /// The settings with these values as numbers, in the order of [`Self::KEYS`]: 1 is
            /// true, NaN is none, a choice is its place among the names, an algorithm its key.
            #[must_use]
            #[inline(never)]
            pub fn from_numbers(numbers: [f64; Self::COUNT]) -> Self {
                let [$($key),*] = numbers;
                Self { $($key: Value::of($key),)* }
            }

            /// The values as numbers.
            #[must_use]
            #[inline(never)]
            pub fn numbers(&self) -> [f64; Self::COUNT] {
                [$(Value::number(self.$key)),*]
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/settings.rs"));
