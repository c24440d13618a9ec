"""Whatever a broker sends, in the real publisher; no network."""

import json
import tempfile
import types

import pytest
from fuzzing import ANYTHING, TEXTS, nearly, search
from hypothesis import strategies as st
from simulation import Clock

from octoprint_temp_eta import settings
from octoprint_temp_eta.calculation import core_abi
from octoprint_temp_eta.calculation.context import Config, Context
from octoprint_temp_eta.mqtt import connection, publisher
from octoprint_temp_eta.outlets.step import Step
from octoprint_temp_eta.storage import Store

BASE = settings.DEFAULTS["mqtt_base_topic"] + "/Ender"
BIRTH = settings.DEFAULTS["mqtt_discovery_prefix"] + "/status"

TOPICS = (
    st.sampled_from([f"{BASE}/status", f"{BASE}/availability", BIRTH, BASE, "x"]) | TEXTS
)

STATUS = {
    "id": st.sampled_from(["ours", "another"]) | TEXTS,
    "instance": st.sampled_from(["ours", "one", "two"]) | TEXTS,
    "engine": "wasmtime",
    "printer": True,
    "v": 1,
}

PAYLOADS = (
    st.sampled_from([b"online", b"offline", b"", b"[" * 4000, b"x" * 5000])
    | (nearly(STATUS) | ANYTHING).map(lambda it: json.dumps(it).encode())
    | st.binary(max_size=60)
)

MESSAGE = st.tuples(st.just("message"), TOPICS, PAYLOADS, st.booleans())

STEPS = st.lists(
    MESSAGE
    | st.tuples(st.just("flood"), TOPICS, PAYLOADS, st.integers(90, 300))
    | st.tuples(st.just("state"), st.sampled_from(["connected", "lost", "taken"]))
    | st.tuples(st.just("wait"), st.floats(0, 2000))
    | st.just(("publish",)),
    max_size=25,
)

# More than one step ever has: six topics, and two heaters with two each.
MAX_PUBLISHED = 13


class Client:
    """Takes what paho would send, if it would."""

    def __init__(self):
        self.published = []

    def publish(self, topic, payload, qos, retain):
        # As paho checks them.
        assert topic and not set(topic) & set("#+") and len(topic.encode()) < 65536
        if payload not in ("", "online", "offline"):
            json.loads(payload, parse_constant=pytest.fail)
        self.published.append(topic)
        return types.SimpleNamespace(is_published=lambda: True)

    def disconnect(self):
        pass


class Offline(connection.Connection):
    """A connection whose thread ends at once; the test is the broker."""

    def _run(self):
        pass


def row(heater, actual):
    unknown = [None] * 5
    return core_abi.Row(heater, "heating", actual, 60.0, *unknown, None)


def assert_survives(folder, steps):
    clock = Clock()
    context = Context(
        wasm=bytes,
        folder=folder,
        version="1",
        elapsed=clock.elapsed,
        wall=clock.wall,
    )
    store = Store(folder, context.log)
    network = connection.Network(random=lambda: 0.5)
    tested = publisher.Publisher(context, store, lambda: None, network)
    changes = {"mqtt_enabled": True, "mqtt_broker_host": "127.0.0.1"}
    config = Config({**settings.DEFAULTS, **changes}, appearance_name="Ender")
    tested.configure(config)
    broker, client = tested._connection, Client()
    # As they are when the service sees them.
    identity, instance = tested._retained.id, tested._retained.instance

    def send(topic, payload, retained):
        payload = payload.replace(b'"id": "ours"', f'"id": "{identity}"'.encode())
        payload = payload.replace(
            b'"instance": "ours"', f'"instance": "{instance}"'.encode()
        )
        message = types.SimpleNamespace(topic=topic, payload=payload, retain=retained)
        broker._on_message(None, None, message)
        assert len(broker.received) <= connection.MAX_RECEIVED

    def publish(*rows):
        client.published.clear()
        moment = core_abi.Moment(clock.wall(), clock.elapsed())
        step = Step(
            *(config, moment, list(rows)),
            *(core_abi.Line("heating", None, None, []), False, []),
            reported_at=clock.elapsed(),
            runtime="wasmtime",
        )
        tested.publish(step)
        assert not broker.received
        assert len(client.published) <= MAX_PUBLISHED
        assert tested.due_in is None or tested.due_in >= 0
        json.dumps(tested.status(), allow_nan=False)

    broker._client = client
    for number, (kind, *details) in enumerate([("state", "connected"), *steps]):
        if kind == "message":
            send(*details)
        elif kind == "flood":
            topic, payload, count = details
            for _ in range(count):
                send(topic, payload, False)
        elif kind == "state":
            broker._set_state(*details)
        elif kind == "wait":
            clock.passed += details[0]
        else:
            publish(row("bed", 20.0 + number), row("tool0", 25.0))
    # It publishes as before.
    clock.passed += 1e4
    broker._set_state("lost")
    broker._set_state("connected")
    publish(row("bed", 59.0), row("tool0", 25.0))
    assert {f"{BASE}/bed/eta", f"{BASE}/status"} <= set(client.published)
    assert tested._retained.id == identity
    tested.close(clear_all=True)


def test_any_message(tmp_path, monkeypatch):
    monkeypatch.setattr(publisher, "Connection", Offline)

    def broker(steps):
        with tempfile.TemporaryDirectory(dir=tmp_path) as folder:
            assert_survives(folder, steps)

    search(broker, examples=60, steps=STEPS)
