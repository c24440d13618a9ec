"""A real mosquitto on a free local port, and a client that listens to it."""

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
import uuid
from typing import NamedTuple

import paho.mqtt.client as mqtt

MOSQUITTO = (
    os.environ.get("MOSQUITTO_PATH") or shutil.which("mosquitto") or "/usr/sbin/mosquitto"
)

# Started as root, mosquitto would become a user who may not read the test's folder.
HEAD = ["user root"]

# Long enough for the busiest machine, in s. A test that passes never waits so long.
PATIENCE_S = 60.0

# Between two looks at what is waited for, in s.
LOOK_S = 0.002

# Below the ports that systems assign to clients and those of the browser tests, 1000 for
# each process of pytest-xdist: nobody takes the port of a broker that is to be restarted.
FIRST_PORT = 10_000 + 1000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])

# Listeners publish below this topic to find out whether they have received everything.
MARKS = "listener/"


def free_port():
    """Return a free port of this process's own."""
    while True:
        port = random.randrange(FIRST_PORT, FIRST_PORT + 1000)
        with contextlib.suppress(OSError):
            socket.create_server(("127.0.0.1", port)).close()
            return port


def until(probe, seconds=PATIENCE_S, what="answer"):
    """Wait until `probe` returns something true, and return that.

    `what` names it in the error, and may be a function. Looks are counted: on a machine
    that stands still for a while, the time would be over at once.
    """
    for _ in range(round(seconds / LOOK_S)):
        answer = probe()
        if answer:
            return answer
        time.sleep(LOOK_S)
    missing = what() if callable(what) else what
    raise AssertionError(f"no {missing} within {seconds} s")


class Broker:
    """mosquitto with additional configuration `lines`.

    A `lasting` one keeps retained messages when it is stopped.
    """

    def __init__(self, folder, *lines, started=True, lasting=False):
        self.port = free_port()
        self.folder = folder
        self._lines = [f"persistence {str(lasting).lower()}", *lines]
        if lasting:
            files = [f"persistence_location {folder}/", "persistence_file retained.db"]
            self._lines += files
        self._process = None
        if started:
            self.start()

    def start(self):
        listener = f"listener {self.port} 127.0.0.1"
        access = (
            [] if "allow_anonymous false" in self._lines else ["allow_anonymous true"]
        )
        config = self.folder / f"mosquitto-{self.port}.conf"
        config.write_text("\n".join([*HEAD, listener, *access, *self._lines]) + "\n")
        with open(self.folder / f"mosquitto-{self.port}.log", "ab") as log:
            self._process = subprocess.Popen(
                [MOSQUITTO, "-v", "-c", str(config)], stdout=log, stderr=log
            )
        until(self._listens, what="broker")

    def save(self):
        """Make a lasting one write its retained messages."""
        file = self.folder / "retained.db"
        file.unlink(missing_ok=True)
        self._process.send_signal(signal.SIGUSR1)
        until(file.exists, what=file.name)

    def close(self):
        if self._process is not None:
            self.kill()

    def kill(self):
        self._process.kill()
        self._process.wait(PATIENCE_S)
        self._process = None

    def log(self):
        return (self.folder / f"mosquitto-{self.port}.log").read_text("utf-8", "replace")

    def stop(self):
        if self._process is not None:
            self.resume()
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def reload(self):
        """Make it read its files again."""
        before = self.log().count("Reloading config")
        self._process.send_signal(signal.SIGHUP)
        until(lambda: self.log().count("Reloading config") > before, what="reload")

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def _listens(self):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False


class Received(NamedTuple):
    topic: str
    payload: str
    retained: bool


class Listener:
    """A client that subscribes to everything; `messages` in the order of arrival."""

    def __init__(self, port, username=None, password=None):
        self.messages = []
        name = uuid.uuid4().hex[:12]
        self._mark = MARKS + name
        self._marked = threading.Event()
        version = getattr(mqtt, "CallbackAPIVersion", None)
        self.client = mqtt.Client(
            *([version.VERSION2] if version else []),
            client_id=f"listener-{name}",
            protocol=mqtt.MQTTv311,
        )
        if username:
            self.client.username_pw_set(username, password)
        ready = threading.Event()
        self.client.on_connect = lambda *_: self.client.subscribe("#", 1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert ready.wait(PATIENCE_S)

    def of_heaters(self, since=0):
        """Return the ETAs of heaters so far, not those of the whole printer."""
        etas = self.of("/eta", since)
        return [it for it in etas if not it.topic.endswith("/printer/eta")]

    def of(self, ending, since=0):
        """Return the messages published so far on topics with this `ending`.

        `since` is an earlier `count` to start from.
        """
        self.catch_up()
        messages = self.messages[since:]
        return [message for message in messages if message.topic.endswith(ending)]

    def count(self):
        """Return the number of messages published so far."""
        self.catch_up()
        return len(self.messages)

    def catch_up(self):
        """Wait for all messages published so far; the broker keeps their order."""
        self._marked.clear()
        self.client.publish(self._mark, "", 1)
        assert self._marked.wait(PATIENCE_S), "the broker does not answer"

    def publish(self, topic, payload, retain=False):
        self.client.publish(topic, payload, 1, retain).wait_for_publish(PATIENCE_S)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, client, userdata, message):
        if message.topic == self._mark:
            self._marked.set()
        elif not message.topic.startswith(MARKS):
            payload = message.payload.decode()
            self.messages.append(Received(message.topic, payload, bool(message.retain)))


def retained(port):
    """Return the retained payloads by topic."""
    listener = Listener(port)
    try:
        listener.catch_up()
        messages = [message for message in listener.messages if message.retained]
        return {message.topic: message.payload for message in messages}
    finally:
        listener.close()
