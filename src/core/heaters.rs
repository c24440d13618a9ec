//! All heaters of one printer: each with its tracker, all in one room.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::memory::Memory;
use super::sample::{HeaterId, Sample};
use super::settings::Settings;
use super::tracker::{News, Tracker};

/// Most heaters followed. No printer has as many; firmware chatter can have any number.
pub const MOST_HEATERS: usize = 32;

/// Follows heaters and lets them learn from each other.
///
/// ```
/// use temp_eta::core::sample::{HeaterId, Sample};
/// use temp_eta::core::{Heaters, Settings};
///
/// let (mut heaters, settings) = (Heaters::default(), Settings::default());
/// for i in 0..5 {
///     let time = 2.0 * f64::from(i);
///     let sample = Sample { time, actual: 20.0 + f64::from(i), target: 60.0 };
///     heaters.ingest(&HeaterId::Bed, sample, &settings);
/// }
/// let bed = heaters.tracker(&HeaterId::Bed).unwrap().row(8.0, &settings);
/// assert_eq!(bed.remaining.map(f64::round), Some(70.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Heaters {
    trackers: BTreeMap<HeaterId, Tracker>,
    recalled: Vec<(HeaterId, Memory)>,
}

impl Heaters {
    /// Takes the next sample of `heater`.
    pub fn ingest(&mut self, heater: &HeaterId, sample: Sample, settings: &Settings) -> News {
        let room = settings.cooldown.ambient_temp.or_else(|| self.room());
        let full = self.trackers.len() >= MOST_HEATERS;
        match self.trackers.entry(heater.clone()) {
            Entry::Vacant(_) if full => News::default(),
            Entry::Vacant(new) => {
                let memory = recalled(&self.recalled, heater);
                new.insert(Tracker::new(heater.clone(), sample, memory, room, settings));
                self.lend(heater);
                News::default()
            }
            Entry::Occupied(known) => {
                let tracker = known.into_mut();
                tracker.surround(room);
                let news = tracker.ingest(sample, settings);
                if news.learned {
                    self.share(heater);
                }
                news
            }
        }
    }

    /// The tracker of `heater`.
    #[must_use]
    pub fn tracker(&self, heater: &HeaterId) -> Option<&Tracker> {
        self.trackers.get(heater)
    }

    /// In OctoPrint's order: tools, bed, chamber, others by name.
    pub fn iter(&self) -> impl Iterator<Item = (&HeaterId, &Tracker)> {
        self.trackers.iter()
    }

    /// Every tracker, to be changed.
    pub fn trackers_mut(&mut self) -> impl Iterator<Item = &mut Tracker> {
        self.trackers.values_mut()
    }

    /// Stops following all of them; what they taught stays.
    pub fn clear(&mut self) {
        for (heater, tracker) in std::mem::take(&mut self.trackers) {
            self.recalled.retain(|(known, _)| *known != heater);
            let memory = tracker.into_memory();
            if memory != Memory::default() && self.recalled.len() < MOST_HEATERS {
                self.recalled.push((heater, memory));
            }
        }
    }

    /// Replaces all that was taught.
    pub fn recall(&mut self, memories: Vec<(HeaterId, Memory)>) {
        self.recalled = memories;
        for (heater, tracker) in &mut self.trackers {
            tracker.recall(recalled(&self.recalled, heater));
        }
        let heaters: Vec<_> = self.trackers.keys().cloned().collect();
        for heater in &heaters {
            self.lend(heater);
        }
    }

    /// What `heater` has taught, followed or not.
    #[must_use]
    pub fn memory(&self, heater: &HeaterId) -> Memory {
        self.tracker(heater).map_or_else(
            || recalled(&self.recalled, heater),
            |tracker| tracker.memory().clone(),
        )
    }

    /// Replaces what `heater` taught.
    pub fn correct(&mut self, heater: &HeaterId, memory: Memory) {
        if let Some(tracker) = self.trackers.get_mut(heater) {
            tracker.recall(memory);
        }
    }

    /// The coldest room that any heater has shown, in °C: the others are warmed by something.
    fn room(&self) -> Option<f64> {
        let rooms = self
            .trackers
            .values()
            .filter_map(|t| t.memory().room.temperature());
        rooms.min_by(f64::total_cmp)
    }

    /// Tools are much alike: what one has taught helps those that have taught nothing.
    fn share(&mut self, from: &HeaterId) {
        if !is_tool(from) {
            return;
        }
        let memory = self.memory(from);
        let others = self.trackers.iter_mut();
        let others = others.filter(|(heater, _)| is_tool(heater) && *heater != from);
        others.for_each(|(_, tracker)| tracker.borrow(&memory));
    }

    fn lend(&mut self, to: &HeaterId) {
        if !is_tool(to) {
            return;
        }
        let taught = |(heater, tracker): &(&HeaterId, &Tracker)| {
            is_tool(heater) && *heater != to && !tracker.memory().is_empty()
        };
        let from = self
            .trackers
            .iter()
            .find(taught)
            .map(|(heater, _)| heater.clone());
        if let Some(from) = from {
            self.share(&from);
        }
    }
}

fn is_tool(heater: &HeaterId) -> bool {
    matches!(heater, HeaterId::Tool(_))
}

fn recalled(memories: &[(HeaterId, Memory)], heater: &HeaterId) -> Memory {
    let known = memories.iter().find(|(known, _)| known == heater);
    known.map(|(_, memory)| memory.clone()).unwrap_or_default()
}
