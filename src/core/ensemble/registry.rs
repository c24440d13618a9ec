//! All algorithms by their ids: ours, and those that other plugins register.

use std::fmt;
use std::rc::Rc;

use crate::core::input::AlgorithmKey;
use crate::core::model::{BUILT_IN, Estimate, Estimator, EstimatorInput, Reason, Remaining};

/// Most plugin algorithms at a time: each is queried for every reading of every heater, and its
/// score is kept.
const MAX_PLUGIN_ALGORITHMS: usize = 4;

/// Most algorithms at a time.
pub const MAX_ALGORITHMS: usize = BUILT_IN.len() + MAX_PLUGIN_ALGORITHMS;

/// The key of the algorithm that the settings call `id`: a built-in one or that of a plugin, whether
/// it is registered or not.
#[must_use]
pub fn key_of_setting(id: &str) -> Option<AlgorithmKey> {
    let built_in = is_built_in(id).then(|| AlgorithmKey::of(id));
    built_in.or_else(|| AlgorithmKey::of_plugin(id))
}

fn is_built_in(id: &str) -> bool {
    BUILT_IN.iter().any(|(known, _)| *known == id)
}

/// An estimator and its id.
pub struct Algorithm {
    id: Box<str>,
    key: AlgorithmKey,
    estimator: Box<dyn Estimator>,
}

impl Algorithm {
    fn new(id: &str, estimator: Box<dyn Estimator>) -> Self {
        let key = AlgorithmKey::of(id);
        let id = id.into();
        Self { id, key, estimator }
    }

    /// Its id, as in the settings.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key of its id.
    #[must_use]
    pub fn key(&self) -> AlgorithmKey {
        self.key
    }

    /// The model itself.
    #[must_use]
    pub fn estimator(&self) -> &dyn Estimator {
        &*self.estimator
    }
}

impl fmt::Debug for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

/// Another plugin's estimator. Impossible estimates are dropped.
struct Checked(Box<dyn Estimator>);

impl Estimator for Checked {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        // A transient that has just begun may have no reading yet, which other people's code need
        // not reckon with.
        if input.history.is_empty() {
            return Err(Reason::Measuring);
        }
        let Remaining { seconds, .. } = self.0.remaining(input)?;
        if seconds.is_finite() && seconds >= 0.0 {
            Ok(Remaining::bare(seconds))
        } else {
            Err(Reason::Measuring)
        }
    }
}

/// Why a plugin algorithm is not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterError {
    /// The id is not of the form `my_plugin.my_algorithm`.
    InvalidId,
    /// There are four already.
    TooMany,
}

/// The algorithms of a page: ours, then those of plugins in order of registration.
#[derive(Debug, Clone)]
pub struct Registry(Vec<Rc<Algorithm>>);

impl Default for Registry {
    fn default() -> Self {
        let algorithm =
            |&(id, estimator): &(_, _)| Rc::new(Algorithm::new(id, Box::new(estimator)));
        Self(BUILT_IN.iter().map(algorithm).collect())
    }
}

impl Registry {
    /// Registers an algorithm under `id`, in place of an earlier one with that id.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if it is refused.
    pub fn register(
        &mut self,
        id: &str,
        estimator: Box<dyn Estimator>,
    ) -> Result<(), RegisterError> {
        let key = AlgorithmKey::of_plugin(id).ok_or(RegisterError::InvalidId)?;
        // Two ids may have one key; ours are not replaced.
        if BUILT_IN
            .iter()
            .any(|(ours, _)| AlgorithmKey::of(ours) == key)
        {
            return Err(RegisterError::InvalidId);
        }
        let algorithm = Rc::new(Algorithm::new(id, Box::new(Checked(estimator))));
        let full = self.0.len() >= MAX_ALGORITHMS;
        match self.0.iter_mut().find(|known| known.key == key) {
            Some(known) => *known = algorithm,
            None if full => return Err(RegisterError::TooMany),
            None => self.0.push(algorithm),
        }
        Ok(())
    }

    /// Unregisters the plugin algorithm `id`.
    pub fn unregister(&mut self, id: &str) {
        if !is_built_in(id) {
            self.0.retain(|algorithm| *algorithm.id != *id);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<Algorithm>> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::input::HeaterId;
    use crate::core::model::EstimatorFixture;

    struct Says(Estimate);

    impl Estimator for Says {
        fn remaining(&self, _: &EstimatorInput) -> Estimate {
            self.0
        }
    }

    fn says(seconds: f64) -> Box<dyn Estimator> {
        Box::new(Says(Ok(Remaining {
            seconds,
            spread: Some(0.1),
        })))
    }

    #[test]
    fn plugins_have_four_at_most_and_one_of_a_name() {
        let mut registry = Registry::default();
        for id in ["a.one", "a.two", "a.three", "a.two", "a.four"] {
            registry.register(id, says(1.0)).unwrap();
        }
        let fifth = registry.register("a.five", says(1.0));
        assert_eq!(fifth, Err(RegisterError::TooMany));
        let nameless = registry.register("linear", says(1.0));
        assert_eq!(nameless, Err(RegisterError::InvalidId));
        for id in ["a.one", "linear"] {
            registry.unregister(id);
        }
        registry.register("a.five", says(1.0)).unwrap();
        let ids: Vec<_> = registry.iter().map(|algorithm| algorithm.id()).collect();
        let plugins = ["a.two", "a.three", "a.four", "a.five"];
        let ours = BUILT_IN.iter().map(|(id, _)| *id);
        assert_eq!(ids, ours.chain(plugins).collect::<Vec<_>>());
    }

    #[test]
    fn a_setting_names_one_of_ours_or_what_may_be_a_plugins() {
        for id in ["linear", "exponential", "adaptive", "my_plugin.constant"] {
            assert_eq!(key_of_setting(id), Some(AlgorithmKey::of(id)));
        }
        for id in ["", "constant", "Linear", "a.b.c"] {
            assert_eq!(key_of_setting(id), None, "{id}");
        }
    }

    #[test]
    fn what_cannot_be_true_is_no_estimate() {
        let fixture = EstimatorFixture::new(&HeaterId::Bed, [(0.0, 20.0)], 60.0, 1.0);
        let asked = |seconds: f64| {
            let mut registry = Registry::default();
            registry.register("a.b", says(seconds)).unwrap();
            fixture.remaining(registry.iter().last().unwrap().estimator())
        };
        assert_eq!(asked(0.0), Ok(Remaining::bare(0.0)));
        for seconds in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(asked(seconds), Err(Reason::Measuring), "{seconds}");
        }
    }
}
