//! All heaters of one printer: a tracker each, and one ambient temperature.

use std::rc::Rc;

use super::doubted::Doubted;
use super::heater_row::HeaterRow;
use super::state::HeaterState;
use super::tracker::{SampleOutcome, Tracker};
use crate::core::ensemble::{RegisterError, Registry, Stopwatch, Times};
use crate::core::input::{HeaterId, Implausible, Sample};
use crate::core::model::Estimator;
use crate::core::settings::Settings;

/// Most heaters followed. No printer has as many; firmware chatter can have any number.
pub const MAX_HEATERS: usize = 32;

/// Follows heaters and lets them learn from each other.
///
/// ```
/// use temp_eta::core::heater::Heaters;
/// use temp_eta::core::input::{HeaterId, Sample};
/// use temp_eta::core::settings::Settings;
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
    /// In the order of their heaters. There are few: a map would be slower and larger.
    trackers: Vec<Tracker>,
    doubted: Doubted,
    loaded: Vec<(HeaterId, HeaterState)>,
    registry: Registry,
    stopwatch: Option<Rc<Stopwatch>>,
    /// Whether the printer reports new values of others in the present row.
    others: bool,
}

impl Heaters {
    /// Registers another plugin's algorithm under `id`, in place of an earlier one with that id.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if it is refused.
    pub fn register(
        &mut self,
        id: &str,
        estimator: Box<dyn Estimator>,
        settings: &Settings,
    ) -> Result<(), RegisterError> {
        self.registry.register(id, estimator)?;
        self.use_registry(settings);
        Ok(())
    }

    /// Unregisters the plugin algorithm `id`. Its scores are kept for when it comes back.
    pub fn unregister(&mut self, id: &str, settings: &Settings) {
        self.registry.unregister(id);
        self.use_registry(settings);
    }

    /// The algorithms.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    fn use_registry(&mut self, settings: &Settings) {
        for tracker in &mut self.trackers {
            tracker.use_registry(&self.registry, settings);
        }
    }

    /// Times every estimate by `clock` (s), or none.
    pub fn set_timing(&mut self, clock: Option<fn() -> f64>) {
        if self.stopwatch.is_some() != clock.is_some() {
            self.stopwatch = clock.map(|clock| Rc::new(Stopwatch::new(clock)));
            for tracker in &mut self.trackers {
                tracker.set_timing(self.stopwatch.clone());
            }
        }
    }

    /// How long estimates took since they are timed.
    #[must_use]
    pub fn times(&self) -> Times {
        let stopwatch = self.stopwatch.as_ref();
        stopwatch.map_or(Times::default(), |stopwatch| stopwatch.times())
    }

    /// The states of all heaters; those that are followed come first, in OctoPrint's order.
    pub fn states(&self) -> impl Iterator<Item = (&HeaterId, &HeaterState)> {
        let followed = self.iter().map(|it| (it.heater(), it.state()));
        let others = self.loaded.iter();
        let others = others.filter(|(heater, _)| self.tracker(heater).is_none());
        followed.chain(others.map(|(heater, state)| (heater, state)))
    }

    /// Takes the next sample of `heater`.
    pub fn ingest(
        &mut self,
        heater: &HeaterId,
        sample: Sample,
        settings: &Settings,
    ) -> SampleOutcome {
        self.doubted.settle(heater);
        let ambient = settings.cooldown_ambient_temp.or_else(|| self.ambient());
        let full = self.trackers.len() >= MAX_HEATERS;
        match self.position(heater) {
            Err(_) if full => SampleOutcome::default(),
            Err(place) => {
                let state = loaded(&self.loaded, heater);
                let registry = &self.registry;
                let mut new =
                    Tracker::new(heater.clone(), sample, state, ambient, registry, settings);
                new.set_timing(self.stopwatch.clone());
                self.trackers.insert(place, new);
                self.lend(heater);
                SampleOutcome::default()
            }
            Ok(place) => {
                let known = self.trackers.get_mut(place);
                let outcome = known.map_or(SampleOutcome::default(), |tracker| {
                    tracker.set_ambient(ambient);
                    tracker.ingest(sample, self.others, settings)
                });
                if outcome.learned {
                    self.share(heater);
                }
                outcome
            }
        }
    }

    /// Says whether the printer reports new values of others than the next sample's heater, beside it.
    pub fn set_others(&mut self, others: bool) {
        self.others = others;
    }

    /// Takes a reading of `heater` that makes no sense.
    pub fn doubt(&mut self, heater: &HeaterId, newest: Implausible) {
        self.doubted.note(heater, newest);
    }

    /// Says in `rows`, which are those of the trackers, which heaters' newest reading makes no sense.
    pub fn mark_doubted(&self, rows: &mut Vec<HeaterRow>) {
        self.doubted.mark(rows);
    }

    /// Whether all heaters with a target are at it, and `soaked` if they are to be; `None` if there
    /// are none.
    #[must_use]
    pub fn are_ready(&self, soaked: bool) -> Option<bool> {
        let ready = self.iter().filter_map(|it| {
            let sure = !self.doubted.has(it.heater());
            it.is_ready(soaked).map(|ready| ready && sure)
        });
        ready.reduce(|all, this| all && this)
    }

    /// Where the tracker of `heater` is, or belongs.
    fn position(&self, heater: &HeaterId) -> Result<usize, usize> {
        let trackers = &self.trackers;
        trackers.binary_search_by(|tracker| tracker.heater().cmp(heater))
    }

    /// The tracker of `heater`.
    #[must_use]
    pub fn tracker(&self, heater: &HeaterId) -> Option<&Tracker> {
        self.trackers.get(self.position(heater).ok()?)
    }

    /// In OctoPrint's order: tools, bed, chamber, others by name.
    pub fn iter(&self) -> impl Iterator<Item = &Tracker> {
        self.trackers.iter()
    }

    /// Every tracker, mutable.
    pub fn trackers_mut(&mut self) -> impl Iterator<Item = &mut Tracker> {
        self.trackers.iter_mut()
    }

    /// Stops following all of them; their states are kept.
    pub fn clear(&mut self) {
        self.retain(|_| false);
    }

    /// Follows only those that are `wanted` from now on; the states of the others are kept.
    pub fn retain(&mut self, wanted: impl Fn(&HeaterId) -> bool) {
        self.doubted.retain(&wanted);
        for tracker in std::mem::take(&mut self.trackers) {
            if wanted(tracker.heater()) {
                self.trackers.push(tracker);
            } else {
                let heater = tracker.heater().clone();
                self.keep(heater, tracker.into_state());
            }
        }
    }

    /// Replaces all states.
    pub fn load(&mut self, states: Vec<(HeaterId, HeaterState)>) {
        self.loaded = states;
        for tracker in &mut self.trackers {
            tracker.load(loaded(&self.loaded, tracker.heater()));
        }
        self.lend_to_all();
    }

    /// The state of `heater`, followed or not.
    #[must_use]
    pub fn state(&self, heater: &HeaterId) -> HeaterState {
        self.tracker(heater).map_or_else(
            || loaded(&self.loaded, heater),
            |tracker| tracker.state().clone(),
        )
    }

    /// Replaces the state of `heater`, followed or not.
    pub fn replace_state(&mut self, heater: &HeaterId, state: HeaterState) {
        let known = self.position(heater).ok();
        match known.and_then(|place| self.trackers.get_mut(place)) {
            Some(tracker) => {
                tracker.load(state);
                self.lend_to_all();
            }
            None => self.keep(heater.clone(), state),
        }
    }

    /// Keeps the state of a heater that is not followed.
    fn keep(&mut self, heater: HeaterId, state: HeaterState) {
        self.loaded.retain(|(known, _)| *known != heater);
        if state != HeaterState::default() && self.loaded.len() < MAX_HEATERS {
            self.loaded.push((heater, state));
        }
    }

    /// The lowest ambient temperature of all heaters of the printer, in °C: others may be near
    /// something warm. What has a name of its own is not the printer's, and may be in a fridge.
    #[must_use]
    pub fn ambient(&self) -> Option<f64> {
        let custom = |it: &&Tracker| matches!(it.heater(), HeaterId::Custom(_));
        let ambients = self
            .iter()
            .filter(|it| !custom(it))
            .filter_map(|it| it.state().ambient.temperature());
        ambients.min_by(f64::total_cmp)
    }

    /// Tools are much alike: those without a learned model borrow that of another.
    fn share(&mut self, from: &HeaterId) {
        if !is_tool(from) {
            return;
        }
        let state = self.state(from);
        for tracker in &mut self.trackers {
            if is_tool(tracker.heater()) && tracker.heater() != from {
                tracker.borrow(&state);
            }
        }
    }

    fn lend_to_all(&mut self) {
        let heaters: Vec<_> = self.iter().map(|it| it.heater().clone()).collect();
        for heater in &heaters {
            self.lend(heater);
        }
    }

    fn lend(&mut self, to: &HeaterId) {
        if !is_tool(to) {
            return;
        }
        let has_learned =
            |it: &&Tracker| is_tool(it.heater()) && it.heater() != to && !it.state().is_empty();
        let from = self.iter().find(has_learned).map(|it| it.heater().clone());
        if let Some(from) = from {
            self.share(&from);
        }
    }
}

fn is_tool(heater: &HeaterId) -> bool {
    matches!(heater, HeaterId::Tool(_))
}

fn loaded(states: &[(HeaterId, HeaterState)], heater: &HeaterId) -> HeaterState {
    let known = states.iter().find(|(known, _)| known == heater);
    known.map(|(_, state)| state.clone()).unwrap_or_default()
}
