"""A real mosquitto on a free port of this machine, and somebody who listens to it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from typing import NamedTuple

import paho.mqtt.client as mqtt

MOSQUITTO = (
    os.environ.get("MOSQUITTO_PATH") or shutil.which("mosquitto") or "/usr/sbin/mosquitto"
)

# As root mosquitto would else become another user, who may not read the test's folder.
HEAD = ["user root"]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def until(probe, seconds=10.0, what="answer"):
    """What `probe` answers as soon as that is true."""
    deadline = time.monotonic() + seconds
    while True:
        answer = probe()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"no {what} within {seconds} s"
        time.sleep(0.02)


class Broker:
    """mosquitto, with `lines` for its configuration besides; started when it is made.

    A `lasting` one has what it keeps also after it was stopped.
    """

    def __init__(self, folder, *lines, started=True, lasting=False):
        self.port = free_port()
        self.folder = folder
        self._lines = [f"persistence {str(lasting).lower()}", *lines]
        if lasting:
            files = [f"persistence_location {folder}/", "persistence_file kept.db"]
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
        """Has a lasting one write down what it keeps."""
        self._process.send_signal(signal.SIGUSR1)
        time.sleep(0.3)

    def kill(self):
        self._process.kill()
        self._process.wait(10)
        self._process = None

    def log(self):
        return (self.folder / f"mosquitto-{self.port}.log").read_text("utf-8", "replace")

    def stop(self):
        if self._process is not None:
            self.resume()
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def _listens(self):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        return False


class Heard(NamedTuple):
    time: float
    topic: str
    payload: str
    retained: bool


class Listener:
    """A client that hears everything; `messages` in the order in which they came."""

    def __init__(self, port, username=None, password=None):
        self.messages = []
        version = getattr(mqtt, "CallbackAPIVersion", None)
        self.client = mqtt.Client(
            *([version.VERSION2] if version else []),
            client_id=f"listener-{port}-{time.monotonic_ns()}",
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
        assert ready.wait(10)

    def of(self, ending, since=0.0):
        """What came on topics with this `ending`."""
        return [
            message
            for message in list(self.messages)
            if message.topic.endswith(ending) and message.time >= since
        ]

    def publish(self, topic, payload, retain=False):
        self.client.publish(topic, payload, 1, retain).wait_for_publish(5)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, client, userdata, message):
        payload = message.payload.decode()
        heard = Heard(time.monotonic(), message.topic, payload, bool(message.retain))
        self.messages.append(heard)


def kept(port):
    """What the broker keeps, by topic."""
    listener = Listener(port)
    try:
        time.sleep(0.3)
        messages = [message for message in listener.messages if message.retained]
        return {message.topic: message.payload for message in messages}
    finally:
        listener.close()
