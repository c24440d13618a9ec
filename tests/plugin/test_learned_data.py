"""What was learned, kept for browsers and MQTT: files, revisions, and hostile writers."""

import json
import logging
import math
import os
import threading
import types

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.exceptions import HTTPException

from octoprint_temp_eta import api, learned_data, storage
from octoprint_temp_eta.learned_data import FULL, OUTDATED, STORED, UNWRITABLE

NAME = "lessons-one.json"

# Any JSON that a client can send, Python's extensions of it included.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Changes(list):
    def __call__(self, *change):
        self.append(change)


def open_folder(folder, changed=lambda *_: None):
    log = logging.getLogger("octoprint.plugins.temp_eta.learned")
    return learned_data.LearnedDataFolder(lambda: str(folder), log, changed)


@pytest.fixture
def changes():
    return Changes()


@pytest.fixture
def learned(tmp_path, changes):
    return open_folder(tmp_path, changes).of("one")


def on_disk(folder):
    return json.loads((folder / NAME).read_text("utf-8"))


def test_nothing_is_written_before_anything_is_learned(learned, tmp_path):
    assert learned.content[1:] == (0, 0.0, {})
    assert list(tmp_path.iterdir()) == []


def test_every_write_raises_the_revision(learned, tmp_path, changes):
    for revision, heater in enumerate(["bed", "tool0", "chamber"], start=1):
        assert learned.write(heater, [1.0, revision], based_on=0).result == STORED
        assert learned.content.revision == revision
    assert learned.write("bed", [2.0], based_on=1).result == STORED
    entries = {
        heater: tuple(it)
        for heater, it in open_folder(tmp_path).of("one").content[3].items()
    }
    assert entries == {
        "tool0": (2, [1.0, 2.0]),
        "chamber": (3, [1.0, 3.0]),
        "bed": (4, [2.0]),
    }
    assert changes == [
        ("one", "bed", 1),
        ("one", "tool0", 2),
        ("one", "chamber", 3),
        ("one", "bed", 4),
    ]


def test_only_the_first_of_two_writers_stores(learned, changes):
    assert learned.write("bed", [1.0], based_on=0).result == STORED
    for based_on in (0, 2, 7):
        written = learned.write("bed", [2.0], based_on)
        assert written.result == OUTDATED
        assert written.content.entries["bed"] == (1, [1.0])
    assert learned.write("tool0", [1.0], based_on=1).result == OUTDATED
    assert len(changes) == 1
    file_id = learned.content.id
    assert learned.write("bed", [2.0], 1, "of another file").result == OUTDATED
    assert learned.write("bed", [2.0], 1, file_id).result == STORED


def test_one_of_many_threads_stores(learned):
    for round_number in range(20):
        results = []
        start = threading.Barrier(8)

        def write(number, based_on=round_number, results=results, start=start):
            start.wait()
            results.append(learned.write("bed", [number], based_on).result)

        threads = [threading.Thread(target=write, args=(it,)) for it in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == [OUTDATED] * 7 + [STORED]
    assert learned.content.revision == 20


def test_deletion_is_a_step_as_well_and_is_remembered(tmp_path, changes):
    store = storage.Store(str(tmp_path), logging.getLogger())
    learned = learned_data.LearnedData(store, "one", lambda: 5e9, changes)
    learned.write("bed", [1.0], 0)
    assert learned.delete().result == STORED
    after = open_folder(tmp_path).of("one").content
    assert after[1:] == (2, 5e9, {})
    assert after.id == learned.content.id
    assert changes[-1] == ("one", None, 2)
    assert learned.write("bed", [1.0], based_on=1).result == OUTDATED
    assert learned.write("bed", [1.0], based_on=0).content.revision == 3


def test_no_heater_takes_the_place_of_another(learned):
    for number in range(learned_data.MAX_HEATERS):
        learned.write(f"heater{number}", [1.0], based_on=0)
    known = learned.content
    assert learned.write("junk", [1.0], based_on=0) == (FULL, known)
    assert learned.write("heater3", [2.0], based_on=4).result == STORED
    assert set(learned.content.entries) == set(known.entries)
    with pytest.raises(HTTPException) as refused:
        junk = {**request(learned), "heater": "junk", "based_on": 0}
        api.store_learned(plugin_with(learned), junk)
    assert refused.value.code == 400


def test_the_longest_content_can_be_read_again(tmp_path, learned):
    longest = [-1.2345678901234567e-300] * learned_data.MAX_NUMBERS
    heaters = [f"{number:02}" * 32 for number in range(learned_data.MAX_HEATERS)]
    for heater in heaters:
        assert learned.write(heater, longest, based_on=0).result == STORED
    assert os.path.getsize(tmp_path / NAME) < storage.MAX_FILE
    assert list(open_folder(tmp_path).of("one").content.entries) == heaters


def test_the_first_version_is_carried_on(tmp_path):
    states = {"bed": [1, 2.5], "tool0": [3]}
    (tmp_path / NAME).write_text(json.dumps({"version": 1, "heaters": states}))
    content = open_folder(tmp_path).of("one").content
    assert content[1:] == (1, 0.0, {"bed": (1, [1.0, 2.5]), "tool0": (1, [3.0])})
    stored = on_disk(tmp_path)
    assert (stored["version"], stored["id"]) == (2, content.id)
    assert open_folder(tmp_path).of("one").content == content


USUAL = {
    "version": 2,
    "id": "x",
    "revision": 2,
    "deleted_at": 0,
    "heaters": {"bed": {"revision": 2, "numbers": [1.0]}},
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 100_000,
        b"\xff\xfe",
        " " * (storage.MAX_FILE + 1),
        json.dumps({**USUAL, "version": 3}),
        json.dumps({**USUAL, "id": ""}),
        json.dumps({**USUAL, "id": "x" * 65}),
        json.dumps({**USUAL, "id": 5}),
        json.dumps({**USUAL, "revision": 1}),
        json.dumps({**USUAL, "revision": True}),
        json.dumps({**USUAL, "revision": 2.5}),
        json.dumps({**USUAL, "revision": 2**60}),
        json.dumps({**USUAL, "deleted_at": math.nan}),
        json.dumps({**USUAL, "heaters": []}),
        json.dumps({**USUAL, "heaters": {"bed": [1.0]}}),
        json.dumps({**USUAL, "heaters": {"": USUAL["heaters"]["bed"]}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 0, "numbers": [1]}}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 1, "numbers": [None]}}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 1, "numbers": ["1"]}}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 1, "numbers": [10**400]}}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 1, "numbers": [math.inf]}}}),
        json.dumps({**USUAL, "heaters": {"bed": {"revision": 1, "numbers": []}}}),
    ],
    ids=lambda text: repr(text[:60]),
)
def test_a_broken_file_is_set_aside(tmp_path, text, caplog):
    content = text if isinstance(text, bytes) else text.encode()
    (tmp_path / NAME).write_bytes(content)
    learned = open_folder(tmp_path).of("one")
    assert learned.content.entries == {} and not learned.is_unreadable
    assert (tmp_path / f"{NAME}.aside").read_bytes() == content
    assert len(caplog.messages) == 1 and "was set aside" in caplog.messages[0]
    # It begins anew, so that browsers bring back what they have.
    assert learned.content.id != "x"
    assert learned.write("bed", [1.0], based_on=0).result == STORED


def test_the_usual_file_is_not_broken(tmp_path):
    (tmp_path / NAME).write_text(json.dumps(USUAL))
    assert open_folder(tmp_path).of("one").content.id == "x"


def test_an_unreadable_file_is_left_alone_until_it_can_be_read(
    tmp_path, monkeypatch, caplog
):
    (tmp_path / NAME).write_text(json.dumps(USUAL))

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "open", refused)
        learned = open_folder(tmp_path).of("one")
        assert learned.is_unreadable
        assert learned.write("bed", [1.0], based_on=0).result == UNWRITABLE
        assert learned.delete().result == UNWRITABLE
        assert len(caplog.messages) == 1 and "could not be read" in caplog.messages[0]
    assert on_disk(tmp_path) == USUAL
    assert learned.write("bed", [1.0], based_on=0).result == OUTDATED
    assert not learned.is_unreadable
    assert learned.content.id == USUAL["id"]


def test_on_a_full_disk_nothing_changes(tmp_path, learned, changes, monkeypatch, caplog):
    learned.write("bed", [1.0], based_on=0)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    assert learned.write("bed", [2.0], based_on=1).result == UNWRITABLE
    assert learned.delete().result == UNWRITABLE
    assert learned.content.entries == {"bed": (1, [1.0])}
    assert on_disk(tmp_path)["revision"] == 1
    monkeypatch.undo()
    assert learned.write("bed", [2.0], based_on=1).result == STORED
    assert len(changes) == 2 and len(caplog.messages) == 1


def test_a_restart_between_reading_and_writing_loses_nothing(tmp_path, learned):
    learned.write("bed", [1.0], based_on=0)
    read = learned.content
    later = open_folder(tmp_path).of("one")
    assert later.content == read
    assert later.write("bed", [2.0], 1, read.id).result == STORED
    # If the file is gone meanwhile, the writer is told.
    (tmp_path / NAME).unlink()
    lost = open_folder(tmp_path).of("one")
    written = lost.write("bed", [2.0], 2, read.id)
    assert (written.result, written.content.entries) == (OUTDATED, {})
    assert written.content.id != read.id


def test_profiles_do_not_share_and_stay_in_the_folder(tmp_path):
    folder = open_folder(tmp_path / "data")
    profiles = ("one", "../two", "__/two", "x" * 300, "x" * 301, "Voron_2.4", "Voron_2_4")
    for profile in profiles:
        assert folder.of(profile).write("bed", [1.0], 0).result == STORED
        assert folder.of(profile) is folder.of(profile)
    assert len(list((tmp_path / "data").iterdir())) == len(profiles)
    assert [it.name for it in tmp_path.iterdir()] == ["data"]


def plugin_with(learned):
    return types.SimpleNamespace(
        learned=types.SimpleNamespace(of=lambda _: learned),
        has_printer_profile=lambda profile: profile == "one",
    )


def request(learned, **changes):
    """A valid request to store a state of the bed, with `changes`."""
    content = learned.content
    return {
        "profile": "one",
        "file": content.id,
        "heater": "bed",
        "based_on": getattr(content.entries.get("bed"), "revision", 0),
        "numbers": [1, 2.5],
        **changes,
    }


def test_the_api_stores_says_who_was_faster_and_deletes(learned):
    plugin = plugin_with(learned)
    head = {"file": learned.content.id, "deleted_at": 0.0}
    first = api.store_learned(plugin, request(learned))
    assert first == {"result": STORED, "revision": 1, **head}
    late = api.store_learned(plugin, request(learned, based_on=0, numbers=[7]))
    entry = {"revision": 1, "numbers": [1.0, 2.5]}
    assert late == {"result": OUTDATED, "revision": 1, "entry": entry, **head}
    deleted = api.forget_learned(plugin, {"profile": "one"})
    assert (deleted["result"], deleted["revision"]) == (STORED, 2)
    assert deleted["deleted_at"] > 1e9
    late = api.store_learned(plugin, request(learned, based_on=1))
    assert (late["result"], late["entry"]) == (OUTDATED, None)


@given(
    key=st.sampled_from(["profile", "file", "heater", "based_on", "numbers"]), value=JSON
)
@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_any_json_is_stored_as_numbers_or_refused(learned, tmp_path, key, value):
    try:
        answer = api.store_learned(plugin_with(learned), request(learned, **{key: value}))
    except HTTPException as error:
        assert error.code in (400, 404)
    else:
        json.dumps(answer, allow_nan=False)
    for entry in learned.content.entries.values():
        assert all(isinstance(it, float) and math.isfinite(it) for it in entry.numbers)
    if (tmp_path / NAME).exists():
        assert open_folder(tmp_path).of("one").content == learned.content


@pytest.mark.parametrize("profile", [None, 5, [], {}, "two", "../one"])
def test_only_printer_profiles_have_learned_data(learned, profile):
    for ask in (api.store_learned, api.forget_learned):
        with pytest.raises(HTTPException) as refused:
            ask(plugin_with(learned), {**request(learned), "profile": profile})
        assert refused.value.code == 404
