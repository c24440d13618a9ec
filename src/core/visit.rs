//! The guests at one heater: what each says of it, and what it said on this transient.

use std::rc::Rc;

use super::estimator::Reason;
use super::guests::{Guest, GuestKey};
use super::model_state::ModelState;
use super::scorecard::{Prediction, Predictions};

/// One guest at one heater.
#[derive(Debug, Clone)]
struct Visit {
    guest: Rc<Guest>,
    model: ModelState,
    predictions: Predictions<1>,
    /// Whether it came when the transient had begun: what it has said of the rest is not to be
    /// compared with what others said of all of it.
    late: bool,
}

/// All guests at one heater.
#[derive(Debug, Clone, Default)]
pub struct Visits(Vec<Visit>);

impl Visits {
    /// Lets `guest` in, in place of the one that was called so; until it is asked, it says
    /// nothing for `reason`.
    pub fn host(&mut self, guest: Rc<Guest>, reason: Reason) {
        let key = guest.key();
        let visit = Visit {
            guest,
            model: ModelState::none(reason),
            predictions: Predictions::default(),
            late: true,
        };
        match self.find(key) {
            Some(known) => *known = visit,
            None => self.0.push(visit),
        }
    }

    /// Lets a guest go, if it is there.
    pub fn dismiss(&mut self, key: GuestKey) {
        self.0.retain(|visit| visit.guest.key() != key);
    }

    /// Who is there, in the order in which they came.
    pub fn guests(&self) -> impl Iterator<Item = &Rc<Guest>> {
        self.0.iter().map(|visit| &visit.guest)
    }

    /// What the guest says, if it is there.
    #[must_use]
    pub fn model(&self, key: GuestKey) -> Option<&ModelState> {
        let visit = self.0.iter().find(|visit| visit.guest.key() == key);
        visit.map(|visit| &visit.model)
    }

    /// The same, to be changed.
    pub fn model_mut(&mut self, key: GuestKey) -> Option<&mut ModelState> {
        self.find(key).map(|visit| &mut visit.model)
    }

    /// What all of them say, to be changed.
    pub fn models_mut(&mut self) -> impl Iterator<Item = &mut ModelState> {
        self.0.iter_mut().map(|visit| &mut visit.model)
    }

    /// A transient begins, and everybody is there.
    pub fn begin(&mut self) {
        for visit in &mut self.0 {
            visit.predictions = Predictions::default();
            visit.late = false;
        }
    }

    /// Takes note of what everybody says at `time` (s).
    pub fn note(&mut self, time: f64) {
        for visit in &mut self.0 {
            visit.predictions.add(Prediction {
                time,
                remaining: [visit.model.eta().remaining(time)],
                spread: None,
            });
        }
    }

    /// How wrong each was that was there all the transient, which ended at `arrival` (s).
    pub fn errors(&self, arrival: f64) -> impl Iterator<Item = (GuestKey, [f64; 1])> {
        let in_time = self.0.iter().filter(|visit| !visit.late);
        in_time.filter_map(move |visit| {
            let errors = visit.predictions.errors(arrival)?;
            Some((visit.guest.key(), errors))
        })
    }

    fn find(&mut self, key: GuestKey) -> Option<&mut Visit> {
        let mut visits = self.0.iter_mut();
        visits.find(|visit| visit.guest.key() == key)
    }
}
