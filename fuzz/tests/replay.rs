//! All that a fuzzer has found worth keeping, again, without the fuzzer.

use std::fs;
use std::path::Path;

use temp_eta_fuzz::{mailbox, printer};

/// Runs every input that is kept for a target.
fn replay(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target);
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("a corpus") {
        let file = entry.expect("an entry").path();
        let data = fs::read(&file).expect("an input");
        println!("{}", file.display());
        run(&data);
        count += 1;
    }
    assert!(
        count > 100,
        "{target} has {count} inputs, which are too few"
    );
}

#[test]
fn any_numbers_in_the_mailbox() {
    replay("mailbox", mailbox::run);
}

#[test]
fn any_session_of_a_printer() {
    replay("printer", printer::run);
}
