//! What is shown of a heater, from what the tracker knows.

use super::Tracker;
use crate::core::ensemble::{ModelState, TIMEOUT};
use crate::core::heater::heater_row::HeaterRow;
use crate::core::input::HeaterId;
use crate::core::model::Reason;
use crate::core::phase::{Phase, STEADY_FOR, Soaking};
use crate::core::settings::{Settings, SoakPlan};

/// For how long a value must be old before the words say so, in seconds: heavy beds take half a minute
/// to show that they are heated.
const OLD: f64 = 30.0;

impl Tracker {
    /// What the page shows at server time `now` (s).
    #[must_use]
    pub fn row(&self, now: f64, settings: &Settings) -> HeaterRow {
        let last = self.observation.last;
        let silent = self.last_seen.is_some_and(|seen| now - seen > TIMEOUT);
        let plan = settings.soak(&self.heater);
        // Nobody knows how it goes on in a printer that is silent.
        let heard = self.last_seen.map_or(now, |seen| now.min(seen + TIMEOUT));
        if let Some(soaking) = self.soak.at(heard, plan) {
            return self.soaking_row(soaking, silent);
        }
        let goal = self.goal(settings);
        let unheard = self.observation.repetition.is_older_than(OLD);
        let model = self.ensemble.shown(settings.algorithm);
        let eta = model.map(ModelState::eta);
        let left = eta.and_then(|eta| eta.remaining(now));
        let remaining = left.filter(|left| *left <= settings.max_eta);
        let reason = match model {
            Some(_) if silent && goal.is_some() => Reason::NoRecentReading,
            Some(_) if unheard && left.is_none() && goal.is_some() => Reason::NoRecentReading,
            Some(_) if left.is_some() => Reason::TooLong,
            Some(model) => model.reason(),
            None => Reason::NoGoal,
        };
        HeaterRow {
            heater: self.heater.clone(),
            phase: self.transient.phase,
            actual: last.actual,
            target: last.target,
            goal: goal.map(|goal| goal.setpoint),
            remaining,
            interval: eta
                .filter(|_| remaining.is_some() && self.knows_its_spread())
                .and_then(|eta| eta.interval(now, self.transient.interval_half_width)),
            reason: remaining.is_none().then_some(reason),
            rate: self.observation.rate(),
            progress: goal.map(|goal| self.transient.progress(last.actual, goal)),
            soak: goal
                .and(plan)
                .map_or(0.0, |plan| expected(plan, last.target)),
        }
    }

    fn soaking_row(&self, soaking: Soaking, silent: bool) -> HeaterRow {
        let last = self.observation.last;
        let remaining = soaking.remaining.filter(|_| !silent);
        let reason = if silent {
            Reason::NoRecentReading
        } else {
            Reason::Unsteady
        };
        HeaterRow {
            phase: Phase::Soaking,
            actual: last.actual,
            target: last.target,
            goal: Some(last.target),
            remaining,
            reason: remaining.is_none().then_some(reason),
            rate: self.observation.rate(),
            progress: Some(soaking.progress),
            ..HeaterRow::unknown(self.heater.clone())
        }
    }

    /// Whether the interval is worth showing: the prior of chambers is too vague for one.
    fn knows_its_spread(&self) -> bool {
        self.heater != HeaterId::Chamber || self.transient.plant.is_learned()
    }
}

/// Seconds of soak that follow the arrival at `target` (°C) by `plan`, at least.
fn expected(plan: SoakPlan, target: f64) -> f64 {
    match plan {
        _ if target <= 0.0 => 0.0,
        SoakPlan::For(seconds) => seconds,
        SoakPlan::UntilSteady(_) => STEADY_FOR,
    }
}
