"""Files of the data folder, with generated content."""

import json
import logging
import tempfile
from pathlib import Path

import pytest
from fuzzing import ANYTHING, NUMBERS, TEXTS, nearly, search
from hypothesis import strategies as st

from octoprint_temp_eta import learned_data, storage
from octoprint_temp_eta.mqtt import retained

HEATERS = st.sampled_from(["tool0", "bed", "dryer", "Ä" * 40]) | TEXTS

LEARNED = {
    "version": st.sampled_from([2, 2, 2, 1, 3, True, 2.0]),
    "id": "0123456789abcdef",
    "revision": st.integers(0, 5),
    "deleted_at": 1.8e9,
    "heaters": {
        "bed": {"revision": st.integers(0, 5), "numbers": [1.0, 2, -3.5]},
        "tool0": {"revision": 1, "numbers": st.lists(NUMBERS, max_size=5)},
    },
}

RETAINED = {
    "id": "0123456789ab",
    "brokers": {
        "one:1883": ["octoprint/temp_eta/status", TEXTS],
        "two:1883": st.lists(TEXTS, max_size=4),
    },
    "heaters": ["bed", HEATERS],
    "instances": ["01234567", TEXTS],
}


def files(valid):
    """The bytes of nearly valid files, of any JSON, and of none."""
    as_json = (nearly(valid) | ANYTHING).map(json.dumps)
    texts = st.one_of(
        as_json,
        as_json.flatmap(lambda it: st.integers(0, len(it)).map(lambda end: it[:end])),
        st.text(max_size=50),
    )
    return texts.map(lambda it: it.encode("utf-8", "replace")) | st.binary(max_size=50)


def open_store(folder):
    return storage.Store(str(folder), logging.getLogger("octoprint.plugins.temp_eta"))


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Thousands of refused files would be logged."""
    logger = logging.getLogger("octoprint.plugins.temp_eta")
    caplog.set_level(logging.CRITICAL, logger=logger.name)


def put(folder, name, content):
    file = Path(folder) / f"{name}.json"
    file.write_bytes(content)
    return file


def assert_kept(file, content):
    """No bytes are lost: a file that is not used is set aside."""
    aside = file.with_name(file.name + ".aside")
    assert (aside if aside.exists() else file).read_bytes() == content


def strict(file):
    def fail(constant):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(file.read_text("utf-8"), parse_constant=fail)


def test_learned_data(tmp_path):
    def learned_data_file(content, heater, numbers):
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            file = put(folder, "lessons-one", content)
            learned = learned_data.LearnedData(open_store(folder), "one")
            found = learned.content
            assert len(found.entries) <= learned_data.MAX_HEATERS
            assert found.id and learned_data.is_revision(found.revision)
            for name, entry in found.entries.items():
                assert learned_data.checked(name, entry.numbers) == entry.numbers
                assert 0 < entry.revision <= found.revision
            # The first version has no id, and is written again with one.
            is_first = b'"version": 1' in content and file.exists()
            if not is_first or strict(file)["version"] != 2:
                assert_kept(file, content)
            based_on = getattr(found.entries.get(heater), "revision", 0)
            written = learned.write(heater, numbers, based_on)
            full = len(found.entries) == learned_data.MAX_HEATERS and not based_on
            expected = learned_data.FULL if full else learned_data.STORED
            assert written.result == expected
            strict(file)
            # What is written can be read.
            again = learned_data.LearnedData(open_store(folder), "one").content
            assert again == learned.content

    # Of the first version, but with an id, which is not used.
    first = {"version": 1, "id": "0123456789abcdef", "revision": 0, "deleted_at": 1.8e9}
    content = json.dumps({**first, "heaters": {}}).encode()
    search(
        learned_data_file,
        known=[{"content": content, "heater": "bed", "numbers": [0.0]}],
        examples=100,
        content=files(LEARNED),
        heater=st.sampled_from(["bed", "tool0", "dryer"]),
        numbers=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=5),
    )


def test_retained_state(tmp_path):
    def retained_file(content, topic):
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            file = put(folder, "mqtt", content)
            state = retained.RetainedState(open_store(folder))
            assert state.is_kept and state.has_kept_id
            # It is part of topics and of the client id.
            assert state.id.isalnum() and len(state.id.encode()) <= 64
            assert len(state.heaters) <= retained.MAX_HEATERS
            for broker in json.loads(file.read_text("utf-8"))["brokers"]:
                for known in state.topics(broker):
                    assert is_topic(known), known
            for heater in state.heaters:
                heater.encode()
            before = {"id": state.id, "heaters": state.heaters}
            state.add("three:1883", {topic})
            written = strict(file)
            assert len(written["brokers"]) <= retained.MAX_BROKERS
            again = retained.RetainedState(open_store(folder))
            assert {"id": again.id, "heaters": again.heaters} == before
            assert again.topics("three:1883") == {topic}
            aside = file.with_name("mqtt.json.aside")
            if aside.exists():
                assert aside.read_bytes() == content

    valid = {"id": "ab", "brokers": {}, "heaters": [], "instances": []}
    found = [
        # Each attempt to clear these topics raised an error. After a change of settings
        # nothing more was published.
        {"brokers": {"one:1883": [""]}},
        {"brokers": {"one:1883": ["a", "#"]}},
        {"brokers": {"one:1883": ["a/\ud800"]}},
        {"brokers": {"one:1883": ["a" * 70_000]}},
        # Each character was a topic, or a heater, that had to be cleared.
        {"brokers": {"one:1883": "abc"}},
        {"heaters": "bed"},
        {"heaters": ["\ud800"]},
        {"heaters": ["bed"] * 1000},
        {"id": "a" * 70_000},
    ]
    search(
        retained_file,
        known=[
            {"content": json.dumps({**valid, **it}).encode(), "topic": "b"}
            for it in found
        ],
        examples=100,
        content=files(RETAINED),
        topic=st.sampled_from(["a", "octoprint/temp_eta/bed/eta"]),
    )


def is_topic(topic):
    """Whether a client may publish to `topic` (MQTT 3.1.1, 4.7)."""
    try:
        length = len(topic.encode())
    except UnicodeError:
        return False
    return 0 < length <= 65535 and not set(topic) & set("#+\0")
