//! Heaters by the names that OctoPrint has for them.

use std::fmt;

use serde::{Serialize, Serializer};

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
    /// use temp_eta::core::input::HeaterId;
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
            .filter(|digits| *digits == "0" || !digits.starts_with('0'))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_a_round_trip_and_sort_as_octoprint_lists_them() {
        let names = [
            "tool0", "tool10", "bed", "chamber", "pi", "tool", "tool01", "toolbox", "tool999",
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
