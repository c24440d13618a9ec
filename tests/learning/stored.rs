//! What is stored, and read again.

use super::*;

/// How many numbers the scorecard of this many transients is stored as.
fn scored(transients: usize) -> usize {
    1 + transients * (1 + WAY + PREDICTED * BUILT_IN.len())
}

#[test]
fn it_survives_being_stored() {
    let (mut tracker, next) = trained(4);
    let numbers = tracker.state().numbers();
    let text = serde_json::to_string(&numbers).unwrap();
    assert!(text.len() < 2000, "{} bytes", text.len());
    let state = HeaterState::from_numbers(&numbers).unwrap();
    assert_eq!(state.numbers(), numbers);
    let mut restored = self::tracker(state);
    let [with, without] = [&mut tracker, &mut restored].map(|t| BED.heat(t, next, 60.0));
    assert!((with - without).abs() < 1e-3, "{with} {without}");
}

#[test]
fn a_full_heater_state_stays_small() {
    let mut tracker = tracker(HeaterState::default());
    let mut start = 1e6;
    for i in 0..40 {
        BED.heat(&mut tracker, start, 55.0 + f64::from(i % 8) * 8.0);
        start += 7200.0;
    }
    let mut state = tracker.state().clone();
    for id in ["plugin.a", "plugin.b", "plugin.c", "plugin.d"] {
        let key = AlgorithmKey::of(id);
        for _ in 0..40 {
            state.scores.add(key, 1.0 / 3.0);
        }
    }
    state.cooling = state.heating.clone();
    for _ in 0..6 {
        // Keys and times of the end are long, all others at most some hours.
        let number = |i| {
            if i % 5 == 4 || i == 0 {
                4_294_967_295.0
            } else {
                12_345.6
            }
        };
        state.scorecard.add(std::array::from_fn(number));
    }
    // As a page writes them, which keeps no more than 4000 characters of a heater.
    let text = state.numbers().into_iter().map(|it| it.to_string());
    let text = text.collect::<Vec<_>>().join(",");
    assert!(text.len() < 3800, "{} bytes", text.len());
}

#[test]
fn the_first_learning_is_dated_unless_it_was_before_there_were_dates() {
    let (mut tracker, next) = trained(2);
    let since = tracker.state().since.unwrap();
    assert!((1e6..1e6 + 600.0).contains(&since), "{since}");
    let restored = HeaterState::from_numbers(&tracker.state().numbers()).unwrap();
    assert!((restored.since.unwrap() - since).abs() < 1e-3);

    let old = HeaterState {
        since: None,
        ..tracker.state().clone()
    };
    let mut undated = self::tracker(HeaterState::from_numbers(&old.numbers()).unwrap());
    BED.heat(&mut undated, next, 60.0);
    assert!((undated.state().heating.transients() - 3.0).abs() < 1e-9);
    assert_eq!(undated.state().since, None);
    BED.heat(&mut tracker, next, 60.0);
    assert_eq!(tracker.state().since, Some(since));
}

/// What version 0.1.0 has stored of a bed, with a score of the algorithm `my_plugin.half`.
fn stored_by_0_1_0() -> Vec<f64> {
    serde_json::from_str(include_str!("../data/state-0.1.0.json")).unwrap()
}

#[test]
fn what_0_1_0_has_stored_is_read_whole_and_kept_in_the_new_form() {
    let state = HeaterState::from_numbers(&stored_by_0_1_0()).unwrap();
    assert!((state.until - 1_750_070_016.5).abs() < 1e-9);
    assert!((state.since.unwrap() - 1_750_000_162.785_7).abs() < 1e-9);
    for model in [&state.heating, &state.cooling] {
        assert!((model.transients() - 4.0).abs() < 1e-9);
    }
    assert_eq!(state.ambient.temperature(), Some(22.0));
    let scored = [
        ("linear", 0.1379),
        ("exponential", 0.0825),
        ("adaptive", 0.0508),
        ("my_plugin.half", 0.3903),
    ];
    for (id, error) in scored {
        let score = state.scores.of(AlgorithmKey::of(id)).unwrap();
        assert_eq!((score.error(), score.transients()), (error, 8.0), "{id}");
    }
    let again = HeaterState::from_numbers(&state.numbers());
    assert_eq!(again, Some(state));
}

#[test]
fn what_0_1_0_has_stored_without_a_date_or_a_score_is_read() {
    let numbers = stored_by_0_1_0();
    let (undated, _) = numbers.split_at(numbers.len() - 6);
    let state = HeaterState::from_numbers(undated).unwrap();
    assert_eq!(state.since, None);
    let linear = state.scores.of(AlgorithmKey::of("linear")).unwrap();
    assert!((linear.transients() - 8.0).abs() < 1e-9);
    let (rest, _) = numbers.split_at(numbers.len() - 13);
    let unscored = [rest, &[0.0; 7]].concat();
    let state = HeaterState::from_numbers(&unscored).unwrap();
    assert_eq!(state.scores, Scores::default());
}

#[test]
fn the_form_after_0_1_0_is_read_as_well() {
    let form_2: Vec<f64> = serde_json::from_str(include_str!("../data/state-form-2.json")).unwrap();
    let state = HeaterState::from_numbers(&form_2);
    assert!(state.is_some());
    assert_eq!(state, HeaterState::from_numbers(&stored_by_0_1_0()));
}

#[test]
fn the_form_before_there_was_a_scorecard_is_read_as_well() {
    let whole = trained(2).0.state().clone();
    let mut form_3 = whole.numbers();
    form_3[0] = 3.0;
    form_3.truncate(form_3.len() - scored(2));
    let state = HeaterState::from_numbers(&form_3).unwrap();
    assert_eq!(state.scorecard.transients().len(), 0);
    let with_it = HeaterState {
        scorecard: HeaterState::from_numbers(&whole.numbers())
            .unwrap()
            .scorecard,
        ..state
    };
    assert_eq!(with_it.numbers(), whole.numbers());
}

#[test]
fn a_past_transient_that_is_spoiled_is_left_out_and_the_rest_is_kept() {
    let (tracker, _) = trained(2);
    let numbers = tracker.state().numbers();
    let whole = HeaterState::from_numbers(&numbers).unwrap();
    let [first, second] = whole.heating.past() else {
        panic!("two were learned from");
    };
    // Two of eleven numbers, and none, each after its count, and then the scorecard.
    let end = numbers.len() - scored(2);
    let counted = end - 24;
    for (place, value, kept) in [
        (counted, 5.0, &[][..]),
        (counted, 1.0, &[]),
        (counted + 1, 1e9, &[*second]),
        (counted + 2, 20.0, &[*second]),
        (counted + 5, -1.0, &[*second]),
        (counted + 6, 1001.0, &[*second]),
        (counted + 12, f64::NAN, &[*first]),
        (end - 1, 1.0, &[]),
        (end, 3.0, &[]),
    ] {
        let mut spoiled = numbers.clone();
        spoiled[place] = value;
        let state = HeaterState::from_numbers(&spoiled).unwrap();
        assert_eq!(state.heating.past(), kept, "{place} {value}");
        let scored = state.scorecard.transients().len();
        assert_eq!(scored, if kept.is_empty() { 0 } else { 2 });
        assert_eq!(state.scores, whole.scores);
        assert!((state.heating.transients() - 2.0).abs() < 1e-9);
    }
    let cut = HeaterState::from_numbers(&numbers[..numbers.len() - 5]).unwrap();
    assert_eq!(cut.heating.past(), []);
}

#[test]
fn a_spoiled_end_of_an_entry_is_refused() {
    let mut trained = trained(1).0.state().numbers();
    // One past transient of eleven numbers, and none, each after its count.
    trained.truncate(trained.len() - 13 - scored(1));
    let before = [2.0].iter().chain(&trained[1..]).copied().collect();
    let both = [before, stored_by_0_1_0()];
    for (numbers, end) in both.iter().zip([2 + 4 * BUILT_IN.len(), 6]) {
        for (end_numbers, right) in [
            (&[5e5, 0.0][..], true),
            (&[0.0, 1.0, 7.0, 2.0, 0.5, 2.0], true),
            (&[5e5], false),
            (&[-1.0, 0.0], false),
            (&[5e5, 2.0, 7.0, 2.0, 0.5, 2.0], false),
            (&[5e5, 1.0, 7.5, 2.0, 0.5, 2.0], false),
            (&[5e5, 1.0, 7.0, 2.0, 1.5, 2.0], false),
            (&[5e5, 0.0, 0.0], false),
        ] {
            let spoiled = [&numbers[..numbers.len() - end], end_numbers].concat();
            let read = HeaterState::from_numbers(&spoiled);
            assert_eq!(read.is_some(), right, "{end_numbers:?}");
        }
    }
    let mut later = self::trained(1).0.state().numbers();
    later[0] += 1.0;
    assert_eq!(HeaterState::from_numbers(&later), None, "a later version");
}

#[test]
fn states_that_replace_one_another_are_lent_like_those_that_are_loaded() {
    let settings = settings();
    let tools = [0, 1, 2].map(HeaterId::Tool);
    let states = [3, 1].map(|transients| trained(transients).0.state().clone());
    let [first, last] = &states;
    let known = [(&tools[0], first), (&tools[2], last)];
    let remaining = |recall: &dyn Fn(&mut Heaters)| {
        let mut heaters = Heaters::default();
        let feed = |heaters: &mut Heaters, second: f64, actual: f64, target: f64| {
            let time = 2e6 + second;
            for tool in &tools {
                let sample = Sample {
                    time,
                    actual,
                    target,
                };
                heaters.ingest(tool, sample, &settings);
            }
        };
        feed(&mut heaters, 0.0, 20.0, 0.0);
        recall(&mut heaters);
        for second in (2..40).step_by(2).map(f64::from) {
            let target = if second < 10.0 { 0.0 } else { 60.0 };
            feed(
                &mut heaters,
                second,
                20.0 + 0.4 * (second - 10.0).max(0.0),
                target,
            );
        }
        let row = |tool| heaters.tracker(tool).unwrap().row(2e6 + 38.0, &settings);
        tools
            .each_ref()
            .map(|tool| row(tool).remaining.unwrap().to_bits())
    };
    let loaded = remaining(&|heaters| {
        let states = known.map(|(tool, state)| (tool.clone(), state.clone()));
        heaters.load(states.to_vec());
    });
    let replace = |heaters: &mut Heaters, (tool, state): (&HeaterId, &HeaterState)| {
        heaters.replace_state(tool, state.clone());
    };
    let forwards = remaining(&|heaters| known.into_iter().for_each(|it| replace(heaters, it)));
    let backwards =
        remaining(&|heaters| known.into_iter().rev().for_each(|it| replace(heaters, it)));
    assert_eq!([forwards, backwards], [loaded; 2]);
    let untaught = remaining(&|_| {});
    assert!(untaught.iter().zip(loaded).all(|(a, b)| *a != b));
}
