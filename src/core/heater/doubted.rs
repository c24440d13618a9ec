//! The heaters whose newest reading makes no sense.

use super::heater_row::HeaterRow;
use super::heaters::MAX_HEATERS;
use crate::core::input::{HeaterId, Implausible};

/// How many readings in a row must make sense for the last one that made none to be over. Fewer, and
/// a loose wire makes the words come and go with each report.
const GOOD: u32 = 2;

/// The heaters that have lately reported what makes no sense. An earlier reading is not shown as the
/// present one meanwhile; the calculation goes on with the next that does.
#[derive(Debug, Clone, Default)]
pub struct Doubted(Vec<Doubt>);

/// One of them.
#[derive(Debug, Clone)]
struct Doubt {
    heater: HeaterId,
    /// The last reading that made no sense.
    newest: Implausible,
    /// How many have made sense since.
    good: u32,
}

impl Doubted {
    /// Takes note of a reading of `heater` that makes no sense.
    pub fn note(&mut self, heater: &HeaterId, newest: Implausible) {
        self.retain(&|doubted| doubted != heater);
        if self.0.len() < MAX_HEATERS {
            self.0.push(Doubt {
                heater: heater.clone(),
                newest,
                good: 0,
            });
        }
    }

    /// Takes note of a reading of `heater` that does.
    pub fn settle(&mut self, heater: &HeaterId) {
        for doubt in self.0.iter_mut().filter(|it| it.heater == *heater) {
            doubt.good += 1;
        }
        self.0.retain(|doubt| doubt.good < GOOD);
    }

    /// Whether `heater` is one of them.
    #[must_use]
    pub fn has(&self, heater: &HeaterId) -> bool {
        self.0.iter().any(|doubt| doubt.heater == *heater)
    }

    /// Forgets the heaters that are not `wanted`.
    pub fn retain(&mut self, wanted: &dyn Fn(&HeaterId) -> bool) {
        self.0.retain(|doubt| wanted(&doubt.heater));
    }

    /// Says so in the `rows` of all heaters, which are in their order and get a row for each heater
    /// that has none, as far as there is room.
    pub fn mark(&self, rows: &mut Vec<HeaterRow>) {
        for Doubt { heater, newest, .. } in &self.0 {
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
