//! The heaters whose newest reading makes no sense.

use super::heater_row::HeaterRow;
use super::heaters::MAX_HEATERS;
use crate::core::input::{HeaterId, Implausible};

/// The heaters whose newest reading makes no sense, with that reading. An earlier one is not shown
/// as the present one meanwhile; the calculation goes on with the next that does.
#[derive(Debug, Clone, Default)]
pub struct Doubted(Vec<(HeaterId, Implausible)>);

impl Doubted {
    /// Takes note of a reading of `heater` that makes no sense.
    pub fn note(&mut self, heater: &HeaterId, newest: Implausible) {
        self.settle(heater);
        if self.0.len() < MAX_HEATERS {
            self.0.push((heater.clone(), newest));
        }
    }

    /// Takes note of a reading of `heater` that does.
    pub fn settle(&mut self, heater: &HeaterId) {
        self.retain(&|doubted| doubted != heater);
    }

    /// Forgets the heaters that are not `wanted`.
    pub fn retain(&mut self, wanted: &dyn Fn(&HeaterId) -> bool) {
        self.0.retain(|(heater, _)| wanted(heater));
    }

    /// Says so in the `rows` of all heaters, which are in their order and get a row for each heater
    /// that has none, as far as there is room.
    pub fn mark(&self, rows: &mut Vec<HeaterRow>) {
        for (heater, newest) in &self.0 {
            let place = match rows.binary_search_by(|row| row.heater.cmp(heater)) {
                Ok(place) => place,
                Err(_) if rows.len() >= MAX_HEATERS => continue,
                Err(place) => {
                    rows.insert(place, HeaterRow::unknown(heater.clone()));
                    place
                }
            };
            if let Some(row) = rows.get_mut(place) {
                row.doubt(*newest);
            }
        }
    }
}
