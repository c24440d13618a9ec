#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| temp_eta_fuzz::mailbox::run(data));
