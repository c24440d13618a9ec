//! Algorithms by their ids in the settings.

/// Longest id of a plugin algorithm, in bytes.
const LONGEST_ID: usize = 64;

/// Offset basis and prime of FNV-1a for 32 bits (Fowler, Noll, Vo).
const OFFSET_BASIS: u32 = 0x811c_9dc5;
const PRIME: u32 = 0x0100_0193;

/// Stands for an algorithm where texts cannot be kept: the 32-bit FNV-1a hash of its id. Two of
/// the few algorithms that a page ever sees have the same once in a billion pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlgorithmKey(u32);

impl AlgorithmKey {
    /// The key of the algorithm `id`.
    #[must_use]
    pub const fn of(id: &str) -> Self {
        let (mut hash, mut bytes) = (OFFSET_BASIS, id.as_bytes());
        while let [byte, rest @ ..] = bytes {
            hash = (hash ^ *byte as u32).wrapping_mul(PRIME);
            bytes = rest;
        }
        Self(hash)
    }

    /// The key of the plugin algorithm `id`; `None` if that is no valid id: the plugin's name, a
    /// dot and the algorithm's name, in lower case.
    ///
    /// ```
    /// use temp_eta::core::input::AlgorithmKey;
    ///
    /// assert!(AlgorithmKey::of_plugin("my_plugin.constant").is_some());
    /// for id in ["constant", "my_plugin.", ".constant", "a.b.c", "My.plugin", "a.b "] {
    ///     assert_eq!(AlgorithmKey::of_plugin(id), None, "{id}");
    /// }
    /// ```
    #[must_use]
    pub fn of_plugin(id: &str) -> Option<Self> {
        let (whose, which) = id.split_once('.')?;
        let word = |part: &str| {
            let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            !part.is_empty() && part.bytes().all(letter)
        };
        let well_formed = id.len() <= LONGEST_ID && word(whose) && word(which);
        well_formed.then(|| Self::of(id))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_a_number() {
        let key = AlgorithmKey::of("a.b");
        assert_eq!(AlgorithmKey::from_number(key.number()), Some(key));
        for number in [-1.0, 0.5, 4_294_967_296.0, f64::NAN, f64::INFINITY] {
            assert_eq!(AlgorithmKey::from_number(number), None, "{number}");
        }
    }

    #[test]
    fn an_id_of_a_plugin_has_64_bytes_at_most() {
        let longest = ["a.", &"b".repeat(62)].concat();
        assert_eq!(
            AlgorithmKey::of_plugin(&longest),
            Some(AlgorithmKey::of(&longest))
        );
        assert_eq!(AlgorithmKey::of_plugin(&[&longest, "b"].concat()), None);
    }
}
