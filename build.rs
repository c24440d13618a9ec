//! Passes on the settings that the core takes, from `src/settings.json`: `settings.rs` for
//! `src/core/settings/table.rs`, `settings.d.ts` for the page's scripts.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use serde::Deserialize;
use serde_json::Value;

const TABLE: &str = "src/settings.json";

/// A setting in that file.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Setting {
    r#type: String,
    default: Value,
    label: String,
    help: String,
    unit: String,
    least: f64,
    most: f64,
    options: Vec<String>,
    others: Option<String>,
    group: String,
    live: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TABLE}");
    let table: BTreeMap<String, Value> = serde_json::from_str(&fs::read_to_string(TABLE)?)?;
    let (mut enums, mut fields, mut interface) = (String::new(), String::new(), String::new());
    for (key, it) in table.into_iter().filter(|(_, it)| it["core"] == true) {
        let it: Setting = serde_json::from_value(it)?;
        let (words, Code { rust, typescript }) = (words(&it), code(&key, &it)?);
        if it.r#type == "choice" && it.others.is_none() {
            enums += &choice(&camel(&key), &words, &it.options);
        }
        writeln!(fields, "#[doc = {words:?}] {key}: {rust}, {};", it.live)?;
        writeln!(interface, "    /** {words} */\n    {key}?: {typescript};")?;
    }
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    let rust = format!("{enums}settings! {{\n{fields}}}\n");
    fs::write(folder.join("settings.rs"), rust)?;
    let typescript = format!("export interface Settings {{\n{interface}}}\n");
    fs::write(folder.join("settings.d.ts"), typescript)?;
    Ok(())
}

/// A setting in both languages; in Rust its type, default, least and most, the latter two as
/// numbers.
struct Code {
    rust: String,
    typescript: String,
}

fn code(key: &str, it: &Setting) -> Result<Code, Box<dyn Error>> {
    let Setting { least, most, .. } = it;
    let range = format!("{least:?}, {most:?}");
    let names: Vec<_> = it.options.iter().map(|name| format!("{name:?}")).collect();
    let names = names.join(" | ");
    let (rust, typescript) = match (it.r#type.as_str(), &it.default, &it.others) {
        ("switch", Value::Bool(on), _) => (format!("bool = {on}, 0.0, 1.0"), "boolean".to_owned()),
        ("number", Value::Null, _) => (
            format!("Option<f64> = None, {range}"),
            "number | null".to_owned(),
        ),
        ("number", Value::Number(number), _) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            (format!("f64 = {number:?}, {range}"), "number".to_owned())
        }
        ("choice", Value::String(default), None) => {
            let (name, variant, last) = (camel(key), camel(default), it.options.len() - 1);
            (format!("{name} = {name}::{variant}, 0.0, {last}.0"), names)
        }
        // Other plugins' algorithms are options too.
        ("choice", Value::String(default), Some(_)) => (
            format!("AlgorithmKey = AlgorithmKey::of({default:?}), f64::MIN, f64::MAX"),
            names + " | `${string}.${string}`",
        ),
        (kind, ..) => return Err(format!("{key}: the core takes no {kind}").into()),
    };
    Ok(Code { rust, typescript })
}

/// The enum of a choice: its variants, and their names in the settings.
fn choice(name: &str, words: &str, options: &[String]) -> String {
    let one_of = options.join(" or ");
    let variants = options.iter().map(|it| format!("{} = {it:?}, ", camel(it)));
    let variants: String = variants.collect();
    format!("choice! {{ #[doc = {words:?}] {name}: {variants}{one_of:?} }}\n")
}

/// What the form says.
fn words(it: &Setting) -> String {
    let unit = if it.unit.is_empty() { "" } else { ", in " };
    let group = if it.group.is_empty() { "" } else { ": " };
    let name = format!("{}{group}{}{unit}{}", it.group, it.label, it.unit);
    format!("{name}. {}", it.help).trim_end().to_owned()
}

/// `cooldown_mode` as `CooldownMode`.
fn camel(name: &str) -> String {
    let words = name.split('_').map(|word| word.split_at(1));
    let words = words.map(|(first, rest)| first.to_uppercase() + rest);
    words.collect()
}
