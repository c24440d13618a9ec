//! All that a fuzzer has found worth keeping, again, without the fuzzer.

use temp_eta_fuzz::{mailbox, printer};

/// Runs every input that is kept: a line each, in hex.
fn replay(kept: &str, run: fn(&[u8])) {
    let mut count = 0;
    for line in kept.lines() {
        // What is printed is shown where a test fails: the last line is the input.
        println!("{line}");
        run(&bytes(line));
        count += 1;
    }
    assert!(count > 100, "{count} inputs are too few");
}

fn bytes(hex: &str) -> Vec<u8> {
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty(), "half a byte");
    let digit = |digit: u8| char::from(digit).to_digit(16).expect("a hex digit");
    let byte = |[high, low]: &[u8; 2]| u8::try_from(16 * digit(*high) + digit(*low));
    pairs
        .iter()
        .map(|pair| byte(pair).expect("a byte"))
        .collect()
}

#[test]
fn any_numbers_in_the_mailbox() {
    replay(include_str!("../corpus/mailbox.txt"), mailbox::run);
}

#[test]
fn any_session_of_a_printer() {
    replay(include_str!("../corpus/printer.txt"), printer::run);
}
