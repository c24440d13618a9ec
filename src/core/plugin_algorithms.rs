//! Algorithms of other plugins, each with an id of its own.

use std::fmt;
use std::rc::Rc;

use super::estimator::{Estimate, Estimator, EstimatorInput, Reason, Remaining};

/// Most plugin algorithms at a time: each is queried for every reading of every heater, and its
/// score is kept.
pub const MAX_PLUGIN_ALGORITHMS: usize = 4;

/// Longest id, in bytes.
const LONGEST_ID: usize = 64;

/// Stands for a plugin algorithm where texts cannot be kept: the 32-bit FNV-1a hash of its id. Two
/// of the few plugin algorithms that a page ever sees have the same once in a billion pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlgorithmKey(u32);

impl AlgorithmKey {
    /// The key of the plugin algorithm `id`; `None` if that is no valid id: the plugin's name, a
    /// dot and the algorithm's name, in lower case.
    ///
    /// ```
    /// use temp_eta::core::AlgorithmKey;
    ///
    /// assert!(AlgorithmKey::parse("my_plugin.constant").is_some());
    /// for id in ["constant", "my_plugin.", ".constant", "a.b.c", "My.plugin", "a.b "] {
    ///     assert_eq!(AlgorithmKey::parse(id), None, "{id}");
    /// }
    /// ```
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        let (whose, which) = id.split_once('.')?;
        let word = |part: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            !part.is_empty() && part.bytes().all(letter)
        };
        let well_formed = id.len() <= LONGEST_ID && word(whose) && word(which);
        // Fowler, Noll, Vo: FNV-1a with its offset basis and prime for 32 bits.
        let hash = id.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        well_formed.then_some(Self(hash))
    }

    /// As a number that any store can keep.
    #[must_use]
    pub fn number(self) -> f64 {
        f64::from(self.0)
    }

    /// The key that [`Self::number`] has made a number; `None` if it cannot have.
    #[must_use]
    pub fn from_number(number: f64) -> Option<Self> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and is compared"
        )]
        let key = Self(number as u32);
        (key.number().to_bits() == number.to_bits()).then_some(key)
    }
}

/// An algorithm of another plugin. Impossible estimates are dropped.
pub struct PluginAlgorithm {
    id: String,
    key: AlgorithmKey,
    estimator: Box<dyn Estimator>,
}

impl PluginAlgorithm {
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
}

impl Estimator for PluginAlgorithm {
    fn remaining(&self, input: &EstimatorInput) -> Estimate {
        // A transient that has just begun may have no reading yet, which other people's code need
        // not reckon with.
        if input.history.is_empty() {
            return Err(Reason::Measuring);
        }
        let Remaining { seconds, .. } = self.estimator.remaining(input)?;
        if seconds.is_finite() && seconds >= 0.0 {
            Ok(Remaining::bare(seconds))
        } else {
            Err(Reason::Measuring)
        }
    }
}

impl fmt::Debug for PluginAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

/// Why a plugin algorithm is not registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterError {
    /// The id is not of the form `my_plugin.my_algorithm`.
    InvalidId,
    /// There are [`MAX_PLUGIN_ALGORITHMS`] already.
    TooMany,
}

/// The plugin algorithms of a page, in order of registration.
#[derive(Debug, Clone, Default)]
pub struct PluginAlgorithms(Vec<Rc<PluginAlgorithm>>);

impl PluginAlgorithms {
    /// Registers an algorithm under `id`, in place of an earlier one with that id.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if it is refused.
    pub fn register(
        &mut self,
        id: &str,
        estimator: Box<dyn Estimator>,
    ) -> Result<Rc<PluginAlgorithm>, RegisterError> {
        let key = AlgorithmKey::parse(id).ok_or(RegisterError::InvalidId)?;
        let algorithm = Rc::new(PluginAlgorithm {
            id: id.into(),
            key,
            estimator,
        });
        let full = self.0.len() >= MAX_PLUGIN_ALGORITHMS;
        match self.0.iter_mut().find(|known| known.key == key) {
            Some(known) => *known = Rc::clone(&algorithm),
            None if full => return Err(RegisterError::TooMany),
            None => self.0.push(Rc::clone(&algorithm)),
        }
        Ok(algorithm)
    }

    /// Unregisters a plugin algorithm.
    pub fn unregister(&mut self, key: AlgorithmKey) {
        self.0.retain(|algorithm| algorithm.key != key);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Rc<PluginAlgorithm>> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::estimator::EstimatorFixture;
    use super::super::sample::HeaterId;
    use super::*;

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
    fn a_key_survives_being_a_number() {
        let key = AlgorithmKey::parse("a.b").unwrap();
        assert_eq!(AlgorithmKey::from_number(key.number()), Some(key));
        for number in [-1.0, 0.5, 4_294_967_296.0, f64::NAN, f64::INFINITY] {
            assert_eq!(AlgorithmKey::from_number(number), None, "{number}");
        }
        let longest = ["a.", &"b".repeat(62)].concat();
        assert!(AlgorithmKey::parse(&longest).is_some());
        assert_eq!(AlgorithmKey::parse(&[&longest, "b"].concat()), None);
    }

    #[test]
    fn there_are_four_at_most_and_one_of_a_name() {
        let mut plugin_algorithms = PluginAlgorithms::default();
        for id in ["a.one", "a.two", "a.three", "a.two", "a.four"] {
            plugin_algorithms.register(id, says(1.0)).unwrap();
        }
        let fifth = plugin_algorithms.register("a.five", says(1.0)).map(drop);
        assert_eq!(fifth, Err(RegisterError::TooMany));
        let nameless = plugin_algorithms.register("five", says(1.0)).map(drop);
        assert_eq!(nameless, Err(RegisterError::InvalidId));
        plugin_algorithms.unregister(AlgorithmKey::parse("a.one").unwrap());
        plugin_algorithms.register("a.five", says(1.0)).unwrap();
        let ids: Vec<_> = plugin_algorithms
            .iter()
            .map(|algorithm| algorithm.id())
            .collect();
        assert_eq!(ids, ["a.two", "a.three", "a.four", "a.five"]);
    }

    #[test]
    fn what_cannot_be_true_is_no_estimate() {
        let fixture = EstimatorFixture::new(&HeaterId::Bed, [(0.0, 20.0)], 60.0, 1.0);
        let asked = |seconds: f64| {
            let algorithm = PluginAlgorithms::default()
                .register("a.b", says(seconds))
                .unwrap();
            fixture.remaining(&*algorithm)
        };
        assert_eq!(asked(0.0), Ok(Remaining::bare(0.0)));
        for seconds in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(asked(seconds), Err(Reason::Measuring), "{seconds}");
        }
    }
}
