//! The core's folders use only those before them, in the order in which data passes.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// The modules of the core, in the order in which `src/core/mod.rs` names them.
fn order() -> Vec<String> {
    let text = fs::read_to_string("src/core/mod.rs").unwrap();
    let module = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
    };
    text.lines().filter_map(module).collect()
}

/// The files of the module `name`.
fn files(name: &str) -> Vec<PathBuf> {
    let file = PathBuf::from(format!("src/core/{name}.rs"));
    let mut files: Vec<_> = file.exists().then_some(file).into_iter().collect();
    let mut folders = vec![PathBuf::from(format!("src/core/{name}"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files
}

/// The modules of the core that the code in `path` names. Links of the documentation may point
/// anywhere.
fn used(path: &Path, text: &str) -> Vec<String> {
    let top = path.parent() == Some(Path::new("src/core"));
    let prefixes = ["core::", if top { "super::" } else { "core::" }];
    let lines = text.lines().filter(|line| !line.contains("](crate::"));
    let words = lines.flat_map(|line| prefixes.map(|prefix| line.split(prefix).skip(1)));
    let word = |rest: &str| {
        let letter = |c: &char| c.is_alphanumeric() || *c == '_';
        rest.chars().take_while(letter).collect()
    };
    words.flatten().map(word).collect()
}

#[test]
fn each_folder_uses_only_those_before_it() {
    let order = order();
    let place = |name: &String| order.iter().position(|known| known == name);
    let mut arrows = 0;
    for (own, name) in order.iter().enumerate() {
        for path in files(name) {
            let text = fs::read_to_string(&path).unwrap();
            for other in used(&path, &text).iter().filter_map(place) {
                assert!(other <= own, "{} uses {}", path.display(), order[other]);
                arrows += 1;
            }
        }
    }
    assert!(arrows > 100, "only {arrows} uses were found");
}

#[test]
fn a_use_is_found_in_whatever_form() {
    let inner = Path::new("src/core/math/line.rs");
    assert_eq!(
        used(inner, "use crate::core::heater::Tracker;"),
        ["heater"; 2]
    );
    let top = Path::new("src/core/settings.rs");
    assert_eq!(used(top, "use super::phase::{Phase, Trend};"), ["phase"]);
    assert_eq!(used(inner, "/// [`x`](crate::core::heater)"), [""; 0]);
}
