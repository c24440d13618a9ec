"""How long the broker is left alone, and who else is there: without a broker."""

import json

from octoprint_temp_eta.relay.backoff import Backoff
from octoprint_temp_eta.relay.neighbours import FORGOTTEN_AFTER_S, Neighbours


def test_waiting_grows_and_ends_growing():
    backoff = Backoff()
    waits = [backoff.after_failure("connection_refused") for _ in range(10)]
    assert waits == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]


def test_a_refusal_waits_longer_and_for_itself():
    backoff = Backoff()
    for _ in range(6):
        backoff.after_failure("connection_refused")
    waits = [backoff.after_failure("forbidden") for _ in range(5)]
    assert waits == [60, 120, 240, 480, 600]
    assert backoff.after_failure("timeout") == 64


def test_a_connection_that_lasted_begins_anew():
    backoff = Backoff()
    for code in ("timeout", "timeout", "credentials"):
        backoff.after_failure(code)
    assert backoff.after_connection(lasted=11.0, now=100.0) == 1
    assert backoff.after_failure("credentials") == 60


def test_connections_that_end_each_other_are_left_alone_for_longer_and_longer():
    backoff = Backoff()
    waits = [backoff.after_connection(1.0, now) for now in (0.0, 2.0, 4.0)]
    assert waits == [1, 2, 15] and backoff.is_taken
    now, waits = 4.0, []
    for _ in range(8):
        now += 15
        waits.append(backoff.after_connection(1.0, now))
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600]
    assert backoff.after_connection(60.0, now) == 1 and not backoff.is_taken


def test_short_connections_now_and_then_are_no_twin():
    backoff = Backoff()
    for now in range(0, 1000, 50):
        backoff.after_connection(1.0, float(now))
        assert not backoff.is_taken


def status(identity, instance):
    return json.dumps({"id": identity, "instance": instance})


def test_strangers_and_twins_are_told_apart():
    here = Neighbours("me", "1")
    assert not here.hear(status("me", "1"), False, 0.0)
    assert not here.is_shared(0.0) and not here.is_twin(0.0)
    assert here.hear(status("other", "2"), False, 1.0)
    assert here.is_shared(1.0) and not here.is_twin(1.0)
    # Once is enough.
    assert not here.hear(status("other", "2"), False, 2.0)
    there = Neighbours("me", "1")
    assert there.hear(status("me", "2"), True, 1.0)
    assert there.is_twin(1.0) and not there.is_shared(1.0)


def test_what_was_kept_of_earlier_and_what_is_no_status_says_nothing():
    here = Neighbours("me", "3", earlier=("1", "2"))
    assert not here.hear(status("me", "2"), True, 0.0)
    # With the id that we had then.
    assert not here.hear(status("once", "1"), True, 0.0)
    nonsense = ["", "online", "[1]", "5", "null", "{", '"x"', "{}", "[" * 100_000]
    nonsense += [status("", "9"), status("x", ""), status(5, "9"), status("x", [1])]
    nonsense.append(json.dumps({"id": "other", "instance": "9", "x": "y" * 2000}))
    for text in nonsense:
        assert not here.hear(text, False, 0.0)
    assert not here.is_shared(0.0) and not here.is_twin(0.0)
    # A copy of our folder runs what we ran.
    assert here.hear(status("me", "2"), False, 0.0)


def test_who_is_silent_for_long_is_gone():
    here = Neighbours("me", "1")
    here.hear(status("other", "2"), False, 0.0)
    assert here.is_shared(FORGOTTEN_AFTER_S - 1)
    assert not here.is_shared(FORGOTTEN_AFTER_S + 1)
