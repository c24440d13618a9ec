//! All that is kept of a heater from one day to the next.

use super::ambient::AmbientEstimator;
use super::learning::{LearnedModel, Reader, Writer};
use super::plugin_scores::PluginScores;
use super::sample::HeaterId;
use super::scorecard::Scorecard;

/// Version of the form in [`HeaterState::numbers`]. Others are not read.
pub const VERSION: f64 = 1.0;

/// Latest time of a lesson, in seconds since 1970.
const LATEST: f64 = 1e11;

/// What a heater has taught; survives the page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeaterState {
    /// Of its heat-ups.
    pub heating: LearnedModel,
    /// Of its cool-downs.
    pub cooling: LearnedModel,
    /// Of its surroundings.
    pub ambient: AmbientEstimator,
    /// Of the algorithms.
    pub scorecard: Scorecard,
    /// Server time of the newest lesson, in seconds. What came before has been learned
    /// from, also if it is seen again in a history, or by another page.
    pub until: f64,
    /// Server time of the first lesson, in seconds, if that is known.
    pub since: Option<f64>,
    /// Of algorithms that are not ours.
    pub plugin_scores: PluginScores,
}

/// What a heater has taught since it was last asked.
#[derive(Debug, Clone, PartialEq)]
pub struct StateUpdate {
    /// Which one.
    pub heater: HeaterId,
    /// All it has taught so far.
    pub state: HeaterState,
    /// Server time of the newest lesson before these, in seconds.
    pub since: f64,
}

/// How far ahead of the server's time a lesson may be dated, in seconds: clocks are corrected
/// by seconds all the time.
const FUTURE: f64 = 60.0;

/// How much newer a lesson must be, in seconds, not to be the same: stores round.
const NEWER: f64 = 1.0;

impl StateUpdate {
    /// Whether `stored` knows lessons that were not known before these: another page was
    /// there, has learned the same and perhaps more, and must not be overwritten. A lesson
    /// from the future was dated by a clock that has been set back.
    #[must_use]
    pub fn is_older_than(&self, stored: &HeaterState) -> bool {
        let future = self.state.until + FUTURE;
        stored.until > self.since + NEWER && stored.until <= future
    }
}

impl HeaterState {
    /// The lessons of one direction.
    #[must_use]
    pub fn learned_model(&self, heating: bool) -> &LearnedModel {
        if heating {
            &self.heating
        } else {
            &self.cooling
        }
    }

    /// The lessons of one direction, to be changed.
    pub fn learned_model_mut(&mut self, heating: bool) -> &mut LearnedModel {
        if heating {
            &mut self.heating
        } else {
            &mut self.cooling
        }
    }

    /// Takes note of the server's time (s): a lesson from the future was dated by a clock that
    /// has been set back since, and must not keep others out.
    pub fn see(&mut self, server_time: f64) {
        if self.until > server_time + FUTURE {
            self.until = server_time;
        }
    }

    /// Takes note of a lesson at `time` (s).
    pub fn date(&mut self, time: f64) {
        // Where there were lessons before, nobody has noted when the first was.
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

    /// This memory as numbers that any store can keep: at most some 300. The last part is
    /// missing where it says nothing, as it is from before there was one.
    #[must_use]
    pub fn numbers(&self) -> Vec<f64> {
        let mut writer = Writer::default();
        writer.put(VERSION);
        writer.put(self.until);
        self.heating.write(&mut writer);
        self.cooling.write(&mut writer);
        self.ambient.write(&mut writer);
        self.scorecard.write(&mut writer);
        if self.since.is_some() || !self.plugin_scores.is_empty() {
            writer.put(self.since.unwrap_or(0.0));
            self.plugin_scores.write(&mut writer);
        }
        writer.finish()
    }

    /// The memory that was written as `numbers`; `None` for another version's and for what
    /// cannot be true.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let mut reader = Reader::new(numbers);
        reader.take(VERSION, VERSION)?;
        let mut state = Self {
            until: reader.take(0.0, LATEST)?,
            heating: LearnedModel::read(&mut reader)?,
            cooling: LearnedModel::read(&mut reader)?,
            ambient: AmbientEstimator::read(&mut reader)?,
            scorecard: Scorecard::read(&mut reader)?,
            ..Self::default()
        };
        if !reader.is_done() {
            let since = reader.take(0.0, LATEST)?;
            state.since = Some(since).filter(|since| *since > 0.0);
            state.plugin_scores = PluginScores::read(&mut reader)?;
        }
        reader.is_done().then_some(state)
    }
}
