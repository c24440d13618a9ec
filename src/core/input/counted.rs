//! Which of the names that a printer reports are heaters that are counted.

use super::heater_id::HeaterId;
use super::profile::Profile;

/// Most names that the owner can have decided about.
const MAX_CHOICES: usize = 64;

/// Decides which heaters are counted: those of the printer profile, as in OctoPrint's Temperature
/// tab, unless the owner wants something else. Any other name is a sensor, or firmware chatter,
/// until the owner has it counted. What is not counted is not followed either: it has no countdown,
/// teaches nothing, and says nothing about the ambient temperature.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    profile: Option<Profile>,
    choices: Vec<(HeaterId, bool)>,
}

impl Counted {
    /// Counts the heaters of `profile` from now on; before the first, all tools, bed and chamber.
    pub fn set_profile(&mut self, profile: Profile) {
        self.profile = Some(profile);
    }

    /// Follows what the owner has decided, heater by heater; the first 64 decisions count.
    pub fn set_choices(&mut self, choices: Vec<(HeaterId, bool)>) {
        self.choices = choices;
        self.choices.truncate(MAX_CHOICES);
    }

    /// Whether `heater` is counted.
    #[must_use]
    pub fn counts(&self, heater: &HeaterId) -> bool {
        let choice = self.choices.iter().find(|(known, _)| known == heater);
        let wanted = choice.map(|(_, counted)| *counted);
        if matches!(heater, HeaterId::Custom(_)) {
            wanted == Some(true)
        } else {
            self.profile.is_none_or(|profile| profile.has(heater)) && wanted != Some(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(profile: Option<Profile>, choices: &[(&str, bool)], names: &[&str]) -> Vec<bool> {
        let id = |name: &str| HeaterId::parse(name).unwrap();
        let mut counted = Counted::default();
        if let Some(profile) = profile {
            counted.set_profile(profile);
        }
        let choices = choices.iter().map(|(name, wanted)| (id(name), *wanted));
        counted.set_choices(choices.collect());
        names.iter().map(|name| counted.counts(&id(name))).collect()
    }

    const PROFILE: Profile = Profile {
        tools: 2,
        bed: true,
        chamber: false,
    };

    #[test]
    fn the_heaters_of_the_profile_count_and_sensors_do_not() {
        let names = ["tool1", "tool2", "bed", "chamber", "rpi", "B_0_0", "W"];
        let expected = [true, false, true, false, false, false, false];
        assert_eq!(counted(Some(PROFILE), &[], &names), expected);
    }

    #[test]
    fn before_the_profile_is_known_only_sensors_do_not_count() {
        let names = ["tool7", "bed", "chamber", "rpi"];
        assert_eq!(counted(None, &[], &names), [true, true, true, false]);
    }

    #[test]
    fn the_owner_may_leave_heaters_out_and_count_sensors() {
        let choices = [
            ("tool0", false),
            ("dryer", true),
            ("chamber", true),
            ("rpi", false),
        ];
        let names = ["tool0", "tool1", "dryer", "rpi", "chamber"];
        let expected = [false, true, true, false, false];
        assert_eq!(
            counted(Some(PROFILE), &choices, &names),
            expected,
            "a chamber that the profile does not have stays out"
        );
    }
}
