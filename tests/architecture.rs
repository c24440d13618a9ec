//! The core's modules use only those before them, in the order that `src/core/mod.rs` states.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::fs;
use std::path::{Path, PathBuf};

const CORE: &str = "src/core";

/// The modules of the core, in order.
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
    let file = PathBuf::from(format!("{CORE}/{name}.rs"));
    let mut files: Vec<_> = file.exists().then_some(file).into_iter().collect();
    let mut folders = vec![PathBuf::from(format!("{CORE}/{name}"))];
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

/// The modules that the code in `path` names right below the core: `core::x`, `core::{x, y::Z}`,
/// and as many `super` as lead there.
fn used(path: &Path, text: &str) -> Vec<String> {
    let inner = path.strip_prefix(CORE).unwrap().with_extension("");
    let depth = inner.iter().filter(|part| *part != "mod").count();
    // A module of tests is one deeper.
    let supers = ["super::".repeat(depth), "super::".repeat(depth + 1)];
    let mut used = Vec::new();
    for prefix in ["core::", &supers[0], &supers[1]] {
        for (at, _) in text.match_indices(prefix) {
            let rest = &text[at + prefix.len()..];
            if text[..at].ends_with("super::") || rest.starts_with("super::") {
                continue;
            }
            used.extend(heads(rest));
        }
    }
    used
}

/// The first names of a path or of each path in a list.
fn heads(rest: &str) -> Vec<String> {
    let name = |path: &str| {
        let letter = |c: &char| c.is_alphanumeric() || *c == '_';
        path.trim_start().chars().take_while(letter).collect()
    };
    let Some(list) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let (mut open, mut heads, mut from) = (1, Vec::new(), 0);
    for (at, c) in list.char_indices() {
        open += i32::from(c == '{') - i32::from(c == '}');
        if open == 0 || (open == 1 && c == ',') {
            heads.push(name(&list[from..at]));
            from = at + 1;
        }
        if open == 0 {
            break;
        }
    }
    heads
}

#[test]
fn each_module_uses_only_those_before_it() {
    let order = order();
    let place = |name: &String| order.iter().position(|known| known == name);
    let mut arrows = 0;
    for (own, name) in order.iter().enumerate() {
        for path in files(name) {
            let text = fs::read_to_string(&path).unwrap();
            let outside = text.contains("crate::bindings");
            assert!(!outside, "{} uses the bindings", path.display());
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
    let used = |path: &str, text: &str| used(&Path::new(CORE).join(path), text);
    let inner = "heater/tracker.rs";
    assert_eq!(used(inner, "use crate::core::output::Graph;"), ["output"]);
    let list = "use crate::core::{model::{Linear, Plant}, output};";
    assert_eq!(used(inner, list), ["model", "output"]);
    assert_eq!(used(inner, "use super::super::output::Graph;"), ["output"]);
    assert_eq!(used(inner, "use super::state::HeaterState;"), [""; 0]);
    assert_eq!(used("settings.rs", "use super::phase::Phase;"), ["phase"]);
    assert_eq!(used("phase/mod.rs", "super::model::Plant"), ["model"]);
}
