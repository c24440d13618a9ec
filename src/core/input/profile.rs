//! The heaters that a printer has.

use super::heater_id::HeaterId;

/// The heaters that OctoPrint's printer profile says there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// Number of tools with a heater of their own.
    pub tools: u8,
    /// Whether there is a heated bed.
    pub bed: bool,
    /// Whether there is a heated chamber.
    pub chamber: bool,
}

impl Profile {
    /// Whether the printer has `heater`; custom ones belong to no profile.
    #[must_use]
    pub fn has(self, heater: &HeaterId) -> bool {
        match heater {
            HeaterId::Tool(index) => *index < self.tools,
            HeaterId::Bed => self.bed,
            HeaterId::Chamber => self.chamber,
            HeaterId::Custom(_) => false,
        }
    }
}
