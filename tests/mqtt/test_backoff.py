"""Delays between connection attempts, pace, and conflicts: without a broker."""

import json

import pytest

from octoprint_temp_eta.mqtt.backoff import Backoff
from octoprint_temp_eta.mqtt.conflicts import CONFLICT_TIMEOUT_S, ConflictDetector
from octoprint_temp_eta.mqtt.pace import MAX_REST_S, MAX_SAVED_S, SHARE, Pace


def test_delay_grows_to_a_maximum():
    backoff = Backoff()
    waits = [backoff.after_failure("connection_refused") for _ in range(10)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_refusals_have_longer_delays_of_their_own():
    backoff = Backoff()
    for _ in range(6):
        backoff.after_failure("connection_refused")
    waits = [backoff.after_failure("forbidden") for _ in range(5)]
    assert waits == [60, 120, 240, 480, 600]
    assert backoff.after_failure("timeout") == 64


def test_delays_start_again_after_a_long_connection():
    backoff = Backoff()
    for code in ("timeout", "timeout", "credentials"):
        backoff.after_failure(code)
    assert backoff.after_connection(duration=11.0, now=100.0) == 1
    assert backoff.after_failure("credentials") == 60


def test_repeated_short_connections_count_as_session_taken_over():
    backoff = Backoff()
    waits = [backoff.after_connection(1.0, now) for now in (0.0, 2.0, 4.0)]
    assert waits == [1, 2, 15] and backoff.session_taken_over
    now, waits = 4.0, []
    for _ in range(8):
        now += 15
        waits.append(backoff.after_connection(1.0, now))
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]
    assert backoff.after_connection(60.0, now) == 1 and not backoff.session_taken_over


def test_a_connection_that_lasts_ends_session_taken_over():
    backoff = Backoff()
    for now in (0.0, 2.0, 4.0):
        backoff.after_connection(1.0, now)
    assert backoff.is_taken_over(5.0)
    backoff.connected(20.0)
    assert backoff.is_taken_over(29.0) and not backoff.is_taken_over(30.0)
    backoff.after_connection(1.0, 21.0)
    assert backoff.is_taken_over(50.0)


def test_occasional_short_connections_are_not_session_taken_over():
    backoff = Backoff()
    for now in range(0, 1000, 50):
        backoff.after_connection(1.0, float(now))
        assert not backoff.session_taken_over


def test_short_connections_that_we_end_are_not_session_taken_over():
    backoff = Backoff()
    waits = [backoff.after_connection(1.0, now, by_us=True) for now in (0.0, 2.0, 4.0)]
    assert waits == [1, 2, 4] and not backoff.session_taken_over


def rested(cpu_each, steps):
    """The times after which a thread is told to rest that takes `cpu_each` s at once."""
    pace, now, rests = Pace(7.0, 3.0), 3.0, []
    for step in range(steps):
        now += cpu_each
        rests.append(pace.rest(7.0 + cpu_each * (step + 1), now))
        now += rests[-1]
    return rests, now - 3.0


def test_a_broker_that_floods_costs_a_share_of_the_time():
    rests, passed = rested(cpu_each=0.001, steps=2000)
    assert 2.0 - MAX_SAVED_S <= SHARE * passed <= 2.0 + MAX_SAVED_S
    # Not before the budget is used up.
    assert rests[0] == 0 and rests[-1] == pytest.approx(0.001 / SHARE - 0.001)


def test_a_long_rest_does_not_cost_the_connection():
    pace = Pace(0.0, 0.0)
    assert pace.rest(20.0, 20.0) == MAX_REST_S
    # What was used up is still owed.
    assert pace.rest(20.0, 21.0) == MAX_REST_S


def test_a_broker_that_sends_little_is_never_waited_for():
    pace = Pace(0.0, 0.0)
    rests = [pace.rest(0.002 * step, 0.1 * step) for step in range(1, 1000)]
    assert not any(rests)


def status(identity, instance):
    return json.dumps({"id": identity, "instance": instance})


def test_shared_topic_and_shared_id_are_distinguished():
    conflicts = ConflictDetector("me", "1")
    assert not conflicts.receive(status("me", "1"), False, 0.0)
    assert not conflicts.is_topic_shared(0.0) and not conflicts.is_id_shared(0.0)
    assert conflicts.receive(status("other", "2"), False, 1.0)
    assert conflicts.is_topic_shared(1.0) and not conflicts.is_id_shared(1.0)
    # A conflict starts once.
    assert not conflicts.receive(status("other", "2"), False, 2.0)
    others = ConflictDetector("me", "1")
    assert others.receive(status("me", "2"), True, 1.0)
    assert others.is_id_shared(1.0) and not others.is_topic_shared(1.0)


def test_a_shared_id_ends_when_the_other_has_a_new_one():
    conflicts = ConflictDetector("me", "1")
    conflicts.receive(status("me", "2"), False, 0.0)
    # A third OctoPrint says nothing about the second.
    conflicts.receive(status("other", "3"), False, 1.0)
    assert conflicts.is_id_shared(1.0)
    conflicts.receive(status("new", "2"), False, 2.0)
    assert not conflicts.is_id_shared(2.0) and conflicts.is_topic_shared(2.0)


def test_earlier_instances_and_invalid_statuses_are_no_conflict():
    conflicts = ConflictDetector("me", "3", earlier=("1", "2"))
    assert not conflicts.receive(status("me", "2"), True, 0.0)
    # With an earlier id.
    assert not conflicts.receive(status("once", "1"), True, 0.0)
    invalid = ["", "online", "[1]", "5", "null", "{", '"x"', "{}", "[" * 100_000]
    invalid += [status("", "9"), status("x", ""), status(5, "9"), status("x", [1])]
    invalid.append(json.dumps({"id": "other", "instance": "9", "x": "y" * 2000}))
    for text in invalid:
        assert not conflicts.receive(text, False, 0.0)
    assert not conflicts.is_topic_shared(0.0) and not conflicts.is_id_shared(0.0)
    # Not retained, so it is a copy of our folder that runs now.
    assert conflicts.receive(status("me", "2"), False, 0.0)


def test_a_shared_topic_ends_when_the_other_clears_its_status():
    conflicts = ConflictDetector("me", "1")
    conflicts.receive(status("other", "2"), False, 0.0)
    assert not conflicts.receive("", True, 1.0) and conflicts.is_topic_shared(1.0)
    assert not conflicts.receive("", False, 1.0) and not conflicts.is_topic_shared(1.0)


def test_a_conflict_ends_after_the_timeout():
    conflicts = ConflictDetector("me", "1")
    conflicts.receive(status("other", "2"), False, 0.0)
    assert conflicts.is_topic_shared(CONFLICT_TIMEOUT_S - 1)
    assert not conflicts.is_topic_shared(CONFLICT_TIMEOUT_S + 1)
