//! What is scored, and listed.

use super::*;

fn learned(heaters: &Heaters) -> impl Iterator<Item = Learned> {
    let registry = heaters.registry();
    let states = heaters.states();
    states.filter_map(move |(heater, state)| Learned::of(heater, state, registry))
}

#[test]
fn every_algorithm_is_scored() {
    let (tracker, _) = trained(5);
    let error = |id: &str| {
        let score = tracker.state().scores.of(AlgorithmKey::of(id)).unwrap();
        assert!((score.transients() - 5.0).abs() < 1e-9);
        score.error()
    };
    assert!(error("adaptive") < error("linear"));
    assert!((0.02..0.6).contains(&error("linear")));
    assert!((0.0..0.6).contains(&error("exponential")));
}

#[test]
fn what_every_algorithm_said_on_the_way_is_kept() {
    let (tracker, _) = trained(8);
    let learned = Learned::of(&HeaterId::Bed, tracker.state(), &Registry::default());
    let transients = learned.unwrap().transients;
    assert_eq!(transients.len(), 6, "the newest");
    assert!(transients.is_sorted_by(|a, b| a[0] < b[0]));
    for transient in transients {
        let [_, start, setpoint, duration, ref predicted @ ..] = transient[..] else {
            panic!("{transient:?}");
        };
        assert!((start - 20.3).abs() < 1.0, "{start}");
        assert!((setpoint - 60.0).abs() < 1e-9, "{setpoint}");
        assert!((90.0..110.0).contains(&duration), "{duration}");
        assert_eq!(predicted.len(), 4 * BUILT_IN.len());
        let [error, adaptive @ ..] = &predicted[predicted.len() - 4..] else {
            panic!("{predicted:?}");
        };
        assert!((0.0..0.1 * duration).contains(error), "{error}");
        for (remaining, left) in adaptive.iter().zip([0.75, 0.5, 0.25]) {
            let error = remaining - left * duration;
            assert!(error.abs() < 0.1 * duration, "{error}");
        }
    }
}

#[test]
fn what_was_learned_is_listed_and_forgotten_and_what_goes_on_is_not() {
    let settings = settings();
    let (bed, dryer) = (HeaterId::Bed, HeaterId::parse("dryer").unwrap());
    let mut heaters = Heaters::default();
    let state = trained(2).0.state().clone();
    heaters.load(vec![
        (dryer, HeaterState::default()),
        (HeaterId::Tool(0), state.clone()),
        (bed.clone(), state),
    ]);
    let heat = |heaters: &mut Heaters, seconds: Range<u32>| {
        for second in seconds.step_by(2).map(f64::from) {
            let sample = Sample {
                time: 2e6 + second,
                actual: (20.0 + 0.4 * (second - 10.0).max(0.0)).min(60.0),
                target: if second < 10.0 { 0.0 } else { 60.0 },
            };
            heaters.ingest(&bed, sample, &settings);
        }
    };
    heat(&mut heaters, 0..60);
    let summary = |heaters: &Heaters| -> Vec<_> {
        learned(heaters)
            .map(|it| (it.heater, it.heat_ups, it.cool_downs, it.scores.len()))
            .collect()
    };
    let known = [
        (HeaterId::Bed, 2.0, 0.0, BUILT_IN.len()),
        (HeaterId::Tool(0), 2.0, 0.0, BUILT_IN.len()),
    ];
    assert_eq!(summary(&heaters), known, "followed, then loaded");

    let left = |heaters: &Heaters, time: f64| {
        let bed = heaters.tracker(&bed).unwrap();
        bed.row(time, &settings).remaining
    };
    let before = left(&heaters, 2e6 + 58.0);
    heaters.load(Vec::new());
    assert_eq!(summary(&heaters), []);
    assert_eq!(left(&heaters, 2e6 + 58.0), before, "it is counted on");
    heat(&mut heaters, 60..160);
    let anew = [(HeaterId::Bed, 1.0, 0.0, BUILT_IN.len())];
    assert_eq!(
        summary(&heaters),
        anew,
        "the present transient is learned from"
    );
    let since = learned(&heaters).next().unwrap().since.unwrap();
    assert!((2e6..2e6 + 160.0).contains(&since), "{since}");
}

#[test]
fn what_is_not_counted_down_is_not_scored() {
    let (mut tracker, mut next) = trained(2);
    let scores = tracker.state().scores.clone();
    for target in [64.0, 68.0, 72.0] {
        for i in 0..20 {
            let actual = target - 4.0 + 0.5 * f64::from(i.min(8));
            let sample = Sample {
                time: next,
                actual,
                target,
            };
            tracker.ingest(sample, false, &settings());
            next += 2.0;
        }
    }
    assert_eq!(tracker.state().scores, scores);
}

#[test]
fn a_transient_whose_target_is_moved_is_not_scored() {
    let mut settings = settings();
    let hot = Sample {
        time: 0.0,
        actual: 90.0,
        target: 90.0,
    };
    let mut tracker = Tracker::new(
        HeaterId::Bed,
        hot,
        HeaterState::default(),
        None,
        &Registry::default(),
        &settings,
    );
    for i in 1..600 {
        let time = 2.0 * f64::from(i);
        if i == 20 {
            let before = settings;
            settings.cooldown_target_bed = 80.0;
            tracker.configure(&before, &settings);
        }
        let sample = Sample {
            time,
            actual: 20.0 + 70.0 * (-time / 600.0).exp(),
            target: 0.0,
        };
        tracker.ingest(sample, false, &settings);
    }
    assert_eq!(tracker.row(1198.0, &settings).phase, Phase::Idle);
    assert_eq!(tracker.state().scores, Scores::default());
}
