//! What a printer has reported so far.

use serde::Serialize;

use super::heater_id::HeaterId;
use super::sample::{Field, Reading, same};

/// Most names that are kept: more than any printer with all its sensors reports.
const MAX_NAMES: usize = 64;

/// A heater or sensor that the printer has reported.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reported {
    /// Which one.
    pub heater: HeaterId,
    /// Whether it has had a target above 0: a heater has, a sensor has not.
    pub had_target: bool,
    /// Its newest temperature in °C, which may make no sense; NaN if there is none.
    #[serde(skip)]
    actual: f64,
}

/// The heaters and sensors that the printer has reported, in OctoPrint's order.
#[derive(Debug, Clone, Default)]
pub struct ReportedHeaters(Vec<Reported>);

impl ReportedHeaters {
    /// How many of the `readings` have another temperature than before.
    #[must_use]
    pub fn changed(&self, readings: &[Reading]) -> usize {
        readings.iter().filter(|it| self.has_changed(it)).count()
    }

    /// Whether `reading` has another temperature than before.
    #[must_use]
    pub fn has_changed(&self, reading: &Reading) -> bool {
        let Field::Number(actual) = reading.actual else {
            return false;
        };
        let place = reading.heater.as_ref().map(|heater| self.place(heater));
        let known = place.and_then(|place| self.0.get(place.ok()?));
        !known.is_some_and(|known| same(known.actual, actual))
    }

    /// Takes note of `heater`, reported with `actual` and `target` (°C).
    pub fn note(&mut self, heater: &HeaterId, actual: f64, target: f64) {
        let had_target = target > 0.0;
        match self.place(heater) {
            Ok(place) => {
                if let Some(known) = self.0.get_mut(place) {
                    known.had_target |= had_target;
                    known.actual = actual;
                }
            }
            Err(place) if self.0.len() < MAX_NAMES => {
                let heater = heater.clone();
                let new = Reported {
                    heater,
                    had_target,
                    actual,
                };
                self.0.insert(place, new);
            }
            Err(_) => {}
        }
    }

    /// Where `heater` is, or belongs.
    fn place(&self, heater: &HeaterId) -> Result<usize, usize> {
        self.0.binary_search_by(|it| it.heater.cmp(heater))
    }

    /// All of them.
    #[must_use]
    pub fn list(&self) -> &[Reported] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_reported_is_known_once_and_that_it_had_a_target() {
        let mut reported = ReportedHeaters::default();
        for (name, target) in [("rpi", 0.0), ("dryer", 50.0), ("bed", 0.0), ("dryer", 0.0)] {
            reported.note(&HeaterId::parse(name).unwrap(), 21.0, target);
        }
        let list = reported.list().iter();
        let list: Vec<_> = list
            .map(|it| (it.heater.to_string(), it.had_target))
            .collect();
        let expected = [("bed", false), ("dryer", true), ("rpi", false)];
        assert_eq!(list, expected.map(|(name, had)| (name.to_owned(), had)));
    }

    #[test]
    fn chatter_fills_it_only_so_far() {
        let mut reported = ReportedHeaters::default();
        for i in 0..1000 {
            reported.note(&HeaterId::Custom(format!("x{i}").into()), 21.0, 0.0);
        }
        assert_eq!(reported.list().len(), MAX_NAMES);
    }
}
