//! Errors of plugin algorithms for one heater, kept also while they are not registered.

use super::learning::{Reader, Writer};
use super::plugin_algorithms::{AlgorithmKey, MAX_PLUGIN_ALGORITHMS};
use super::scorecard::Scorecard;

/// The scores of the plugin algorithms that were scored last.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PluginScores(Vec<(AlgorithmKey, Scorecard<1>)>);

impl PluginScores {
    /// Adds the errors of a transient, as shares of its duration; if there are too many algorithms,
    /// the one that was not scored for longest is dropped.
    pub fn add(&mut self, key: AlgorithmKey, errors: [f64; 1]) {
        let mut scorecard = self.of(key).copied().unwrap_or_default();
        scorecard.add(errors);
        self.0.retain(|(known, _)| *known != key);
        if self.0.len() == MAX_PLUGIN_ALGORITHMS {
            self.0.remove(0);
        }
        self.0.push((key, scorecard));
    }

    /// The score of one plugin algorithm, if it has one.
    #[must_use]
    pub fn of(&self, key: AlgorithmKey) -> Option<&Scorecard<1>> {
        let known = self.0.iter().find(|(known, _)| *known == key);
        known.map(|(_, scorecard)| scorecard)
    }

    /// Whether there are no scores.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes them.
    pub fn write(&self, to: &mut Writer) {
        #[expect(clippy::cast_precision_loss, reason = "at most 4")]
        to.put(self.0.len() as f64);
        for (key, scorecard) in &self.0 {
            to.put(key.number());
            scorecard.write(to);
        }
    }

    /// Reads what [`Self::write`] has written; `None` if it cannot have.
    pub fn read(from: &mut Reader) -> Option<Self> {
        let count = from.count(MAX_PLUGIN_ALGORITHMS)?;
        let score = |_| {
            let key = AlgorithmKey::from_number(from.take(0.0, f64::MAX)?)?;
            Some((key, Scorecard::read(from)?))
        };
        let scores: Option<Vec<_>> = (0..count).map(score).collect();
        scores.map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_four_are_kept_and_survive_being_written() {
        let key = |id: &str| AlgorithmKey::parse(id).unwrap();
        let mut scores = PluginScores::default();
        for id in ["a.a", "a.b", "a.c", "a.a", "a.d", "a.e"] {
            scores.add(key(id), [0.25]);
        }
        assert_eq!(scores.of(key("a.b")), None, "the others were scored since");
        let twice = scores.of(key("a.a")).unwrap();
        assert!((twice.transients() - 2.0).abs() < 1e-9);
        assert_eq!(twice.errors(), [Some(0.25)]);
        let mut writer = Writer::default();
        scores.write(&mut writer);
        let numbers = writer.finish();
        let read = |numbers: &[f64]| PluginScores::read(&mut Reader::new(numbers));
        assert_eq!(read(&numbers), Some(scores));
        assert_eq!(read(&numbers[1..]), None);
        assert_eq!(read(&[1.0, 0.5, 1.0, 0.1, 1.0]), None, "no key");
        assert_eq!(read(&[5.0]), None);
    }
}
