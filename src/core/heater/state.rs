//! What is kept of a heater between sessions.

use crate::core::codec::{Reader, Writer};
use crate::core::ensemble::{Scorecard, Scores};
use crate::core::input::HeaterId;
use crate::core::learning::{AmbientEstimator, LearnedModel};

/// Version of the form in [`HeaterState::numbers`].
const VERSION: f64 = 4.0;

/// The version before there was a scorecard. It is read as well.
const VERSION_3: f64 = 3.0;

/// The version before there were past transients. It is read as well.
const VERSION_2: f64 = 2.0;

/// The version that 0.1.0 wrote. It is read as well.
const VERSION_1: f64 = 1.0;

/// Latest plausible time of an update, in seconds since 1970.
const LATEST: f64 = 1e11;

/// Everything learned about one heater; it outlives the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeaterState {
    /// Learned from heat-ups.
    pub heating: LearnedModel,
    /// Learned from cool-downs.
    pub cooling: LearnedModel,
    /// Ambient temperature.
    pub ambient: AmbientEstimator,
    /// Server time of the newest update, in seconds. Earlier transients have been learned from,
    /// also if they are seen again in a history or by another page.
    pub until: f64,
    /// Server time of the first update, in seconds, if it is known.
    pub since: Option<f64>,
    /// How good each algorithm was.
    pub scores: Scores,
    /// What they said in the newest transients.
    pub scorecard: Scorecard,
}

/// A heater's state after it has learned something new.
#[derive(Debug, Clone, PartialEq)]
pub struct StateUpdate {
    /// Which one.
    pub heater: HeaterId,
    /// The whole state, not only what is new.
    pub state: HeaterState,
    /// Server time of the update that this one is based on, in seconds. A newer state in the store
    /// is another page's.
    pub based_on: f64,
}

/// How far ahead of the server's time an update may be dated, in seconds: clocks are corrected
/// by seconds all the time.
const FUTURE: f64 = 60.0;

impl HeaterState {
    /// What was learned in one direction.
    #[must_use]
    pub fn learned_model(&self, heating: bool) -> &LearnedModel {
        if heating {
            &self.heating
        } else {
            &self.cooling
        }
    }

    /// What was learned in one direction, mutable.
    pub fn learned_model_mut(&mut self, heating: bool) -> &mut LearnedModel {
        if heating {
            &mut self.heating
        } else {
            &mut self.cooling
        }
    }

    /// Compares with the server's time (s): an update from the future was dated by a clock that has
    /// been set back since, and must not keep others out.
    pub fn see(&mut self, server_time: f64) {
        if self.until > server_time + FUTURE {
            self.until = server_time;
        }
    }

    /// Dates an update at `time` (s).
    pub fn date(&mut self, time: f64) {
        // States from before this was recorded have no date of the first update.
        if self.until <= 0.0 {
            self.since = Some(time);
        }
        self.until = time;
    }

    /// Whether nothing was learned in either direction.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.heating.is_empty() && self.cooling.is_empty()
    }

    /// The state as numbers that any store can keep, about 600 at most.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let mut writer = Writer::default();
        writer.put(VERSION);
        writer.put(self.until);
        self.heating.write(&mut writer);
        self.cooling.write(&mut writer);
        self.ambient.write(&mut writer);
        writer.put(self.since.unwrap_or(0.0));
        self.scores.write(&mut writer);
        self.heating.write_past(&mut writer);
        self.cooling.write_past(&mut writer);
        self.scorecard.write(&mut writer);
        writer.finish()
    }

    /// The state that was written as `numbers`; `None` for a later version's and for implausible
    /// ones. Past transients and scorecard come last: where they are implausible, the rest is kept.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let mut reader = Reader::new(numbers);
        let version = reader.take(VERSION_1, VERSION)?;
        let mut state = Self {
            until: reader.take(0.0, LATEST)?,
            heating: LearnedModel::read(&mut reader)?,
            cooling: LearnedModel::read(&mut reader)?,
            ambient: AmbientEstimator::read(&mut reader)?,
            ..Self::default()
        };
        if version < VERSION_2 {
            state.scores = Scores::read_version_1(&mut reader)?;
        }
        // Version 1 leaves out the rest where it is empty.
        if version >= VERSION_2 || !reader.is_done() {
            let since = reader.take(0.0, LATEST)?;
            state.since = Some(since).filter(|since| *since > 0.0);
            state.scores.read(&mut reader)?;
        }
        if version < VERSION_3 {
            return reader.is_done().then_some(state);
        }
        let read = state.read_transients(&mut reader, version);
        if read.is_none() || !reader.is_done() {
            state.heating.forget_past();
            state.cooling.forget_past();
            state.scorecard = Scorecard::default();
        }
        Some(state)
    }

    /// Reads the past transients and the scorecard; `None` if they are not as they were written.
    fn read_transients(&mut self, reader: &mut Reader, version: f64) -> Option<()> {
        self.heating.read_past(reader)?;
        self.cooling.read_past(reader)?;
        if version >= VERSION {
            self.scorecard = Scorecard::read(reader)?;
        }
        Some(())
    }
}
