"""Files in the data folder, whatever somebody has put there."""

import json
import logging
import os
import socket
import sys
import threading

import pytest

from octoprint_temp_eta import storage

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has none")


@pytest.fixture
def store(tmp_path):
    return storage.Store(str(tmp_path), logging.getLogger("octoprint.plugins.temp_eta"))


def read(store):
    return store.read("ours", lambda data: data)


def a_pipe(path):
    os.mkfifo(path)


def a_socket(path):
    with socket.socket(socket.AF_UNIX) as server:
        # The path of a socket is short.
        folder = os.getcwd()
        os.chdir(path.parent)
        server.bind(path.name)
        os.chdir(folder)


def a_folder(path):
    (path / "inside").mkdir(parents=True)


def a_device(path):
    path.symlink_to("/dev/zero")


def a_long_file(path):
    with open(path, "wb") as file:
        file.truncate(200_000_000)


def a_long_number(path):
    path.write_text("9" * 3_000_000)


def a_long_negative_number(path):
    path.write_text(json.dumps({"id": -(10**400)}))


def a_deep_list(path):
    path.write_text("[" * 1_000_000)


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(a_pipe, marks=posix),
        pytest.param(a_device, marks=posix),
        pytest.param(a_socket, marks=posix),
        a_folder,
        a_long_file,
        a_long_number,
        a_long_negative_number,
        a_deep_list,
    ],
)
def test_what_is_no_file_of_ours_is_set_aside(put, store, tmp_path, caplog):
    put(tmp_path / "ours.json")
    # A pipe would be waited for.
    reading = threading.Thread(target=lambda: answers.append(read(store)), daemon=True)
    answers = []
    reading.start()
    reading.join(60)
    assert answers == [None]
    assert os.listdir(tmp_path) == ["ours.json.aside"]
    assert len(caplog.messages) == 1 and "was set aside" in caplog.messages[0]
    assert store.write("ours", [1]) and read(store) == [1]


def test_what_cannot_be_checked_is_set_aside(store):
    for error in storage.INVALID:

        def fail(_, error=error):
            raise error("no")

        store.write("ours", [1])
        assert store.read("ours", fail) is None
        assert read(store) is None


def test_what_cannot_be_read_now_is_left_alone(store, tmp_path, monkeypatch, caplog):
    store.write("ours", [1])

    def refused(*_):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "open", refused)
        assert read(store) is None
    assert store.is_unreadable("ours")
    assert not store.write("ours", [2])
    assert json.loads((tmp_path / "ours.json").read_text()) == [1]
    assert len(caplog.messages) == 1 and "could not be read" in caplog.messages[0]


def test_what_cannot_be_set_aside_is_said(store, tmp_path, caplog):
    (tmp_path / "ours.json").mkdir()
    a_folder(tmp_path / "ours.json.aside")
    assert read(store) is None
    assert not store.write("ours", [1])
    assert "could not be set aside" in caplog.messages[0]
    assert "could not be written" in caplog.messages[1]
    assert len(caplog.messages) == 2


@posix
def test_a_link_at_the_place_of_a_new_file_is_not_followed(store, tmp_path):
    others = tmp_path / "others"
    others.write_text("theirs")
    (tmp_path / "ours.json.new").symlink_to(others)
    assert store.write("ours", [1])
    assert others.read_text() == "theirs"
    assert read(store) == [1]
    assert sorted(os.listdir(tmp_path)) == ["others", "ours.json"]


def test_an_interrupted_write_does_no_harm(store, tmp_path):
    (tmp_path / "ours.json.new").write_text('{"half')
    assert store.write("ours", [1])
    assert os.listdir(tmp_path) == ["ours.json"]


def test_a_folder_that_cannot_be_made_is_said_once(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    store = storage.Store(str(tmp_path / "file" / "data"), logging.getLogger())
    assert read(store) is None
    assert not store.write("ours", [1])
    assert not store.write("ours", [2])
    assert len(caplog.messages) == 1
